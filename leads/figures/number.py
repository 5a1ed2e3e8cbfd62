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


class Unit(models.TextChoices):
    RECORDS = "records", _("records")
    MONEY = "money", _("USD")
    JOBS = "jobs", _("jobs")
    PERCENT = "percent", _("percent")


@dataclass(frozen=True)
class Number:
    """What a figure says: the records it is about, of how many it is known, and what they come to."""

    how: How
    of: int = 0
    known: int = 0
    total: Decimal | int = 0
    withheld: bool = False

    @property
    def value(self) -> Decimal | int | None:
        """None where nobody knows: no share of nothing, no sum of unknowns."""
        if self.withheld:
            return None
        if self.how in {How.COUNT, How.DISTINCT}:
            return self.of
        if self.known == 0:
            return 0 if self.how is How.SUM and self.of == 0 else None
        return self.total if self.how is How.SUM else Decimal(self.total) / self.known

    @property
    def percent(self) -> Decimal | None:
        return None if self.value is None else Decimal(self.value) * 100

    @property
    def all_known(self) -> bool:
        return self.known == self.of

    def __add__(self, other: Self) -> Self:
        if self.how is How.DISTINCT:
            raise TypeError("Distinct counts do not add up.")
        return type(self)(
            self.how, self.of + other.of, self.known + other.known, self.total + other.total, self.withheld
        )

    def hidden(self) -> Self:
        return type(self)(self.how, withheld=True)


def share(part: Number, whole: Number) -> Decimal | None:
    """Percent of the whole; None where either is not known, or there is nothing to share."""
    if part.value is None or not whole.value:
        return None
    return Decimal(part.value) / Decimal(whole.value) * 100


def per(what: Number, each: Number) -> Decimal | None:
    if what.value is None or not each.value:
        return None
    return Decimal(what.value) / Decimal(each.value)
