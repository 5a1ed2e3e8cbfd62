"""Undoing a merge: both records as they were, and what moved moves back, but for what somebody has changed since."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from companies.folds import values_of
from companies.groups import settle_ultimate_parents
from companies.models import Company, CompanyName, Contact, MergeLog
from config.staff import clock
from config.staff.models import User

WITHIN = timedelta(days=30)


class TooLate(Exception):  # noqa: N818 - the domain's word for it
    """The merge was undone already, or its 30 days are over."""


@transaction.atomic
def undo(merge: MergeLog, *, by: User) -> MergeLog:
    """Undo a merge and say in `conflicts` what was left as it is. Raises TooLate."""
    merge = MergeLog.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at or "anonymised" in merge.snapshot or clock.now() - merge.at > WITHIN:
        raise TooLate
    survivor, loser = _both(merge)
    conflicts: list[str] = []
    for moved in merge.snapshot["moved"]:
        _move_back(moved, from_=survivor.pk, to=loser.pk, conflicts=conflicts)
    for folded in merge.snapshot["folded"]:
        _unfold(folded, conflicts)
    CompanyName.objects.filter(pk__in=merge.snapshot["created"], name=merge.snapshot["loser"].get("name", "")).delete()
    _restore(survivor, merge.snapshot, conflicts)
    loser.merged_into, loser.version = None, loser.version + 1
    loser.save(update_fields=["merged_into", "version", "updated_at"])
    if merge.of == MergeLog.Of.COMPANY:
        settle_ultimate_parents()
    merge.undone_at, merge.undone_by, merge.conflicts = clock.now(), by, conflicts
    merge.save(update_fields=["undone_at", "undone_by", "conflicts"])
    return merge


def _both(merge: MergeLog) -> tuple[Any, Any]:
    model: Any = Company if merge.of == MergeLog.Of.COMPANY else Contact
    pks = [merge.snapshot["survivor"]["id"], merge.snapshot["loser"]["id"]]
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    return rows[pks[0]], rows[pks[1]]


def _move_back(moved: dict[str, Any], *, from_: int, to: int, conflicts: list[str]) -> None:
    model = apps.get_model(moved["model"])
    rows = model._default_manager.filter(pk__in=moved["pks"])
    here = list(rows.filter(**{moved["field"]: from_}).values_list("pk", flat=True))
    model._default_manager.filter(pk__in=here).update(**{moved["field"]: to})
    if lost := len(moved["pks"]) - len(here):
        conflicts.append(
            _("%(count)s of %(rows)s were changed or deleted since, and stay as they are.")
            % {"count": lost, "rows": model._meta.verbose_name_plural}
        )


def _unfold(folded: dict[str, Any], conflicts: list[str]) -> None:
    model = apps.get_model(folded["model"])
    columns = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: columns[name].to_python(value) for name, value in folded["values"].items() if name in columns})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
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
        if name in {"version", "updated_at"} or before[name] == after[name]:
            continue
        if value == field.to_python(after[name]):
            setattr(survivor, name, field.to_python(before[name]))
        else:
            conflicts.append(_("%(field)s was changed since, and stays.") % {"field": field.verbose_name})
    survivor.version += 1  # type: ignore[attr-defined]
    survivor.save()
