"""What one record contributes to a figure: a condition that it meets, or a number that is added up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract, NullIf, TruncDate
from django.db.models.lookups import Exact

from leads.figures.filters import Filters
from leads.figures.records import HEARD, HELD, NUMBER, ZONE, after, midnight
from leads.models import FollowUp, Interaction, Stage
from leads.models.choices import OPEN, Interest, Status


def holds(condition: Q) -> Callable[[Filters], Case]:
    """1 where it is so, else 0."""
    return lambda _filters: Case(When(condition, then=1), default=0, output_field=NUMBER)


def came_within(day: str, since: str, filters: Filters) -> Q:
    """The day came, within so many months where a reader asks for that."""
    came = Q(**{f"{day}__isnull": False})
    return came & Q(**{f"{day}__lte": after(since, filters)}) if filters.within else came


def weighted(value: str) -> Callable[[Filters], Any]:
    """What a lead is worth times the probability of its stage."""
    return lambda _filters: ExpressionWrapper(F("stage__probability") * F(value), DecimalField())


def of_reading(amount: str) -> Callable[[Filters], Any]:
    """An amount at the layer; where it is asked by municipality, its jobs there, and the rest in the same parts."""

    def counted(filters: Filters) -> Any:
        whole = F(f"reading__{amount}")
        if not filters.by_place:
            return whole
        if amount == "jobs":
            return Coalesce(F("placed__shares__jobs"), whole)
        there = Cast(F("placed__shares__jobs"), DecimalField(max_digits=30, decimal_places=15))
        part = ExpressionWrapper(whole * there / NullIf(F("placed__jobs"), Value(0)), DecimalField())
        return Case(When(placed__shares__isnull=True, then=whole), default=part, output_field=DecimalField())

    return counted


def reinvested(_filters: Filters) -> Case:
    return Case(
        When(Q(investment_type__is_reinvestment=True) | Q(predecessor__isnull=False), then=1),
        When(investment_type__isnull=False, then=0),
        output_field=NUMBER,
    )


def neglected(filters: Filters) -> Case:
    """Nobody at work owns it, nothing is planned, or what is planned should have been done."""
    planned = FollowUp.objects.next_steps().filter(lead__isnull=False).order_by().values("lead")
    return Case(
        When(owner__is_active=False, then=1),
        When(~Q(pk__in=planned) | Q(pk__in=planned.filter(due_on__lt=filters.today)), then=1),
        default=0,
        output_field=NUMBER,
    )


def silent(filters: Filters) -> Case:
    """Nobody of theirs spoke with us within 90 days."""
    heard = Interaction.objects.filter(lead=OuterRef("pk"), direction__in=HEARD, outcome__in=HELD)
    lately = heard.filter(happened_at__gte=midnight(filters.today - timedelta(days=90)))
    return Case(When(Exists(lately), then=0), default=1, output_field=NUMBER)


def days_between(start: str, end: str) -> Callable[[Filters], Func]:
    """Days and parts of days between two moments."""
    return lambda _filters: _in_days(ExpressionWrapper(F(end) - F(start), DurationField()))


def days_here(filters: Filters) -> Func:
    """Whole days that an open lead has stood in its stage, today."""
    return _whole_days(TruncDate("stage_since", tzinfo=ZONE), Value(filters.today, DateField()))


def days_to_decision(_filters: Filters) -> Case:
    """Of those that we opened before they were decided; the others became known by the press."""
    opened = TruncDate("created_at", tzinfo=ZONE)
    return Case(
        When(decided_on__gte=opened, qualified_on__isnull=False, then=_whole_days(opened, F("decided_on"))),
        output_field=NUMBER,
    )


def over_norm(filters: Filters) -> Case:
    return Case(
        When(stage__norm_days__isnull=True, then=None),
        When(stage__norm_days__lt=days_here(filters), then=1),
        default=0,
        output_field=NUMBER,
    )


def _whole_days(start: Any, end: Any) -> Func:
    """A date minus a date is a whole number in Postgres."""
    return Func(end, start, template="(%(expressions)s)", function="", arg_joiner=" - ", output_field=NUMBER)


def _in_days(length: Any) -> Func:
    return Func(
        Extract(length, "epoch"), Value(86400.0), template="(%(expressions)s)", function="", arg_joiner=" / ",
        output_field=FloatField(),
    )  # fmt: skip


WEIGHED = Q(stage__gte=Stage.QUALIFIED, stage__lte=Stage.SHORTLIST) & ~Q(status=Status.DORMANT)
ASLEEP = Q(status=Status.DORMANT)
STILL_OPEN = Q(status__in=OPEN)
UNDECIDED = STILL_OPEN & Q(decided_on__isnull=True)
NOT_STARTED = Q(operational_on__isnull=True, status=Status.WON)
QUALIFIED = Q(qualified_on__isnull=False)
DECIDED = Q(decided_on__isnull=False)


def last_interest(interest: Interest) -> Q:
    """What was said of the lead last."""
    said = Interaction.objects.filter(lead=OuterRef("pk")).exclude(interest="").order_by("-happened_at", "-pk")
    return Q(Exact(Subquery(said.values("interest")[:1]), Value(interest.value)))


def first_ever() -> Q:
    """Meetings before which there was no exchange with the company."""
    return Q(~Exists(_earlier()))


def first_of_mission() -> Q:
    """The first meetings of a company on their mission, where an exchange came before."""
    here = _earlier().filter(mission=OuterRef("mission"), outcome__in=HELD, kind__in=("meeting", "site_visit"))
    return Q(Exists(_earlier()), ~Exists(here), mission__isnull=False)


def _earlier() -> QuerySet[Interaction]:
    before = Q(happened_at__lt=OuterRef("happened_at")) | Q(happened_at=OuterRef("happened_at"), pk__lt=OuterRef("pk"))
    return Interaction.objects.countable().filter(before, company=OuterRef("company"))
