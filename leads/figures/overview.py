"""The dashboard: eight tiles, the pipeline, what is overdue, the last missions, and where projects came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from config.staff import clock
from leads.figures import tables
from leads.figures.answer import Cell, ask, ask_by
from leads.figures.catalogue.missions import MISSION_LEADS
from leads.figures.catalogue.pipeline import (
    NEGLECTED,
    OPPORTUNITIES,
    PIPELINE,
    PIPELINE_CAPEX,
    PIPELINE_JOBS,
    WEIGHTED_CAPEX,
    WEIGHTED_JOBS,
)
from leads.figures.catalogue.results import CAPEX, JOBS, PROJECTS
from leads.figures.catalogue.work import HELD, MEETINGS, NO_SHOW, ON_TIME, OVERDUE, PLANNED, PROMISES
from leads.figures.choices import Choices
from leads.figures.figure import Figure, Measure
from leads.figures.filters import DIMENSIONS, Filters
from leads.figures.number import Number
from missions.models import Mission

STAGES = (PIPELINE, PIPELINE_CAPEX, PIPELINE_JOBS, WEIGHTED_CAPEX, WEIGHTED_JOBS)
IN_THE_PIPELINE = (*STAGES, NEGLECTED)
OF_A_MISSION = (PLANNED, HELD, NO_SHOW, MEETINGS, PROMISES)
NO_LEADS = Number(MISSION_LEADS.how)
PEOPLE, MISSIONS, ORIGINS = 12, 5, 10


@dataclass(frozen=True)
class Tile:
    figure: Measure
    number: Number
    query: str
    before: Number | None = None

    @property
    def rises(self) -> bool:
        return self.change is not None and self.change > 0

    @property
    def falls(self) -> bool:
        return self.change is not None and self.change < 0

    @property
    def is_better(self) -> bool:
        return not self.figure.neutral and (self.falls if self.figure.less_is_better else self.rises)

    @property
    def is_worse(self) -> bool:
        return not self.figure.neutral and (self.rises if self.figure.less_is_better else self.falls)

    @property
    def change(self) -> Decimal | None:
        """Against the period before: a difference of counts, sums, or points of a share."""
        if self.before is None or self.before.value is None or self.number.value is None:
            return None
        return Decimal(self.number.value) - Decimal(self.before.value)


@dataclass(frozen=True)
class Bar:
    """A line of a chart and the list behind it."""

    key: str
    label: str
    cell: Cell
    query: str
    share: Decimal | int = 0


@dataclass(frozen=True)
class MissionRow:
    mission: Mission
    numbers: Mapping[str, Number]
    query: str


@dataclass(frozen=True)
class Overview:
    as_of: datetime
    filters: Filters
    tiles: Sequence[Tile]
    companies: Number
    stages: Sequence[Bar]
    stages_total: Cell
    people: Sequence[Bar]
    people_left: int
    missions: Sequence[MissionRow]
    origins: tables.Table


def overview(filters: Filters, choices: Choices) -> Overview:
    projects = tables.whole(filters)
    by_stage = ask_by("stage", IN_THE_PIPELINE, filters)
    pipeline = summed(IN_THE_PIPELINE, by_stage)
    due, opened = ask([ON_TIME], filters), ask([OPPORTUNITIES], filters)
    people = ask_by("officer", [OVERDUE], filters, name=Max("owner__name"))
    before = filters.before()
    earlier = _earlier(before) if before else {}
    numbers = [
        (PROJECTS, projects["projects"]),
        (CAPEX, projects["capex"]),
        (JOBS, projects["jobs"]),
        (OPPORTUNITIES, opened["opportunities"]),
        (WEIGHTED_CAPEX, pipeline["weighted_capex"]),
        (ON_TIME, due["on_time"]),
        (OVERDUE, summed([OVERDUE], people)["overdue"]),
        (NEGLECTED, pipeline["neglected"]),
    ]
    return Overview(
        clock.now(),
        filters,
        [Tile(figure, number, filters.query(), earlier.get(figure.name)) for figure, number in numbers],
        projects["companies"],
        stage_bars(by_stage, filters, choices),
        pipeline,
        people_bars(people, filters),
        max(len(people) - PEOPLE, 0),
        last_missions(filters),
        tables.table("origin", filters, choices, projects).first(ORIGINS),
    )


def _earlier(before: Filters) -> dict[str, Number]:
    cells = [ask([PROJECTS, CAPEX, JOBS], before), ask([OPPORTUNITIES], before), ask([ON_TIME], before)]
    return {name: number for cell in cells for name, number in cell.numbers.items()}


def summed(figures: Sequence[Figure], cells: Mapping[str, Cell]) -> Cell:
    """All cells together: each record stands in one, so that the sums need no query of their own."""
    return Cell(
        {figure.name: sum((cell[figure.name] for cell in cells.values()), Number(figure.how)) for figure in figures}
    )


def stage_bars(cells: Mapping[str, Cell], filters: Filters, choices: Choices) -> list[Bar]:
    most = max((cell["pipeline"].of for cell in cells.values()), default=0)
    return [
        Bar(key, choices.name("stage", key), cell, filters.query(stage=key), _part(cell["pipeline"].of, most))
        for key, cell in sorted(cells.items())
    ]


def people_bars(cells: Mapping[str, Cell], filters: Filters) -> list[Bar]:
    """Those with most of it."""
    first = sorted(cells.items(), key=lambda found: -found[1]["overdue"].of)[:PEOPLE]
    most = max((cell["overdue"].of for _key, cell in first), default=0)
    return [
        Bar(key, cell.extra["name"], cell, filters.query(officer=key), _part(cell["overdue"].of, most))
        for key, cell in first
    ]


def _part(value: int, most: int) -> Decimal | int:
    """Of the longest bar, in percent; something above nothing stays visible."""
    return max(round(Decimal(value) / most * 100, 1), Decimal(1)) if value and most else 0


def last_missions(filters: Filters) -> list[MissionRow]:
    """The last ones that began, whatever the period, each with what the figures say of it."""
    began = Mission.objects.filter(starts_on__lte=filters.today).exclude(status=Mission.Status.CANCELLED)
    if filters.mission.isdigit():
        began = began.filter(pk=filters.mission)
    ever = filters.but(since=None, until=None, **dict.fromkeys(DIMENSIONS, ""))
    counted = {f"n_{figure.name}": _of_a_mission(figure, ever) for figure in OF_A_MISSION}
    missions = list(began.annotate(**counted).order_by("-starts_on", "-pk")[:MISSIONS])
    leads = ask_by("mission", [MISSION_LEADS], ever, among=[str(mission.pk) for mission in missions])
    return [
        MissionRow(
            mission,
            {figure.name: Number(figure.how, getattr(mission, f"n_{figure.name}")) for figure in OF_A_MISSION}
            | {"mission_leads": leads[str(mission.pk)]["mission_leads"] if str(mission.pk) in leads else NO_LEADS},
            ever.query(mission=mission.pk),
        )
        for mission in missions
    ]


def _of_a_mission(figure: Figure, filters: Filters) -> Coalesce:
    path = figure.source.dimensions["mission"]
    rows = figure.records(filters).filter(**{path: OuterRef("pk")}).order_by()
    return Coalesce(Subquery(rows.values(path).annotate(n=Count("pk")).values("n")), 0)
