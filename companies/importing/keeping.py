"""Files and rows of imports hold what people are; they go when nothing can be undone any more."""

from django.db import transaction
from django.db.models import Q

from companies.models import Import
from companies.models.imports import KEPT_FOR
from config.staff import clock


def remove_old() -> int:
    """Files, rows and notes of imports that are over; how many imports. What they amounted to stays."""
    before = clock.now() - KEPT_FOR
    over = Import.objects.exclude(status__in=Import.BUSY).filter(
        Q(finished_at=None, at__lt=before) | Q(finished_at__lt=before)
    )
    pks = list(over.exclude(file="", rows=None).values_list("pk", flat=True).distinct())
    for pk in pks:
        _remove(pk)
    return len(pks)


@transaction.atomic
def _remove(pk: int) -> None:
    an_import = Import.objects.select_for_update().get(pk=pk)
    if an_import.is_busy:
        return
    if an_import.file:
        an_import.file.delete(save=False)
    an_import.rows.all().delete()
    an_import.writes.all().delete()
    an_import.file = ""
    an_import.values = {}
    an_import.save()
