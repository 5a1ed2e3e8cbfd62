"""The board: leads in columns by stage, each with the figures of all its leads and the first of its cards."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import JSONObject
from django.utils import timezone

from config.staff import clock
from config.staff.models import User
from leads.forms.lead_filters import LeadFilters
from leads.models import FollowUp, Interaction, Lead, Stage
from leads.models.lead import LeadQuerySet

CARDS = 20
ORDER = ("stage_since", "pk")  # who has waited longest stands on top
NEWS = timedelta(days=365)


@dataclass(frozen=True)
class NextStep:
    text: str
    due_on: date
    late_days: int

    @property
    def state(self) -> str:
        return "overdue" if self.late_days > 0 else "planned"


@dataclass
class Column:
    stage: Stage
    count: int = 0
    jobs: int | None = None
    jobs_known: int = 0
    capex: Decimal | None = None
    capex_known: int = 0
    cards: list[Lead] = field(default_factory=list)
    more_url: str = ""

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
            for card in self.cards(self._first_of_each(columns)):
                columns[card.stage_id].cards.append(card)
        return list(columns.values())

    def _figures(self, stages: Iterable[int]) -> Iterable[dict[str, object]]:
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
        return Lead.objects.filter(pk__in=first.union(*rest, all=True) if rest else first.values("pk"))

    def cards(self, leads: LeadQuerySet) -> list[Lead]:
        return [self.dress(lead) for lead in self.card_rows(leads).order_by("stage", *ORDER)]

    def card_rows(self, leads: LeadQuerySet) -> LeadQuerySet:
        """With what a card shows: the company, the owner, the next step and how warm they were last."""
        planned = FollowUp.objects.visible_to(self.user).open().filter(lead=OuterRef("pk")).order_by("due_on", "pk")
        said = Interaction.objects.filter(lead=OuterRef("pk")).exclude(interest="").order_by("-happened_at")
        return (
            leads.select_related("company", "owner")
            .only(
                *("title", "code_name", "level", "stage_id", "status", "stage_since", "version"),
                *("company__name", "owner__name"),
            )
            .annotate(
                planned=Subquery(planned.values(found=JSONObject(text="text", due_on="due_on"))[:1]),
                interest=Subquery(said.values("interest")[:1]),
                norm_days=F("stage__norm_days"),
            )
        )

    def dress(self, lead: Lead) -> Lead:
        """Adds the next step, and the days in this stage against what is usual."""
        planned = lead.planned  # type: ignore[attr-defined]
        due_on = date.fromisoformat(planned["due_on"]) if planned else None
        lead.step = NextStep(planned["text"], due_on, (self.today - due_on).days) if due_on else None  # type: ignore[attr-defined]
        lead.days = max((self.today - timezone.localdate(lead.stage_since)).days, 0)  # type: ignore[attr-defined]
        norm = lead.norm_days  # type: ignore[attr-defined]
        lead.is_slow = norm is not None and lead.days > norm  # type: ignore[attr-defined]
        return lead
