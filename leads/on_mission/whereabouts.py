"""Where a person is at work right now: the mission under way, its city of the day and the event that runs."""

from dataclasses import dataclass
from datetime import datetime

from config.staff import clock
from config.staff.models import User
from missions.models import Event, Mission, Stop


@dataclass(frozen=True)
class Whereabouts:
    zone: str
    mission: Mission | None = None
    stop: Stop | None = None
    event: Event | None = None

    @property
    def place(self) -> str:
        if self.event and self.event.venue:
            return self.event.venue
        return self.stop.city.name if self.stop else ""


def whereabouts_of(user: User) -> Whereabouts:
    """What the next meeting of this person is prefilled with. At most four queries."""
    now = clock.now()
    mission = Mission.objects.of(user).under_way().first()
    if mission is None:
        return Whereabouts(zone=user.zone_at(now))
    stops = mission.stops.select_related("city")
    stop = next((stop for stop in stops if stop.covers(clock.today_in(stop.zone))), None)
    event = _event_of_now(mission, stop, now)
    zone = stop.zone if stop else event.zone if event else user.zone_at(now)
    return Whereabouts(zone=zone, mission=mission, stop=stop, event=event)


def _event_of_now(mission: Mission, stop: Stop | None, now: datetime) -> Event | None:
    """The one that runs; else the last one that began, as long as we have not gone on to another city."""
    begun = list(mission.events.filter(cancelled_at=None, starts_at__lte=now).order_by("-starts_at", "-pk"))
    running = next((event for event in begun if event.ends_at >= now), None)
    if running or not begun:
        return running
    last = begun[0]
    elsewhere = stop is not None and stop.city_id != last.city_id
    return None if elsewhere else last
