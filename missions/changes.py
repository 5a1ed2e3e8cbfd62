"""What became of an appointment since it was planned: each change of it and of who sits there, the newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from companies.models import Company
from config.staff.models import User
from missions.models import Appointment, Delegate, Event, Stop

SHOWN = 100
# Where a number of the history stands for a record that everybody who sees the appointment may see.
NAMED: dict[str, type[Model]] = {"stop_id": Stop, "company_id": Company, "event_id": Event}
NOT_SHOWN = {"id", "mission_id", "target_id", "created_at"}


@dataclass
class Change:
    at: datetime
    by: int | None
    is_first: bool = False
    fields: list[tuple[str, object, object]] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    who: str = ""


def changes_of(appointment: Appointment) -> list[Change]:
    """Six queries, however long the history is."""
    rows = list(appointment.history.select_related("pgh_context").order_by("-pgh_id")[: SHOWN + 1])  # type: ignore[attr-defined]
    named = {column: _names(model, column, rows) for column, model in NAMED.items()}
    moments: dict[tuple[datetime, int | None], Change] = {}
    for after, before in pairwise([*rows, None]):
        if before is None and after.pgh_label != "insert":
            continue  # older than what is shown
        change = _at(moments, after)
        change.is_first = before is None
        change.fields += _differences(before, after, named) if before else []
    for who, row in _seats(appointment):
        change = _at(moments, row)
        (change.joined if row.pgh_label == "insert" else change.left).append(who)
    changed = [one for one in moments.values() if one.is_first or one.fields or one.joined or one.left]
    people = dict(User.objects.filter(pk__in={one.by for one in changed} - {None}).values_list("pk", "name"))
    for one in changed:
        one.who = people.get(one.by or 0, "")
    return sorted(changed, key=lambda one: one.at, reverse=True)[:SHOWN]


def _at(moments: dict[tuple[datetime, int | None], Change], row: Any) -> Change:
    """What one person saved in one go stands in one line: the history bears the moment of its transaction."""
    user = (row.pgh_context.metadata if row.pgh_context else {}).get("user")
    by = user if isinstance(user, int) else None
    return moments.setdefault((row.pgh_created_at, by), Change(row.pgh_created_at, by))


def _names(model: type[Model], column: str, rows: Iterable[Any]) -> dict[int, str]:
    keys = {getattr(row, column) for row in rows} - {None}
    return {pk: str(record) for pk, record in model._default_manager.in_bulk(keys).items()}


def _seats(appointment: Appointment) -> Iterator[tuple[str, Any]]:
    model: Any = appointment.seats.model.history.rel.related_model  # type: ignore[attr-defined]
    rows = model.objects.filter(appointment_id=appointment.pk).select_related("pgh_context").order_by("-pgh_id")
    rows = list(rows.exclude(pgh_label="update")[:SHOWN])
    names = dict(Delegate.objects.filter(pk__in={row.delegate_id for row in rows}).values_list("pk", "name"))
    return ((names.get(row.delegate_id, _("somebody")), row) for row in rows)


def _differences(before: Any, after: Any, named: dict[str, dict[int, str]]) -> list[tuple[str, object, object]]:
    return [
        (str(one.verbose_name), _said(one, before, named), _said(one, after, named))
        for one in Appointment._meta.concrete_fields
        if hasattr(after, one.attname)
        and one.attname not in NOT_SHOWN
        and getattr(before, one.attname) != getattr(after, one.attname)
    ]


def _said(one: Any, row: Any, named: dict[str, dict[int, str]]) -> object:
    value = getattr(row, one.attname)
    if value in (None, ""):
        return None
    if one.attname in named:
        return named[one.attname].get(value, f"#{value}")
    if one.choices:
        return dict(one.flatchoices).get(value, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value
