"""Chance that is the same for the same seed, and the days on which an agency works."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from math import exp, log, sqrt
from random import Random
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from config.staff.working_days import is_working_day

T = TypeVar("T")
# Quiet from mid-December to mid-January, busy in spring and in autumn, when the great fairs are.
MONTHS = dict(enumerate([0.7, 1.0, 1.4, 1.3, 1.4, 1.0, 0.9, 1.0, 1.4, 1.5, 1.4, 0.9], start=1))


class Chance(Random):
    def one_of(self, weights: Mapping[T, float]) -> T:
        return self.choices(list(weights), list(weights.values()))[0]

    def hits(self, share: float) -> bool:
        return self.random() < share

    def log_normal(self, *, median: float, mean: float) -> float:
        return self.lognormvariate(log(median), sqrt(2 * log(mean / median)))

    def still_waits(self, days: int, *, patience: int) -> bool:
        return self.random() < exp(-days / patience)

    def uuid(self) -> UUID:
        return UUID(int=self.getrandbits(128), version=4)


class Days:
    """The working days of a stretch of years, each as likely as its season is busy."""

    def __init__(self, first: date, last: date) -> None:
        stretch = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        self._days = [day for day in stretch if is_working_day(day)]
        self._sums = list(accumulate(_season(day) for day in self._days))

    def between(self, first: date, last: date, chance: Random) -> date:
        """A working day from the first to the last of these days, or the first itself where none lies between."""
        start, end = bisect_left(self._days, first), bisect_right(self._days, last)
        if start >= end:
            return first
        lowest = self._sums[start - 1] if start else 0.0
        at = bisect_left(self._sums, chance.uniform(lowest, self._sums[end - 1]))
        return self._days[min(max(at, start), end - 1)]

    def after(self, day: date, count: int) -> date:
        """So many working days later; the same as `add_working_days`, for many thousand days."""
        return self._days[bisect_right(self._days, day) + count - 1]


def _season(day: date) -> float:
    if (day.month, day.day) >= (12, 15) or (day.month, day.day) <= (1, 15):
        return 0.25
    if -7 <= (day - _easter(day.year)).days < 0:
        return 0.25
    return MONTHS[day.month] * (0.45 if day.year == 2020 and day.month > 3 else 1.0)


@cache
def _easter(year: int) -> date:
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def moment(day: date, hour: int, minute: int = 0, zone: str = "America/Bogota") -> datetime:
    return datetime.combine(day, time(hour, minute), _zone(zone)).astimezone(UTC)


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def share_out(total: int, weights: Sequence[float], chance: Random) -> list[int]:
    """Whole numbers in these proportions; what falls between two is left to chance."""
    scale = total / (sum(weights) or 1)
    return [int(weight * scale + chance.random()) for weight in weights]
