"""History of every record by database triggers: who and when, bulk writes included."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Keep a row for every insert, update and delete of this model in a history table of its own app.

    The rows hold no foreign keys, so that history never stands in the way of a deletion or a merge.
    """
    track: Callable[[Model], Model] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history_rows"),
    )
    return track
