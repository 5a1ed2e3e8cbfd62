"""Undoing a merge: the records as they were, and what moved moves back, but for what somebody has changed since."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from companies.folds import unfill, values_of
from companies.groups import settle_ultimate_parents
from companies.models import Company, CompanyName, Contact, MergeLog
from companies.relations import may_see, seen_by
from config.staff import clock
from config.staff.models import User

WITHIN = timedelta(days=30)


class UndoRefused(Exception):  # noqa: N818 - the domain's word for it
    """It cannot be undone; the text says why, in words for the person."""


class TooLate(UndoRefused):
    """The merge was undone already, or its 30 days are over."""


@transaction.atomic
def undo(merge: MergeLog, *, by: User) -> MergeLog:
    """Undo a merge, whole, and say in `conflicts` what was left as it is. Raises UndoRefused.

    The conflicts are told to whoever undoes it: they name nothing that this person may not see.
    """
    merge = MergeLog.objects.select_for_update().get(pk=merge.part_of_id or merge.pk)
    if merge.undone_at or "anonymised" in merge.snapshot or clock.now() - merge.at > WITHIN:
        raise TooLate(_("This merge was undone already, or is more than %(days)s days old.") % {"days": WITHIN.days})
    conflicts: list[str] = []
    for part in (*merge.parts.select_for_update().order_by("-pk"), merge):
        _undo_one(part, conflicts, by=by)
        part.undone_at, part.undone_by = clock.now(), by
        # A field that several of them wrote is told once.
        part.conflicts = list(dict.fromkeys(conflicts)) if part == merge else []
        part.save(update_fields=["undone_at", "undone_by", "conflicts"])
    if merge.of == MergeLog.Of.COMPANY:
        settle_ultimate_parents()
    return MergeLog.objects.get(pk=merge.pk)


def _undo_one(merge: MergeLog, conflicts: list[str], *, by: User) -> None:
    survivor, loser = _both(merge)
    for moved in merge.snapshot["moved"]:
        _move_back(moved, from_=survivor.pk, to=loser.pk, conflicts=conflicts, by=by)
    for folded in merge.snapshot["folded"]:
        _unfold(folded, conflicts, by=by)
    for pk, name in _names(merge):
        CompanyName.objects.filter(pk=pk, name=name).delete()
    _restore(survivor, merge.snapshot, conflicts)
    loser.merged_into, loser.version = None, loser.version + 1
    loser.save(update_fields=["merged_into", "version", "updated_at"])


def _both(merge: MergeLog) -> tuple[Any, Any]:
    model: Any = Company if merge.of == MergeLog.Of.COMPANY else Contact
    pks = [merge.snapshot["survivor"]["id"], merge.snapshot["loser"]["id"]]
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    survivor, loser = rows[pks[0]], rows[pks[1]]
    if survivor.merged_into_id:
        raise UndoRefused(_("%(record)s was itself merged since. Undo that merge first.") % {"record": survivor})
    if any(getattr(record, "anonymised_at", None) for record in (survivor, loser)):
        raise UndoRefused(_("This person was anonymised since, so the merge stays."))
    return survivor, loser


def _names(merge: MergeLog) -> list[list[Any]]:
    """The aliases that it made; merges of earlier days noted their numbers only."""
    name = merge.snapshot["loser"].get("name", "")
    return [made if isinstance(made, list) else [made, name] for made in merge.snapshot["created"]]


def _move_back(moved: dict[str, Any], *, from_: int, to: int, conflicts: list[str], by: User) -> None:
    model = apps.get_model(moved["model"])
    rows = model._default_manager.filter(pk__in=moved["pks"])
    # Ultimate parents are worked out of the parents at the end.
    derived = moved["field"] == "ultimate_parent"
    changed = 0 if derived else seen_by(by, rows.exclude(**{moved["field"]: from_})).count()
    if not hasattr(model._default_manager, "visible_to"):
        changed += len(moved["pks"]) - rows.count()
    rows.filter(**{moved["field"]: from_}).update(**{moved["field"]: to})
    if changed:
        conflicts.append(
            _("%(count)s of %(rows)s were changed or deleted since, and stay as they are.")
            % {"count": changed, "rows": model._meta.verbose_name_plural}
        )


def _unfold(folded: dict[str, Any], conflicts: list[str], *, by: User) -> None:
    model = apps.get_model(folded["model"])
    columns = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: columns[name].to_python(value) for name, value in folded["values"].items() if name in columns})
    unfill(model, folded.get("like"), folded.get("filled", {}))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if may_see(by, row):
            conflicts.append(
                _("One of %(rows)s could not be put back, since another stands in its place.")
                % {"rows": model._meta.verbose_name_plural}
            )
        return
    for moved in folded["repointed"]:
        related = apps.get_model(moved["model"])
        related._default_manager.filter(pk__in=moved["pks"], **{moved["field"]: moved["like"]}).update(
            **{moved["field"]: row.pk}
        )


def _restore(survivor: models.Model, snapshot: dict[str, Any], conflicts: list[str]) -> None:
    """Give back the fields that the merge changed and nobody since."""
    before, after = snapshot["survivor"], snapshot["survivor_after"]
    for name, value in values_of(survivor).items():
        field = next(field for field in survivor._meta.concrete_fields if field.attname == name)
        if name in {"version", "updated_at", "ultimate_parent_id"} or before[name] == after[name]:
            continue
        if value == field.to_python(after[name]):
            setattr(survivor, name, field.to_python(before[name]))
        else:
            conflicts.append(_("%(field)s was changed since, and stays.") % {"field": field.verbose_name})
    survivor.version += 1  # type: ignore[attr-defined]
    survivor.save()
