"""What is due: one reminder for each rule, follow-up, person and occasion, however often and however late this runs.

The follow-up itself keeps what it was reminded of, and partial indexes hold only those where that differs from what is
due, so a run among a million open follow-ups reads no more than what it raises.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from config.staff.absence import Away, away_at, covers_for
from config.staff.models import User
from config.staff.stand_in import stand_in_for
from config.staff.working_days import last_day_overdue_for
from leads.models import Delivery, EscalationStep, FollowUp, Reminder
from leads.models.escalation import Step

Rule = Reminder.Rule

BATCH = 1000
# An hour that passed so long ago gets no mail of its own any more; it goes with the morning.
HOUR_LASTS = timedelta(hours=24)


def raise_due(*, at: datetime) -> int:
    """Raise every reminder that is due by now and was not raised before; the regular job."""
    people = list(User.objects.active().staff().prefetch_related("stays").select_related("manager"))
    away = away_at(at)
    told = announce(at=at) + offer(at=at) + ring(people, away, at=at) + remind(people, away, at=at)
    return told + escalate(away, at=at)


def announce(*, at: datetime) -> int:
    """What is new to its owner: given to them by a colleague or by Puente, not what they noted themselves."""

    def reminders(follow_up: FollowUp) -> list[Reminder]:
        # As first written down; every change since has said itself whether its owner knows.
        noted_it = follow_up.version == 1 and follow_up.created_by_id == follow_up.owner_id
        has_its_own_mail = follow_up.due_at is not None
        if noted_it or has_its_own_mail:
            return []
        return [_reminder(Rule.NEW, follow_up, follow_up.owner_id, due_at=at, at=at)]

    news = FollowUp.objects.to_announce().filter(owner__is_active=True)
    return _in_batches(news.order_by("pk"), reminders, known_to=F("owner"))


def offer(*, at: datetime) -> int:
    """What somebody is asked to take over from a colleague."""

    def reminders(follow_up: FollowUp) -> list[Reminder]:
        return [_reminder(Rule.OFFERED, follow_up, follow_up.offered_to_id or 0, due_at=at, at=at)]

    offered = FollowUp.objects.to_offer().filter(offered_to__is_active=True)
    return _in_batches(offered.order_by("pk"), reminders, offer_known_to=F("offered_to"))


def remind(people: list[User], away: Away, *, at: datetime) -> int:
    """What is due by the last morning that has come where its owner is; of somebody on leave, their cover hears too."""
    by_day: dict[date, list[User]] = defaultdict(list)
    for person in people:
        by_day[last_morning(person, at)].append(person)
    raised = 0
    for day, owners in by_day.items():
        owner_of = {person.pk: person for person in owners}

        def reminders(follow_up: FollowUp, owner_of: dict[int, User] = owner_of) -> list[Reminder]:
            owner = owner_of[follow_up.owner_id]
            due_at = morning_of(owner, follow_up.due_on, at)
            return _to_owner_and_cover(Rule.DUE, follow_up, owner, away, due_at=due_at, at=at)

        due = FollowUp.objects.to_remind().filter(due_on__lte=day, owner__in=list(owner_of))
        raised += _in_batches(due.order_by("due_on", "pk"), reminders, reminded_of_day=F("due_on"))
    return raised


def ring(people: list[User], away: Away, *, at: datetime) -> int:
    """What was asked for at an hour that has come."""
    owner_of = {person.pk: person for person in people}

    def reminders(follow_up: FollowUp) -> list[Reminder]:
        hour = follow_up.due_at or at
        rule = Rule.AT_HOUR if at - hour <= HOUR_LASTS else Rule.DUE
        return _to_owner_and_cover(rule, follow_up, owner_of[follow_up.owner_id], away, due_at=hour, at=at)

    due = FollowUp.objects.to_ring().filter(due_at__lte=at, owner__in=list(owner_of))
    return _in_batches(due.order_by("due_at", "pk"), reminders, reminded_of_hour=F("due_at"))


def escalate(away: Away, *, at: datetime) -> int:
    """By the agency's steps: deputy, manager, theirs; one step a day, and never before whoever does it was told."""
    steps = EscalationStep.in_order()
    return sum(_escalate(step, away, at=at, is_last=step is steps[-1]) for step in steps)


def _escalate(step: Step, away: Away, *, at: datetime, is_last: bool) -> int:
    def reminders(follow_up: FollowUp) -> list[Reminder]:
        chosen = _whom(step, follow_up.owner)
        person = stand_in_for(chosen, away=away) if chosen else None
        if person is None or person.pk == follow_up.owner_id:
            return []
        return [_reminder(Rule.ESCALATED, follow_up, person.pk, due_at=at, at=at)]

    today = at.astimezone(ZoneInfo(settings.AGENCY_ZONE)).date()
    marks: dict[str, Combinable] = {"warned_for": F("due_on"), "warned_days": Value(step.working_days)}
    if is_last:
        marks["escalated_for"] = F("due_on")
    overdue = _overdue_for(step, today)
    with_people = overdue.select_related("owner__deputy", "owner__manager__deputy", "owner__manager__manager")
    told = _told_before(today, with_people).order_by("due_on", "pk")
    return sum(_in_batches(told.filter(pk__in=ids), reminders, **marks) for ids in _pages(overdue))


def _overdue_for(step: Step, today: date) -> QuerySet[FollowUp]:
    """Late enough for this step. Those of owners with nobody to tell may lie there for years, and are not read."""
    owners = User.objects.active().filter(**{f"{PATHS[step.whom]}__isnull": False})
    last_day = last_day_overdue_for(step.working_days, on=today, country=settings.AGENCY_COUNTRY)
    theirs = FollowUp.objects.to_escalate().filter(owner__in=list(owners.values_list("pk", flat=True)))
    return theirs.filter(due_on__lte=last_day).exclude(warned_for=F("due_on"), warned_days__gte=step.working_days)


def _pages(overdue: QuerySet[FollowUp]) -> Iterator[list[int]]:
    """In the order of their index and so many at a time, or PostgreSQL would guess, and read all that is open."""
    ordered, beyond = overdue.order_by("owner_id", "due_on", "pk"), Q()
    while rows := list(ordered.filter(beyond).values_list("owner_id", "due_on", "pk")[:BATCH]):
        yield [pk for _owner, _day, pk in rows]
        owner, day, last = rows[-1]
        beyond = Q(owner__gt=owner) | Q(owner=owner, due_on__gt=day) | Q(owner=owner, due_on=day, pk__gt=last)


PATHS: dict[str, str] = {
    EscalationStep.Whom.DEPUTY: "deputy",
    EscalationStep.Whom.MANAGER: "manager",
    EscalationStep.Whom.HEAD: "manager__manager",
}


def _whom(step: Step, owner: User) -> User | None:
    if step.whom == EscalationStep.Whom.DEPUTY:
        return owner.deputy
    return owner.manager if step.whom == EscalationStep.Whom.MANAGER else owner.manager and owner.manager.manager


def _told_before(today: date, overdue: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Those of which whoever does them was told on an earlier day, or could not be; and nobody else today."""
    midnight = datetime.combine(today, time(), ZoneInfo(settings.AGENCY_ZONE))
    of_it = Reminder.objects.filter(follow_up=OuterRef("pk"))
    to_who_does_it = of_it.exclude(rule__in=[Rule.ESCALATED, Rule.OFFERED])
    told = Q(state=Reminder.State.DELIVERED, delivered_at__lt=midnight)
    refused = Q(items__delivery__state=Delivery.State.REFUSED, due_at__lt=midnight)
    step_of_today = of_it.filter(rule=Rule.ESCALATED, created_at__gte=midnight)
    return overdue.filter(Exists(to_who_does_it.filter(told | refused)), ~Exists(step_of_today))


def last_morning(person: User, at: datetime) -> date:
    """The latest day whose morning hour has come where this person is."""
    here = at.astimezone(ZoneInfo(person.zone_at(at)))
    return here.date() if at >= morning_of(person, here.date(), at) else here.date() - timedelta(days=1)


def morning_of(person: User, day: date, at: datetime) -> datetime:
    """The moment of the morning hour; in the hour that a clock change leaves out, the first one after it."""
    zone = ZoneInfo(person.zone_at(at))
    return datetime.combine(day, time(person.morning_hour), zone).astimezone(UTC)


def occasion(follow_up: FollowUp, rule: str) -> str:
    """The day or hour it is due, and the version: put off and back again is told again, a second run is not."""
    when = follow_up.due_at.isoformat() if rule == Rule.AT_HOUR and follow_up.due_at else follow_up.due_on.isoformat()
    return f"{when}/{follow_up.version}"


def still_stands(reminder: Reminder) -> bool:
    """Whether the follow-up is still due when this reminder says."""
    return reminder.occurrence.split("/")[0] == occasion(reminder.follow_up, reminder.rule).split("/")[0]


def _reminder(rule: str, follow_up: FollowUp, person_id: int, *, due_at: datetime, at: datetime) -> Reminder:
    return Reminder(
        rule=rule,
        follow_up=follow_up,
        person_id=person_id,
        occurrence=occasion(follow_up, rule),
        due_at=due_at,
        created_at=at,
    )


def _to_owner_and_cover(
    rule: str, follow_up: FollowUp, owner: User, away: Away, *, due_at: datetime, at: datetime
) -> list[Reminder]:
    """The owner on leave hears of it when they are back; until then it is their cover's."""
    cover = covers_for(owner, away)
    people = [owner.pk] if cover is None else [owner.pk, cover.pk]
    return [_reminder(rule, follow_up, pk, due_at=due_at, at=at) for pk in people]


def _in_batches(
    follow_ups: QuerySet[FollowUp], reminders: Callable[[FollowUp], Iterable[Reminder]], **marks: Combinable
) -> int:
    """Raise and mark, one transaction a batch; what another worker has in hand is skipped."""
    raised = 0
    while True:
        with transaction.atomic():
            rows = list(follow_ups.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
            new = [made for row in rows for made in reminders(row)]
            Reminder.objects.bulk_create(new, ignore_conflicts=True)
            FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(**marks)
        raised += len(new)
        if len(rows) < BATCH:
            return raised
