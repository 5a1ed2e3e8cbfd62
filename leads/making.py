"""What the queue makes for a person and could not make: tried again, and given up after some faults."""

from typing import Any

from django.db import models, transaction

MOST_FAULTS = 3


@transaction.atomic
def note_fault(busy: models.QuerySet[Any], pk: int) -> bool:
    """Whether that one of those being made is to be tried again; one that is gone is not."""
    found: Any = busy.select_for_update().filter(pk=pk).first()
    if found is None:
        return False
    found.faults += 1
    if found.faults >= MOST_FAULTS:
        found.state = found.State.FAILED
    found.save(update_fields=["faults", "state"])
    return bool(found.is_busy)
