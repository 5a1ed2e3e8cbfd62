"""Which records a figure is about, under which filters, and how it is measured over them in one query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django_stubs_ext import StrPromise

from leads.figures.filters import TOGETHER, UNKNOWN, Filters
from leads.figures.number import How, Number, Unit
from leads.models.choices import Level

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Source:
    """A set of records, the day that its period is about, and where it finds each dimension."""

    base: Callable[[Filters], Rows]
    dimensions: Mapping[str, str]
    date_basis: StrPromise
    day: str = ""
    is_moment: bool = False
    # How to tell groups of companies apart; only where the records are leads, some of which are restricted.
    group: Combinable | None = None
    obeys_scope: bool = False
    # Dimensions that are no field: worked out only where they are asked for.
    worked_out: Mapping[str, Combinable] = field(default_factory=dict)

    def rows(self, filters: Filters) -> Rows:
        rows = self.base(filters)
        for name in filters.narrowed():
            if name in self.dimensions:
                path = self.dimensions[name]
                if path in self.worked_out:
                    rows = rows.alias(**{path: self.worked_out[path]})
                rows = rows.filter(_matching(path, getattr(filters, name), filters.together))
        return self._in_period(rows, filters) if self.day else rows

    def key(self, dimension: str) -> Combinable:
        path = self.dimensions[dimension]
        return self.worked_out.get(path) or F(path)

    def _in_period(self, rows: Rows, filters: Filters) -> Rows:
        first, last = filters.first_day, filters.last_day
        if self.is_moment:
            # The agency's days, whatever the zone of who looks.
            first, last = first and _midnight(first), last and _midnight(last + timedelta(days=1))
        if first:
            rows = rows.filter(**{f"{self.day}__gte": first})
        if last:
            rows = rows.filter(**{f"{self.day}__{'lt' if self.is_moment else 'lte'}": last})
        return rows

    @property
    def holds_secrets(self) -> bool:
        return self.group is not None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(settings.AGENCY_ZONE))


def _matching(path: str, value: str, together: frozenset[str]) -> Q:
    if value == TOGETHER:
        known = Q(**{f"{path}__in": together - {UNKNOWN}})
        return known | Q(**{f"{path}__isnull": True}) if UNKNOWN in together else known
    return Q(**{f"{path}__isnull": True}) if value == UNKNOWN else Q(**{path: value})


@dataclass(frozen=True)
class Figure:
    name: str
    title: StrPromise
    definition: StrPromise
    formula: StrPromise
    source: Source
    how: How = How.COUNT
    unit: Unit = Unit.RECORDS
    # What one record contributes; empty where nobody knows.
    counted: Callable[[Filters], Any] | None = None
    only: Q = field(default_factory=Q)
    obeys_layer: bool = False
    always_known: bool = False

    def records(self, filters: Filters) -> Rows:
        """The records behind the number, each with what it `counted`."""
        rows = self.source.rows(filters).filter(self.only)
        return rows.annotate(counted=self.counted(filters)) if self.counted else rows

    def obeys(self, name: str) -> bool:
        if name in self.source.dimensions:
            return True
        return {"period": bool(self.source.day), "scope": self.source.obeys_scope, "layer": self.obeys_layer}.get(
            name, False
        )

    def aggregates(self, filters: Filters) -> dict[str, Aggregate]:
        """Only what is this figure's own: how many records and groups there are is asked once for all figures."""
        only = self.only or None
        made: dict[str, Aggregate] = {f"{self.name}_of": Count(Value(1), filter=only)} if only else {}
        if self.counted:
            made[f"{self.name}_total"] = Sum(self.counted(filters), filter=only)
            if not self.always_known:
                made[f"{self.name}_known"] = Count(self.counted(filters), filter=only)
        return made

    def number(self, found: Mapping[str, Any]) -> Number:
        if self.how is How.DISTINCT:
            return Number(self.how, *[found["_companies"]] * 3)
        of = found.get(f"{self.name}_of", found["_of"])
        if not self.counted:
            return Number(self.how, of, of, of)
        return Number(self.how, of, found.get(f"{self.name}_known", of), found[f"{self.name}_total"] or 0)


@dataclass(frozen=True)
class Cell:
    """What several figures of one source say of the same records, and what secrecy asks to know of them."""

    numbers: Mapping[str, Number]
    companies: int = 0
    restricted: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Number:
        return self.numbers[name]

    def hidden(self) -> "Cell":
        return Cell({name: number.hidden() for name, number in self.numbers.items()}, self.companies, self.restricted)


def measure(figures: Sequence[Figure], filters: Filters, **extra: Aggregate) -> Cell:
    """What the figures say under these filters; one query."""
    source, aggregates = _asked(figures, filters)
    found = source.rows(filters).aggregate(**aggregates, **extra)
    return _cell(figures, found, extra)


def measure_by(dimension: str, figures: Sequence[Figure], filters: Filters, **extra: Aggregate) -> dict[str, Cell]:
    """The same for every value of a dimension; one query."""
    source, aggregates = _asked(figures, filters)
    rows = source.rows(filters).order_by().values(_key=source.key(dimension))
    return {
        UNKNOWN if found["_key"] is None else str(found["_key"]): _cell(figures, found, extra)
        for found in rows.annotate(**aggregates, **extra)
    }


def _asked(figures: Sequence[Figure], filters: Filters) -> tuple[Source, dict[str, Aggregate]]:
    source = figures[0].source
    if any(figure.source is not source for figure in figures):
        raise ValueError("Figures of several sources cannot be measured by one query.")
    aggregates: dict[str, Aggregate] = {"_of": Count("*")}
    for figure in figures:
        aggregates |= figure.aggregates(filters)
    if source.group is not None:
        aggregates["_companies"] = Count(source.group, distinct=True)
        aggregates["_restricted"] = Count(Value(1), filter=~Q(level=Level.OPEN))
    return source, aggregates


def _cell(figures: Sequence[Figure], found: Mapping[str, Any], extra: Mapping[str, Any]) -> Cell:
    return Cell(
        {figure.name: figure.number(found) for figure in figures},
        found.get("_companies", 0),
        found.get("_restricted", 0),
        {name: found[name] for name in extra},
    )
