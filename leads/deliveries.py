"""What was sent: deliveries are planned, claimed, written and handed over, each step committed before the next.

A worker that dies leaves a claim whose lease runs out; the next tick takes it up, and first asks the mail room whether
the server had taken the message already. Only a death between the server's yes and the mail room's note of it lets a
message go out twice, see `config.staff.mail_room`.
"""

import logging
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.staff import clock, mail_room
from config.staff.mail_room import MailDelayed, MailRefused
from config.staff.models import User
from leads import enquiry_news
from leads.composing import NothingToSay, compose
from leads.models import Delivery, DeliveryItem, Enquiry, Reminder
from leads.reminders import last_morning, morning_of

logger = logging.getLogger(__name__)

Kind, State, Rule = Delivery.Kind, Delivery.State, Reminder.Rule

TIMEOUT = settings.EMAIL_TIMEOUT
# Several times what the mail room may take, finding the server's address included.
LEASE = timedelta(seconds=4 * TIMEOUT + 40)
BATCH = 200


def plan(*, at: datetime) -> None:
    """Make the deliveries that are due by now; a second run makes no second one."""
    waiting = Reminder.objects.waiting().filter(due_at__lte=at, items=None)
    _explain_leavers(waiting)
    people = User.objects.active().prefetch_related("stays")
    for person in people.filter(pk__in=waiting.filter(rule=Rule.AT_HOUR).values("person")):
        _plan_hour(person, at)
    for person in people.filter(pk__in=waiting.exclude(rule=Rule.AT_HOUR).values("person")):
        _plan_morning(person, at)
    for stale in Delivery.objects.unsent().filter(kind=Kind.MORNING, person__is_active=True).select_related("person"):
        _bring_to_today(stale, at)
    _plan_enquiries(at)


def to_send(*, at: datetime) -> list[int]:
    return list(Delivery.objects.to_send(at).order_by("next_try_at", "pk").values_list("pk", flat=True)[:BATCH])


def send(delivery_id: int) -> None:
    """Send one that is due, unless somebody else does. No transaction is open while the network is waited for."""
    delivery = Delivery.objects.claim(delivery_id, at=clock.now(), lease=LEASE)
    if delivery is None:
        return
    try:
        answer = mail_room.accepted_before(delivery.message_id) or _write_and_send(delivery)
    except NothingToSay as reason:
        delivery.settle(State.SKIPPED, answer=str(reason), at=clock.now())
    except MailRefused as refusal:
        delivery.settle(State.REFUSED, answer=str(refusal), at=clock.now())
    except MailDelayed as delay:
        _try_again_later(delivery, str(delay))
    except Exception as error:
        # A poisoned one must neither stop the others nor vanish: it is shown, and tried again like any other.
        logger.exception("Delivery %s could not be written.", delivery.pk)
        _try_again_later(delivery, f"{type(error).__name__}: {error}")
    else:
        delivery.settle(State.SENT, answer=answer.text, at=clock.now())


def pause_after(attempts: int, *, waited: timedelta) -> timedelta:
    """A minute, two, four, up to an hour; once a day after the first day. It is never given up."""
    if waited >= timedelta(days=1):
        return timedelta(days=1)
    return min(timedelta(minutes=2 ** min(attempts - 1, 6)), timedelta(hours=1))


def _write_and_send(delivery: Delivery) -> mail_room.Answer:
    mail = compose(delivery, at=clock.now())
    if delivery.claimed_until is None or clock.now() > delivery.claimed_until - timedelta(seconds=2 * TIMEOUT):
        # This worker was held up for so long that another may take over any moment.
        with override(delivery.person.language):
            raise MailDelayed(_("The lease was nearly over."))
    return mail_room.send(mail, timeout=TIMEOUT)


def _try_again_later(delivery: Delivery, answer: str) -> None:
    at = clock.now()
    pause = pause_after(delivery.attempts, waited=at - delivery.due_at)
    delivery.settle(State.FAILED, answer=answer, at=at, next_try_at=at + pause)


def _explain_leavers(waiting: QuerySet[Reminder]) -> None:
    """Nothing is mailed to closed accounts; their follow-ups go to somebody else, who gets reminders of their own."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            left = waiting.filter(person__is_active=False, person__language=language)
            left.update(state=Reminder.State.SKIPPED, skipped_because=_("The account is closed."))


def _plan_hour(person: User, at: datetime) -> None:
    """One mail for all that rings for one person at this moment."""
    with transaction.atomic():
        ringing = Reminder.objects.waiting().filter(person=person, rule=Rule.AT_HOUR, due_at__lte=at, items=None)
        rows = list(ringing.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
        if rows:
            delivery = _new(person, Kind.HOUR, f"reminder {rows[0].pk}", due_at=rows[0].due_at, at=at)
            DeliveryItem.objects.bulk_create(DeliveryItem(delivery=delivery, reminder=row) for row in rows)


def _plan_morning(person: User, at: datetime) -> None:
    """The mail of today's morning, once it has come; an unsent one of an earlier day carries what is new as well."""
    today = _today_if_morning(person, at)
    mornings = Delivery.objects.filter(person=person, kind=Kind.MORNING)
    if today and not mornings.filter(occasion=today.isoformat()).exists() and not mornings.unsent().exists():
        with transaction.atomic():
            _new(person, Kind.MORNING, today.isoformat(), due_at=morning_of(person, today, at), at=at)


def _plan_enquiries(at: datetime) -> None:
    """Whoever must answer hears of an enquiry at the next office hour, and once more when its answer is late."""
    for late, waiting in ((False, Q(told_at=None)), (True, Q(told_late_at=None, respond_by__lt=at))):
        told = "told_late_at" if late else "told_at"
        with transaction.atomic():
            rows = Enquiry.objects.waiting().filter(waiting).select_related("owner__deputy", "owner__manager")
            for enquiry in rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH]:
                for person in enquiry_news.who_must_know(enquiry, late=late):
                    occasion = enquiry_news.occasion(enquiry, late=late)
                    _new(person, Kind.ENQUIRY, occasion, due_at=enquiry_news.next_office_hour(at), at=at)
                Enquiry.objects.filter(pk=enquiry.pk).update(**{told: at})


def _bring_to_today(delivery: Delivery, at: datetime) -> None:
    """A mail that could not go out yesterday becomes today's: one mail a morning, not one for each morning missed."""
    today = _today_if_morning(delivery.person, at)
    if today and delivery.occasion < today.isoformat() and delivery.state != State.CLAIMED:
        unchanged = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, claim=None)
        unchanged.update(occasion=today.isoformat(), next_try_at=at)


def _today_if_morning(person: User, at: datetime) -> date | None:
    today = clock.today_for(person)
    return today if last_morning(person, at) == today else None


def _new(person: User, kind: Delivery.Kind, occasion: str, *, due_at: datetime, at: datetime) -> Delivery:
    delivery, _is_new = Delivery.objects.get_or_create(
        person=person,
        channel=Delivery.Channel.MAIL,
        kind=kind,
        occasion=occasion,
        defaults={
            "message_id": f"{uuid4()}@{settings.MAIL_DOMAIN}",
            "due_at": due_at,
            "next_try_at": max(due_at, at),
            "created_at": at,
        },
    )
    return delivery
