"""What was sent: deliveries are planned, claimed, written and handed over, each step committed before the next.

A worker that dies leaves a claim whose lease runs out; the next tick takes it up, and first asks the mail room whether
the server had taken the message already. Only a death between the server's yes and the mail room's note of it lets a
message go out twice, see `config.staff.mail_room`.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.staff import clock, mail_room
from config.staff.absence import away_at
from config.staff.clock import agency_day
from config.staff.models import Role, User, Webhook
from config.staff.sending import Answer, Delayed, Refused
from leads import reports
from leads.enquiring import news as enquiry_news
from leads.letters import posting, returns
from leads.models import Delivery, DeliveryItem, Enquiry, FollowUp, Reminder
from leads.models.channel import Channel, Topic
from leads.on_mission import debrief_note
from leads.reminding import rooms
from leads.reminding.channels import Ways
from leads.reminding.composing import compose
from leads.reminding.reminders import last_morning, morning_of
from leads.reminding.routing import route
from leads.reminding.trouble import Trouble, troubles
from leads.reminding.words import NothingToSay

logger = logging.getLogger(__name__)

Kind, State, Rule = Delivery.Kind, Delivery.State, Reminder.Rule

TIMEOUT = settings.EMAIL_TIMEOUT
# Several times what the mail room may take, finding the server's address included.
LEASE = timedelta(seconds=4 * TIMEOUT + 40)
BATCH = 200
# A morning waits so long for what is due on it, and then goes without what cannot be raised.
RAISING_LASTS = timedelta(minutes=10)


def plan(*, at: datetime) -> None:
    """Make the deliveries that are due by now; a second run makes no second one."""
    route(at=at)
    there = ~Q(reminder__person__in=list(away_at(at)))
    ringing = Q(reminder__rule=Rule.AT_HOUR)
    for person, channel in _waited_for(there & ringing):
        _plan_hour(person, channel, at)
    for person, channel in _waited_for(there & ~ringing):
        _plan_morning(person, channel, at)
    for stale in Delivery.objects.unsent().filter(kind=Kind.MORNING, person__is_active=True).select_related("person"):
        _bring_to_today(stale, at)
    _plan_enquiries(at)
    for trouble in troubles(at=at):
        _plan_trouble(trouble, at)
    _plan_debriefs(at)
    _plan_reports(at)


def plan_test(person: User | None, channel: str, *, webhook: Webhook | None = None, at: datetime) -> Delivery:
    """One message that somebody asked for, to see whether it arrives."""
    return _new(person, channel, Kind.TEST, f"{uuid4()}", webhook=webhook, due_at=at, at=at)


def to_send(*, at: datetime) -> list[int]:
    return list(Delivery.objects.to_send(at).order_by("next_try_at", "pk").values_list("pk", flat=True)[:BATCH])


def send(delivery_id: int) -> None:
    """Send one that is due, unless somebody else does. No transaction is open while the network is waited for."""
    if _waits_for_the_morning(delivery_id, clock.now()):
        return
    delivery = Delivery.objects.claim(delivery_id, at=clock.now(), lease=LEASE)
    if delivery is None:
        return
    try:
        answer = rooms.accepted_before(delivery) or _write_and_send(delivery)
    except (NothingToSay, posting.MayNotGo) as reason:
        _settle(delivery, State.SKIPPED, str(reason))
    except Refused as refusal:
        blames_address = isinstance(refusal, mail_room.MailRefused) and refusal.of_address
        if _settle(delivery, State.REFUSED, str(refusal), blames_address=blames_address):
            _try_by_mail(delivery)
    except Delayed as delay:
        _try_again_later(delivery, str(delay))
    except Exception as error:
        # A poisoned one must neither stop the others nor vanish: it is shown, and tried again like any other.
        logger.exception("Delivery %s could not be written.", delivery.pk)
        _try_again_later(delivery, f"{type(error).__name__}: {error}")
    else:
        _settle(delivery, State.SENT, answer.text)


def pause_after(attempts: int, *, waited: timedelta) -> timedelta:
    """A minute, two, four, up to an hour; once a day after the first day. It is never given up."""
    if waited >= timedelta(days=1):
        return timedelta(days=1)
    return min(timedelta(minutes=2 ** min(attempts - 1, 6)), timedelta(hours=1))


def _waits_for_the_morning(delivery_id: int, at: datetime) -> bool:
    """In the quiet hours of its reader, where they are at that moment, nothing reaches them but what they try out."""
    waiting = Delivery.objects.to_send(at).filter(pk=delivery_id).exclude(kind__in=[Kind.TEST, Kind.LETTER])
    delivery = waiting.select_related("person").first()
    until = delivery.person.quiet_until(at) if delivery and delivery.person else None
    letters = Delivery.objects.to_send(at).filter(pk=delivery_id, kind=Kind.LETTER)
    if letters.exists() and (opens := posting.waits_until(delivery_id, at)):
        return bool(letters.update(next_try_at=opens))
    return bool(until and waiting.update(next_try_at=until))


def _settle(delivery: Delivery, state: Delivery.State, answer: str, *, blames_address: bool = False) -> bool:
    """For good: what hangs on it is committed with it."""
    at = clock.now()
    with transaction.atomic():
        settled = delivery.settle(state, answer=answer, at=at)
        if settled and delivery.kind == Kind.LETTER:
            posting.note(delivery, state, answer, at=at)
            if blames_address:
                returns.refused(delivery, at=at)
    return settled


def _write_and_send(delivery: Delivery) -> Answer:
    if delivery.kind == Kind.LETTER:
        letter = posting.mail_of(delivery, at=clock.now())
        _refuse_old_lease(delivery)
        return mail_room.send(letter, timeout=TIMEOUT)
    words = compose(delivery, at=clock.now())
    _refuse_old_lease(delivery)
    with override(delivery.language):
        return rooms.hand_over(delivery, words, timeout=TIMEOUT, at=clock.now())


def _refuse_old_lease(delivery: Delivery) -> None:
    if delivery.claimed_until is None or clock.now() > delivery.claimed_until - timedelta(seconds=2 * TIMEOUT):
        # This worker was held up for so long that another may take over any moment.
        with override(delivery.language):
            raise Delayed(_("The lease was nearly over."))


def _try_again_later(delivery: Delivery, answer: str) -> None:
    at = clock.now()
    pause = pause_after(delivery.attempts, waited=at - delivery.due_at)
    delivery.settle(State.FAILED, answer=answer, at=at, next_try_at=at + pause)


def _try_by_mail(delivery: Delivery) -> None:
    """What a device or a chat refused for good, and no other way has told or is to tell, goes by mail."""
    if delivery.channel == Channel.MAIL or delivery.person is None:
        return
    others = DeliveryItem.objects.exclude(delivery=delivery).filter(skipped_because="")
    untold = Reminder.objects.waiting().filter(items__delivery=delivery).exclude(items__in=others)
    rescued = [DeliveryItem(reminder=reminder, channel=Channel.MAIL) for reminder in untold]
    DeliveryItem.objects.bulk_create(rescued, ignore_conflicts=True)


def _waited_for(which: Q) -> list[tuple[User, str]]:
    """The people, and the channels on which something waits for its next message to them."""
    items = DeliveryItem.objects.to_plan().filter(which, reminder__person__is_active=True)
    pairs = list(items.order_by("reminder__person", "channel").values_list("reminder__person", "channel").distinct())
    people = User.objects.prefetch_related("stays").in_bulk({pk for pk, _channel in pairs})
    return [(people[pk], channel) for pk, channel in pairs]


def _plan_hour(person: User, channel: str, at: datetime) -> None:
    """One message for all that rings for one person at this moment."""
    with transaction.atomic():
        ringing = DeliveryItem.objects.to_plan().filter(
            channel=channel, reminder__person=person, reminder__rule=Rule.AT_HOUR
        )
        rows = list(ringing.select_related("reminder").select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
        if rows:
            first = rows[0].reminder
            delivery = _new(person, channel, Kind.HOUR, f"reminder {first.pk}", due_at=first.due_at, at=at)
            DeliveryItem.objects.filter(pk__in=[row.pk for row in rows]).update(delivery=delivery)


def _plan_morning(person: User, channel: str, at: datetime) -> None:
    """The message of today's morning, once it has come; an unsent one of an earlier day carries what is new as well."""
    today = _today_if_morning(person, at)
    mornings = Delivery.objects.filter(person=person, channel=channel, kind=Kind.MORNING)
    if today is None or mornings.filter(occasion=today.isoformat()).exists() or mornings.unsent().exists():
        return
    if not _is_being_raised(person, today, at):
        with transaction.atomic():
            _new(person, channel, Kind.MORNING, today.isoformat(), due_at=morning_of(person, today, at), at=at)


def _is_being_raised(person: User, today: date, at: datetime) -> bool:
    """Due this morning, but another worker has it in hand: with the next look the message has it too."""
    if at - morning_of(person, today, at) > RAISING_LASTS:
        return False
    due = FollowUp.objects.to_remind().filter(owner=person, due_on__lte=today)
    return due.exists() or Reminder.objects.unrouted().filter(person=person, due_at__lte=at).exists()


def _plan_enquiries(at: datetime) -> None:
    """Whoever must answer hears of an enquiry at the next office hour, and once more when its answer is late."""
    for late, waiting in ((False, Q(told_at=None)), (True, Q(told_late_at=None, respond_by__lt=at))):
        told = "told_late_at" if late else "told_at"
        with transaction.atomic():
            rows = Enquiry.objects.waiting().filter(waiting).select_related("owner__deputy", "owner__manager")
            for enquiry in rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH]:
                _plan_enquiry(enquiry, late=late, at=at)
                Enquiry.objects.filter(pk=enquiry.pk).update(**{told: at})


def _plan_enquiry(enquiry: Enquiry, *, late: bool, at: datetime) -> None:
    people = enquiry_news.who_must_know(enquiry, away_at(at), late=late)
    ways = Ways(people)
    occasion, hour = enquiry_news.occasion(enquiry, late=late), enquiry_news.next_office_hour(at)
    for person in people:
        for channel in ways.out_of_the_house(person, Topic.ENQUIRY):
            _new(person, channel, Kind.ENQUIRY, occasion, due_at=hour, at=at)
    for webhook in Webhook.objects.filter(user=None, refused_at=None):
        _new(None, Channel.HOOK, Kind.ENQUIRY, occasion, webhook=webhook, due_at=hour, at=at)


def _plan_debriefs(at: datetime) -> None:
    """The note of the evening, once it has come where the mission is, to each of its team."""
    for evening in debrief_note.evenings(at):
        told = Delivery.objects.filter(kind=Kind.DEBRIEF, occasion=evening.occasion).values("person")
        team = list(evening.team().exclude(pk__in=told))
        ways = Ways(team) if team else None
        for person in team:
            for channel in ways.out_of_the_house(person, Topic.EVENING) if ways else ():
                _new(person, channel, Kind.DEBRIEF, evening.occasion, due_at=evening.came_at, at=at)


def _plan_trouble(trouble: Trouble, at: datetime) -> None:
    """The administrators hear of it once, by the ways that do not fail where they have one."""
    people = list(User.objects.active().filter(role=Role.ADMINISTRATOR))
    ways = Ways(people)
    for person in people:
        chosen = ways.out_of_the_house(person, Topic.NOTICE)
        for channel in [way for way in chosen if way != trouble.channel] or chosen:
            _new(person, channel, Kind.TROUBLE, trouble.occasion, due_at=at, at=at)
    for webhook in Webhook.objects.filter(user=None, refused_at=None):
        _new(None, Channel.HOOK, Kind.TROUBLE, trouble.occasion, webhook=webhook, due_at=at, at=at)


def _bring_to_today(delivery: Delivery, at: datetime) -> None:
    """What could not go out yesterday becomes today's: one message a morning, not one for each morning missed."""
    today = _today_if_morning(delivery.person, at) if delivery.person else None
    if today and delivery.occasion < today.isoformat() and delivery.state != State.CLAIMED:
        unchanged = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, claim=None)
        unchanged.update(occasion=today.isoformat(), next_try_at=at)


def _today_if_morning(person: User, at: datetime) -> date | None:
    today = clock.today_for(person)
    return today if last_morning(person, at) == today else None


def _plan_reports(at: datetime) -> None:
    """Figures that come by mail, in the morning of their reader; each in a transaction of its own."""
    for report_id in reports.due(at=at):
        with transaction.atomic():
            report = reports.take(report_id, at=at)
            if report:
                morning = morning_of(report.person, agency_day(at), at)
                occasion = reports.occasion(report, at)
                _new(report.person, Channel.MAIL, Kind.REPORT, occasion, due_at=morning, at=at)


def _new(
    person: User | None,
    channel: str,
    kind: Delivery.Kind,
    occasion: str,
    *,
    due_at: datetime,
    at: datetime,
    webhook: Webhook | None = None,
) -> Delivery:
    defaults: dict[str, Any] = {
        "message_id": f"{uuid4()}@{settings.MAIL_DOMAIN}",
        "due_at": due_at,
        "next_try_at": max(due_at, at),
        "created_at": at,
    }
    delivery, _is_new = Delivery.objects.get_or_create(
        person=person, webhook=webhook, channel=channel, kind=kind, occasion=occasion, defaults=defaults
    )
    return delivery
