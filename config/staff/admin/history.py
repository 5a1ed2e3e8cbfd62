"""The history of one record as a person reads it: when, who, what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from config.staff.models import User

SHOWN = 50
LONGEST = 120


@dataclass(frozen=True)
class Change:
    at: datetime
    by: str
    what: str
    fields: list[tuple[str, str, str]]


def history_of(record: models.Model) -> list[Change]:
    """The newest changes first. Two queries, however long the history."""
    if not hasattr(record, "history"):
        return []
    rows = list(record.history.select_related("pgh_context").order_by("-pgh_id")[: SHOWN + 1])
    who = _names(rows)
    older: list[Any] = [*rows[1:], None]
    return [
        Change(
            at=row.pgh_created_at,
            by=who.get(_user_id(row), ""),
            what=_what(row.pgh_label),
            fields=_changed(record, before, row) if before is not None and row.pgh_label == "update" else [],
        )
        for row, before in zip(rows, older, strict=True)
    ][:SHOWN]


def _what(label: str) -> str:
    return {"insert": _("Created"), "update": _("Changed"), "delete": _("Deleted")}.get(label, label)


def _user_id(row: Any) -> int | None:
    user = (row.pgh_context.metadata if row.pgh_context else {}).get("user")
    return user if isinstance(user, int) else None


def _names(rows: Iterable[Any]) -> dict[int | None, str]:
    return dict(User.objects.filter(pk__in={_user_id(row) for row in rows} - {None}).values_list("pk", "name"))


def _changed(record: models.Model, before: Any, after: Any) -> list[tuple[str, str, str]]:
    found = []
    for field in record._meta.concrete_fields:
        if not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            # The other end of a relation may be a record that the reader must not see: its number says enough.
            found.append((str(field.verbose_name), _shown(field, old), _shown(field, new)))
    return found


def _shown(field: "models.Field[Any, Any]", value: Any) -> str:
    if value in (None, ""):
        return "–"
    if field.choices:
        value = dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    return Truncator(str(value)).chars(LONGEST)
