"""Days, numbers, and the ways of counting."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
HERE = ZoneInfo("America/Bogota")


@dataclass(frozen=True)
class Asked:
    """What is asked for: days are whole days of the agency."""

    today: date
    first: date | None = None
    last: date | None = None
    assisted: bool = False
    layer: str = "announced"
    months: int | None = None
    dims: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    of: int
    known: int
    value: Fraction | float | None


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(HERE) if text else None


def number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def later(begins: date, months: int) -> date:
    """So many months on; the last day of a shorter month."""
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    for last in (begins.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(begins.day, last))
        except ValueError:
            continue
    raise ValueError(begins)


def count(rows: Iterable[Any]) -> Told:
    found = len(list(rows))
    return Told(found, found, found)


def distinct(keys: Iterable[Any]) -> Told:
    return count(set(keys))


def add(values: Iterable[Fraction | None]) -> Told:
    found = list(values)
    known = [value for value in found if value is not None]
    return Told(len(found), len(known), sum(known, Fraction()) if known or not found else None)


def share(values: Iterable[bool | None]) -> Told:
    found = list(values)
    known = [value for value in found if value is not None]
    return Told(len(found), len(known), Fraction(sum(known), len(known)) if known else None)


def percentile(values: Iterable[float | None], part: float) -> Told:
    found = list(values)
    known = sorted(float(value) for value in found if value is not None)
    if not known:
        return Told(len(found), 0, None)
    place = part * (len(known) - 1)
    low = int(place)
    high = min(low + 1, len(known) - 1)
    return Told(len(found), len(known), known[low] + (known[high] - known[low]) * (place - low))


def ratio(part: Told, whole: Told) -> Told:
    if part.value is None or not whole.value:
        return Told(whole.of, 0, None)
    return Told(whole.of, 1, Fraction(part.value) / Fraction(whole.value))


Teller = Callable[[Asked], Told]


def within(found: date | None, asked: Asked) -> bool:
    if found is None:
        return False
    return (asked.first is None or asked.first <= found) and (asked.last is None or found <= asked.last)


def whole(written: str, asked: Asked) -> bool:
    """The year or month lies in the period; of one under way as far as it has come."""
    year, _dash, month = written.partition("-")
    begins = date(int(year), int(month or 1), 1)
    ends = later(begins, 1 if month else 12) - timedelta(days=1)
    if begins <= asked.today <= ends:
        ends = asked.today
    return (asked.first is None or asked.first <= begins) and (asked.last is None or asked.last >= ends)


def dated(found: date | None, asked: Asked) -> bool:
    return (asked.first is None and asked.last is None) or within(found, asked)


def floats(values: Iterable[Fraction | None]) -> list[float | None]:
    return [None if value is None else float(value) for value in values]
