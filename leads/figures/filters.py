from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models.choices import Layer

UNKNOWN = "none"  # records of which nobody knows the dimension
TOGETHER = "together"  # those whose cells are only shown as one, see `secrecy`
DIMENSIONS = ("origin", "sector", "mission", "officer", "stage")


class Scope(models.TextChoices):
    ASSISTED = "assisted", gettext_lazy("Assisted by the agency")
    ALL = "all", gettext_lazy("All known in the region")


@dataclass(frozen=True)
class Filters:
    """What a figure is asked for. Every figure obeys those that its source and its measure know."""

    today: date
    since: int | None = None
    until: int | None = None
    scope: Scope = Scope.ALL
    layer: Layer = Layer.ANNOUNCED
    origin: str = ""
    sector: str = ""
    mission: str = ""
    officer: str = ""
    stage: str = ""
    # Which origins TOGETHER stands for; asked of the data, never of the address.
    together: frozenset[str] = frozenset()
    years_back: int = 0

    @property
    def first_day(self) -> date | None:
        return None if self.since is None else date(self.since - self.years_back, 1, 1)

    @property
    def last_day(self) -> date | None:
        """No later than today, so that the year before is compared up to the same day."""
        if self.until is None:
            return None
        last = min(date(self.until, 12, 31), self.today)
        if last < date(self.until, 1, 1):
            last = date(self.until, 12, 31)
        year = last.year - self.years_back
        return date(year, 2, 28) if (last.month, last.day) == (2, 29) else last.replace(year=year)

    def before(self) -> Self | None:
        """The same stretch just before; None where the period has no beginning or no end."""
        if self.since is None or self.until is None or self.until < self.since:
            return None
        return replace(self, years_back=self.until - self.since + 1)

    @property
    def runs(self) -> bool:
        """The period is not over yet."""
        return self.until is not None and self.until >= self.today.year

    def period_words(self) -> str:
        since, until = (year and year - self.years_back for year in (self.since, self.until))
        if since and until:
            return str(since) if since == until else f"{since}–{until}"
        if since:
            return _("since %(year)s") % {"year": since}
        return _("until %(year)s") % {"year": until} if until else _("all years")

    def narrowed(self) -> list[str]:
        return [name for name in DIMENSIONS if getattr(self, name)]

    def but(self, **changes: Any) -> Self:
        return replace(self, **changes)

    def query(self, **changes: object) -> str:
        """These filters as an address asks for them, with some changed; the period is always said."""
        asked: dict[str, object] = {
            "since": self.since or "",
            "until": self.until or "",
            "scope": self.scope,
            "layer": self.layer,
        }
        asked |= {name: getattr(self, name) for name in self.narrowed()} | changes
        return urlencode(asked)
