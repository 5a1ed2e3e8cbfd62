from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class How(Enum):
    COUNT = "count"  # the records
    SUM = "sum"  # of what each contributes, where it is known
    SHARE = "share"  # of those it holds for among those it is known of
    DISTINCT = "distinct"  # groups of companies, whose counts never add up
    MEDIAN = "median"  # half of the known ones are below it
    P90 = "p90"  # nine of ten known ones are below it
    RATIO = "ratio"  # one figure for each of another


# What of two parts does not come to what of the whole.
NEVER_ADDED = {How.DISTINCT, How.MEDIAN, How.P90, How.RATIO}


class Unit(models.TextChoices):
    RECORDS = "records", _("records")
    MONEY = "money", _("USD")
    JOBS = "jobs", _("jobs")
    PERCENT = "percent", _("percent")
    DAYS = "days", _("days")
    HOURS = "hours", _("office hours")
    TIMES = "times", _("times")
    POINTS = "points", _("points")


@dataclass(frozen=True)
class Number:
    """What a figure says: the records it is about, of how many it is known, and what they come to."""

    how: How
    of: int = 0
    known: int = 0
    total: Decimal | float = 0

    @property
    def value(self) -> Decimal | float | None:
        """None where nobody knows: no share of nothing, no sum of unknowns."""
        if self.how in {How.COUNT, How.DISTINCT}:
            return self.of
        if self.known == 0:
            return 0 if self.how is How.SUM and self.of == 0 else None
        return Decimal(self.total) / self.known if self.how is How.SHARE else self.total

    @property
    def percent(self) -> Decimal | None:
        return None if self.value is None else Decimal(self.value) * 100

    @property
    def mean(self) -> Decimal | None:
        """Of those that are known: an unknown one is not one of nothing."""
        return Decimal(self.total) / self.known if self.known else None

    @property
    def all_known(self) -> bool:
        return self.known == self.of

    def __add__(self, other: Self) -> Self:
        if self.how in NEVER_ADDED:
            raise TypeError("Distinct counts, medians and ratios do not add up.")
        return type(self)(
            self.how, self.of + other.of, self.known + other.known, Decimal(self.total) + Decimal(other.total)
        )


def share(part: Number, whole: Number) -> Decimal | None:
    """Percent of the whole; None where either is not known, or there is nothing to share."""
    found = per(part, whole)
    return None if found is None else found * 100


def per(what: Number, each: Number) -> Decimal | None:
    if what.value is None or not each.value:
        return None
    return Decimal(what.value) / Decimal(each.value)
