"""What people changed in a record, out of its history: one entry a save, each field before and after, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from companies.merging import NOT_CHOSEN
from companies.models import Company, Contact
from config.staff.models import User

LONGEST = 200


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RecordChange:
    by: str
    fields: list[FieldChange]


def was_edited(record: Company | Contact, keys: Sequence[int]) -> bool:
    """Most never were, and to write down the question for two states of all fields costs more than to ask this."""
    return bool(_history(record).filter(pgh_obj__in=keys, pgh_label="update").exists())


def edits_of(record: Company | Contact, keys: Sequence[int]) -> QuerySet[Any]:
    """The saves of these records in which a field that people read became another, each with what it `was` and `said`.

    `record` is any of their kind.
    """
    rows = _history(record)
    said = JSONObject(**{field.attname: F(field.attname) for field in _fields(record)})
    earlier = rows.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    was = Subquery(earlier.order_by("-pgh_id").annotate(said=said).values("said")[:1])
    rows = rows.filter(pgh_obj__in=keys, pgh_label="update").annotate(said=said, was=was)
    rows = rows.exclude(was=F("said")).exclude(was=None).select_related("pgh_context")
    shown: QuerySet[Any] = rows.only("pgh_obj", "pgh_created_at", "pgh_context__metadata")
    return shown


def _history(record: Company | Contact) -> QuerySet[Any]:
    model: Any = record.history.model  # type: ignore[union-attr]
    rows: QuerySet[Any] = model._default_manager.all()
    return rows


def changes_among(record: Company | Contact, rows: Sequence[Any]) -> list[RecordChange]:
    """One query for the names of each kind of record that was changed, and one for the people."""
    fields = [field for field in _fields(record) if any(_differs(field, row) for row in rows)]
    named = _names({field.related_model for field in fields if field.is_relation} | {User}, fields, rows)
    return [
        RecordChange(
            str(named[User].get(_user_of(row), "")),
            [
                FieldChange(
                    str(field.verbose_name),
                    _shown(field, row.was[field.attname], named),
                    _shown(field, row.said[field.attname], named),
                )
                for field in fields
                if _differs(field, row)
            ],
        )
        for row in rows
    ]


def _fields(record: Company | Contact) -> list[Any]:
    return [field for field in record._meta.concrete_fields if field.name not in NOT_CHOSEN or field.name in SHOWN_TOO]


# A merge does not choose between them, a reader wants to know.
SHOWN_TOO = {"archived_at", "objected_at"}


def _differs(field: Any, row: Any) -> bool:
    return bool(row.was[field.attname] != row.said[field.attname])


def _user_of(row: Any) -> int | None:
    user = (row.pgh_context.metadata if row.pgh_context else {}).get("user")
    return user if isinstance(user, int) else None


def _names(models: set[type[Model]], fields: list[Any], rows: Sequence[Any]) -> dict[type[Model], dict[Any, Any]]:
    wanted: dict[type[Model], set[Any]] = {model: set() for model in models}
    for row in rows:
        wanted[User].add(_user_of(row))
        for field in fields:
            if field.is_relation:
                wanted[field.related_model] |= {row.was[field.attname], row.said[field.attname]}
    return {
        model: dict(model._default_manager.in_bulk(keys - {None})) if keys - {None} else {}
        for model, keys in wanted.items()
    }


def _shown(field: Any, value: Any, named: dict[type[Model], dict[Any, Any]]) -> str:
    if value in (None, ""):
        return "–"
    if field.is_relation:
        return str(named[field.related_model].get(value, f"#{value}"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    read = field.to_python(value)
    words = date_format(read, "DATE_FORMAT") if hasattr(read, "isoformat") else str(read)
    return Truncator(words).chars(LONGEST)
