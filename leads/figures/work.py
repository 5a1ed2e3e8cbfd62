"""The sources that are about our own work: follow-ups, meetings, enquiries, visits, what missions cost.

Work on a restricted lead is counted like any other. It says that somebody keeps a secret, and nothing of whose it is:
none of these sources knows an origin or a sector of a lead.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    DateTimeField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from leads.figures.filters import Filters
from leads.figures.records import HELD, NUMBER
from leads.figures.source import Source
from leads.models import AccountPlan, Budget, CadenceStep, Enquiry, FollowUp, Interaction, Tier, VisitRhythm
from leads.models.choices import Interest
from missions.models import Appointment, CostLine, Mission

ZONE = ZoneInfo(settings.AGENCY_ZONE)
MEETINGS_OF_ALL_KINDS = (Interaction.Kind.MEETING, Interaction.Kind.SITE_VISIT)
TWO_DAYS = timedelta(hours=48)


def _due(filters: Filters) -> QuerySet[FollowUp]:
    """What was due before today; what we wait for from others is not ours to keep."""
    ours = FollowUp.objects.countable().filter(waiting_for="")
    return ours.exclude(state=FollowUp.State.CANCELLED).filter(due_on__lte=filters.today - timedelta(days=1))


def _open(_filters: Filters) -> QuerySet[FollowUp]:
    return FollowUp.objects.countable().open()


def _overdue(filters: Filters) -> QuerySet[FollowUp]:
    return FollowUp.objects.countable().overdue_on(filters.today).filter(waiting_for="")


def _promises(_filters: Filters) -> QuerySet[FollowUp]:
    return FollowUp.objects.countable().open().promises()


def _appointments(_filters: Filters) -> QuerySet[Appointment]:
    return Appointment.objects.exclude(status=Appointment.Status.CANCELLED)


def _meetings(_filters: Filters) -> QuerySet[Interaction]:
    return Interaction.objects.countable().filter(kind__in=MEETINGS_OF_ALL_KINDS, outcome__in=HELD)


def _good_contacts(filters: Filters) -> QuerySet[Interaction]:
    """Hot and warm ones of missions whose 48 hours are over."""
    good = Interaction.objects.countable().filter(
        mission__isnull=False, interest__in=[Interest.HOT, Interest.WARM], outcome__in=HELD
    )
    return good.filter(happened_at__lte=_midnight(filters.today) - TWO_DAYS)


def _answerable(_filters: Filters) -> QuerySet[Enquiry]:
    """Without spam, and without those that others sent twice: nobody owes them an answer."""
    return Enquiry.objects.exclude(closed_because__in=[Enquiry.Closed.SPAM, Enquiry.Closed.DUPLICATE])


def _plans(_filters: Filters) -> QuerySet[AccountPlan]:
    return AccountPlan.objects.current().filter(tier__in=[Tier.A, Tier.B])


def _costs(_filters: Filters) -> QuerySet[CostLine]:
    return CostLine.objects.exclude(mission__status=Mission.Status.CANCELLED)


def _budgets(_filters: Filters) -> QuerySet[Budget]:
    return Budget.objects.all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)


OF_A_PERSON = {"officer": "owner", "mission": "interaction__mission"}
ON_A_MISSION = {"mission": "mission", "officer": "logged_by"}
DUE = Source(_due, OF_A_PERSON, _("the day it was due"), day="due_on")
OPEN_WORK = Source(_open, OF_A_PERSON, _("as it stands now"))
OVERDUE = Source(_overdue, OF_A_PERSON, _("as it stands now"))
PROMISES = Source(_promises, OF_A_PERSON, _("as it stands now"))
APPOINTMENTS = Source(
    _appointments, {"mission": "mission"}, _("the day of the appointment"), day="starts_at", is_moment=True
)
MEETINGS = Source(_meetings, ON_A_MISSION, _("the day of the meeting"), day="happened_at", is_moment=True)
GOOD_CONTACTS = Source(_good_contacts, ON_A_MISSION, _("the day of the meeting"), day="happened_at", is_moment=True)
ENQUIRIES = Source(
    _answerable,
    {"origin": "country", "officer": "owner"},
    _("the day the enquiry came"),
    day="received_at",
    is_moment=True,
)
PLANS = Source(
    _plans,
    {"officer": "owner", "origin": "company__origin_country", "sector": "company__sector"},
    _("as it stands now"),
)
BUDGETS = Source(_budgets, {}, _("the year of the budget"), day="begins_on")
COSTS = Source(_costs, {"mission": "mission"}, _("the first day of the mission"), day="mission__starts_on")


def kept_in_time(_filters: Filters) -> Cast:
    return Cast("in_time", NUMBER)


def thanked(_filters: Filters) -> Case:
    """Somebody wrote, called or sent the thank-you within 48 hours of the meeting, whenever it was typed in."""
    until = ExpressionWrapper(OuterRef("happened_at") + Value(TWO_DAYS, DurationField()), DateTimeField())
    spoke = (
        Interaction.objects.filter(company=OuterRef("company"), happened_at__gt=OuterRef("happened_at"))
        .filter(happened_at__lte=until, kind__in=["mail", "message", "call"])
        .exclude(direction=Interaction.Direction.IN)
    )
    done = FollowUp.objects.filter(
        interaction=OuterRef("pk"), kind=CadenceStep.Kind.THANK_YOU, state=FollowUp.State.DONE, closed_at__lte=until
    )
    return Case(When(Exists(spoke) | Exists(done), then=1), default=0, output_field=NUMBER)


def response_hours(_filters: Filters) -> Any:
    return ExpressionWrapper(Cast(F("response_minutes"), FloatField()) / Value(60.0), FloatField())


def answered_in_time(filters: Filters) -> Case:
    """Within one working day; of those that still wait and are not late yet nobody can say."""
    late = Q(answered_at__isnull=True, respond_by__lt=_midnight(filters.today))
    return Case(
        When(answered_at__lte=F("respond_by"), then=1),
        When(Q(answered_at__isnull=False) | late, then=0),
        output_field=NUMBER,
    )


def visited(filters: Filters) -> Case:
    """The last visit is no longer ago than the rhythm of the tier allows."""
    return Case(
        *(
            When(tier=tier, last_visit_at__gte=_midnight(filters.today - timedelta(days=days)), then=1)
            for tier, days in _rhythm()
        ),
        default=0,
        output_field=NUMBER,
    )


def _rhythm() -> list[tuple[str, int]]:
    return [(tier, VisitRhythm.days_of(tier)) for tier in (Tier.A, Tier.B)]


def spent(_filters: Filters) -> Any:
    return ExpressionWrapper(F("actual") * F("usd_rate"), DecimalField())
