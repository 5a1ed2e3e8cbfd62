"""A mission on the floor: today's appointments by the clocks of their city, and what was promised for today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp, Interaction
from missions.models import Appointment, Mission, Seat, Stop
from missions.wall_time import to_wall

# No two clocks on earth are further apart, so that a day anywhere lies within these of now.
ANY_ZONE = timedelta(hours=36)
PROMISES_SHOWN = 20
# A meeting that began is still the next one while people may be walking up to the table.
STILL_NEXT = timedelta(minutes=20)


@dataclass(frozen=True)
class Floor:
    """Where a mission stands at this moment."""

    zone: str
    now: datetime
    stop: Stop | None

    @property
    def day(self) -> date:
        return self.now.date()

    @property
    def place(self) -> str:
        return self.stop.city.name if self.stop else self.zone.rpartition("/")[2].replace("_", " ")


def floor_of(mission: Mission, user: User) -> Floor:
    """By the clocks of the city of the day; between two cities by those of the person."""
    stops = list(mission.stops.select_related("city"))
    stop = next((stop for stop in stops if stop.covers(clock.today_in(stop.zone))), None)
    zone = stop.zone if stop else user.zone_at(clock.now())
    return Floor(zone=zone, now=to_wall(clock.now(), zone), stop=stop)


def appointments_of_the_day(mission: Mission, *, reader: User, only_mine: bool) -> list[Appointment]:
    """On the day it is at each place. Two queries."""
    now = clock.now()
    rows = (
        Appointment.objects.visible_to(reader)
        .filter(mission=mission, starts_at__range=(now - ANY_ZONE, now + ANY_ZONE))
        .exclude(status=Appointment.Status.CANCELLED)
        .annotate(is_logged=Exists(Interaction.objects.filter(appointment=OuterRef("pk"))))
        .select_related("company")
        .prefetch_related("contacts", "delegates")
        .order_by("starts_at", "pk")
    )
    if only_mine:
        rows = rows.filter(pk__in=Seat.objects.filter(delegate__user=reader).values("appointment"))
    return [row for row in rows if row.local_start.date() == clock.today_in(row.zone)]


def next_of(appointments: Iterable[Appointment]) -> Appointment | None:
    """What one goes to now: the first that is still to come, or has only just begun, or was not answered for."""
    waiting = [row for row in appointments if row.is_to_come]
    ahead = [row for row in waiting if row.starts_at + STILL_NEXT >= clock.now()]
    return next(iter(ahead or waiting[-1:]), None)


def promises_of_the_day(mission: Mission, *, reader: User, only_mine: bool, today: date) -> list[FollowUp]:
    """Open ones that were promised on this mission and are due by tonight."""
    rows = FollowUp.objects.visible_to(reader).open().filter(interaction__mission=mission, due_on__lte=today)
    if only_mine:
        rows = rows.filter(owner=reader)
    return list(rows.select_related("company", "owner").order_by("due_on", "pk")[:PROMISES_SHOWN])
