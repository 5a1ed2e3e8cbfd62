"""Stretches of days as an address writes them: 2026, 2026-10 or 2026-10-05, from one to another."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

WRITTEN = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class Stretch:
    """A whole year, a whole month or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def read(cls, written: str) -> Self | None:
        """What was written; None where that is no stretch of any calendar that we keep."""
        found = WRITTEN.fullmatch(written)
        if not found:
            return None
        stretch = cls(*(int(part) if part else None for part in found.group("year", "month", "day")))  # type: ignore[arg-type]
        return stretch if stretch._exists() else None

    def _exists(self) -> bool:
        if not FIRST_YEAR <= self.year <= LAST_YEAR or not 1 <= (self.month or 1) <= 12:
            return False
        return 1 <= (self.day or 1) <= calendar.monthrange(self.year, self.month or 1)[1]

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month, day.day)

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return "-".join(f"{part:02}" for part in (self.year, self.month, self.day) if part)

    def words(self) -> str:
        if self.day:
            return date_format(self.first, "SHORT_DATE_FORMAT")
        return date_format(self.first, "YEAR_MONTH_FORMAT") if self.month else str(self.year)


@dataclass(frozen=True)
class Period:
    """From the first day of one stretch to the last of another; without one there is no beginning or no end."""

    since: Stretch | None = None
    until: Stretch | None = None

    @property
    def first(self) -> date | None:
        return self.since.first if self.since else None

    @property
    def last(self) -> date | None:
        return self.until.last if self.until else None

    def before(self) -> "Period | None":
        """The one just before, as long: years before years, months before months, days before days."""
        if not self.since or not self.until or self.until.last < self.since.first:
            return None
        if self.since.day or self.until.day:
            length = self.until.last - self.since.first + timedelta(days=1)
            return Period(Stretch.of(self.since.first - length), Stretch.of(self.since.first - timedelta(days=1)))
        if self.since.month or self.until.month:
            months = _months(self.since.first, self.until.last) + 1
            return Period(_month(self.since.first, -months), _month(self.since.first, -1))
        return Period(Stretch(self.since.year * 2 - self.until.year - 1), Stretch(self.since.year - 1))

    def so_far(self, of: "Period", today: date) -> date | None:
        """The last day of this one up to which it compares with one that is under way today."""
        if self.last is None or of.first is None or of.last is None or today >= of.last:
            return self.last
        begins = self.first or of.first
        if self.since and not self.since.day and of.since and not of.since.day:
            return min(back(today, _months(begins, of.first)), self.last)
        return min(begins + (today - of.first), self.last)

    def words(self) -> str:
        if self.since and self.until:
            if self.since == self.until:
                return self.since.words()
            return f"{self.since.words()}–{self.until.words()}"
        if self.since:
            return _("since %(year)s") % {"year": self.since.words()}
        return _("until %(year)s") % {"year": self.until.words()} if self.until else _("all years")


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _month(day: date, away: int) -> Stretch:
    months = day.year * 12 + day.month - 1 + away
    return Stretch(months // 12, months % 12 + 1)


def back(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    there = _month(day, -months)
    return date(there.year, there.month or 1, min(day.day, there.last.day))


def quarter(day: date, away: int = 0) -> Period:
    first = _month(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3 * away)
    return Period(first, _month(first.first, 2))


def month(day: date, away: int = 0) -> Period:
    stretch = _month(day, away)
    return Period(stretch, stretch)


def week(day: date, away: int = 0) -> Period:
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=away)
    return Period(Stretch.of(monday), Stretch.of(monday + timedelta(days=6)))


def year(day: date, away: int = 0) -> Period:
    return Period(Stretch(day.year + away), Stretch(day.year + away))
