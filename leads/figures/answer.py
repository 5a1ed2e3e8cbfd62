"""Figures under one set of filters, whole or by the values of a dimension. Every screen comes through here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, Count

from leads.figures.figure import Figure, Measure, Ratio
from leads.figures.filters import Filters
from leads.figures.number import Number
from leads.figures.source import Source


@dataclass(frozen=True)
class Cell:
    """What several figures of one source say of the same records."""

    numbers: Mapping[str, Number]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Number:
        return self.numbers[name]


def ask(figures: Sequence[Figure], filters: Filters, **extra: Aggregate) -> Cell:
    """What figures of one source say under these filters; one query."""
    source, aggregates = _asked(figures, filters)
    return _cell(figures, source.rows(filters).aggregate(**aggregates, **extra), extra)


def ask_by(
    dimension: str,
    figures: Sequence[Figure],
    filters: Filters,
    among: Sequence[str] | None = None,
    **extra: Aggregate,
) -> dict[str, Cell]:
    """The same for every value of a dimension, or for some; one query. The cells of all are together the whole."""
    filters = filters.but(placed=dimension == "municipality")
    source, aggregates = _asked(figures, filters)
    rows = source.by(dimension, filters, among).annotate(**aggregates, **extra)
    return {str(found["_key"]): _cell(figures, found, extra) for found in rows}


def number_of(measure: Measure, filters: Filters) -> Number:
    if isinstance(measure, Figure):
        return ask([measure], filters)[measure.name]
    part, whole = parts_of(measure, filters)
    return measure.number(part, whole)


def parts_of(ratio: Ratio, filters: Filters) -> tuple[Number, Number]:
    return (
        ask([ratio.part], ratio.of_part(filters))[ratio.part.name],
        ask([ratio.whole], ratio.of_whole(filters))[ratio.whole.name],
    )


def numbers_by(dimension: str, measure: Measure, filters: Filters) -> dict[str, Number]:
    if isinstance(measure, Figure):
        return {key: cell[measure.name] for key, cell in ask_by(dimension, [measure], filters).items()}
    parts = ask_by(dimension, [measure.part], measure.of_part(filters))
    if dimension in measure.whole_ignores:
        whole = ask([measure.whole], measure.of_whole(filters))[measure.whole.name]
        return {key: measure.number(cell[measure.part.name], whole) for key, cell in parts.items()}
    wholes = ask_by(dimension, [measure.whole], measure.of_whole(filters))
    nothing = Number(measure.part.how)
    return {
        key: measure.number(parts[key][measure.part.name] if key in parts else nothing, cell[measure.whole.name])
        for key, cell in wholes.items()
    }


def _asked(figures: Sequence[Figure], filters: Filters) -> tuple[Source, dict[str, Aggregate]]:
    source = figures[0].source
    if any(figure.source is not source for figure in figures):
        raise ValueError("Figures of several sources cannot be measured by one query.")
    aggregates: dict[str, Aggregate] = {"_of": Count("*")}
    for figure in figures:
        aggregates |= figure.aggregates(filters)
    return source, aggregates


def _cell(figures: Sequence[Figure], found: Mapping[str, Any], extra: Mapping[str, Any]) -> Cell:
    return Cell({figure.name: figure.number(found) for figure in figures}, {name: found[name] for name in extra})
