"""Celery doors: they take ids and call a verb. A lost or doubled task changes nothing that the next run does not mend."""

from celery import shared_task

from config.staff import clock
from leads import cadences, opening, stopping, unlogged
from leads.models import Interaction


@shared_task
def open_follow_ups_of(interaction_id: int) -> None:
    interaction = Interaction.objects.filter(pk=interaction_id).first()
    if interaction:
        cadences.open_follow_ups_of(interaction, at=clock.now())


@shared_task
def open_follow_ups() -> None:
    at = clock.now()
    stopping.stop_steps_of_ended_leads(at=at)
    stopping.stop_messages_to_objectors(at=at)
    stopping.pass_on_what_leavers_left(at=at)
    unlogged.close_answered(at=at)
    unlogged.ask_for_unlogged(at=at)
    opening.follow_moved_events(at=at)
    opening.open_due(at=at)
