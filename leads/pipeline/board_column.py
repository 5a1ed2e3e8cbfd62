from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from leads.models import Stage
from leads.pipeline.cards import Card

# Where the next step lies; a lead without one has none of these.
OVER, TODAY, WEEK, LATER = range(4)


@dataclass
class Column:
    key: str
    title: str
    stage: Stage | None = None
    count: int = 0
    # Those whose sums count; phases stand on the board and are summed with their project.
    whole: int = 0
    jobs: int | None = None
    jobs_known: int = 0
    capex: Decimal | None = None
    capex_known: int = 0
    weighted_capex: Decimal | None = None
    # How many open ones have their step late, to come, or none at all.
    late: int = 0
    planned: int = 0
    without: int = 0
    cards: list[Card] = field(default_factory=list)
    more_url: str = ""
    # The lists of those that are late, and of those without a step.
    late_url: str = ""
    without_url: str = ""
    last_row: Any = None

    def add(self, row: Any) -> None:
        """Some of its leads, by the state of their next step."""
        self.count += row.n
        self.whole += row.n_whole
        self.jobs = _together(self.jobs, row.sum_jobs)
        self.jobs_known += row.n_jobs
        self.capex = _together(self.capex, row.sum_capex)
        self.capex_known += row.n_capex
        self.weighted_capex = _together(self.weighted_capex, row.sum_weighted)
        if row.bucket is None:
            self.without += row.n_open
        elif row.bucket == OVER:
            self.late += row.n_open
        else:
            self.planned += row.n_open

    @property
    def phases(self) -> int:
        return self.count - self.whole

    @property
    def norm_days(self) -> int | None:
        return self.stage.norm_days if self.stage else None

    @property
    def is_news_only(self) -> bool:
        return self.stage is not None and self.stage.number == Stage.OPERATIONAL

    @property
    def states(self) -> list[tuple[str, float, float]]:
        """The parts of the thin bar: what each is, where it begins and how wide it is, in hundredths."""
        counts = [("late", self.late), ("without", self.without), ("planned", self.planned)]
        together = sum(count for _name, count in counts)
        parts, begins = [], 0.0
        for name, count in counts if together else []:
            width = round(100 * count / together, 2)
            parts.append((name, begins, width))
            begins += width
        return [part for part in parts if part[2]]


def _together(one: Any, other: Any) -> Any:
    """Unknown and unknown is unknown."""
    known = [value for value in (one, other) if value is not None]
    return sum(known) if known else None
