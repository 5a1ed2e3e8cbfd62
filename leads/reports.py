"""Pages of figures that come by mail: planned once, written when they are sent, as their reader may see them then."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from config.staff.clock import agency_day
from config.staff.models import User
from leads.figures import papers
from leads.figures.filters import Filters, Scope
from leads.figures.period import month, week
from leads.models import Delivery, Report

BATCH = 200


def next_day(rhythm: str, after: date) -> date:
    """The next Monday, or the first of the next month."""
    if rhythm == Report.Rhythm.WEEKLY:
        return after + timedelta(days=7 - after.weekday())
    return (after.replace(day=1) + timedelta(days=32)).replace(day=1)


def due(*, at: datetime) -> list[int]:
    today = agency_day(at)
    rows = Report.objects.filter(next_on__lte=today).order_by("next_on", "pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def take(report_id: int, *, at: datetime) -> Report | None:
    """Within a transaction: the report as it is due, and on to its next day. None where another was quicker.

    One that several runs missed comes once, for the last of them.
    """
    today = agency_day(at)
    rows = Report.objects.select_for_update(of=("self",), skip_locked=True).select_related("person")
    report = rows.filter(pk=report_id, next_on__lte=today).first()
    if report is None:
        return None
    Report.objects.filter(pk=report.pk).update(next_on=next_day(report.rhythm, today))
    return report


def occasion(report: Report, at: datetime) -> str:
    return f"{report.view} {report.rhythm} {agency_day(at).isoformat()}"


@transaction.atomic
def subscribe(person: User, view: str, rhythm: str, *, by: User, today: date) -> Report:
    """From the next day of its rhythm on. The same again changes nothing."""
    report, _is_new = Report.objects.get_or_create(
        person=person, view=view, rhythm=rhythm, defaults={"next_on": next_day(rhythm, today), "created_by": by}
    )
    return report


def covered(delivery: Delivery) -> tuple[str, Filters]:
    """The page, and its filters: the month or the week that was over when it was due."""
    view, rhythm, written = delivery.occasion.split(" ")
    day = date.fromisoformat(written)
    filters = Filters(day, scope=Scope.ASSISTED)
    over = week(day, -1) if rhythm == Report.Rhythm.WEEKLY else month(day, -1)
    return view, filters.during(over)


def title_of(view: str, filters: Filters) -> str:
    return f"{Report.View(view).label} · {filters.period_words()}"


def paper(delivery: Delivery) -> tuple[str, bytes]:
    """The file: its name, which names nobody, and the PDF in the language that is active."""
    view, filters = covered(delivery)
    assert delivery.person  # noqa: S101 - the planner names one
    make = papers.week if view == Report.View.WEEK else papers.board
    name = slugify(f"{Report.View(view).label} {filters.since}")
    return f"{name}.pdf", make(filters, delivery.person)


def address(delivery: Delivery) -> str:
    view, filters = covered(delivery)
    page = "leads:week" if view == Report.View.WEEK else "leads:board_page"
    return f"{settings.SITE_URL}{reverse(page)}?{filters.query()}"


def words_of(delivery: Delivery) -> tuple[str, str]:
    """Subject and what stands in the mail."""
    view, filters = covered(delivery)
    return title_of(view, filters), _("The page as a PDF. The link opens the same figures with the lists behind them.")
