"""Which records a figure is about, and under which filters; restricted ones as far as `secrecy` lets them be told."""

import calendar
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, CharField, DateField, F, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django_stubs_ext import StrPromise

from leads.figures.filters import AHEAD, RESERVED, UNKNOWN, Filters, Scope
from leads.figures.period import FIRST_YEAR, LAST_YEAR, Stretch
from leads.models.choices import Involvement, Level

Rows = QuerySet[Any, Any]
TEXT = CharField()
WRITTEN = {"year": "YYYY", "month": "YYYY-MM"}  # dimensions that are stretches of the day
INVOLVED = (Involvement.GENERATED, Involvement.ASSISTED)


@dataclass(frozen=True)
class Source:
    """A set of records, the day that its period is about, and where it finds each dimension."""

    base: Callable[[Filters], Rows]
    dimensions: Mapping[str, str]
    date_basis: StrPromise
    day: str = ""
    is_moment: bool = False
    # The way to the lead that each record is or hangs on; None where no restricted lead stands behind them.
    lead: str | None = None
    # What of the day is told of restricted records, see `secrecy.DAYS`; where empty, no period of ours tells them.
    told_day: str = ""
    # How to tell groups of companies apart.
    group: Combinable | None = None
    obeys_scope: bool = False
    # A record stands in every municipality that has a part of it, so there the records do not add up.
    is_placed: bool = False
    # Dimensions that are no field: worked out only where they are asked for.
    worked_out: Mapping[str, Callable[[Filters], Any]] = field(default_factory=dict)
    # Days that are no field.
    day_worked_out: Combinable | None = None
    # Filters that the base itself obeys.
    handled: tuple[str, ...] = ()

    def rows(self, filters: Filters) -> Rows:
        rows = self.base(filters)
        for name in filters.narrowed():
            if name in self.dimensions:
                asked = getattr(filters, name)
                rows = self._with(rows, name, filters).filter(
                    self._guarded(_matching(self._path(name), asked), told={f"told_{name}": asked})
                )
        if self.obeys_scope and filters.scope == Scope.ASSISTED:
            involved = Q(**{f"{self.lead or ''}involvement__in": INVOLVED})
            rows = self._with_told(rows, "scope").filter(
                self._guarded(involved, told={"told_scope": Scope.ASSISTED.value})
            )
        return self._in_period(rows, filters) if self.day else rows

    def by(self, dimension: str, filters: Filters, among: Sequence[str] | None = None) -> Rows:
        """The rows grouped by the values of a dimension, as text; where `among` is given, of these values alone."""
        rows = self.rows(filters).order_by()
        if dimension in WRITTEN:
            return self._by_time(rows, dimension, filters)
        rows, path = self._with(rows, dimension, filters), self._path(dimension)
        if among is not None:
            told = {f"told_{dimension}__in": among}
            rows = rows.filter(self._guarded(Q(**{f"{path}__in": among}), told=told))
        return rows.values(_key=self._told_or_reserved(Coalesce(Cast(path, TEXT), Value(UNKNOWN)), f"told_{dimension}"))

    @property
    def holds_secrets(self) -> bool:
        return self.lead is not None

    def _by_time(self, rows: Rows, size: str, filters: Filters) -> Rows:
        zone = ZoneInfo(settings.AGENCY_ZONE) if self.is_moment else None
        rows = self._with_day(rows)
        begins = TruncMonth(self.day, tzinfo=zone, output_field=DateField())
        written: Combinable = Func(begins, Value(WRITTEN[size]), function="to_char", output_field=TEXT)
        ahead = self._ahead(size, filters)
        if ahead is not None:
            written = Case(When(ahead, then=Value(AHEAD)), default=written, output_field=TEXT)
        told = f"{self.told_day or 'no'}_{size}"
        key = self._told_or_reserved(Coalesce(written, Value(UNKNOWN)), f"told_{told}")
        return self._with_told(rows, told).values(_key=key)

    def _ahead(self, size: str, filters: Filters) -> Q | None:
        """After today in the year or month under way, which as a filter goes to today: its row opens that list."""
        today = filters.today
        ends = date(today.year, 12, 31) if size == "year" else _end_of_month(today)
        return None if filters.last_day or ends == today else self._between(today + timedelta(days=1), ends)

    def _path(self, name: str) -> str:
        path = self.dimensions[name]
        return f"worked_{name}" if path in self.worked_out else path

    def _with(self, rows: Rows, name: str, filters: Filters) -> Rows:
        work_out = self.worked_out.get(self.dimensions[name])
        if work_out:
            rows = rows.alias(**{f"worked_{name}": work_out(filters)})
        return self._with_told(rows, name)

    def _with_told(self, rows: Rows, name: str) -> Rows:
        if not self.holds_secrets:
            return rows
        with_told: Rows = rows.alias(**{f"told_{name}": KeyTextTransform(name, f"{self.lead}reserve__told")})
        return with_told

    def _with_day(self, rows: Rows) -> Rows:
        return rows.alias(**{self.day: self.day_worked_out}) if self.day_worked_out else rows

    def _is_open(self) -> Q:
        return Q(**{f"{self.lead}level": Level.OPEN})

    def _guarded(self, fits: Q, *, told: Mapping[str, object]) -> Q:
        """Open records by what they are, restricted ones by what is told of them."""
        if not self.holds_secrets:
            return fits
        said = Q()
        for name, value in told.items():
            said &= Q(**{f"{name}__isnull": True}) if value == RESERVED else Q(**{name: value})
        return self._is_open() & fits | ~self._is_open() & said

    def _told_or_reserved(self, fact: Combinable, told: str) -> Combinable:
        if not self.holds_secrets:
            return fact
        return Case(When(self._is_open(), then=fact), default=Coalesce(F(told), Value(RESERVED)), output_field=TEXT)

    def _in_period(self, rows: Rows, filters: Filters) -> Rows:
        first, last = filters.first_day, filters.last_day
        if first is None and last is None:
            return rows
        fits, rows = self._between(first, last), self._with_day(rows)
        if not self.holds_secrets:
            return rows.filter(fits)
        said = Q(pk__in=[])
        if self.told_day:
            for size, whole in zip(("year", "month"), _whole(first, last, filters.today), strict=True):
                if whole:
                    rows = self._with_told(rows, f"{self.told_day}_{size}")
                    said |= Q(**{f"told_{self.told_day}_{size}__in": whole})
        return rows.filter(self._is_open() & fits | ~self._is_open() & said)

    def _between(self, first: date | None, last: date | None) -> Q:
        if self.is_moment:
            # The agency's days, whatever the zone of who looks.
            bounds = {"gte": first and _midnight(first), "lt": last and _midnight(last + timedelta(days=1))}
        else:
            bounds = {"gte": first, "lte": last}
        return Q(**{f"{self.day}__{name}": bound for name, bound in bounds.items() if bound})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(settings.AGENCY_ZONE))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _matching(path: str, value: str) -> Q:
    if value == RESERVED:
        return Q(pk__in=[])
    return Q(**{f"{path}__isnull": True}) if value == UNKNOWN else Q(**{path: value})


def _whole(first: date | None, last: date | None, today: date) -> tuple[list[str], list[str]]:
    """The years and the months that lie in a period whole; of those under way, as far as they are."""

    def inside(stretch: Stretch) -> bool:
        begins, ends = stretch.first, stretch.last
        under_way = begins <= today <= ends
        return (first is None or first <= begins) and (last is None or last >= (today if under_way else ends))

    years = list(_years(first, last))
    whole = [stretch for stretch in years if inside(stretch)]
    parts = [Stretch(stretch.year, number) for stretch in years if stretch not in whole for number in range(1, 13)]
    return [str(stretch) for stretch in whole], [str(stretch) for stretch in parts if inside(stretch)]


def _years(first: date | None, last: date | None) -> Iterator[Stretch]:
    for year in range(first.year if first else FIRST_YEAR, (last.year if last else LAST_YEAR) + 1):
        yield Stretch(year)
