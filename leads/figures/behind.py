"""The list behind a figure: one line a record, and "reserved project" for what the reader may not see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, DateField, Exists, F, Model, OuterRef, Value, When
from django.utils.translation import gettext as _

from companies.models import Company
from config.staff.models import User
from leads.figures.filters import Filters
from leads.figures.number import How
from leads.figures.source import Figure, Rows
from leads.models import FollowUp, Interaction, Lead
from leads.models.choices import Level
from missions.models import Appointment

LONG_AGO = Value(date(1, 1, 1), DateField())


@dataclass(frozen=True)
class Line:
    """What a record is called and where it stands; a masked one says what it counts and nothing else."""

    title: str
    counted: Any
    href: str = ""
    company: str = ""
    company_href: str = ""
    country: str = ""
    person: str = ""
    day: date | datetime | None = None
    reserved: bool = False


@dataclass(frozen=True)
class Listing:
    """The records of a figure in the order of the list, and how one of them is written."""

    rows: Rows
    keys: tuple[str, ...]
    write: Callable[[Any], Line]

    def lines(self, rows: Iterable[Any], viewer: User) -> list[Line]:
        """Writes those that the viewer may see, and masks the others."""
        found = list(rows)
        seen = _seen(self.rows.model, found, viewer)
        return [self.write(row) if row.pk in seen else _masked(row) for row in found]


def listing(figure: Figure, filters: Filters, viewer: User) -> Listing:
    if figure.how is How.DISTINCT:
        return _companies(figure, filters, viewer)
    rows = figure.records(filters)
    return _LISTED[rows.model](rows, figure.source.day, viewer)


def _masked(row: Any) -> Line:
    return Line(_("Reserved project"), getattr(row, "counted", 1), reserved=True)


def _seen(model: type[Model], rows: list[Any], viewer: User) -> set[int]:
    if rows and hasattr(rows[0], "seen"):
        return {row.pk for row in rows if row.seen}
    door = model._default_manager.visible_to(viewer)  # type: ignore[attr-defined]
    return set(door.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _leads(rows: Rows, day: str, viewer: User) -> Listing:
    """Masked lines come last, so that their place among the others does not tell their day."""
    seen = Exists(Lead.objects.visible_to(viewer).filter(pk=OuterRef("pk")))
    rows = rows.annotate(
        seen=Case(When(level=Level.OPEN, then=True), default=seen),
        shown_on=Case(When(seen=True, then=F(day or "created_at__date")), default=LONG_AGO, output_field=DateField()),
    )
    related = rows.select_related("company__origin_country", "owner")
    return Listing(related, ("-shown_on", "-pk"), lambda lead: _lead_line(lead, day))


def _lead_line(lead: Any, day: str) -> Line:
    return Line(
        str(lead),
        getattr(lead, "counted", 1),
        lead.get_absolute_url(),
        lead.company.name,
        lead.company.get_absolute_url(),
        str(lead.company.origin_country or ""),
        lead.owner.name,
        getattr(lead, day) if day else None,
    )


def _companies(figure: Figure, filters: Filters, viewer: User) -> Listing:
    """A group is named where the reader may see one of its projects; its name alone says that it has one."""
    leads = figure.records(filters).annotate(group=figure.source.group)
    visible = leads.filter(pk__in=Lead.objects.visible_to(viewer), group=OuterRef("pk"))
    rows = Company.objects.filter(pk__in=leads.values("group")).annotate(
        seen=Exists(visible),
        shown=Case(When(seen=True, then=F("folded")), default=Value(""), output_field=CharField()),
    )
    return Listing(rows.select_related("origin_country", "owner"), ("-seen", "shown", "pk"), _company_line)


def _company_line(company: Company) -> Line:
    return Line(
        company.name,
        1,
        company.get_absolute_url(),
        country=str(company.origin_country or ""),
        person=company.owner.name if company.owner else "",
    )


def _follow_ups(rows: Rows, _day: str, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "owner"), ("-due_on", "-pk"), _follow_up_line)


def _follow_up_line(follow_up: Any) -> Line:
    return Line(
        follow_up.text,
        getattr(follow_up, "counted", 1),
        company=follow_up.company.name,
        company_href=follow_up.company.get_absolute_url(),
        person=follow_up.owner.name,
        day=follow_up.due_on,
    )


def _appointments(rows: Rows, _day: str, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "mission"), ("-starts_at", "-pk"), _appointment_line)


def _appointment_line(appointment: Appointment) -> Line:
    return Line(
        appointment.purpose or appointment.get_status_display(),
        1,
        appointment.mission.get_absolute_url(),
        appointment.company.name,
        appointment.company.get_absolute_url(),
        day=appointment.local_start,
    )


def _interactions(rows: Rows, _day: str, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "logged_by"), ("-happened_at", "-pk"), _interaction_line)


def _interaction_line(interaction: Interaction) -> Line:
    return Line(
        interaction.get_kind_display(),
        1,
        interaction.get_absolute_url(),
        interaction.company.name,
        interaction.company.get_absolute_url(),
        person=interaction.logged_by.name,
        day=interaction.happened_at,
    )


_LISTED: dict[type[Model], Callable[[Rows, str, User], Listing]] = {
    Lead: _leads,
    FollowUp: _follow_ups,
    Appointment: _appointments,
    Interaction: _interactions,
}
