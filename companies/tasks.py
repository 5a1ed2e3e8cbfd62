"""Celery doors: they take ids and call a verb. What a lost task leaves undone, the next run finds."""

from celery import shared_task

from companies import anonymising, bulk_editing, files, look_alike_scan
from companies.importing import keeping, steps
from companies.models import BulkEdit, Import

# Of each minute; a first walk over many companies goes on in the next one.
SECONDS = 30
# Then another task goes on, so that no worker is held for long.
IMPORT_SECONDS = 60


@shared_task
def find_look_alikes() -> None:
    look_alike_scan.scan(seconds=SECONDS)


@shared_task
def anonymise_people() -> None:
    anonymising.carry_out()


@shared_task
def purge_removed_files() -> None:
    files.purge()


@shared_task
def carry_on_import(pk: int) -> None:
    if steps.carry_on(pk, seconds=IMPORT_SECONDS):
        steps.ask_for(pk)


@shared_task
def carry_on_imports() -> None:
    """Those whose worker died, or whose message was lost."""
    for pk in Import.objects.busy().order_by("pk").values_list("pk", flat=True):
        carry_on_import.delay(pk)


@shared_task
def remove_old_imports() -> None:
    keeping.remove_old()


@shared_task
def carry_on_bulk_edit(pk: int) -> None:
    if bulk_editing.carry_on(pk, seconds=IMPORT_SECONDS):
        bulk_editing.ask_for(pk)


@shared_task
def carry_on_bulk_edits() -> None:
    """Those whose worker died, or whose message was lost."""
    for pk in BulkEdit.objects.busy().order_by("pk").values_list("pk", flat=True):
        carry_on_bulk_edit.delay(pk)


@shared_task
def remove_old_bulk_edits() -> None:
    bulk_editing.remove_old()
