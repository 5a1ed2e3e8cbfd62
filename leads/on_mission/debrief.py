"""The evening debrief: what the meetings of one day still lack, and whom we may have written down twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from config.staff import clock
from config.staff.models import User
from leads.models import DebriefMark, FollowUp, Interaction, Lead
from leads.models.choices import Interest, Outcome
from leads.models.interaction import InteractionQuerySet
from leads.on_mission.floor_doubles import Pair, pairs_made
from missions.models import Appointment, Mission, Seat, Stop
from missions.wall_time import WallTimeField, to_utc

FACE_TO_FACE = (Interaction.Kind.MEETING, Interaction.Kind.SITE_VISIT)
TOOK_PLACE = (Outcome.HELD, Outcome.PASSING)
A_DAY = timedelta(days=1)
# What is settled leaves the list, so that the rest moves up.
SHOWN = 40

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Day:
    """A day of the mission with what is left to settle."""

    day: date
    left: int


@dataclass(frozen=True)
class Debrief:
    day: date
    stop: Stop | None
    meetings: list[Any]
    meetings_left: int
    unlogged: list[Any]
    unanswered: list[Any]
    pairs: list[Pair]

    @property
    def is_done(self) -> bool:
        return not (self.meetings or self.unlogged or self.unanswered or self.pairs)

    @property
    def more(self) -> int:
        return self.meetings_left - len(self.meetings)


def meetings_of(mission: Mission, reader: User) -> InteractionQuerySet:
    """Meetings of a mission that took place, with their local day and what each lacks.

    Of a cold one nobody expects a promise or a lead; of others neither, once somebody said that there is none.
    """
    rows = Interaction.objects.visible_to(reader).filter(mission=mission, kind__in=FACE_TO_FACE, outcome__in=TOOK_PLACE)
    return lacking(rows).annotate(local_at=local_time("happened_at"))


def lacking(meetings: InteractionQuerySet) -> InteractionQuerySet:
    planned = FollowUp.objects.filter(interaction=OuterRef("pk"), origin__in=PLANNED)
    more_expected = ~Q(interest=Interest.COLD) & ~Exists(DebriefMark.objects.filter(interaction=OuterRef("pk")))
    return meetings.annotate(
        lacks_owner=Q(company__owner=None) | Q(company__owner__is_active=False),
        lacks_interest=Q(interest=""),
        lacks_promise=more_expected & ~Exists(planned.exclude(state=FollowUp.State.CANCELLED)),
        lacks_lead=more_expected & Q(lead=None),
    )


# What a person promised or planned; the steps of a cadence come by themselves.
PLANNED = (FollowUp.Origin.PROMISE, FollowUp.Origin.MANUAL)
LACKS = Q(lacks_owner=True) | Q(lacks_interest=True) | Q(lacks_promise=True) | Q(lacks_lead=True)
SILENT = Q(status=Appointment.Status.HELD, interaction=None)


def local_time(moment: str) -> Func:
    """A moment by the clocks of its row's zone."""
    return Func(F("zone"), F(moment), function="timezone", output_field=WallTimeField())


def on_day(wall_time: str, day: date) -> Q:
    return Q(**{f"{wall_time}__gte": _starts(day), f"{wall_time}__lt": _starts(day + A_DAY)})


def appointments_of(mission: Mission, reader: User) -> QuerySet[Appointment]:
    """Those that are over and nobody told of: held and not logged, or not even said whether they came."""
    unanswered = Q(status__in=Appointment.TO_COME)
    rows = Appointment.objects.visible_to(reader).filter(mission=mission, ends_at__lte=clock.now())
    return rows.filter(SILENT | unanswered)


def zone_on(mission: Mission, day: date, stops: Iterable[Stop] | None = None) -> str:
    """Where the mission is on a day; between two cities where it was last, before the first where it begins."""
    known = list(mission.stops.order_by("arrives_on", "pk") if stops is None else stops)
    begun = [stop for stop in known if stop.arrives_on <= day]
    covering = [stop for stop in begun if stop.covers(day)]
    here = (covering or begun[-1:] or known[:1]) or None
    return here[-1].zone if here else settings.AGENCY_ZONE


def days_of(mission: Mission, reader: User) -> list[Day]:
    """The days on which something took place or should have, newest last. Two queries."""
    left: dict[date, int] = defaultdict(int)
    meetings = meetings_of(mission, reader).annotate(day=Cast("local_at", DateField()))
    for day, count in meetings.order_by().values_list("day").annotate(n=Count("pk", filter=LACKS)):
        left[day] += count
    silent = appointments_of(mission, reader).annotate(day=Cast("local_start", DateField()))
    for day, count in silent.order_by().values_list("day").annotate(n=Count("pk")):
        left[day] += count
    return [Day(day, left[day]) for day in sorted(left)]


def today_of(mission: Mission) -> date:
    """The day it is where the mission is."""
    return clock.today_in(zone_on(mission, clock.agency_today()))


def debrief_of(mission: Mission, day: date, *, reader: User, only_mine: bool = False) -> Debrief:
    """What is left of one day. A fixed number of queries."""
    stops = list(mission.stops.select_related("city"))
    meetings: Rows = meetings_of(mission, reader).filter(on_day("local_at", day)).filter(LACKS)
    planned: Rows = appointments_of(mission, reader).filter(on_day("local_start", day))
    if only_mine:
        meetings = meetings.filter(Q(logged_by=reader) | Q(participants__user=reader)).distinct()
        planned = planned.filter(pk__in=Seat.objects.filter(delegate__user=reader).values("appointment"))
    shown = with_leads(list(for_row(meetings).order_by("happened_at", "pk")[:SHOWN]), reader)
    silent = [ready_to_log(row) for row in for_line(planned).order_by("starts_at", "pk")[:SHOWN]]
    return Debrief(
        day=day,
        stop=next((stop for stop in stops if stop.covers(day)), None),
        meetings=shown,
        meetings_left=len(shown) if len(shown) < SHOWN else meetings.count(),
        unlogged=[row for row in silent if row.status == Appointment.Status.HELD],
        unanswered=[row for row in silent if row.status != Appointment.Status.HELD],
        pairs=pairs_made(mission, *hours_of(day, zone_on(mission, day, stops)), reader=reader),
    )


def for_row(meetings: Rows) -> Rows:
    return meetings.select_related("company__owner", "logged_by", "lead").prefetch_related("contacts")


def with_leads(meetings: list[Any], reader: User) -> list[Any]:
    """Each with the open leads of its company, to one of which it may belong."""
    found: dict[int, list[Lead]] = defaultdict(list)
    companies = {row.company_id for row in meetings if row.lacks_lead}
    leads = Lead.objects.visible_to(reader).open().filter(company__in=companies) if companies else ()
    for lead in sorted(leads, key=lambda lead: -lead.pk):
        found[lead.company_id].append(lead)
    for row in meetings:
        row.leads_beside = found[row.company_id]
    return meetings


def for_line(appointments: Rows) -> Rows:
    return appointments.select_related("company", "stop__city").prefetch_related("contacts", "delegates")


def ready_to_log(appointment: Any) -> Any:
    """With an id for what will be logged of it, so that a form sent twice is one meeting."""
    appointment.fresh_capture = uuid4()
    return appointment


def hours_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins and ends by the clocks of a zone."""
    return to_utc(_starts(day), zone), to_utc(_starts(day + A_DAY), zone)


def _starts(day: date) -> datetime:
    return datetime.combine(day, time())


def evening_of(day: date, zone: str, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
