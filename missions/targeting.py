"""The target list of a mission: how companies come on it, how they are scored, asked and moved, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from companies.lists.kinds import Rows
from config.staff import clock
from config.staff.models import User
from missions.models import Appointment, Criterion, Mission, MissionTarget, Touch
from missions.models.target import MOST_POINTS

Status = MissionTarget.Status

# More than this of one list are no targets but a market.
MOST_ADDED = 1_000
MOST_MOVED = 1_000


@dataclass(frozen=True)
class Plan:
    """How the asking begins for companies that come on the list together."""

    priority: str = MissionTarget.Priority.B
    wave: int = 1
    caller: User | None = None
    reason: str = ""


def not_there(mission: Mission, companies: Rows) -> Rows:
    """Those that are no target of the mission yet."""
    there = mission.targets.filter(company=OuterRef("pk"))
    return companies.filter(~Exists(there))


@transaction.atomic
def add_companies(mission: Mission, companies: Rows, *, source: str, plan: Plan) -> int:
    """Put companies on the list; who is there already stays as it is. Gives how many came."""
    pks = not_there(mission, companies).order_by("pk").values_list("pk", flat=True)[:MOST_ADDED]
    before = mission.targets.count()
    MissionTarget.objects.bulk_create(
        (
            MissionTarget(
                mission=mission,
                company_id=pk,
                source=source,
                priority=plan.priority,
                wave=plan.wave,
                caller=plan.caller,
                reason=plan.reason,
            )
            for pk in pks
        ),
        ignore_conflicts=True,
    )
    return mission.targets.count() - before


@transaction.atomic
def touch(targets: QuerySet[MissionTarget], kind: str, *, by: User, note: str = "") -> int:
    """Write down that they were asked; whom nobody had asked is asked now."""
    locked = list(targets.select_for_update(of=("self",)).order_by("pk")[:MOST_MOVED])
    at = clock.now()
    Touch.objects.bulk_create(Touch(target=one, kind=kind, at=at, by=by, note=note[:300]) for one in locked)
    first = MissionTarget.objects.filter(pk__in=[one.pk for one in locked], status=Status.NOT_SENT)
    first.update(status=Status.SENT, version=F("version") + 1)
    return len(locked)


@transaction.atomic
def give_reason(targets: QuerySet[MissionTarget], because: str) -> None:
    """Where no other one is written down: a decline has its reason first."""
    targets.filter(declined_because="").update(declined_because=because[:200], version=F("version") + 1)


def usual_criteria(mission: Mission) -> list[Criterion]:
    """What most missions look at, to begin with and to change."""
    usual = (
        (_("Fits our sectors"), 3),
        (_("A reason to move now: funding, hiring, expansion"), 3),
        (_("Size"), 2),
        (_("Tie to the region"), 1),
    )
    return [Criterion(mission=mission, name=name, weight=weight) for name, weight in usual]


def score_of(points: dict[str, int], weights: dict[str, int]) -> int | None:
    """Percent of what could be reached by the criteria that were judged; unknown where none was."""
    judged = {key: value for key, value in points.items() if key in weights}
    most = sum(weights[key] for key in judged) * MOST_POINTS
    return round(100 * sum(weights[key] * value for key, value in judged.items()) / most) if most else None


def weights_of(mission: Mission) -> dict[str, int]:
    return {str(pk): weight for pk, weight in mission.criteria.values_list("pk", "weight")}


@transaction.atomic
def score_anew(mission: Mission) -> None:
    """After the criteria changed. What was judged by one that is gone is kept in the history alone."""
    weights, changed = weights_of(mission), []
    for target in mission.targets.select_for_update().exclude(points={}):
        points = {key: value for key, value in target.points.items() if key in weights}
        score = score_of(points, weights)
        if (points, score) != (target.points, target.score):
            target.points, target.score, target.version = points, score, target.version + 1
            changed.append(target)
    MissionTarget.objects.bulk_update(changed, ["points", "score", "version"], batch_size=500)


def with_progress(targets: QuerySet[MissionTarget]) -> QuerySet[MissionTarget]:
    """How often each was asked, and whether it is met or has its hour."""
    meetings = Appointment.objects.filter(mission=OuterRef("mission"), company=OuterRef("company"))
    return targets.annotate(
        touch_count=Count("touches"),
        is_met=Exists(meetings.filter(status=Appointment.Status.HELD)),
        has_hour=Exists(meetings.to_come()),
    )


@dataclass(frozen=True)
class Reach:
    """How far the asking has come: each number, and what the list is filtered by to see it."""

    label: Any
    count: int
    shows: str


def reach_of(mission: Mission) -> Sequence[Reach]:
    """One query. Whoever answered was asked, whoever was met has accepted, whatever the status says."""
    planned = Appointment.objects.filter(mission=mission)
    met = Q(company__in=planned.filter(status=Appointment.Status.HELD).values("company"))
    has_hour = Q(company__in=planned.to_come().values("company"))
    accepted = Q(status=Status.ACCEPTED)
    counts = mission.targets.aggregate(
        all=Count("pk"),
        contacted=Count("pk", filter=~Q(status=Status.NOT_SENT)),
        answered=Count("pk", filter=Q(status__in=MissionTarget.ANSWERED)),
        accepted=Count("pk", filter=accepted),
        unbooked=Count("pk", filter=accepted & ~met & ~has_hour),
        met=Count("pk", filter=met),
    )
    return [
        Reach(_("Targets"), counts["all"], ""),
        Reach(_("Asked"), counts["contacted"], "contacted"),
        Reach(_("Answered"), counts["answered"], "answered"),
        Reach(_("Accepted"), counts["accepted"], "accepted"),
        Reach(_("Accepted, no hour yet"), counts["unbooked"], "unbooked"),
        Reach(_("Met"), counts["met"], "met"),
    ]
