"""Folding: a row that would stand twice after a merge goes, and what pointed at it points at its like."""

from typing import Any

from django.db import IntegrityError, models, transaction

Moved = dict[str, Any]


def values_of(row: models.Model) -> dict[str, Any]:
    """The stored values by column name; what Postgres generates is left out."""
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
    }


def like_of(row: models.Model, field: str, survivor: models.Model) -> models.Model | None:
    """The survivor's row that a unique constraint holds to be the same as this one, if there is one."""
    for names, condition in _uniques(type(row)):
        if field not in names:
            continue
        rows = type(row)._default_manager.filter(condition)
        same = {name: getattr(row, _column(row, name)) for name in names if name != field}
        if None in same.values() or not rows.filter(pk=row.pk).exists():
            continue
        like = rows.filter(**same, **{field: survivor}).first()
        if like is not None:
            return like
    return None


def _column(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    column: str = field.attname
    return column


def _uniques(model: type[models.Model]) -> list[tuple[list[str], models.Q]]:
    found = [(list(names), models.Q()) for names in model._meta.unique_together]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = list(constraint.fields) or [getattr(part, "name", "") for part in constraint.expressions]
            if all(names):
                found.append((names, constraint.condition or models.Q()))
    return found


def repoint(row: models.Model, like: models.Model) -> list[Moved]:
    """Make what points at the row point at its like, and tell what moved."""
    moved = []
    for relation in row._meta.related_objects:
        model = relation.related_model
        if isinstance(relation, models.ManyToManyRel) or any(f.name == "pgh_id" for f in model._meta.get_fields()):
            continue
        name = relation.field.name
        pks = list(model._default_manager.filter(**{name: row}).values_list("pk", flat=True))
        if pks:
            model._default_manager.filter(pk__in=pks).update(**{name: like})
            moved.append({"model": model._meta.label, "field": name, "pks": pks, "like": like.pk})
    return moved


def fill(like: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """What the folded row said and its like did not (an objection, a title) is said by the like; what was written."""
    like.refresh_from_db()
    names = [
        field.attname
        for field in like._meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
        and (field.null or field.empty_strings_allowed)
        and field.value_from_object(like) in (None, "")
        and values[field.attname] not in (None, "")
    ]
    before = {name: getattr(like, name) for name in names}
    for name in names:
        setattr(like, name, values[name])
    if not names:
        return {}
    try:
        with transaction.atomic():
            like.save(update_fields=names)
    except IntegrityError:
        return {}  # the two halves do not make a whole, so the like stays as it was
    return {name: [before[name], values[name]] for name in names}


def unfill(model: type[models.Model], pk: int | None, filled: dict[str, Any]) -> None:
    """Empty what `fill` wrote, where it still says the same."""
    for name, (before, after) in filled.items():
        field: Any = model._meta.get_field(name)
        model._default_manager.filter(pk=pk, **{name: field.to_python(after)}).update(**{name: before})
