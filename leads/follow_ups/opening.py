"""The regular job of the cadences: opens what waits, follows events that moved, sets aside what it cannot read."""

import logging
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from leads.aftercare import rhythm as aftercare
from leads.follow_ups import giving_way, stopping
from leads.follow_ups.cadences import open_follow_ups_of, open_for, recount, with_what_counts
from leads.follow_ups.steps import end_of
from leads.models import EventAnchor, FollowUp, Interaction, OpeningFault
from leads.on_mission import reviews, unlogged
from leads.won import yearly
from missions.models import Event, Mission

logger = logging.getLogger(__name__)

BATCH = 500
BATCHES_A_RUN = 20
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
# Not the fault of any one interaction: the run ends, and the next one finds everything where it was.
OUR_OWN_TROUBLE = (OperationalError, SoftTimeLimitExceeded)


def keep_up(*, at: datetime) -> None:
    """Everything that changes follow-ups without a person: a fault of one job does not stop the next."""
    jobs = (
        stopping.stop_steps_of_ended_leads,
        stopping.stop_messages_to_objectors,
        giving_way.give_way_after_merges,
        stopping.pass_on_what_leavers_left,
        stopping.pass_on_enquiries_of_leavers,
        unlogged.close_answered,
        unlogged.ask_for_unlogged,
        aftercare.keep_visits_due,
        reviews.keep_reviews,
        yearly.keep_verifications,
        follow_moved_events,
        open_due,
    )
    for job in jobs:
        try:
            job(at=at)
        except OUR_OWN_TROUBLE:
            raise
        except Exception:
            logger.exception("%s failed; the next run tries it again.", job.__name__)


def open_due(*, at: datetime, mission: Mission | None = None, batches: int = BATCHES_A_RUN) -> int:
    """Open the follow-ups of all interactions that wait for it, or of one mission. Gives how many were opened."""
    opened = 0
    for _turn in range(batches):
        taken, made = _open_batch(at, mission)
        opened += made
        if taken < BATCH:
            break
    return opened


def follow_moved_events(*, at: datetime) -> int:
    """Where the end of an event is not the one last counted from, count the open steps of its meetings anew."""
    moved = 0
    now_ends_at = Case(When(cancelled_at=None, then=F("ends_at")), default=None)
    unchanged = Q(anchor__ends_at=F("now_ends_at")) | Q(anchor__isnull=False, anchor__ends_at=None, now_ends_at=None)
    for event in Event.objects.annotate(now_ends_at=now_ends_at).exclude(unchanged):
        try:
            while batch := _recount_batch(event, at):
                moved += batch
        except OUR_OWN_TROUBLE:
            raise
        except Exception:
            logger.exception("The follow-ups of event %s could not be counted anew.", event.pk)
        else:
            # Written last: a run that dies on the way is taken up again by the next one.
            EventAnchor.objects.update_or_create(event=event, defaults={"ends_at": end_of(event)})
    return moved


def waiting(at: datetime, mission: Mission | None = None) -> QuerySet[Interaction]:
    """What is to be opened now: not while its event goes on, nor what was set aside for a while."""
    set_aside = OpeningFault.objects.filter(interaction=OuterRef("pk"), next_try_at__gt=at)
    ended = Q(event=None) | Q(event__ends_at__lte=at) | Q(event__cancelled_at__isnull=False)
    rows = Interaction.objects.filter(ended, ~Exists(set_aside), follow_ups_opened_at=None).order_by("created_at")
    return rows.filter(mission=mission) if mission else rows


def _open_batch(at: datetime, mission: Mission | None) -> tuple[int, int]:
    """One transaction for the batch; where it fails, one for each, so that a poisoned one is set aside alone."""
    rows: list[Interaction] = []
    try:
        with transaction.atomic():
            # What another worker has in hand is skipped, so two beats at once share the work.
            to_open = waiting(at, mission).select_for_update(of=("self",), no_key=True, skip_locked=True)
            rows = list(with_what_counts(to_open)[:BATCH])
            return len(rows), len(open_for(rows, at=at))
    except OUR_OWN_TROUBLE:
        raise
    except Exception:
        logger.exception("A batch of interactions could not be opened; trying them one by one.")
    return len(rows), sum(_open_alone(row, at) for row in rows)


def _open_alone(interaction: Interaction, at: datetime) -> int:
    try:
        return len(open_follow_ups_of(interaction, at=at))
    except OUR_OWN_TROUBLE:
        raise
    except Exception as error:
        logger.exception("The follow-ups of interaction %s could not be opened.", interaction.pk)
        _set_aside(interaction, error, at)
        return 0


def _set_aside(interaction: Interaction, error: Exception, at: datetime) -> None:
    fault, _new = OpeningFault.objects.get_or_create(
        interaction=interaction, defaults={"since": at, "next_try_at": at, "tries": 0}
    )
    fault.tries, fault.error = fault.tries + 1, f"{type(error).__name__}: {error}"[:2000]
    fault.next_try_at = at + min(FIRST_PAUSE * 2 ** min(fault.tries, 12), LONGEST_PAUSE)
    fault.save()


def _recount_batch(event: Event, at: datetime) -> int:
    ends_at = end_of(event)
    anchor = Greatest("interaction__happened_at", Value(ends_at)) if ends_at else F("interaction__happened_at")
    with transaction.atomic():
        steps = FollowUp.objects.open().filter(interaction__event=event, step__isnull=False)
        elsewhere = steps.annotate(anchor=anchor).exclude(anchor_at=F("anchor"))
        locked = elsewhere.select_related("step", "interaction__event").select_for_update(of=("self",), no_key=True)
        return recount(list(locked[:BATCH]), at=at)
