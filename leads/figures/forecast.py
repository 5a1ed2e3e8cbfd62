"""What the open pipeline may still bring until a day, and within which bounds: an estimate, and it says of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

from django.db.models import F, Max, Q

from leads.figures.catalogue.results import CAPEX, JOBS, PROJECTS
from leads.figures.figure import Figure
from leads.figures.filters import Filters
from leads.figures.records import PIPELINE, leads
from leads.models import Stage
from leads.models.choices import ENDED, Status

ENOUGH = 50  # closed cases of our own
EIGHTY_PERCENT = 1.2816  # standard deviations to each side
A_YEAR = 365  # over which a decision may fall of which nobody knows the day
WORTH = {PROJECTS.name: None, CAPEX.name: "capex_estimate_usd", JOBS.name: "jobs_estimate"}
AHEAD = range(Stage.LEAD, Stage.DECISION)


@dataclass(frozen=True)
class Chances:
    """The chance of a win by stage: our own history's, or the pipeline's defaults."""

    by_stage: dict[int, float]
    closed: int
    own: bool


@dataclass(frozen=True)
class Forecast:
    """What is there already, and what may come: in eight cases of ten between low and high."""

    low: float
    expected: float
    high: float
    chances: Chances
    leads: int = 0
    unknown: int = 0


def chances() -> Chances:
    """Of the leads that reached a stage and are closed, those that were won; from fifty closed opportunities on."""
    closed = leads(Filters(date.min)).filter(Q(decided_on__isnull=False) | Q(status__in=ENDED))
    # A project known from the press alone never was in a stage of ours.
    walked = closed.filter(qualified_on__isnull=False).annotate(reached=Max("stage_changes__stage_after"))
    ends = [(reached or Stage.QUALIFIED, won) for reached, won in walked.values_list("reached", "decided_on")]
    if len(ends) < ENOUGH:
        usual = Stage.objects.filter(number__in=AHEAD).values_list("number", "probability")
        return Chances({number: float(chance) for number, chance in usual}, len(ends), own=False)
    by_stage = {stage: _share([bool(won) for reached, won in ends if won or reached >= stage]) for stage in AHEAD}
    by_stage[Stage.LEAD] = by_stage[Stage.QUALIFIED] * _qualifying()
    return Chances(by_stage, len(ends), own=True)


def _qualifying() -> float:
    """Of the leads that ended, those that had become an opportunity first."""
    ended = leads(Filters(date.min)).filter(Q(status__in=ENDED) | Q(status=Status.WON, qualified_on__isnull=False))
    return _share([day is not None for day in ended.values_list("qualified_on", flat=True)])


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 0.0


def forecast(figure: Figure, actual: float, filters: Filters, until: date, known: Chances) -> Forecast:
    worth = WORTH[figure.name]
    rows = PIPELINE.rows(filters.but(since=None, until=None)).filter(stage__in=AHEAD).exclude(status=Status.DORMANT)
    expected = spread = 0.0
    unknown = 0
    found: list[tuple[Any, ...]] = list(
        rows.values_list("stage", "decision_from", "decision_to", F(worth) if worth else F("stage"))
    )
    for stage, opens, closes, value in found:
        if value is None:
            unknown += 1
            continue
        amount = float(value) if worth else 1.0
        chance = known.by_stage.get(stage, 0.0) * in_time(opens, closes, filters.today, until)
        expected += chance * amount
        spread += chance * (1 - chance) * amount**2
    reach = EIGHTY_PERCENT * sqrt(spread)
    return Forecast(
        actual + max(expected - reach, 0), actual + expected, actual + expected + reach, known, len(found), unknown
    )


def in_time(opens: date | None, closes: date | None, today: date, until: date) -> float:
    """How much of the time in which the decision may fall lies before the day. One that is late may fall any day."""
    begins = max(opens or today, today)
    ends = closes if closes and closes > begins else begins + timedelta(days=A_YEAR)
    if until <= begins:
        return 0.0
    return min((until - begins).days / (ends - begins).days, 1.0)
