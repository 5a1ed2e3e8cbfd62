"""The missions of a period side by side: what they cost, what was done there, and what came of it, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from leads.figures.answer import Cell, ask_by
from leads.figures.catalogue.missions import (
    COST,
    COST_PER_QUALIFIED,
    INFLUENCED,
    MISSION_CAPEX,
    MISSION_JOBS,
    MISSION_LEADS,
    MISSION_PROJECTS,
    MISSION_QUALIFIED,
)
from leads.figures.catalogue.work import HELD, MEETINGS, PLANNED, PROMISES
from leads.figures.figure import Figure
from leads.figures.filters import DIMENSIONS, Filters, Scope
from leads.figures.number import Number
from leads.figures.records import HELD as MET
from leads.figures.records import day_here, two_years_before
from leads.figures.source import INVOLVED
from leads.models import Interaction
from leads.models.choices import Level, Status
from missions.models import Mission

CAME = (MISSION_LEADS, MISSION_QUALIFIED, MISSION_PROJECTS, MISSION_JOBS, MISSION_CAPEX)
ASKED: tuple[tuple[Figure, ...], ...] = ((PLANNED, HELD), (MEETINGS,), CAME, (COST,), (PROMISES,))
COLUMNS = (COST, PLANNED, HELD, MEETINGS, *CAME, INFLUENCED, COST_PER_QUALIFIED, PROMISES)
MOST = 60


@dataclass(frozen=True)
class MissionRow:
    mission: Mission
    days: int
    delegates: int
    numbers: Mapping[str, Number]
    query: str

    @property
    def cells(self) -> list[tuple[Any, Number]]:
        return [(figure, self.numbers[figure.name]) for figure in COLUMNS]


def mission_table(filters: Filters, most: int = MOST) -> Sequence[MissionRow]:
    """Of each the whole of what came of it so far, or within so many months, whatever the period of the figures."""
    missions = _missions(filters)[:most]
    keys = [mission.pk for mission in missions]
    ever = filters.but(since=None, until=None, runs_like=None, **dict.fromkeys(DIMENSIONS, ""))
    among = [str(key) for key in keys]
    cells = [ask_by("mission", figures, ever, among) for figures in ASKED] if missions else []
    influenced = _influenced(keys, ever)
    return [_row(mission, cells, influenced, ever) for mission in missions]


def _missions(filters: Filters) -> Any:
    began = Mission.objects.filter(starts_on__lte=filters.today).exclude(status=Mission.Status.CANCELLED)
    if filters.first_day:
        began = began.filter(starts_on__gte=filters.first_day)
    if filters.last_day:
        began = began.filter(starts_on__lte=filters.last_day)
    return began.annotate(people=Count("delegates")).order_by("-starts_on", "-pk")


def _row(mission: Any, cells: Sequence[Mapping[str, Cell]], influenced: Mapping[str, int], ever: Filters) -> MissionRow:
    key, numbers = str(mission.pk), {}
    for figures, found in zip(ASKED, cells, strict=True):
        for figure in figures:
            numbers[figure.name] = found[key][figure.name] if key in found else Number(figure.how)
    count = influenced.get(key, 0)
    numbers[INFLUENCED.name] = Number(INFLUENCED.how, count, count, count)
    numbers[COST_PER_QUALIFIED.name] = COST_PER_QUALIFIED.number(numbers[COST.name], numbers[MISSION_QUALIFIED.name])
    days = (mission.ends_on - mission.starts_on).days + 1
    return MissionRow(mission, days, mission.people, numbers, ever.query(mission=mission.pk))


def _influenced(keys: Sequence[int], filters: Filters) -> dict[str, int]:
    """What `INFLUENCED` says of each mission, for all of them in one query."""
    lead = "company__leads__"
    decided = F(f"{lead}decided_on")
    met = Interaction.objects.countable().filter(mission__in=keys, outcome__in=MET)
    rows = met.alias(met_on=day_here("happened_at")).filter(
        **{f"{lead}decided_on__isnull": False, f"{lead}level": Level.OPEN, f"{lead}parent": None},
        **{f"{lead}status__in": [status for status in Status if status != Status.MERGED]},
        met_on__lte=decided,
        met_on__gte=two_years_before(decided),
    )
    if filters.scope == Scope.ASSISTED:
        rows = rows.filter(**{f"{lead}involvement__in": INVOLVED})
    counted = rows.values("mission").annotate(n=Count("company__leads", distinct=True))
    return {str(found["mission"]): found["n"] for found in counted}
