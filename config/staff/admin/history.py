"""The history of one record as a person reads it: when, who, what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from config.staff.models import User

SHOWN = 100
LONGEST = 200


@dataclass(frozen=True)
class Change:
    at: datetime
    by: str
    kind: str  # insert, update or delete
    fields: list[tuple[str, str | None, str | None]]


def changes_of(record: models.Model) -> list[Change]:
    """The newest first. Two queries, however long the history is."""
    if not hasattr(record, "history"):
        return []
    rows = list(record.history.select_related("pgh_context").order_by("-pgh_id")[: SHOWN + 1])
    names = _names(rows)
    before: list[Any] = [*rows[1:], None]
    return [
        Change(row.pgh_created_at, names.get(_user_id(row), ""), row.pgh_label, _differences(record, older, row))
        for row, older in zip(rows, before, strict=True)
    ][:SHOWN]


def _user_id(row: Any) -> int | None:
    user = (row.pgh_context.metadata if row.pgh_context else {}).get("user")
    return user if isinstance(user, int) else None


def _names(rows: Iterable[Any]) -> dict[int | None, str]:
    return dict(User.objects.filter(pk__in={_user_id(row) for row in rows} - {None}).values_list("pk", "name"))


def _differences(record: models.Model, before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    if before is None or after.pgh_label != "update":
        return []
    pairs = [
        (field, getattr(before, field.attname), getattr(after, field.attname))
        for field in record._meta.concrete_fields
        if hasattr(after, field.attname)
    ]
    # Of a relation only the number: what stands at its other end may not be for this reader.
    return [
        (str(field.verbose_name), _shown(field, old), _shown(field, new)) for field, old, new in pairs if old != new
    ]


def _shown(field: Any, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if field.choices:
        value = dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    return Truncator(str(value)).chars(LONGEST)
