"""The programme of a mission by day, each day in the time of its own place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q

from config.staff.models import User
from missions.models import Appointment, Event, Mission, Stop


@dataclass
class Entry:
    """An event or an appointment at its wall time."""

    start: datetime
    end: datetime
    event: Event | None = None
    appointment: Appointment | None = None


@dataclass
class Day:
    day: date
    stop: Stop | None
    entries: list[Entry] = field(default_factory=list)

    @property
    def appointments(self) -> list[Appointment]:
        return [entry.appointment for entry in self.entries if entry.appointment]


def programme(mission: Mission, *, reader: User, only: Q | None = None) -> list[Day]:
    """Events and the appointments that the reader may see. Four queries, however long the trip is.

    `only` leaves the appointments that meet it, and no events.
    """
    stops = list(mission.stops.select_related("city"))
    events = mission.events.filter(cancelled_at=None).select_related("city") if only is None else ()
    appointments = (
        Appointment.objects.visible_to(reader)
        .filter(only or Q(), mission=mission)
        .select_related("company", "event", "interaction")
        .prefetch_related("delegates")
        .order_by("local_start", "pk")
    )
    entries = sorted([*_of_events(events), *_of_appointments(appointments)], key=lambda entry: entry.start)
    return [
        Day(day, next((stop for stop in stops if stop.covers(day)), None), list(group))
        for day, group in groupby(entries, key=lambda entry: entry.start.date())
    ]


def _of_events(events: Iterable[Event]) -> list[Entry]:
    return [Entry(event.local_start, event.local_end, event=event) for event in events]


def _of_appointments(appointments: Iterable[Appointment]) -> list[Entry]:
    return [Entry(item.local_start, item.local_end, appointment=item) for item in appointments]
