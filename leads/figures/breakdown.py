"""A figure by the values of a dimension: table, chart and export are made of the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from leads.figures.answer import number_of, numbers_by
from leads.figures.choices import LABELS, Choices
from leads.figures.figure import Measure
from leads.figures.filters import AHEAD, RESERVED, UNKNOWN, Filters
from leads.figures.number import NEVER_ADDED, How, Number

IN_TIME = {"year", "month"}
IN_ORDER = {"stage", "quiet", *IN_TIME}
QUIET = ("30", "60", "90", "more", "never")
LINES = 40


@dataclass(frozen=True)
class Line:
    key: str
    name: str
    number: Number
    # The filters of the list behind it; empty where no filter asks for what it holds.
    query: str


@dataclass(frozen=True)
class Breakdown:
    measure: Measure
    dimension: str
    lines: Sequence[Line]
    total: Number
    left: int = 0

    @property
    def label(self) -> str:
        return str(LABELS[self.dimension])

    @property
    def adds_up(self) -> bool:
        if self.dimension == "municipality" and self.measure.source.is_placed and self.measure.how is How.COUNT:
            return False
        return self.measure.how not in NEVER_ADDED | {How.SHARE}

    def first(self, count: int = LINES) -> "Breakdown":
        if self.dimension in IN_TIME:
            return Breakdown(self.measure, self.dimension, self.lines[-count:], self.total, len(self.lines[:-count]))
        return Breakdown(self.measure, self.dimension, self.lines[:count], self.total, len(self.lines[count:]))


def breakdown(
    measure: Measure, dimension: str, filters: Filters, choices: Choices, total: Number | None = None
) -> Breakdown:
    numbers = numbers_by(dimension, measure, filters)
    choices = choices.knowing(dimension, list(numbers))
    lines = [
        Line(key, choices.name(dimension, key), number, row_query(dimension, key, filters))
        for key, number in numbers.items()
    ]
    lines.sort(key=lambda line: (line.key == RESERVED, line.key == UNKNOWN, *_place(dimension, line)))
    return Breakdown(measure, dimension, lines, total or number_of(measure, filters))


def row_query(dimension: str, key: str, filters: Filters) -> str:
    if dimension in IN_TIME:
        return "" if key in {AHEAD, RESERVED, UNKNOWN} else filters.but(since=key, until=key, runs_like=None).query()
    return filters.query(**{dimension: key})


def _place(dimension: str, line: Line) -> tuple[float, str]:
    if dimension == "quiet" and line.key in QUIET:
        return QUIET.index(line.key), ""
    if dimension in IN_ORDER:
        return 0, line.key
    return -float(line.number.value or 0), line.name
