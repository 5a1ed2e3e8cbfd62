"""How clean the records are: what is missing, odd or left lying, week by week.

Each count is that of the list which it opens, asked with the same address, so the two cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.cleanup import CONTACT_GAPS, GAPS
from companies.lists import reading
from companies.lists.asking import asked_by
from companies.lists.kinds import list_named
from config.staff.clock import agency_day
from config.staff.models import Role, User
from leads.models import QualityCount

WEEKS = 13


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

    def line(self, name: str) -> Line:
        lines = [line for _title, group in self.groups for line in group]
        return next((line for line in lines if line.measure.name == name), lines[0])


def board(reader: User, *, today: date) -> Board:
    """One query a line, and one for all weeks."""
    mondays = weeks_until(today)
    past = trend(mondays)
    groups = [
        (title, [Line(each, each.count(reader), past.get(each.name, [None] * WEEKS)) for each in measures])
        for title, measures in GROUPS
    ]
    return Board(groups, mondays)


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
    """Keep this week's counts; the last ones of a week stand. They tell of what every colleague may see."""
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
