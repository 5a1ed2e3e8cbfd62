"""Each reminder is given its ways once, when it is due: whoever adds a way later is not flooded with old ones."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.staff.absence import away_at
from config.staff.models import User
from leads.models import DeliveryItem, Reminder
from leads.models.channel import Channel
from leads.reminding.channels import TOPIC_OF_RULE, Ways

State = Reminder.State

BATCH = 1000


def route(*, at: datetime) -> None:
    """Whoever hears of it in the app alone, or not at all, is done with here. Who is on leave hears when back."""
    _explain_leavers()
    away = list(away_at(at))
    while _route_batch(away, at) == BATCH:
        pass


def _route_batch(away: list[int], at: datetime) -> int:
    with transaction.atomic():
        unrouted = Reminder.objects.unrouted().filter(due_at__lte=at, person__is_active=True).exclude(person__in=away)
        rows = list(unrouted.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))[:BATCH])
        people = {person.pk: person for person in User.objects.filter(pk__in={row.person_id for row in rows})}
        ways = Ways(people.values())
        items = []
        for row in rows:
            person, topic = people[row.person_id], TOPIC_OF_RULE[Reminder.Rule(row.rule)]
            chosen = ways.out_of_the_house(person, topic)
            in_app = ways.wants(person, topic, Channel.APP)
            items += [DeliveryItem(reminder=row, channel=channel) for channel in chosen]
            row.routed_at = at
            if not in_app:
                row.seen_at = at  # nothing new at the bell
            if not chosen and in_app:
                row.state, row.delivered_at = State.DELIVERED, at
            elif not chosen:
                row.state, row.skipped_because = State.SKIPPED, _unwanted(person)
        DeliveryItem.objects.bulk_create(items, ignore_conflicts=True)
        Reminder.objects.bulk_update(rows, ["routed_at", "seen_at", "state", "delivered_at", "skipped_because"])
    return len(rows)


def _unwanted(person: User) -> str:
    with override(person.language):
        return _("This person chose not to hear of it.")


def _explain_leavers() -> None:
    """Nothing is said to closed accounts; their follow-ups go to somebody else, who gets reminders of their own."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            left = Reminder.objects.waiting().filter(person__is_active=False, person__language=language, items=None)
            left.update(state=State.SKIPPED, skipped_because=_("The account is closed."))
