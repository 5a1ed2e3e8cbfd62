"""The dashboard: eight tiles, the pipeline, what is overdue, the last missions, and where projects came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from config.staff import clock
from leads.figures import origins
from leads.figures.answer import ask
from leads.figures.catalogue import (
    CAPEX,
    HELD,
    JOBS,
    MEETINGS,
    MISSION_LEADS,
    NEGLECTED,
    NO_SHOW,
    ON_TIME,
    OPPORTUNITIES,
    OVERDUE,
    PIPELINE,
    PIPELINE_CAPEX,
    PIPELINE_JOBS,
    PLANNED,
    PROJECTS,
    PROMISES,
    WEIGHTED_CAPEX,
    WEIGHTED_JOBS,
)
from leads.figures.choices import Choices
from leads.figures.filters import Filters
from leads.figures.number import Number
from leads.figures.secrecy import covered, gives_away, resolved, told
from leads.figures.source import Cell, Figure, measure_by
from missions.models import Mission

STAGES = (PIPELINE, PIPELINE_CAPEX, PIPELINE_JOBS, WEIGHTED_CAPEX, WEIGHTED_JOBS)
IN_THE_PIPELINE = (*STAGES, NEGLECTED)
OF_A_MISSION = (PLANNED, HELD, NO_SHOW, MEETINGS, PROMISES)
NO_LEADS = Number(MISSION_LEADS.how)
PEOPLE, MISSIONS, ORIGINS = 12, 5, 10


@dataclass(frozen=True)
class Tile:
    figure: Figure
    number: Number
    query: str
    before: Number | None = None

    @property
    def rises(self) -> bool:
        return self._change() > 0

    @property
    def falls(self) -> bool:
        return self._change() < 0

    def _change(self) -> Decimal | int:
        """Against the period before: a difference of counts, sums, or points of a share."""
        if self.before is None or self.before.value is None or self.number.value is None:
            return 0
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
    origins: origins.OriginTable


def overview(filters: Filters, choices: Choices) -> Overview:
    projects = origins.whole(filters)
    by_stage = measure_by("stage", IN_THE_PIPELINE, resolved(PIPELINE.source, filters))
    pipeline = whole_pipeline(filters, by_stage)
    due, opened = ask([ON_TIME], filters), ask([OPPORTUNITIES], filters)
    people = overdue_by_person(filters)
    overdue = sum((bar.cell["overdue"] for bar in people), Number(OVERDUE.how))
    before = filters.before()
    earlier = _earlier(before) if before else {}
    numbers = [
        (PROJECTS, projects["projects"]),
        (CAPEX, projects["capex"]),
        (JOBS, projects["jobs"]),
        (OPPORTUNITIES, opened["opportunities"]),
        (WEIGHTED_CAPEX, pipeline["weighted_capex"]),
        (ON_TIME, due["on_time"]),
        (OVERDUE, overdue),
        (NEGLECTED, pipeline["neglected"]),
    ]
    return Overview(
        clock.now(),
        filters,
        [Tile(figure, number, filters.query(), earlier.get(figure.name)) for figure, number in numbers],
        projects["companies"],
        [] if pipeline["pipeline"].withheld else stage_bars(by_stage, filters, choices),
        pipeline,
        people[:PEOPLE],
        len(people[PEOPLE:]),
        last_missions(filters),
        origins.table(filters, choices, projects).first(ORIGINS),
    )


def _earlier(before: Filters) -> dict[str, Number]:
    cells = [ask([PROJECTS, CAPEX, JOBS], before), ask([OPPORTUNITIES], before), ask([ON_TIME], before)]
    return {name: number for cell in cells for name, number in cell.numbers.items()}


def whole_pipeline(filters: Filters, by_stage: Mapping[str, Cell]) -> Cell:
    """Its stages together: each lead stands in one, so that the sums need no query of their own."""
    cells = list(by_stage.values())
    numbers = {
        figure.name: sum((cell[figure.name] for cell in cells), Number(figure.how)) for figure in IN_THE_PIPELINE
    }
    at_least = max((cell.companies for cell in cells), default=0)
    summed = Cell(numbers, at_least, sum(cell.restricted for cell in cells))
    if gives_away(summed):  # perhaps not, when companies are counted over all stages
        return ask(IN_THE_PIPELINE, filters)
    return told(PIPELINE.source, filters, summed)


def stage_bars(by_stage: Mapping[str, Cell], filters: Filters, choices: Choices) -> list[Bar]:
    cells = covered(by_stage)
    most = max((cell["pipeline"].of for cell in cells.values()), default=0)
    return [
        Bar(key, choices.name("stage", key), cell, filters.query(stage=key), _part(cell["pipeline"].of, most))
        for key, cell in sorted(cells.items())
    ]


def overdue_by_person(filters: Filters) -> list[Bar]:
    cells = measure_by("officer", [OVERDUE], filters, name=Max("owner__name"))
    most = max((cell["overdue"].of for cell in cells.values()), default=0)
    return [
        Bar(key, cell.extra["name"], cell, filters.query(officer=key), _part(cell["overdue"].of, most))
        for key, cell in sorted(cells.items(), key=lambda found: -found[1]["overdue"].of)
    ]


def _part(value: int, most: int) -> Decimal | int:
    """Of the longest bar, in percent; something above nothing stays visible."""
    return max(round(Decimal(value) / most * 100, 1), Decimal(1)) if value and most else 0


def last_missions(filters: Filters) -> list[MissionRow]:
    """The last ones that began, whatever the period, each with what the figures say of it."""
    began = Mission.objects.filter(starts_on__lte=filters.today).exclude(status=Mission.Status.CANCELLED)
    if filters.mission:
        began = began.filter(pk=filters.mission)
    ever = filters.but(since=None, until=None, mission="", officer="", origin="", sector="", stage="")
    counted = {f"n_{figure.name}": _of_a_mission(figure, ever) for figure in OF_A_MISSION}
    missions = list(began.annotate(**counted).order_by("-starts_on", "-pk")[:MISSIONS])
    leads = covered(measure_by("mission", [MISSION_LEADS], ever))
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
