"""Targets beside what there is: the line on which one should be today, and what may still come."""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leads.figures.answer import number_of
from leads.figures.catalogue import FIGURES
from leads.figures.figure import Figure, Measure
from leads.figures.filters import Filters, Scope
from leads.figures.forecast import WORTH, Chances, Forecast, forecast
from leads.figures.number import How, Number
from leads.models import Goal
from leads.models.choices import Layer

# What can have a target: what is counted or summed over a period, and rates.
AIMED_AT = [
    name
    for name, figure in FIGURES.items()
    if figure.obeys("period") and figure.how in {How.COUNT, How.SUM, How.SHARE, How.DISTINCT} and not figure.neutral
]


@dataclass(frozen=True)
class GoalLine:
    goal: Goal
    measure: Measure
    actual: Number
    query: str
    # Where one should be by today; None for a rate, which does not grow with the year.
    pro_rata: Decimal | None
    forecast: Forecast | None

    @property
    def whose(self) -> str:
        """What it is narrowed to, and for which funder it stands."""
        return " · ".join(map(str, filter(None, [self.goal.sector, self.goal.market, self.goal.agreement])))

    @property
    def share(self) -> Decimal | None:
        """Of the target, in percent."""
        if self.actual.value is None or not self.goal.value:
            return None
        return Decimal(self.actual.value) / self.aim * 100

    @property
    def aim(self) -> Decimal:
        """As the figure counts: a share is written in percent."""
        return self.goal.value / 100 if self.measure.how is How.SHARE else self.goal.value

    @property
    def bar(self) -> Decimal:
        """How long the bar is, in percent of a whole that is never passed."""
        return min(max(self.share or Decimal(), Decimal()), Decimal(100)).quantize(Decimal("0.1"))

    @property
    def mark(self) -> Decimal | None:
        """Where on it one should be today."""
        if self.pro_rata is None or not self.aim:
            return None
        return min(self.pro_rata / self.aim * 100, Decimal(100)).quantize(Decimal("0.1"))

    @property
    def is_behind(self) -> bool:
        expected = self.aim if self.pro_rata is None else self.pro_rata
        return self.actual.value is not None and Decimal(self.actual.value) < expected


def filters_of(goal: Goal, today: date) -> Filters:
    return Filters(
        today,
        since=goal.stretch,
        until=goal.stretch,
        scope=Scope(goal.scope),
        layer=Layer(goal.layer),
        origin=goal.market_id or "",
        sector=goal.sector_id or "",
    )


def line(goal: Goal, today: date, known: Chances) -> GoalLine:
    measure, filters = FIGURES[goal.figure], filters_of(goal, today)
    actual = number_of(measure, filters)
    last = filters.period.last or today
    to_come = None
    if isinstance(measure, Figure) and measure.name in WORTH and last >= today >= goal.first_day:
        to_come = forecast(measure, float(actual.value or 0), filters, last, known)
    return GoalLine(goal, measure, actual, filters.query(), pro_rata(goal, measure, today), to_come)


def pro_rata(goal: Goal, measure: Measure, today: date) -> Decimal | None:
    """The target times the part of its time that is over."""
    if measure.how is How.SHARE:
        return None
    first, last = goal.first_day, last_day(goal)
    over = min(max((today - first).days + 1, 0), (last - first).days + 1)
    return (goal.value * over / ((last - first).days + 1)).quantize(Decimal("0.01"))


def last_day(goal: Goal) -> date:
    month = goal.month or 12
    return date(goal.year, month, calendar.monthrange(goal.year, month)[1])
