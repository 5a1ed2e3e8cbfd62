"""How clean the records are: what is missing, odd or left lying, week by week.

Each count is that of the list which it opens, asked with the same address, so the two cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from companies.cleanup import CONTACT_GAPS, GAPS
from companies.lists import reading
from companies.lists.asking import asked_by
from companies.lists.kinds import list_named
from companies.models import Contact
from config.staff import queue
from config.staff.clock import agency_day
from config.staff.models import Role, User
from leads.models import QualityCount

WEEKS = 13
# Above so many people the counts are made by the queue, and say how old they are.
LARGE = 50_000
FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class Measure:
    name: str
    label: Any
    # Which list, and what its address asks for.
    of: str
    query: str

    @property
    def url(self) -> str:
        return f"{self._list.url()}?{self.query}"

    @property
    def _list(self) -> Any:
        return list_named(self.of)

    def count(self, reader: User) -> int:
        return reading.found(asked_by(self._list, self.query, reader)).count()


COMPANIES = (
    *(Measure(name, gap.label, "companies", f"gap={name}") for name, gap in GAPS.items()),
    Measure("stale", _("Met once, silent for a year"), "companies", "relation=contact&silent=365"),
)
CONTACTS = (
    Measure("contact_email", _("Without an e-mail"), "contacts", "reach=none"),
    Measure("contact_bounced", _("Bounced"), "contacts", "reach=bounced"),
    Measure("contact_basis", _("Without a legal basis"), "contacts", "reach=basis"),
    *(Measure(f"contact_{name}", gap.label, "contacts", f"gap={name}") for name, gap in CONTACT_GAPS.items()),
)
LEADS = (
    Measure("lead_left", _("The owner has left"), "leads", "status=open&owner=left"),
    Measure("lead_step", _("Without a next step"), "leads", "status=open&step=none"),
)
GROUPS = ((_("Companies"), COMPANIES), (_("People"), CONTACTS), (_("Leads"), LEADS))
MEASURES = {measure.name: measure for _title, measures in GROUPS for measure in measures}


@dataclass(frozen=True)
class Line:
    measure: Measure
    count: int
    # The last weeks, the oldest first; None where nobody counted.
    weeks: Sequence[int | None]

    @cached_property
    def change(self) -> int | None:
        """Against four weeks ago."""
        before = self.weeks[-5]
        return None if before is None else self.count - before


@dataclass(frozen=True)
class Board:
    groups: list[tuple[Any, list[Line]]]
    mondays: list[date]
    # The moment of the oldest count, where they were prepared; else each was made for the reader just now.
    as_of: datetime | None = None

    def is_old(self, at: datetime) -> bool:
        return self.as_of is not None and at - self.as_of > FRESH

    def line(self, name: str) -> Line:
        lines = [line for _title, group in self.groups for line in group]
        return next((line for line in lines if line.measure.name == name), lines[0])


def board(reader: User, *, today: date) -> Board:
    """One query a line, and one for all weeks; of a large agency the prepared counts, as far as there are any."""
    mondays = weeks_until(today)
    past = trend(mondays)
    ready = prepared(mondays[-1]) if is_large() else {}
    groups = [
        (
            title,
            [
                Line(
                    each,
                    ready[each.name].count if each.name in ready else each.count(reader),
                    past.get(each.name, [None] * WEEKS),
                )
                for each in measures
            ],
        )
        for title, measures in GROUPS
    ]
    return Board(groups, mondays, min((row.at for row in ready.values()), default=None))


def is_large() -> bool:
    """By what the database believes of itself, which costs nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Contact._meta.db_table])
        return bool(cursor.fetchone()[0] > LARGE)


def prepared(monday: date) -> dict[str, QualityCount]:
    return {row.measure: row for row in QualityCount.objects.filter(week=monday)}


def fresh(at: datetime) -> dict[str, QualityCount]:
    monday = weeks_until(agency_day(at))[-1]
    return {name: row for name, row in prepared(monday).items() if at - row.at <= FRESH}


def ask_for_counts() -> None:
    """Where the queue is down, the regular job counts."""
    from leads.tasks import note_quality  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(note_quality, expires=60)


def weeks_until(today: date) -> list[date]:
    """The Mondays of the last weeks, this one's last."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def trend(mondays: Sequence[date]) -> dict[str, list[int | None]]:
    rows = QualityCount.objects.filter(week__in=mondays).values_list("measure", "week", "count")
    found: dict[str, dict[date, int]] = {}
    for measure, week, count in rows:
        found.setdefault(measure, {})[week] = count
    return {measure: [weeks.get(monday) for monday in mondays] for measure, weeks in found.items()}


def note(*, at: datetime) -> int:
    """Keep this week's counts; the last ones of a week stand. They tell of what every colleague may see.

    Many readers may have asked at once: counts that are fresh already are not made again.
    """
    if is_large() and len(fresh(at)) == len(MEASURES):
        return 0
    colleague = User(pk=0, role=Role.OFFICER)
    monday = weeks_until(agency_day(at))[-1]
    rows = [
        QualityCount(measure=measure.name, week=monday, count=measure.count(colleague), at=at)
        for measure in MEASURES.values()
    ]
    QualityCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["week", "measure"], update_fields=["count", "at"]
    )
    return len(rows)
