"""Celery doors: they take ids and call a verb. What a lost task leaves undone, the next run finds."""

from celery import shared_task

from companies import look_alike_scan

# Of each minute; a first walk over many companies goes on in the next one.
SECONDS = 30


@shared_task
def find_look_alikes() -> None:
    look_alike_scan.scan(seconds=SECONDS)
