from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.figures.period import FIRST_YEAR, Period, Stretch
from leads.models.choices import Layer

UNKNOWN = "none"  # records of which nobody knows the dimension
AHEAD = "ahead"  # what is planned for the rest of the year or month under way, whose row goes to today
RESERVED = "reserved"  # restricted records of which the figures do not tell the dimension, see `secrecy`
DIMENSIONS = (
    *("origin", "sector", "activity", "municipality", "mission", "officer", "source", "type", "stage"),
    *("quiet", "service"),
)


class Scope(models.TextChoices):
    ASSISTED = "assisted", _("Assisted by the agency")
    ALL = "all", _("All known in the region")


class Within(models.TextChoices):
    """How long after its beginning what came of it still counts."""

    MONTHS_0 = "0", _("By its last day")
    MONTHS_6 = "6", _("6 months")
    MONTHS_12 = "12", _("12 months")
    MONTHS_24 = "24", _("24 months")
    MONTHS_36 = "36", _("36 months")


@dataclass(frozen=True)
class Filters:
    """What a figure is asked for. Every figure obeys those that its source and its measure know."""

    today: date
    # A year, or as the address writes a stretch: 2026, 2026-10, 2026-10-05.
    since: int | str | None = None
    until: int | str | None = None
    scope: Scope = Scope.ALL
    layer: Layer = Layer.ANNOUNCED
    within: str = ""
    origin: str = ""
    sector: str = ""
    activity: str = ""
    municipality: str = ""
    mission: str = ""
    officer: str = ""
    source: str = ""
    type: str = ""
    stage: str = ""
    quiet: str = ""
    service: str = ""
    # Amounts as each municipality has its part of them, as where a table goes by municipality.
    placed: bool = False
    # The period that this one is compared with, where that is still under way.
    runs_like: Period | None = None

    @property
    def period(self) -> Period:
        return Period(*(Stretch.read(str(written)) if written else None for written in (self.since, self.until)))

    @property
    def first_day(self) -> date | None:
        return self.period.first

    @property
    def last_day(self) -> date | None:
        """No later than today; where the period is compared with one under way, no later than as far as that is."""
        period = self.period
        last = period.so_far(self.runs_like, self.today) if self.runs_like else period.last
        if last is None or (period.first and period.first > self.today):
            return last
        return min(last, self.today)

    def before(self) -> Self | None:
        """The same stretch just before; None where the period has no beginning or no end."""
        earlier = self.period.before()
        if earlier is None or (earlier.first and earlier.first.year < FIRST_YEAR):
            return None
        return replace(
            self, since=str(earlier.since), until=str(earlier.until), runs_like=self.period if self.runs else None
        )

    @property
    def runs(self) -> bool:
        """The period is not over yet."""
        last = self.period.last
        return last is not None and last >= self.today

    def period_words(self) -> str:
        return self.period.words()

    @property
    def by_place(self) -> bool:
        return self.placed or bool(self.municipality)

    def narrowed(self) -> list[str]:
        return [name for name in DIMENSIONS if getattr(self, name)]

    def in_words(self) -> list[tuple[str, str]]:
        """What was asked for, as a file says it; dimensions by their keys."""
        said: list[tuple[Any, Any]] = [
            (_("Period"), self.period_words()),
            (_("Scope"), self.scope.label),
            (_("Amounts"), self.layer.label),
        ]
        said += [(name, getattr(self, name)) for name in self.narrowed()]
        return [(str(name), str(value)) for name, value in said]

    def but(self, **changes: Any) -> Self:
        return replace(self, **changes)

    def during(self, period: Period) -> Self:
        return self.but(since=str(period.since or ""), until=str(period.until or ""))

    def query(self, **changes: object) -> str:
        """These filters as an address asks for them, with some changed; the period is always said."""
        asked: dict[str, object] = {
            "since": self.since or "",
            "until": self.until or "",
            "scope": self.scope,
            "layer": self.layer,
        }
        asked |= {"within": self.within} if self.within else {}
        asked |= {name: getattr(self, name) for name in self.narrowed()} | changes
        return urlencode(asked)
