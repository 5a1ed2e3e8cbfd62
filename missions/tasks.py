"""Celery doors: they take ids and call a verb. What a lost task leaves undone, the next run finds."""

from celery import shared_task

from config.staff import clock
from missions import keeping


@shared_task
def keep_wall_times() -> None:
    keeping.keep_wall_times(at=clock.now())
