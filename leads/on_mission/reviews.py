"""What a mission brought is looked at again 6, 12 and 24 months after it: a follow-up each, for whoever led it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from config.staff.clock import agency_day
from config.staff.models import User
from config.staff.stand_in import stand_in_for
from leads.follow_ups.steps import HISTORY, at_once
from leads.follow_ups.stopping import cancel
from leads.models import CadenceStep, FollowUp
from leads.months import add_months
from missions.models import Mission

MONTHS = (6, 12, 24)


def after(mission: Mission, months: int) -> date:
    """The day of a review: so many months after the last day of the mission."""
    return add_months(mission.ends_on, months)


def keep_reviews(*, at: datetime) -> int:
    """The regular job: open what an ended mission lacks, move what its days moved, rest while one goes on again."""
    rested = _rest(at)
    since = add_months(agency_day(at) - HISTORY, -max(MONTHS))
    ended = Mission.objects.filter(status=Mission.Status.ENDED, ends_on__gte=since)
    changed = 0
    for mission in ended.prefetch_related("reviews"):
        if _differs(mission, at):
            changed += schedule(mission, at=at)
    return rested + changed


@transaction.atomic
def schedule(mission: Mission, *, at: datetime) -> int:
    """Open or move the reviews of an ended mission; a second time changes nothing. Gives how many it touched."""
    # Two at once wait here, and the second finds what the first one made.
    locked = Mission.objects.select_for_update(of=("self",), no_key=True)
    mission = locked.select_related("lead_officer__deputy", "lead_officer__manager").get(pk=mission.pk)
    if mission.status != Mission.Status.ENDED:
        return 0
    owner = stand_in_for(mission.lead_officer)
    there = {row.review_after: row for row in _of(mission)}
    touched = 0
    for months in _wanted(mission, at):
        row = there.get(months)
        if row is None:
            _open(mission, months, owner, at)
        elif _is_elsewhere(row, mission):
            _move(row, mission, at)
        else:
            continue
        touched += 1
    return touched


def _wanted(mission: Mission, at: datetime) -> list[int]:
    """Reviews whose day passed long ago are history, as with missions that were brought in from old files."""
    return [months for months in MONTHS if after(mission, months) >= agency_day(at) - HISTORY]


def _differs(mission: Mission, at: datetime) -> bool:
    there = {row.review_after: row for row in mission.reviews.all() if row.origin == FollowUp.Origin.REVIEW}
    return any(months not in there or _is_elsewhere(there[months], mission) for months in _wanted(mission, at))


def _is_elsewhere(row: FollowUp, mission: Mission) -> bool:
    """Counted from another day, or set aside while the mission went on; what a person closed stays closed."""
    if row.is_open:
        return row.anchor_at != _anchor(mission)
    return row.state == FollowUp.State.CANCELLED and row.closed_by_id is None


def _of(mission: Mission) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(mission=mission, origin=FollowUp.Origin.REVIEW)


def _anchor(mission: Mission) -> datetime:
    return datetime.combine(mission.ends_on, time(), ZoneInfo(settings.AGENCY_ZONE))


def _day(mission: Mission, months: int, at: datetime) -> date:
    return max(after(mission, months), at_once(at))


def _open(mission: Mission, months: int, owner: User, at: datetime) -> None:
    with override(owner.language):
        text = ngettext(
            "Outcome review after %(n)d month: what came of the mission?",
            "Outcome review after %(n)d months: what came of the mission?",
            months,
        )
    FollowUp.objects.create(
        origin=FollowUp.Origin.REVIEW,
        kind=CadenceStep.Kind.CHECK,
        text=text % {"n": months},
        owner=owner,
        # They ended the mission and know; the day itself reminds them.
        known_to=owner,
        mission=mission,
        review_after=months,
        anchor_at=_anchor(mission),
        due_on=_day(mission, months, at),
    )


def _move(row: FollowUp, mission: Mission, at: datetime) -> None:
    FollowUp.objects.filter(pk=row.pk, version=row.version).update(
        state=FollowUp.State.OPEN,
        closed_at=None,
        closed_with="",
        anchor_at=_anchor(mission),
        due_on=_day(mission, row.review_after or 0, at),
        due_at=None,
        version=F("version") + 1,
        updated_at=at,
    )


def _rest(at: datetime) -> int:
    """A mission that was taken up again has no outcome yet."""
    going_on = FollowUp.objects.open().filter(origin=FollowUp.Origin.REVIEW)
    return cancel(going_on.exclude(mission__status=Mission.Status.ENDED), _("The mission goes on again."), at=at)
