"""The page for the board: targets, results by layer, the pipeline with its largest projects, missions, risks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max

from config.staff import clock
from config.staff.models import User
from leads.figures.answer import Cell, ask, number_of
from leads.figures.behind import Line, as_it_leaves, listing
from leads.figures.breakdown import Breakdown, breakdown
from leads.figures.catalogue.pipeline import (
    NEGLECTED,
    OPPORTUNITIES,
    OVER_NORM,
    PIPELINE,
    PIPELINE_CAPEX,
    PIPELINE_JOBS,
    WEIGHTED_CAPEX,
    WEIGHTED_JOBS,
    WON_RATE,
)
from leads.figures.catalogue.results import (
    CAPEX,
    COMMITTED,
    COMPANIES,
    JOBS,
    LEVERAGE,
    PROJECTS,
    REALISATION_JOBS,
    WIN_RATE,
    WIN_RATE_ALL,
)
from leads.figures.catalogue.work import ON_TIME, OVERDUE, THANKED
from leads.figures.choices import Choices
from leads.figures.figure import Figure, Measure
from leads.figures.filters import Filters
from leads.figures.forecast import Chances, chances
from leads.figures.goals import GoalLine, line
from leads.figures.mission_table import MissionRow, mission_table
from leads.figures.number import Number
from leads.figures.overview import Tile
from leads.models import Goal, Lead, Stage
from leads.models.choices import Layer

TOP, MISSIONS = 10, 12
HEAVY = Decimal("0.3")  # of the weighted sum in one project: the sum says little then
YEARS = 10
# One query for figures of one source.
TILED: tuple[tuple[Figure, ...], ...] = ((PROJECTS, COMPANIES), (OPPORTUNITIES,), (WIN_RATE, WIN_RATE_ALL))
RISKS = ((NEGLECTED, OVER_NORM), (OVERDUE,), (ON_TIME,), (THANKED,))


@dataclass(frozen=True)
class LayerRow:
    layer: Layer
    capex: Number
    jobs: Number
    query: str


@dataclass(frozen=True)
class Board:
    as_of: datetime
    filters: Filters
    goals: Sequence[GoalLine]
    chances: Chances
    tiles: Sequence[Tile]
    layers: Sequence[LayerRow]
    by_year: Breakdown
    pipeline: Cell
    pipeline_query: str
    heaviest: Decimal | None
    top: Sequence[Line]
    # As they leave the agency.
    top_outside: Sequence[Line]
    missions: Sequence[MissionRow]
    risks: Sequence[Tile]
    figures: Sequence[Measure]

    @property
    def is_heavy(self) -> bool:
        return self.heaviest is not None and self.heaviest > HEAVY


def board(filters: Filters, choices: Choices, viewer: User) -> Board:
    known = chances()
    tiles = [*_tiles(TILED, filters), *_single((WON_RATE, REALISATION_JOBS, LEVERAGE), filters)]
    pipeline = ask(
        [PIPELINE, PIPELINE_CAPEX, PIPELINE_JOBS, WEIGHTED_CAPEX, WEIGHTED_JOBS],
        filters,
        largest=Max(WEIGHTED_CAPEX.counted(filters), filter=WEIGHTED_CAPEX.condition(filters)),  # type: ignore[misc]
    )
    risks = [*_tiles(RISKS, filters), *_single((COMMITTED,), filters)]
    return Board(
        clock.now(),
        filters,
        _goals(filters, known),
        known,
        tiles,
        [_layer(layer, filters) for layer in Layer],
        breakdown(PROJECTS, "year", filters.but(since=None, until=None), choices).first(YEARS),
        pipeline,
        filters.query(),
        _heaviest(pipeline),
        *_top(filters, viewer),
        mission_table(filters, MISSIONS),
        risks,
        [*(tile.figure for tile in (*tiles, *risks)), CAPEX, JOBS, PIPELINE, WEIGHTED_CAPEX],
    )


def _goals(filters: Filters, known: Chances) -> list[GoalLine]:
    """Those of the years of the period; the narrower filters have targets of their own."""
    last = filters.last_day or filters.today
    goals = Goal.objects.in_force().filter(year=last.year).select_related("sector", "market", "agreement")
    return [line(goal, filters.today, known) for goal in goals.order_by("month", "figure", "pk")]


def _tiles(groups: Sequence[Sequence[Figure]], filters: Filters) -> list[Tile]:
    """With the period before where the figure has one; two queries a source at most."""
    before = filters.before()
    made = []
    for figures in groups:
        now = ask(figures, filters)
        earlier = ask(figures, before).numbers if before and figures[0].obeys("period") else {}
        made += [Tile(each, now[each.name], filters.query(), earlier.get(each.name)) for each in figures]
    return made


def _single(measures: Sequence[Measure], filters: Filters) -> list[Tile]:
    return [Tile(measure, number_of(measure, filters), filters.query()) for measure in measures]


def _layer(layer: Layer, filters: Filters) -> LayerRow:
    narrowed = filters.but(layer=layer)
    cell = ask([CAPEX, JOBS], narrowed)
    return LayerRow(layer, cell["capex"], cell["jobs"], narrowed.query())


def _heaviest(pipeline: Cell) -> Decimal | None:
    whole, largest = pipeline["weighted_capex"].value, pipeline.extra["largest"]
    return Decimal(largest) / Decimal(whole) if whole and largest else None


def _top(filters: Filters, viewer: User) -> tuple[list[Line], list[Line]]:
    """The largest open projects, here and as they leave.

    A restricted one bears its code name alone, also for those who know more.
    """
    figure = Figure(
        "top", PIPELINE_CAPEX.title, PIPELINE_CAPEX.definition, PIPELINE_CAPEX.formula, PIPELINE_CAPEX.source,
        counted=PIPELINE_CAPEX.counted,
    )  # fmt: skip
    listed = listing(figure, filters, viewer)
    rows = listed.rows.filter(stage__gte=Stage.ACTIVE, capex_estimate_usd__isnull=False)
    largest = list(rows.select_related("stage").order_by("-capex_estimate_usd", "-pk")[:TOP])
    lines = listed.lines(largest, viewer)
    named = [_named(row, found) for row, found in zip(largest, lines, strict=True)]
    return named, [as_it_leaves(found, row) for row, found in zip(largest, named, strict=True)]


def _named(lead: Lead, told: Line) -> Line:
    whose = ("", "", "") if lead.is_restricted else (told.company, told.company_href, told.country)
    stage = "" if told.reserved else str(lead.stage)
    return Line(told.title, lead.capex_estimate_usd, told.href, *whose, person=stage, reserved=told.reserved)
