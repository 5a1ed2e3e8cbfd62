"""What is counted of which records, in words and as one query: tile, table, chart, list and export all use it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, Count, FloatField, Q, Sum, Value
from django.db.models.expressions import Combinable
from django_stubs_ext import StrPromise

from leads.figures.filters import DIMENSIONS, Filters
from leads.figures.number import How, Number, Unit, per
from leads.figures.source import Rows, Source


class Percentile(Aggregate):
    """Among the known ones; between two of them where that is where it falls."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


FRACTIONS = {How.MEDIAN: 0.5, How.P90: 0.9}


@dataclass(frozen=True)
class Figure:
    name: str
    title: StrPromise
    definition: StrPromise
    formula: StrPromise
    source: Source
    how: How = How.COUNT
    unit: Unit = Unit.RECORDS
    # What a reader may get wrong.
    traps: StrPromise | str = ""
    # What one record contributes; empty where nobody knows.
    counted: Callable[[Filters], Any] | None = None
    only: Q | Callable[[Filters], Q] = field(default_factory=Q)
    # What is told apart where groups are counted; the groups of companies of the source if nothing else is said.
    group: Combinable | None = None
    obeys_layer: bool = False
    obeys_within: bool = False
    always_known: bool = False
    # Whether less of it is better, for the sign beside a change.
    less_is_better: bool = False
    neutral: bool = False

    @property
    def groups(self) -> Combinable:
        found = self.group or self.source.group
        if found is None:
            raise ValueError(f"{self.name} counts no groups.")
        return found

    def condition(self, filters: Filters) -> Q:
        return self.only if isinstance(self.only, Q) else self.only(filters)

    def records(self, filters: Filters) -> Rows:
        """The records behind the number, each with what it `counted`."""
        rows = self.source.rows(filters).filter(self.condition(filters))
        return rows.annotate(counted=self.counted(filters)) if self.counted else rows

    def obeys(self, name: str) -> bool:
        if name in self.source.dimensions or name in self.source.handled:
            return True
        others = {
            "period": bool(self.source.day),
            "scope": self.source.obeys_scope,
            "layer": self.obeys_layer,
            "within": self.obeys_within,
        }
        return others.get(name, False)

    def tabled_by(self) -> list[str]:
        """The dimensions by which it can be told."""
        time = ["year", "month"] if self.source.day else []
        return [name for name in DIMENSIONS if name in self.source.dimensions] + time

    def aggregates(self, filters: Filters) -> dict[str, Aggregate]:
        """Only what is this figure's own: how many records there are is asked once for all figures."""
        only = self.condition(filters) or None
        if self.how is How.DISTINCT:
            return {f"{self.name}_of": Count(self.groups, distinct=True, filter=only)}
        made: dict[str, Aggregate] = {f"{self.name}_of": Count(Value(1), filter=only)} if only else {}
        if self.counted:
            made[f"{self.name}_total"] = self._total(self.counted(filters), only)
            if not self.always_known:
                made[f"{self.name}_known"] = Count(self.counted(filters), filter=only)
        return made

    def _total(self, counted: Any, only: Q | None) -> Aggregate:
        if self.how in FRACTIONS:
            return Percentile(counted, filter=only, fraction=FRACTIONS[self.how])
        return Sum(counted, filter=only)

    def number(self, found: Mapping[str, Any]) -> Number:
        of = found.get(f"{self.name}_of", found["_of"])
        if not self.counted:
            return Number(self.how, of, of, of)
        return Number(self.how, of, found.get(f"{self.name}_known", of), found[f"{self.name}_total"] or 0)


@dataclass(frozen=True)
class Ratio:
    """One figure for each of another, of the same filters as far as both obey them."""

    name: str
    title: StrPromise
    definition: StrPromise
    formula: StrPromise
    part: Figure
    whole: Figure
    unit: Unit = Unit.MONEY
    traps: StrPromise | str = ""
    # What the whole is not narrowed by: a share of all origins is of all of them.
    whole_ignores: tuple[str, ...] = ()
    # Of what both figures are asked, whatever the reader chose.
    asks: Mapping[str, Any] = field(default_factory=dict)
    less_is_better: bool = False
    neutral: bool = False
    how: How = How.RATIO
    counted: None = None

    @property
    def source(self) -> Source:
        return self.part.source

    @property
    def obeys_layer(self) -> bool:
        return self.obeys("layer")

    def obeys(self, name: str) -> bool:
        if name in self.asks:
            return False
        if name in {"layer", "within", "scope"}:
            return self.part.obeys(name) or self.whole.obeys(name)
        return self.part.obeys(name) and (name in self.whole_ignores or self.whole.obeys(name))

    def tabled_by(self) -> list[str]:
        return [name for name in self.part.tabled_by() if name in self.whole.tabled_by()]

    def of_part(self, filters: Filters) -> Filters:
        return filters.but(**{name: "" for name in DIMENSIONS if not self.obeys(name)}, **self.asks)

    def of_whole(self, filters: Filters) -> Filters:
        return self.of_part(filters).but(**dict.fromkeys(self.whole_ignores, ""))

    def number(self, part: Number, whole: Number) -> Number:
        found = per(part, whole)
        return Number(How.RATIO, whole.of, 0 if found is None else 1, found or 0)


Measure = Figure | Ratio
