"""What hangs on a company or a contact, and what a merge does with it: found through Django, never imported.

So upper apps take part in a merge without being known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from config.staff.merge_policy import MergePolicy
from config.staff.models import User


@dataclass(frozen=True)
class Relation:
    """Rows of a model that point at the merged record by a field."""

    model: type[models.Model]
    field: str
    policy: MergePolicy | None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    @property
    def goes_over(self) -> bool:
        return self.policy in {MergePolicy.MOVE, MergePolicy.FOLD}

    def rows_of(self, *records: models.Model) -> "models.QuerySet[models.Model]":
        return self.model._default_manager.filter(**{f"{self.field}__in": [record.pk for record in records]})


def relations(model: type[models.Model]) -> Iterator[Relation]:
    """Every relation to the model but its history, which stays where it was."""
    fields: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in fields:
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        if isinstance(relation, models.ManyToManyRel):
            through = relation.through
            if through is not None and through._meta.auto_created:
                name = next(f.name for f in through._meta.fields if f.related_model is model)
                yield Relation(through, name, _declared(relation.related_model, relation.field.name))
        elif not relation.related_model._meta.auto_created and not _is_history(relation.related_model):
            field = relation.field.name
            yield Relation(relation.related_model, field, _declared(relation.related_model, field))


def _declared(model: Any, field: str) -> MergePolicy | None:
    policy: MergePolicy | None = getattr(model, "merge_policies", {}).get(field)
    return policy


def _is_history(model: Any) -> bool:
    return any(field.name == "pgh_id" for field in model._meta.get_fields())


def seen_by(reader: User, rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Those that the reader may see: by their own rule, or else by the rules of what they hang on."""
    if hasattr(rows, "visible_to"):
        return rows.visible_to(reader)  # type: ignore[no-any-return]
    for field in _guarded_fields(rows.model):
        seen = field.related_model._default_manager.visible_to(reader)
        rows = rows.filter(models.Q(**{f"{field.name}__isnull": True}) | models.Q(**{f"{field.name}__in": seen}))
    return rows


def may_see(reader: User, row: models.Model) -> bool:
    """The same of one row, stored or not."""
    if hasattr(type(row)._default_manager, "visible_to"):
        return bool(type(row)._default_manager.visible_to(reader).filter(pk=row.pk).exists())  # type: ignore[attr-defined]
    keys = ((field, getattr(row, field.attname)) for field in _guarded_fields(type(row)))
    return all(
        key is None or field.related_model._default_manager.visible_to(reader).filter(pk=key).exists()
        for field, key in keys
    )


def _guarded_fields(model: type[models.Model]) -> list[Any]:
    return [
        field
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and hasattr(field.related_model._default_manager, "visible_to")
    ]
