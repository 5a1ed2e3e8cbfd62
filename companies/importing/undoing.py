"""A whole import taken back: what it changed is as before, what it made is gone, unless somebody built on it since."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import models

from companies.importing.kinds import kind_of
from companies.importing.writes import as_json, content_of
from companies.models import Import, ImportRow, ImportWrite, LookAlike
from companies.relations import relations

State, Why = ImportWrite.State, ImportWrite.Why

SOME = 500
MODELS = (
    *("companies.Company", "companies.CompanyName"),
    *("companies.Contact", "companies.ContactPoint", "companies.Position"),
)
# What is nothing without its owner stays as long as that stays.
OWNERS = {
    "companies.CompanyName": ("companies.Company", "company_id"),
    "companies.ContactPoint": ("companies.Contact", "contact_id"),
    "companies.Position": ("companies.Contact", "contact_id"),
}
# Found by the machine, or notes of imports: nobody built on the record by them.
NO_USE = (LookAlike, ImportRow)


def undo_some(an_import: Import, size: int = SOME) -> int:
    """The next records, in the caller's transaction; how many. First what was changed, then what was made, children
    before their owners.
    """
    open_writes = an_import.writes.filter(state=State.WRITTEN).order_by("-pk")
    for label in reversed((*MODELS, *kind_of(an_import).models)):
        if writes := list(open_writes.filter(model=label, before__isnull=False)[:size]):
            _restore(label, writes)
            return len(writes)
    for label in reversed((*MODELS, *kind_of(an_import).models)):
        if writes := list(open_writes.filter(model=label, before__isnull=True)[:size]):
            _remove(an_import, label, writes)
            return len(writes)
    return 0


def _restore(label: str, writes: Sequence[ImportWrite]) -> None:
    """Newest first: two changes of one field go back to what stood there before the first."""
    model = apps.get_model(label)
    records = {row.pk: row for row in _locked(model, [write.record for write in writes])}
    for write in writes:
        record = records.get(write.record)
        if record is None:
            write.state, write.why = State.LEFT, Why.GONE
            continue
        now = as_json({name: getattr(record, name) for name in write.after})
        unchanged = [name for name, value in write.after.items() if now[name] == value]
        for name in unchanged:
            setattr(record, name, model._meta.get_field(name).to_python((write.before or {})[name]))
        if unchanged:
            _save(record, unchanged)
        is_whole = len(unchanged) == len(write.after)
        write.state, write.why = (State.UNDONE, "") if is_whole else (State.LEFT, Why.CHANGED)
    _keep(writes)


def _save(record: Any, names: list[str]) -> None:
    columns = [record._meta.get_field(name).name for name in names]
    if hasattr(record, "version"):
        record.version += 1
        columns += ["version", "updated_at"]
    record.save(update_fields=columns)


def _remove(an_import: Import, label: str, writes: Sequence[ImportWrite]) -> None:
    model = apps.get_model(label)
    records = {row.pk: row for row in _locked(model, [write.record for write in writes])}
    owners = OWNERS | kind_of(an_import).owners
    kept_owners = _kept_owners(an_import, owners[label], records) if label in owners else set()
    used = _pointed_at(model, list(records), ours=None)
    gone = []
    for write in writes:
        record = records.get(write.record)
        write.state, write.why = State.LEFT, ""
        if record is None:
            write.state, write.why = State.UNDONE, Why.GONE
        elif label in owners and getattr(record, owners[label][1]) in kept_owners:
            write.why = Why.USED
        elif content_of(record) != write.after:
            write.why = Why.CHANGED
        elif record.pk in used:
            write.why = Why.USED
        else:
            write.state = State.UNDONE
            gone.append(record.pk)
    model._default_manager.filter(pk__in=gone).delete()
    _keep(writes)


def _kept_owners(an_import: Import, owner: tuple[str, str], records: dict[int, Any]) -> set[int]:
    """Owners of these records that the import made and that will stay."""
    owner_label, column = owner
    model = apps.get_model(owner_label)
    pks = {getattr(record, column) for record in records.values()}
    writes = an_import.writes.filter(model=owner_label, before__isnull=True, record__in=pks)
    after = {write.record: write.after for write in writes}
    used = _pointed_at(model, list(after), ours=an_import)
    owners = model._default_manager.filter(pk__in=after)
    return {owner.pk for owner in owners if owner.pk in used or content_of(owner) != after[owner.pk]}


def _pointed_at(model: type[models.Model], pks: list[int], *, ours: Import | None) -> set[int]:
    """Which of these other records point at; those that `ours` made do not count."""
    found: set[int] = set()
    if not pks:
        return found
    for relation in relations(model):
        if relation.model in NO_USE:
            continue
        rows = relation.model._default_manager.filter(**{f"{relation.field}__in": pks})
        if ours:
            made = ours.writes.filter(model=relation.model._meta.label, before__isnull=True).values("record")
            rows = rows.exclude(pk__in=made)
        found |= set(rows.values_list(relation.field, flat=True).distinct())
    return found


def _locked(model: Any, pks: list[int]) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = model._default_manager.select_for_update(of=("self",))
    return rows.filter(pk__in=pks).order_by("pk")


def _keep(writes: Sequence[ImportWrite]) -> None:
    by_answer: dict[tuple[str, str], list[int]] = defaultdict(list)
    for write in writes:
        by_answer[write.state, write.why].append(write.pk)
    for (state, why), pks in by_answer.items():
        ImportWrite.objects.filter(pk__in=pks).update(state=state, why=why)
