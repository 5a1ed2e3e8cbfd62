"""The board: leads in columns, each with the figures of all its leads and the first of its cards.

By stage, or by the day of the next step; both are under the same filters and are asked in the same way.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User
from leads.forms.lead_filters import NO_STEP, OVERDUE, LeadFilters
from leads.models import FollowUp, Lead, Stage
from leads.models.choices import OPEN
from leads.models.lead import LeadQuerySet
from leads.pipeline.board_column import LATER, OVER, TODAY, WEEK, Column
from leads.pipeline.cards import Card, card_rows
from missions.models.appointment import Level as AppointmentLevel

CARDS = 20
NEWS = timedelta(days=365)
A_WEEK = timedelta(days=6)
WHOLE = Q(parent=None)  # a phase is counted with its project
MEASURES = ("n", "n_open", "n_whole", "sum_jobs", "n_jobs", "sum_capex", "n_capex", "sum_weighted")


@dataclass
class Board:
    """What one reader sees of the board under some filters."""

    user: User
    # What the address asks for.
    asked: Mapping[str, str]

    kind: ClassVar[str]
    # Of the cards of a column.
    order: ClassVar[tuple[str, ...]]
    # What tells the column of a lead, and the state of its step.
    grouped_by: ClassVar[tuple[str, ...]]

    @cached_property
    def filters(self) -> LeadFilters:
        return LeadFilters.of(self.asked)

    @cached_property
    def today(self) -> date:
        return timezone.localdate(clock.now())  # the reader's zone is active while a page is made

    @cached_property
    def root(self) -> str:
        return reverse("leads:list")

    @cached_property
    def leads(self) -> LeadQuerySet:
        raise NotImplementedError

    def empty_columns(self, keys: Collection[str] | None = None) -> dict[str, Column]:
        raise NotImplementedError

    def key_of(self, row: Any) -> str:
        raise NotImplementedError

    def in_column(self, key: str) -> LeadQuerySet:
        raise NotImplementedError

    def in_columns(self, keys: Collection[str]) -> LeadQuerySet:
        raise NotImplementedError

    def first_of_each(self, keys: Collection[str]) -> LeadQuerySet:
        raise NotImplementedError

    def columns(self, keys: Collection[str] | None = None, *, with_cards: bool = True) -> list[Column]:
        """Three queries at most: the stages, the figures of all leads, and the first cards of every column."""
        columns = self.empty_columns(keys)
        for row in self._figures(columns):
            if self.key_of(row) in columns:
                columns[self.key_of(row)].add(row)
        for column in columns.values():
            column.late_url = self._list_url(column, OVERDUE)
            column.without_url = self._list_url(column, NO_STEP)
        if with_cards:
            for row in self.rows(self.first_of_each(columns)):
                column = columns[self.key_of(row)]
                column.cards.append(Card.of(row, self.today, self.root))
                column.last_row = row
        return list(columns.values())

    def _figures(self, keys: Collection[str]) -> Iterable[Any]:
        weighted = Sum(F("capex_now") * F("stage__probability"), filter=WHOLE, output_field=DecimalField())
        return (
            self.with_bucket(self.in_columns(keys))
            .with_amounts()
            .order_by()
            .values(*self.grouped_by)
            .annotate(
                n=Count("pk"),
                n_open=Count("pk", filter=Q(status__in=OPEN)),
                n_whole=Count("pk", filter=WHOLE),
                sum_jobs=Sum("jobs_now", filter=WHOLE),
                n_jobs=Count("jobs_now", filter=WHOLE),
                sum_capex=Sum("capex_now", filter=WHOLE),
                n_capex=Count("capex_now", filter=WHOLE),
                sum_weighted=weighted,
            )
            .values_list(*self.grouped_by, *MEASURES, named=True)
        )

    def _list_url(self, column: Column, step: str) -> str:
        kept = {name: self.asked[name] for name in vars(self.filters) if self.asked.get(name)}
        return f"{self.root}?{urlencode({**kept, 'stage': column.key, 'status': 'open', 'step': step})}"

    def rows(self, leads: LeadQuerySet) -> Any:
        """Plain rows of cards, in the order of the board."""
        return self.row_query(leads).order_by(*self.order)

    def row_query(self, leads: LeadQuerySet) -> Any:
        dated = self.with_bucket(leads).annotate(next_due=next_step().values("due_on")[:1])
        return card_rows(dated, self.user, "bucket", "next_due")

    def dressed(self, rows: Iterable[Any]) -> list[Card]:
        return [Card.of(row, self.today, self.root) for row in rows]

    def with_bucket(self, leads: LeadQuerySet) -> LeadQuerySet:
        """Where its next step lies, asked once a lead: to group by the day itself would ask for it at every turn."""
        bucket = Case(
            When(due_on__lt=self.today, then=Value(OVER)),
            When(due_on=self.today, then=Value(TODAY)),
            When(due_on__lte=self.today + A_WEEK, then=Value(WEEK)),
            default=Value(LATER),
        )
        put: LeadQuerySet = leads.annotate(bucket=next_step().annotate(bucket=bucket).values("bucket")[:1])
        return put


class StageBoard(Board):
    kind = "stage"
    order = ("stage_since", "pk")  # who has waited longest stands on top
    grouped_by = ("stage_id", "bucket")

    @cached_property
    def leads(self) -> LeadQuerySet:
        seen = Lead.objects.visible_to(self.user).on_the_board(started_since=self.today - NEWS)
        return self.filters.apply(seen, today=self.today)

    def empty_columns(self, keys: Collection[str] | None = None) -> dict[str, Column]:
        wanted = range(1, 8) if keys is None else [int(key) for key in keys]
        stages = Stage.objects.filter(number__in=wanted)
        return {str(stage.number): Column(str(stage.number), stage.name, stage) for stage in stages}

    def key_of(self, row: Any) -> str:
        return str(row.stage_id)

    def in_column(self, key: str) -> LeadQuerySet:
        return self.leads.filter(stage=int(key))

    def in_columns(self, keys: Collection[str]) -> LeadQuerySet:
        return self.leads.filter(stage__in=[int(key) for key in keys])

    def first_of_each(self, keys: Collection[str]) -> LeadQuerySet:
        # One short walk of the board's index a column; a window over all leads reads them all.
        first, *rest = (self.in_column(key).order_by("stage_since", "pk").values("pk")[:CARDS] for key in keys)
        wanted: Any = first.union(*rest, all=True) if rest else first
        return Lead.objects.filter(pk__in=wanted)


class StepBoard(Board):
    """Open leads by the day of their next step."""

    kind = "step"
    order = ("next_due", "stage_since", "pk")
    grouped_by = ("bucket",)

    KEYS: ClassVar[dict[int | None, str]] = {
        OVER: "overdue",
        TODAY: "today",
        WEEK: "week",
        LATER: "later",
        None: "none",
    }
    TITLES: ClassVar[dict[str, str | Promise]] = {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "week": _("This week"),
        "later": _("Later"),
        "none": _("No next step"),
    }

    @cached_property
    def leads(self) -> LeadQuerySet:
        seen = Lead.objects.visible_to(self.user).open().filter(stage__gte=Stage.LEAD)
        return self.filters.apply(seen, today=self.today)

    def empty_columns(self, keys: Collection[str] | None = None) -> dict[str, Column]:
        return {key: Column(key, str(title)) for key, title in self.TITLES.items() if keys is None or key in keys}

    def key_of(self, row: Any) -> str:
        return self.KEYS[row.bucket]

    def in_column(self, key: str) -> LeadQuerySet:
        bucket = next(bucket for bucket, name in self.KEYS.items() if name == key)
        found = self.with_bucket(self.leads)
        return found.filter(bucket=None) if bucket is None else found.filter(bucket=bucket)

    def in_columns(self, keys: Collection[str]) -> LeadQuerySet:
        return self.leads  # which column a lead is in is told by counting

    def first_of_each(self, keys: Collection[str]) -> LeadQuerySet:
        """One short walk of the follow-ups by day a column; to rank all leads by their steps reads them all."""
        today, week = self.today, self.today + A_WEEK
        spans = {
            "overdue": Q(due_on__lt=today),
            "today": Q(due_on=today),
            "week": Q(due_on__gt=today, due_on__lte=week),
            "later": Q(due_on__gt=week),
        }
        walks: list[Any] = [self._first_steps(span) for key, span in spans.items() if key in keys]
        if "none" in keys:
            without = self.leads.filter(~Exists(next_step()))
            walks.append(without.order_by("stage_since", "pk").values("pk")[:CARDS])
        first, *rest = walks
        return Lead.objects.filter(pk__in=first.union(*rest, all=True) if rest else first)

    def _first_steps(self, span: Q) -> Any:
        same = steps_of_leads().filter(lead=OuterRef("lead"))
        earlier = same.filter(Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), pk__lt=OuterRef("pk")))
        first = steps_of_leads().filter(span, ~Exists(earlier), lead__in=self.leads)
        return first.order_by("due_on", "lead__stage_since", "lead").values("lead")[:CARDS]

    def day_of(self, key: str) -> date | None:
        """The day that a step gets which is dropped on a column; only those to come have one."""
        return {"today": self.today, "week": self.today + A_WEEK}.get(key)


def steps_of_leads() -> QuerySet[FollowUp]:
    """Open steps that whoever sees the lead may know of: not those of a meeting that hangs on another lead."""
    told_there = Q(interaction=None) | Q(interaction__lead=None) | Q(interaction__lead=F("lead"))
    steps: QuerySet[FollowUp] = FollowUp.objects.next_steps().filter(
        told_there, Q(appointment=None) | Q(appointment__level=AppointmentLevel.OPEN)
    )
    return steps


def next_step() -> QuerySet[FollowUp]:
    return steps_of_leads().filter(lead=OuterRef("pk")).order_by("due_on", "pk")


BOARDS: dict[str, type[Board]] = {board.kind: board for board in (StageBoard, StepBoard)}


def board_of(user: User, asked: Mapping[str, str]) -> Board:
    """The board that an address asks for."""
    return BOARDS.get(asked.get("by", ""), StageBoard)(user, asked)
