"""What a message about follow-ups still has to say, and why it leaves the rest out."""

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from config.staff.absence import Away, away_at, covers_for
from config.staff.models import User
from leads.models import Delivery, DeliveryItem, FollowUp, Reminder
from leads.reminding.reminders import still_stands
from missions.models import Appointment

Rule = Reminder.Rule


def gather(delivery: Delivery, person: User, at: datetime) -> list[Reminder]:
    if delivery.kind == Delivery.Kind.MORNING:
        waiting = DeliveryItem.objects.to_plan().filter(channel=delivery.channel, reminder__person=person)
        waiting.exclude(reminder__rule=Rule.AT_HOUR).filter(reminder__due_at__lte=at).update(delivery=delivery)
    items = DeliveryItem.objects.filter(delivery=delivery, skipped_because="")
    carried = Reminder.objects.filter(items__in=items).exclude(state=Reminder.State.SKIPPED)
    rows = list(
        carried.order_by("follow_up__due_on", "pk").select_related(
            "follow_up__company",
            "follow_up__mission",
            "follow_up__owner",
            "follow_up__appointment",
            "follow_up__contact",
            "follow_up__step",
            "follow_up__lead",
            "follow_up__interaction__lead",
        )
    )
    seen, away = _visible(rows, person), away_at(at)
    mine = {row.pk for row in rows if _does_it(row.follow_up, person, away)}
    reasons = {row.pk: _why_not(row, person, seen, mine) for row in rows}
    _explain(delivery, reasons)
    return [row for row in rows if not reasons[row.pk]]


def _explain(delivery: Delivery, reasons: dict[int, str]) -> None:
    """What was told by another way before stays told; this way is left out all the same."""
    skipped: dict[str, list[int]] = defaultdict(list)
    for pk, reason in reasons.items():
        if reason:
            skipped[reason].append(pk)
    for reason, ids in skipped.items():
        Reminder.objects.waiting().filter(pk__in=ids).update(state=Reminder.State.SKIPPED, skipped_because=reason)
        DeliveryItem.objects.filter(delivery=delivery, reminder__in=ids).update(skipped_because=reason)


def _visible(reminders: list[Reminder], person: User) -> set[int]:
    ids = [reminder.follow_up_id for reminder in reminders]
    follow_ups = FollowUp.objects.visible_to(person).filter(pk__in=ids)
    appointments = Appointment.objects.visible_to(person).filter(follow_ups__in=ids)
    unseated = follow_ups.filter(appointment=None) | follow_ups.filter(owner=person)
    return {
        *unseated.values_list("pk", flat=True),
        *follow_ups.filter(appointment__in=appointments).values_list("pk", flat=True),
    }


def _does_it(follow_up: FollowUp, person: User, away: Away) -> bool:
    """Its owner; or whoever covers for them while they are on leave."""
    return follow_up.owner_id == person.pk or covers_for(follow_up.owner, away) == person


def _why_not(reminder: Reminder, person: User, seen: set[int], mine: set[int]) -> str:
    """Why this is not said any more; empty where it is."""
    follow_up, rule = reminder.follow_up, reminder.rule
    offered, escalated = rule == Rule.OFFERED, rule == Rule.ESCALATED
    reasons = (
        (not person.is_active, _("The account is closed.")),
        (not follow_up.is_open, _("It was closed before.")),
        (offered and follow_up.offered_to_id != person.pk, _("It was taken or withdrawn before.")),
        (not offered and not escalated and reminder.pk not in mine, _("Somebody else does it now.")),
        (rule not in {Rule.NEW, Rule.OFFERED} and not still_stands(reminder), _("It was put off before.")),
        (follow_up.writes_to_an_objector, _("They objected to messages.")),
        (follow_up.pk not in seen, _("This person may not see it.")),
    )
    return next((reason for holds, reason in reasons if holds), "")
