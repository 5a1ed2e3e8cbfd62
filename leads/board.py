"""The board: leads in columns by stage, each with the figures of all its leads and the first of its cards."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from config.staff import clock
from config.staff.models import User
from leads.cards import Card, card_rows
from leads.forms.lead_filters import LeadFilters
from leads.models import Lead, Stage
from leads.models.lead import LeadQuerySet

CARDS = 20
ORDER = ("stage_since", "pk")  # who has waited longest stands on top
NEWS = timedelta(days=365)


@dataclass
class Column:
    stage: Stage
    count: int = 0
    jobs: int | None = None
    jobs_known: int = 0
    capex: Decimal | None = None
    capex_known: int = 0
    cards: list[Card] = field(default_factory=list)
    more_url: str = ""
    last_row: Any = None

    @property
    def weighted_capex(self) -> Decimal | None:
        return None if self.capex is None else self.capex * self.stage.probability

    @property
    def is_news_only(self) -> bool:
        return self.stage.number == Stage.OPERATIONAL


@dataclass
class Board:
    """What one reader sees of the board under some filters."""

    user: User
    filters: LeadFilters

    @cached_property
    def today(self) -> date:
        return timezone.localdate(clock.now())  # the reader's zone is active while a page is made

    @cached_property
    def root(self) -> str:
        return reverse("leads:list")

    @cached_property
    def leads(self) -> LeadQuerySet:
        seen = Lead.objects.visible_to(self.user).on_the_board(started_since=self.today - NEWS)
        return self.filters.apply(seen, today=self.today)

    def columns(self, stages: Iterable[int] = range(1, 8), *, with_cards: bool = True) -> list[Column]:
        """Three queries: the stages, the figures of all leads, and the first cards of every column."""
        columns = {stage.number: Column(stage) for stage in Stage.objects.filter(number__in=stages)}
        for row in self._figures(columns):
            column = columns[row.pop("stage")]
            vars(column).update(row)
        if with_cards:
            for row in card_rows(self._first_of_each(columns), self.user).order_by("stage", *ORDER):
                columns[row.stage_id].cards.append(Card.of(row, self.today, self.root))
                columns[row.stage_id].last_row = row
        return list(columns.values())

    def _figures(self, stages: Iterable[int]) -> Iterable[dict[str, Any]]:
        return (
            self.leads.filter(stage__in=list(stages))
            .with_amounts()
            .order_by()
            .values("stage")
            .annotate(
                count=Count("pk"),
                jobs=Sum("jobs_now"),
                jobs_known=Count("jobs_now"),
                capex=Sum("capex_now"),
                capex_known=Count("capex_now"),
            )
        )

    def _first_of_each(self, stages: Iterable[int]) -> LeadQuerySet:
        # One short walk of the board's index a column; a window over all leads reads them all.
        first, *rest = (self.leads.filter(stage=stage).order_by(*ORDER).values("pk")[:CARDS] for stage in stages)
        wanted: Any = first.union(*rest, all=True) if rest else first
        return Lead.objects.filter(pk__in=wanted)

    def cards(self, leads: LeadQuerySet) -> list[Card]:
        return self.dressed(card_rows(leads, self.user).order_by("stage", *ORDER))

    def dressed(self, rows: Iterable[Any]) -> list[Card]:
        return [Card.of(row, self.today, self.root) for row in rows]
