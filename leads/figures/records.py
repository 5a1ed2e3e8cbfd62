"""The sources: the sets of records that figures are about."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _

from leads.figures.filters import Filters, Scope
from leads.figures.source import Source
from leads.models import FollowUp, Interaction, Lead, Stage
from leads.models.choices import Involvement, Outcome, Status
from leads.models.lead import LeadQuerySet
from missions.models import Appointment

GROUP = Coalesce(F("company__ultimate_parent"), F("company"))
LEAD_KEYS = {
    "origin_key": Coalesce(F("company__origin_country"), F("company__ultimate_parent__origin_country")),
    "sector_key": Coalesce(F("sector"), F("company__sector")),
}
LEAD_DIMENSIONS = {
    "origin": "origin_key",
    "sector": "sector_key",
    "mission": "mission",
    "officer": "owner",
    "stage": "stage",
}


def _leads(filters: Filters) -> LeadQuerySet:
    """Phases are part of their project and never counted beside it."""
    leads: LeadQuerySet = Lead.objects.countable().filter(parent=None)
    if filters.scope == Scope.ASSISTED:
        leads = leads.filter(involvement__in=[Involvement.GENERATED, Involvement.ASSISTED])
    return leads


def _projects(filters: Filters) -> LeadQuerySet:
    at_layer = Q(readings__layer=filters.layer, readings__is_current=True)
    projects: LeadQuerySet = (
        _leads(filters).decided().annotate(reading=FilteredRelation("readings", condition=at_layer))
    )
    return projects


def _pipeline(filters: Filters) -> LeadQuerySet:
    return _leads(filters).open().filter(stage__gte=Stage.LEAD)


def _mission_leads(filters: Filters) -> LeadQuerySet:
    return _leads(filters).filter(mission__isnull=False)


def _opportunities(filters: Filters) -> LeadQuerySet:
    return _leads(filters).filter(qualified_on__isnull=False)


def _due(filters: Filters) -> QuerySet[FollowUp]:
    """What was due before today; what we wait for from others is not ours to keep."""
    ours = FollowUp.objects.countable().filter(waiting_for="")
    return ours.exclude(state=FollowUp.State.CANCELLED).filter(due_on__lte=filters.today - timedelta(days=1))


def _overdue(filters: Filters) -> QuerySet[FollowUp]:
    return FollowUp.objects.countable().overdue_on(filters.today).filter(waiting_for="")


def _promises(filters: Filters) -> QuerySet[FollowUp]:
    return FollowUp.objects.countable().open().promises()


def _appointments(filters: Filters) -> QuerySet[Appointment]:
    return Appointment.objects.exclude(status=Appointment.Status.CANCELLED)


def _meetings(filters: Filters) -> QuerySet[Interaction]:
    kinds = [Interaction.Kind.MEETING, Interaction.Kind.SITE_VISIT]
    held = [Outcome.HELD, Outcome.PASSING]
    return Interaction.objects.countable().filter(kind__in=kinds, outcome__in=held)


OF_LEADS: dict[str, Any] = {
    "dimensions": LEAD_DIMENSIONS,
    "worked_out": LEAD_KEYS,
    "group": GROUP,
    "obeys_scope": True,
}
PROJECTS = Source(_projects, date_basis=_("the day of the decision"), day="decided_on", **OF_LEADS)
PIPELINE = Source(_pipeline, date_basis=_("as it stands now"), **OF_LEADS)
OPPORTUNITIES = Source(
    _opportunities, date_basis=_("the day a lead first reached stage 2"), day="qualified_on", **OF_LEADS
)
MISSION_LEADS = Source(_mission_leads, date_basis=_("the mission of the first touch"), **OF_LEADS)
OF_A_PERSON = {"officer": "owner", "mission": "interaction__mission"}
DUE = Source(_due, OF_A_PERSON, _("the day it was due"), day="due_on")
OVERDUE = Source(_overdue, OF_A_PERSON, _("as it stands now"))
PROMISES = Source(_promises, OF_A_PERSON, _("as it stands now"))
APPOINTMENTS = Source(_appointments, {"mission": "mission"}, _("the programme as it stands now"))
MEETINGS = Source(
    _meetings,
    {"mission": "mission", "officer": "logged_by"},
    _("the day of the meeting"),
    day="happened_at",
    is_moment=True,
)


def weighted(value: str) -> Callable[[Filters], Any]:
    """What a lead is worth times the probability of its stage."""
    return lambda _filters: ExpressionWrapper(F("stage__probability") * F(value), DecimalField())


def reinvested(_filters: Filters) -> Case:
    return Case(
        When(Q(investment_type__is_reinvestment=True) | Q(predecessor__isnull=False), then=1),
        When(investment_type__isnull=False, then=0),
        output_field=IntegerField(),
    )


def kept_in_time(_filters: Filters) -> Case:
    closed_on = TruncDate("closed_at", tzinfo=ZoneInfo(settings.AGENCY_ZONE))
    return Case(When(state=FollowUp.State.DONE, due_on__gte=closed_on, then=1), default=0, output_field=IntegerField())


def neglected(filters: Filters) -> Case:
    """Nobody at work owns it, nothing is planned, or what is planned should have been done."""
    planned = FollowUp.objects.open().filter(lead=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    next_due = Coalesce(Subquery(planned), Value(date.min))
    return Case(
        When(owner__is_active=False, then=1),
        When(LessThan(next_due, filters.today), then=1),
        default=0,
        output_field=IntegerField(),
    )


WEIGHED = Q(stage__gte=Stage.QUALIFIED, stage__lte=Stage.SHORTLIST) & ~Q(status=Status.DORMANT)
