"""Celery doors: they take ids and call a verb. What a lost task leaves undone, the next run finds."""

import logging

from celery import shared_task
from django.db import OperationalError as DatabaseAway

from config.staff import clock, queue
from leads import quality, retention
from leads.enquiring import postbox
from leads.figures import printed, secrecy
from leads.follow_ups import cadences, opening
from leads.models import Booklet, Interaction, Paper, Purge
from leads.on_mission import booklets
from leads.reminding import deliveries, reminders

logger = logging.getLogger(__name__)


@shared_task
def open_follow_ups_of(interaction_id: int) -> None:
    interaction = Interaction.objects.filter(pk=interaction_id).first()
    if interaction:
        cadences.open_follow_ups_of(interaction, at=clock.now())


@shared_task
def open_follow_ups() -> None:
    opening.keep_up(at=clock.now())


@shared_task
def settle_reserves() -> None:
    secrecy.settle(at=clock.now())


@shared_task
def raise_reminders() -> None:
    reminders.raise_due(at=clock.now())


@shared_task
def send_due() -> None:
    """Plans what is due and asks for each one; those asked for twice find it claimed or sent.

    Raised first: a morning that went out before its own reminders were there would tell of them a day late.
    """
    at = clock.now()
    try:
        reminders.raise_due(at=at)
    except DatabaseAway:
        raise
    except Exception:
        logger.exception("What is due could not be raised; what was raised before goes out.")
    deliveries.plan(at=at)
    for delivery_id in deliveries.to_send(at=at):
        send_delivery.apply_async((delivery_id,), expires=60)


@shared_task
def fetch_mail() -> None:
    postbox.fetch(at=clock.now())


@shared_task
def send_delivery(delivery_id: int) -> None:
    deliveries.send(delivery_id)


def ask_to_send(delivery_id: int) -> None:
    """At once. Where the queue is down the regular job finds it."""
    queue.ask(send_delivery, delivery_id, expires=60)


@shared_task
def note_quality() -> None:
    quality.note(at=clock.now())


@shared_task
def make_booklet(pk: int) -> None:
    if booklets.make_part(pk):
        booklets.go_on(pk)


@shared_task
def make_booklets() -> None:
    """Those whose worker died, or whose message was lost."""
    for pk in Booklet.objects.busy().order_by("pk").values_list("pk", flat=True):
        make_booklet.delay(pk)


@shared_task
def remove_old_booklets() -> None:
    booklets.remove_old()


@shared_task
def make_paper(pk: int) -> None:
    if printed.make(pk):
        printed.go_on(pk)


@shared_task
def make_papers() -> None:
    """Those whose worker died, or whose message was lost."""
    for pk in Paper.objects.busy().order_by("pk").values_list("pk", flat=True):
        make_paper.delay(pk)


@shared_task
def remove_old_papers() -> None:
    printed.remove_old()


@shared_task
def carry_on_purge(pk: int) -> None:
    retention.carry_on(pk)


@shared_task
def carry_on_purges() -> None:
    """Those whose worker died, or whose message was lost."""
    for pk in Purge.objects.unfinished().order_by("pk").values_list("pk", flat=True):
        carry_on_purge.delay(pk)
