"""Celery doors: they take ids and call a verb. What a lost task leaves undone, the next run finds."""

from celery import shared_task

from config.staff import clock
from leads import cadences, opening
from leads.models import Interaction


@shared_task
def open_follow_ups_of(interaction_id: int) -> None:
    interaction = Interaction.objects.filter(pk=interaction_id).first()
    if interaction:
        cadences.open_follow_ups_of(interaction, at=clock.now())


@shared_task
def open_follow_ups() -> None:
    opening.keep_up(at=clock.now())
