"""10:00 stays 10:00: where a city's zone is put right, or the rules of a zone change, the moments follow the walls."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Q, QuerySet

from config.staff import clock
from missions.models import Appointment, Event, Stop
from missions.stays import write_stays

A_DAY = timedelta(days=1)


def keep_wall_times(*, at: datetime) -> int:
    """What the regular job does. Gives how many plans were brought back to their hour."""
    return _follow_cities(at) + _follow_rules(Appointment.objects.all(), at) + _follow_rules(Event.objects.all(), at)


def _follow_cities(at: datetime) -> int:
    elsewhere = Stop.objects.exclude(zone=F("city__zone")).filter(leaves_on__gte=(at - A_DAY).date())
    return sum(follow_city(stop) for stop in elsewhere.select_related("city", "mission"))


@transaction.atomic
def follow_city(stop: Stop) -> int:
    """Bring a stop, and what is still to come there, into the zone of its city, each at the hour it had."""
    zone, now = stop.city.zone, clock.now()
    if stop.zone != zone:
        stop.zone = zone
        stop.save(update_fields=["zone"])
    events = stop.events.filter(ends_at__gte=now)
    moved = events.exclude(city=stop.city_id, zone=zone).update(city=stop.city_id, zone=zone)
    for planned in stop.appointments.filter(ends_at__gte=now).to_come().exclude(zone=zone):
        _bring(planned, zone=zone)
        moved += 1
    write_stays(stop.mission)
    return moved


def _follow_rules(plans: QuerySet[Any], at: datetime) -> int:
    """Postgres works a moment out when its row is written; rules that were published since are in force here."""
    as_ruled = {name: Func(F("zone"), F(f"local_{name}"), function="timezone") for name in ("start", "end")}
    right = Q(starts_at=as_ruled["start"], ends_at=as_ruled["end"])
    moved = 0
    # A day of grace: what has just ended by the old rule may still be to come by the new one.
    for planned in plans.filter(ends_at__gte=at - A_DAY).exclude(right):
        if isinstance(planned, Appointment):
            _bring(planned, zone=planned.zone)
        else:
            type(planned)._default_manager.filter(pk=planned.pk).update(zone=F("zone"))
        moved += 1
    return moved


def _bring(planned: Appointment, *, zone: str) -> None:
    """Into its zone; where it then lies over another one, both stay, and this one is marked as tentative."""
    row = Appointment.objects.filter(pk=planned.pk)
    changes: dict[str, Any] = {"zone": zone, "version": F("version") + 1, "updated_at": clock.now()}
    try:
        with transaction.atomic():
            row.update(**changes)
    except IntegrityError:
        row.update(**changes, tentative=True)
