"""Two records of one company (or of one person) become one; undone within 30 days.

Every relation follows the policy that its model declares in `merge_policies`; one that declares none refuses the
merge. Relations are found through Django, never imported, so that upper apps take part without being known here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from companies.folds import like_of, repoint, values_of
from companies.groups import settle_ultimate_parents
from companies.models import Company, CompanyName, Contact, MergeLog
from config.staff import clock
from config.staff.merge_policy import MergePolicy
from config.staff.models import User

Record = Company | Contact
# What a merge does not choose between: identity, bookkeeping, and what it writes itself.
NOT_CHOSEN = {"id", "version", "created_by", "created_at", "updated_at", "merged_into", "archived_at", "folded"} | {
    "ultimate_parent",
    "anonymised_at",
    "objected_at",
}
Snapshot = dict[str, Any]


class MergeRefused(Exception):  # noqa: N818 - the domain's word for it
    """The two cannot become one; the text says why, in words for the person."""


@dataclass(frozen=True)
class Relation:
    """Rows of a model that point at the merged record by a field."""

    model: type[models.Model]
    field: str
    policy: MergePolicy | None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    def rows_of(self, record: models.Model) -> "models.QuerySet[models.Model]":
        return self.model._default_manager.filter(**{self.field: record})


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


def differences(survivor: Record, loser: Record) -> list["models.Field[Any, Any]"]:
    """The fields in which the two differ and the loser says something: what a person decides."""
    return [
        field
        for field in survivor._meta.concrete_fields
        if field.name not in NOT_CHOSEN
        and field.value_from_object(survivor) != field.value_from_object(loser)
        and field.value_from_object(loser) not in (None, "")
    ]


def what_moves(loser: Company | Contact, *, reader: User) -> list[tuple[str, int]]:
    """Names and counts of the rows that would move, of those that the reader may see."""
    found = []
    for relation in relations(type(loser)):
        rows: Any = relation.rows_of(loser)
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(reader)
        if relation.policy in {MergePolicy.MOVE, MergePolicy.FOLD} and (count := rows.count()):
            found.append((str(relation.model._meta.verbose_name_plural), count))
    return found


@transaction.atomic
def merge(survivor: Record, loser: Record, *, take: set[str], by: User) -> MergeLog:
    """Make the two one: `take` names the fields whose value comes from the loser. All or nothing.

    Raises MergeRefused. The loser stays as a signpost, so that its old address still works.
    """
    survivor, loser = _locked(survivor, loser)
    _refuse(survivor, loser)
    snapshot: Snapshot = {"survivor": values_of(survivor), "loser": values_of(loser), "moved": [], "folded": []}
    _move_relations(survivor, loser, snapshot)
    for field in differences(survivor, loser):
        if field.name in take:
            setattr(survivor, field.attname, field.value_from_object(loser))
    _keep_what_protects(survivor, loser)
    survivor.version += 1
    survivor.save()
    loser.merged_into, loser.version = survivor, loser.version + 1
    loser.save(update_fields=["merged_into", "version", "updated_at"])
    snapshot["created"] = _keep_name(survivor, loser)
    if isinstance(survivor, Company):
        settle_ultimate_parents()
    survivor.refresh_from_db()
    snapshot["survivor_after"] = values_of(survivor)
    kind = MergeLog.Of.COMPANY if isinstance(survivor, Company) else MergeLog.Of.CONTACT
    return MergeLog.objects.create(
        of=kind,
        by=by,
        at=clock.now(),
        snapshot=_as_json(snapshot),
        **{f"survivor_{kind}": survivor, f"loser_{kind}": loser},
    )


def _locked(survivor: Record, loser: Record) -> tuple[Record, Record]:
    # In the order of their keys, so that two merges of the same pair wait for each other instead of deadlocking.
    model = type(survivor)
    rows = {
        row.pk: row
        for row in model._default_manager.select_for_update().filter(pk__in=[survivor.pk, loser.pk]).order_by("pk")
    }
    return rows[survivor.pk], rows[loser.pk]


def _refuse(survivor: Record, loser: Record) -> None:
    if survivor.pk == loser.pk:
        raise MergeRefused(_("That is one and the same record."))
    if survivor.merged_into_id or loser.merged_into_id:
        raise MergeRefused(_("One of the two was merged already. Open it again to see where it went."))
    for relation in relations(type(survivor)):
        if relation.policy is None:
            raise MergeRefused(
                _("Nobody has said what a merge does with %(relation)s, so nothing was merged.")
                % {"relation": relation.label}
            )
        if relation.policy is MergePolicy.REFUSE and relation.rows_of(loser).exists():
            raise MergeRefused(
                _("This record has %(rows)s, which cannot be merged.")
                % {"rows": relation.model._meta.verbose_name_plural}
            )


def _move_relations(survivor: Record, loser: Record, snapshot: Snapshot) -> None:
    for relation in relations(type(survivor)):
        if relation.policy is MergePolicy.FOLD:
            for row in relation.rows_of(loser).order_by("pk"):
                like = like_of(row, relation.field, survivor)
                if like is not None:
                    snapshot["folded"].append(
                        {"model": row._meta.label, "values": values_of(row), "repointed": repoint(row, like)}
                    )
                    row.delete()
        if relation.policy in {MergePolicy.MOVE, MergePolicy.FOLD}:
            rows = relation.rows_of(loser).exclude(pk=survivor.pk if relation.model is type(survivor) else None)
            pks = list(rows.values_list("pk", flat=True))
            relation.model._default_manager.filter(pk__in=pks).update(**{relation.field: survivor})
            snapshot["moved"].append({"model": relation.model._meta.label, "field": relation.field, "pks": pks})
    if isinstance(survivor, Company) and survivor.parent_id == loser.pk:
        survivor.parent = None


def _keep_what_protects(survivor: Record, loser: Record) -> None:
    """An objection holds for the person, whichever record it was made to."""
    if isinstance(survivor, Contact) and isinstance(loser, Contact) and loser.objected_at and not survivor.objected_at:
        survivor.objected_at, survivor.objection_source = loser.objected_at, loser.objection_source


def _keep_name(survivor: Record, loser: Record) -> list[int]:
    """The loser's name stays findable."""
    if not isinstance(survivor, Company) or survivor.name == loser.name:
        return []
    name, created = CompanyName.objects.get_or_create(company=survivor, name=loser.name, kind=CompanyName.Kind.ALIAS)
    return [name.pk] if created else []


def _as_json(snapshot: Mapping[str, Any]) -> Any:
    """Dates and decimals as text, the way the log stores them."""
    return json.loads(json.dumps(snapshot, cls=DjangoJSONEncoder))
