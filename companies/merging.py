"""Several records of one company (or of one person) become one; undone within 30 days.

Every relation follows the policy that its model declares in `merge_policies`; one that declares none refuses the
merge. All or nothing: the records are taken in one after the other, in one transaction, and undone in reverse.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from companies.folds import fill, like_of, repoint, values_of
from companies.groups import settle_ultimate_parents
from companies.models import Company, CompanyName, Contact, MergeLog
from companies.relations import relations, seen_by
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
    """They cannot become one; the text says why, in words for the person."""


def differences(survivor: Record, *losers: Record) -> list["models.Field[Any, Any]"]:
    """The fields in which they differ and a loser says something: what a person decides."""
    return [
        field
        for field in survivor._meta.concrete_fields
        if field.name not in NOT_CHOSEN
        and not isinstance(field, models.GeneratedField)
        and {field.value_from_object(loser) for loser in losers} - {field.value_from_object(survivor), None, ""}
    ]


def what_moves(*losers: Record, reader: User) -> list[tuple[str, int]]:
    """Names and counts of the rows that would move, of those that the reader may see."""
    found: dict[str, int] = {}
    for relation in relations(type(losers[0])):
        if relation.goes_over and (count := seen_by(reader, relation.rows_of(*losers)).count()):
            name = str(relation.model._meta.verbose_name_plural)
            found[name] = found.get(name, 0) + count
    return list(found.items())


@transaction.atomic
def merge(
    survivor: Record,
    *losers: Record,
    by: User,
    values: Mapping[str, Any] | None = None,
    seen_versions: Mapping[int, int] | None = None,
) -> MergeLog:
    """Make them one; `values` are what the one that is kept then says. All or nothing. Raises MergeRefused.

    A loser stays as a signpost, so that its old address still works. The first log row stands for all of them.
    """
    survivor, *locked = _locked(survivor, losers)
    _refuse(survivor, locked, seen_versions or {}, by=by)
    head: MergeLog | None = None
    for loser in locked:
        log = _take_in(survivor, loser, values=values if head is None and values else {}, by=by, part_of=head)
        head = head or log
    if head is None:
        raise MergeRefused(_("Choose at least two records."))
    return head


def _locked(survivor: Record, losers: Sequence[Record]) -> list[Record]:
    # In the order of their keys, so that two merges of the same records wait for each other instead of deadlocking.
    model = type(survivor)
    pks = [survivor.pk, *dict.fromkeys(loser.pk for loser in losers)]
    rows = {row.pk: row for row in model._default_manager.select_for_update().filter(pk__in=pks).order_by("pk")}
    return [rows[pk] for pk in pks]


def _refuse(survivor: Record, losers: list[Record], seen_versions: Mapping[int, int], *, by: User) -> None:
    if survivor.pk in {loser.pk for loser in losers}:
        raise MergeRefused(_("That is one and the same record."))
    for record in (survivor, *losers):
        if record.merged_into_id:
            raise MergeRefused(_("%(record)s was merged already. Open it again to see where.") % {"record": record})
        if seen_versions.get(record.pk, record.version) != record.version:
            raise MergeRefused(_("%(record)s was changed meanwhile. Look at it once more.") % {"record": record})
    for relation in relations(type(survivor)):
        if relation.policy is None:
            raise MergeRefused(
                _("Nobody has said what a merge does with %(relation)s, so nothing was merged.")
                % {"relation": relation.label}
            )
        if relation.policy is MergePolicy.REFUSE and relation.rows_of(*losers).exists():
            # What the person may not see is not named either.
            if not seen_by(by, relation.rows_of(*losers)).exists():
                raise MergeRefused(_("These records cannot be merged."))
            raise MergeRefused(
                _("This record has %(rows)s, which cannot be merged.")
                % {"rows": relation.model._meta.verbose_name_plural}
            )


def _take_in(
    survivor: Record, loser: Record, *, values: Mapping[str, Any], by: User, part_of: MergeLog | None
) -> MergeLog:
    snapshot: Snapshot = {"survivor": values_of(survivor), "loser": values_of(loser), "moved": [], "folded": []}
    names = {str(survivor), str(loser)}
    _move_relations(survivor, loser, snapshot)
    _set(survivor, loser, values)
    _keep_what_protects(survivor, loser)
    survivor.version += 1
    survivor.save()
    loser.merged_into, loser.version = survivor, loser.version + 1
    loser.save(update_fields=["merged_into", "version", "updated_at"])
    snapshot["created"] = _keep_names(survivor, names)
    if isinstance(survivor, Company):
        settle_ultimate_parents()
    survivor.refresh_from_db()
    snapshot["survivor_after"] = values_of(survivor)
    kind = MergeLog.Of.COMPANY if isinstance(survivor, Company) else MergeLog.Of.CONTACT
    return MergeLog.objects.create(
        of=kind,
        by=by,
        at=clock.now(),
        part_of=part_of,
        snapshot=_as_json(snapshot),
        **{f"survivor_{kind}": survivor, f"loser_{kind}": loser},
    )


def _move_relations(survivor: Record, loser: Record, snapshot: Snapshot) -> None:
    for relation in relations(type(survivor)):
        if relation.policy is MergePolicy.FOLD:
            for row in relation.rows_of(loser).order_by("pk"):
                like = like_of(row, relation.field, survivor)
                if like is not None:
                    folded: dict[str, Any] = {
                        "model": row._meta.label,
                        "values": values_of(row),
                        "repointed": repoint(row, like),
                    }
                    row.delete()
                    snapshot["folded"].append(folded | {"like": like.pk, "filled": fill(like, folded["values"])})
        if relation.goes_over:
            rows = relation.rows_of(loser).exclude(pk=survivor.pk if relation.model is type(survivor) else None)
            pks = list(rows.values_list("pk", flat=True))
            relation.model._default_manager.filter(pk__in=pks).update(**{relation.field: survivor})
            snapshot["moved"].append({"model": relation.model._meta.label, "field": relation.field, "pks": pks})


def _set(survivor: Record, loser: Record, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in NOT_CHOSEN:
            setattr(survivor, name, value)
    if isinstance(survivor, Company) and isinstance(loser, Company) and _stands_above_itself(survivor, loser):
        survivor.parent = None
    try:
        survivor.clean_fields(
            exclude=[field.name for field in survivor._meta.concrete_fields if field.name not in values]
        )
        survivor.validate_constraints()
    except ValidationError as error:
        raise MergeRefused(" ".join(error.messages)) from error


def _stands_above_itself(survivor: Company, loser: Company) -> bool:
    """Moving the loser's subsidiaries may have put the survivor's own parent beneath it."""
    above, seen = survivor.parent_id, set[int]()
    while above is not None and above not in seen:
        if above in {survivor.pk, loser.pk}:
            return True
        seen.add(above)
        above = Company.objects.values_list("parent_id", flat=True).get(pk=above)
    return False


def _keep_what_protects(survivor: Record, loser: Record) -> None:
    """An objection holds for the person, whichever record it was made to."""
    if isinstance(survivor, Contact) and isinstance(loser, Contact) and loser.objected_at and not survivor.objected_at:
        survivor.objected_at, survivor.objection_source = loser.objected_at, loser.objection_source


def _keep_names(survivor: Record, names: set[str]) -> list[list[Any]]:
    """What each of them was called stays findable."""
    if not isinstance(survivor, Company):
        return []
    kept = []
    for name in sorted(names - {survivor.name}):
        row, created = CompanyName.objects.get_or_create(company=survivor, name=name, kind=CompanyName.Kind.ALIAS)
        kept += [[row.pk, name]] if created else []
    return kept


class _Exact(DjangoJSONEncoder):
    """Django's own cuts moments to the millisecond, and an undo would put back another one."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _as_json(snapshot: Mapping[str, Any]) -> Any:
    """Dates and decimals as text, the way the log stores them."""
    return json.loads(json.dumps(snapshot, cls=_Exact))
