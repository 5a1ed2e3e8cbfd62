"""The week of the managers: what moved, what stands, and how the work is shared out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.staff import clock
from config.staff.models import User
from leads.figures.answer import Cell, ask, ask_by, number_of
from leads.figures.behind import Line, as_it_leaves, listing
from leads.figures.breakdown import Breakdown, breakdown
from leads.figures.catalogue.pipeline import (
    ENTERED,
    MOVES,
    NEGLECTED,
    OPEN_AGE,
    OPPORTUNITIES,
    OVER_NORM,
    PIPELINE,
    STAGE_DAYS,
    WORK_WEIGHT,
)
from leads.figures.catalogue.work import (
    ANSWERED_IN_A_DAY,
    MEETINGS,
    ON_TIME,
    OPEN_FOLLOW_UPS,
    OVERDUE,
    RESPONSE_MEDIAN,
    THANKED,
    VISITS,
)
from leads.figures.choices import Choices
from leads.figures.figure import Figure, Measure
from leads.figures.filters import RESERVED, Filters
from leads.figures.number import Number
from leads.figures.overview import Tile

MOVED = 20
# Of a large agency those with most in hand; a page of all of them could not be read.
PEOPLE = 60
TILES: tuple[Figure, ...] = (ENTERED, OPPORTUNITIES, MEETINGS, ON_TIME, THANKED, ANSWERED_IN_A_DAY, RESPONSE_MEDIAN)
NOW: tuple[Figure, ...] = (NEGLECTED, OVER_NORM)
# By whose source they are asked; one query each.
OF_A_PERSON: tuple[tuple[Figure, ...], ...] = (
    (PIPELINE, WORK_WEIGHT, NEGLECTED),
    (OPEN_FOLLOW_UPS,),
    (OVERDUE,),
    (MEETINGS, VISITS),
)
COLUMNS = (PIPELINE, WORK_WEIGHT, NEGLECTED, OPEN_FOLLOW_UPS, OVERDUE, MEETINGS, VISITS)


@dataclass(frozen=True)
class PersonRow:
    key: str
    name: str
    numbers: Sequence[tuple[Figure, Number]]
    query: str


@dataclass(frozen=True)
class StageRow:
    """The stays that ended beside those that go on: the one says nothing without the other."""

    name: str
    finished: Number
    open: Number
    over: Number
    query: str


@dataclass(frozen=True)
class Week:
    as_of: datetime
    filters: Filters
    tiles: Sequence[Tile]
    moves: Number
    moved: Sequence[Line]
    # As they leave the agency.
    moved_outside: Sequence[Line]
    stages: Sequence[StageRow]
    silence: Breakdown
    people: Sequence[PersonRow]
    people_left: int
    figures: Sequence[Measure]


def week(filters: Filters, choices: Choices, viewer: User) -> Week:
    before = filters.before()
    tiles = [
        Tile(each, number_of(each, filters), filters.query(), number_of(each, before) if before else None)
        for each in TILES
    ]
    now = ask(NOW, filters)
    tiles += [Tile(each, now[each.name], filters.query()) for each in NOW]
    moves = listing(MOVES, filters, viewer)
    rows = list(moves.rows.order_by(*moves.keys)[:MOVED])
    moved = moves.lines(rows, viewer)
    people, people_left = _people(filters, choices)
    return Week(
        clock.now(),
        filters,
        tiles,
        number_of(MOVES, filters),
        moved,
        [as_it_leaves(found, row.lead) for row, found in zip(rows, moved, strict=True)],
        _stages(filters, choices),
        breakdown(PIPELINE, "quiet", filters, choices),
        people,
        people_left,
        [*(tile.figure for tile in tiles), MOVES, STAGE_DAYS, OPEN_AGE, *COLUMNS],
    )


def _stages(filters: Filters, choices: Choices) -> list[StageRow]:
    """Of the stays of a year: those of one week are too few for a median."""
    year = filters.but(since=f"{filters.today.year - 1}-{filters.today:%m-%d}".replace("-02-29", "-02-28"), until=None)
    finished, standing = ask_by("stage", [STAGE_DAYS], year), ask_by("stage", [OPEN_AGE, OVER_NORM], filters)
    nothing = Cell({each.name: Number(each.how) for each in (STAGE_DAYS, OPEN_AGE, OVER_NORM)})
    return [
        StageRow(
            choices.name("stage", key),
            finished.get(key, nothing)["stage_days"],
            standing.get(key, nothing)["open_age"],
            standing.get(key, nothing)["over_norm"],
            filters.query(stage=key),
        )
        for key in sorted(finished.keys() | standing.keys())
    ]


def _people(filters: Filters, choices: Choices) -> tuple[list[PersonRow], int]:
    """By name, and how many more there are."""
    cells = [(figures, ask_by("officer", figures, filters)) for figures in OF_A_PERSON]
    everybody = {key for _figures, found in cells for key in found}
    keys = sorted(everybody, key=lambda key: (-_in_hand(key, cells), key))[:PEOPLE]
    choices = choices.knowing("officer", keys)
    rows = []
    for key in keys:
        numbers = {
            figure.name: found[key][figure.name] if key in found else Number(figure.how)
            for figures, found in cells
            for figure in figures
        }
        query = filters.query(officer=key)
        rows.append(
            PersonRow(key, choices.name("officer", key), [(each, numbers[each.name]) for each in COLUMNS], query)
        )
    rows.sort(key=lambda row: (row.key == RESERVED, row.name.casefold()))
    return rows, len(everybody) - len(rows)


def _in_hand(key: str, cells: Sequence[tuple[Sequence[Figure], Mapping[str, Cell]]]) -> int:
    """Open leads and open follow-ups."""
    wanted = [(figure.name, found[key]) for figures, found in cells for figure in figures if key in found]
    return sum(cell[name].of for name, cell in wanted if name in {PIPELINE.name, OPEN_FOLLOW_UPS.name})
