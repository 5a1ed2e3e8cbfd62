"""A mission that is cancelled, moved or copied takes along what hangs on it; everything keeps its hour by the wall."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ExpressionWrapper, F, QuerySet

from config.staff import clock
from config.staff.models import User
from missions.models import Appointment, Criterion, Delegate, Event, Mission, MissionTarget, Stop
from missions.models.mission import WrongMoment
from missions.stays import write_stays
from missions.targeting import score_of
from missions.wall_time import WallTimeField

Status = Appointment.Status


@transaction.atomic
def cancel(mission: Mission, *, because: str) -> int:
    """With its appointments to come and its events, which keep their history. Gives how many appointments that were."""
    mission = mission.cancel()
    if mission.cancelled_because:
        return 0
    Mission.objects.filter(pk=mission.pk).update(cancelled_because=because[:300])
    at = clock.now()
    mission.events.filter(cancelled_at=None).update(cancelled_at=at)
    to_come = mission.appointments.to_come()
    cancelled = to_come.update(status=Status.CANCELLED, version=F("version") + 1, updated_at=at)
    write_stays(mission)
    return cancelled


@dataclass(frozen=True)
class Moved:
    """What went to other days; of those that lie over another appointment now, tentative, there are so many."""

    appointments: int
    tentative: int


@transaction.atomic
def move(mission: Mission, *, starts_on: date, seen_version: int) -> Moved:
    """Stops, events, delegates' days and what is still to come go along by as many days."""
    mission = Mission.objects.select_for_update().get(pk=mission.pk)
    if not mission.is_ahead or mission.version != seen_version:
        raise WrongMoment(mission)
    by = starts_on - mission.starts_on
    mission.starts_on, mission.ends_on, mission.version = starts_on, mission.ends_on + by, mission.version + 1
    mission.save(update_fields=["starts_on", "ends_on", "version", "updated_at"])
    mission.stops.update(arrives_on=F("arrives_on") + by, leaves_on=F("leaves_on") + by)
    mission.delegates.update(arrives_on=F("arrives_on") + by, leaves_on=F("leaves_on") + by)
    mission.events.update(**_later(by))
    moved = _move_appointments(mission.appointments.to_come(), by)
    write_stays(mission)
    return moved


def _later(by: timedelta) -> dict[str, Any]:
    return {
        name: ExpressionWrapper(F(name) + by, output_field=WallTimeField()) for name in ("local_start", "local_end")
    }


def _move_appointments(to_come: QuerySet[Appointment], by: timedelta) -> Moved:
    """Each might pass through the old hour of another of the same person, so all are tentative on the way."""
    firm = list(to_come.filter(tentative=False).values_list("pk", flat=True))
    status = models.Case(models.When(status=Status.CONFIRMED, then=models.Value(Status.MOVED)), default=F("status"))
    told = {**_later(by), "status": status, "version": F("version") + 1, "updated_at": clock.now()}
    moved = to_come.update(tentative=True, **told)
    return Moved(moved, _make_firm(firm))


def _make_firm(pks: list[int]) -> int:
    """How many cannot be, since somebody of theirs is elsewhere at that hour."""
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk__in=pks).update(tentative=False)
    except IntegrityError:
        if len(pks) == 1:
            return 1
        half = len(pks) // 2
        return _make_firm(pks[:half]) + _make_firm(pks[half:])
    return 0


@dataclass(frozen=True)
class Wanted:
    """What comes along into a copy."""

    delegates: bool = True
    costs: bool = True
    targets: bool = False


@transaction.atomic
def copy(mission: Mission, *, name: str, starts_on: date, by: User, wanted: Wanted) -> Mission:
    """A mission to be planned, as many days long: its case, stops and events, and what else is wanted.

    What came of the earlier one stays there: no appointment, no actual cost, no answer of a target.
    """
    days = starts_on - mission.starts_on
    made = Mission.objects.create(
        name=name,
        kind=mission.kind,
        objective=mission.objective,
        lead_officer=by,
        starts_on=starts_on,
        ends_on=mission.ends_on + days,
        target_meetings=mission.target_meetings,
        target_leads=mission.target_leads,
        copied_from=mission,
        created_by=by,
    )
    made.sectors.set(mission.sectors.all())
    made.partners.set(mission.partners.all())
    stops = _copy_stops(mission, made, days)
    _copy_events(mission, made, days, stops)
    if wanted.delegates:
        _copy_delegates(mission, made, days)
    if wanted.costs:
        _copy_costs(mission, made)
    _copy_targets(mission, made, wanted=wanted.targets)
    write_stays(made)
    return made


def _copy_stops(mission: Mission, made: Mission, days: timedelta) -> dict[int, Stop]:
    return {
        stop.pk: Stop.objects.create(
            mission=made,
            city=stop.city,
            zone=stop.city.zone,
            arrives_on=stop.arrives_on + days,
            leaves_on=stop.leaves_on + days,
        )
        for stop in mission.stops.select_related("city")
    }


def _copy_events(mission: Mission, made: Mission, days: timedelta, stops: dict[int, Stop]) -> None:
    for event in mission.events.filter(cancelled_at=None).select_related("city"):
        Event.objects.create(
            mission=made,
            stop=stops.get(event.stop_id or 0),
            name=event.name,
            organiser_id=event.organiser_id,
            city=event.city,
            venue=event.venue,
            zone=event.city.zone,
            local_start=event.local_start + days,
            local_end=event.local_end + days,
        )


def _copy_delegates(mission: Mission, made: Mission, days: timedelta) -> None:
    for one in mission.delegates.select_related("user"):
        if one.user and not one.user.is_active:
            continue
        Delegate.objects.create(
            mission=made,
            name=one.name,
            organisation_id=one.organisation_id,
            role=one.role,
            languages=one.languages,
            # A guest sees the missions they travel with; that is given anew.
            user=one.user if one.user and one.user.is_staff_member else None,
            arrives_on=one.arrives_on + days if one.arrives_on else None,
            leaves_on=one.leaves_on + days if one.leaves_on else None,
        )


def _copy_costs(mission: Mission, made: Mission) -> None:
    for line in mission.cost_lines.all():
        line.pk, line.mission, line.actual = None, made, None
        line._state.adding = True
        line.save()


def _copy_targets(mission: Mission, made: Mission, *, wanted: bool) -> None:
    """The criteria always; the companies, with how they were judged, where they are wanted again."""
    keys = {
        str(one.pk): Criterion.objects.create(mission=made, name=one.name, weight=one.weight)
        for one in mission.criteria.all()
    }
    if not wanted:
        return
    weights = {str(one.pk): one.weight for one in keys.values()}
    rows = mission.targets.filter(company__merged_into=None, company__archived_at=None)
    targets = []
    for target in rows.select_related("contact"):
        points = {str(keys[key].pk): value for key, value in target.points.items() if key in keys}
        targets.append(
            MissionTarget(
                mission=made,
                company_id=target.company_id,
                contact_id=target.contact_id,
                priority=target.priority,
                wave=target.wave,
                reason=target.reason,
                source=MissionTarget.Source.COPY,
                points=points,
                score=score_of(points, weights),
            )
        )
    MissionTarget.objects.bulk_create(targets, batch_size=500)
