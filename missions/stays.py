"""A delegate's mornings and days are those of the stop: stays are written wherever stops or delegates change."""

from datetime import datetime, time

from django.db import transaction

from config.staff.models import Stay
from missions.models import Mission
from missions.wall_time import day_ends, to_utc


@transaction.atomic
def write_stays(mission: Mission) -> None:
    """Make the stays of all who travel with this mission agree with its stops; running it again changes nothing."""
    wanted: set[tuple[int, str]] = set()
    delegates = mission.delegates.all() if mission.is_open else mission.delegates.none()
    for delegate in delegates:
        if delegate.user_id is None:
            continue
        for stop in mission.stops.all():
            source = f"stop {stop.pk}"
            wanted.add((delegate.user_id, source))
            Stay.objects.update_or_create(
                user_id=delegate.user_id,
                source=source,
                defaults={
                    "zone": stop.zone,
                    "starts_at": to_utc(datetime.combine(stop.arrives_on, time()), stop.zone),
                    "ends_at": day_ends(stop.leaves_on, stop.zone),
                },
            )
    sources = [f"stop {pk}" for pk in mission.stops.values_list("pk", flat=True)]
    for stay in Stay.objects.filter(source__in=sources):
        if (stay.user_id, stay.source) not in wanted and mission.status != Mission.Status.ENDED:
            stay.delete()
