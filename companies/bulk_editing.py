"""One field set for many records at once: counted before, changed in one go, undone within the hour.

Up to some hundreds are changed in the request's own transaction; more of them by the queue in batches, each with the
note how far it came, so that a worker may die at any moment.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pghistory
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from companies.lists.kinds import BulkField, RecordList, list_named
from companies.models import BulkEdit, BulkEditRow
from companies.models.bulk_edit import ROWS_KEPT_FOR
from companies.normalising import RULES, Proposal, Rule
from config.staff import clock, queue
from config.staff.models import User

Status, State, Why = BulkEdit.Status, BulkEditRow.State, BulkEditRow.Why
Rows = models.QuerySet[Any]

# So many at once, in a request or in a step of the queue.
SOME = 500
# More than this is for managers.
MOST_OF_AN_OFFICER = 500


class WrongMoment(Exception):  # noqa: N818 - the domain's word for it
    """It was undone already, is busy, or its hour is over."""


@dataclass(frozen=True)
class Work:
    """A field of a list and the value that it is to have, as the column stores it."""

    of: RecordList
    field: BulkField
    value: Any

    @property
    def model(self) -> Any:
        return self.field.model or self.of.model

    @property
    def column(self) -> Any:
        return self.model._meta.get_field(self.field.column)

    def written(self, selected: Rows) -> Rows:
        """The records that hold the column: those of the list, or what hangs on them."""
        if not self.field.via:
            return selected
        rows: Rows = self.model._default_manager.filter(**{f"{self.field.via}__in": selected.order_by().values("pk")})
        return rows

    @property
    def so_already(self) -> Q:
        return self.field.is_so(self.value) if self.field.is_so else Q(**{self.field.column: self.value})

    def refusals(self, by: User) -> list[tuple[str, Q]]:
        return list(self.field.refuses(self.value, by))


@dataclass(frozen=True)
class Preview:
    """What a bulk edit would do: how many it changes, how many are so already, and how many refuse, with the reason."""

    total: int
    changes: int
    same: int
    refused: Sequence[tuple[str, int]]
    some: Sequence[tuple[Any, Any]]


def preview(work: Work, selected: Rows, *, by: User, shown: int = 20) -> Preview:
    total, rows = selected.count(), work.written(selected)
    refused, missing = [], total - rows.count()
    if missing:
        refused.append((_("There is nothing there that holds this field."), missing))
    for reason, condition in work.refusals(by):
        if count := rows.filter(condition).count():
            refused.append((reason, count))
        rows = rows.exclude(condition)
    to_change = rows.exclude(work.so_already)
    changes = to_change.count()
    return Preview(total, changes, rows.count() - changes, refused, _some(work, to_change, shown))


def _some(work: Work, rows: Rows, shown: int) -> list[tuple[Any, Any]]:
    related = [name for name in (work.field.via, work.column.name if work.column.is_relation else "") if name]
    found = rows.select_related(*related).order_by("pk") if related else rows.order_by("pk")
    return [(listed(work, row), _in_words(row, work.column)) for row in found[:shown]]


def listed(work: Work, row: Any) -> Any:
    """The record of the list that a written one belongs to."""
    return getattr(row, work.field.via) if work.field.via else row


def _in_words(row: Any, column: Any) -> Any:
    if column.choices:
        return getattr(row, f"get_{column.name}_display")()
    value = getattr(row, column.name)
    return getattr(value, "name", value)


@transaction.atomic
def begin(work: Work, selected: Rows, *, by: User, words: str) -> BulkEdit:
    """Note which records are meant, and change them: at once where they are few, or else by the queue."""
    edit = BulkEdit.objects.create(
        list=work.of.name,
        field=work.field.name,
        value=_as_json(work.value),
        value_words=words[:200],
        by=by,
        at=clock.now(),
    )
    pks = work.written(selected).order_by("pk").values_list("pk", flat=True)
    rows = (BulkEditRow(of=edit, record=pk) for pk in pks.iterator(chunk_size=5000))
    edit.total = len(BulkEditRow.objects.bulk_create(rows, batch_size=5000))
    edit.save()
    return _go(edit)


@transaction.atomic
def begin_by_rule(rule: Rule, proposals: Sequence[Proposal], *, by: User) -> BulkEdit:
    """To each record its own value; one that says something else by then than it did is left."""
    edit = BulkEdit.objects.create(list=rule.of, field=rule.name, by_rule=True, by=by, at=clock.now())
    rows = [BulkEditRow(of=edit, record=each.record.pk, before=each.before, after=each.after) for each in proposals]
    edit.total = len(BulkEditRow.objects.bulk_create(rows, batch_size=5000))
    edit.save()
    return _go(edit)


@transaction.atomic
def undo(edit: BulkEdit, *, by: User) -> BulkEdit:
    """Put back what it changed and nobody since; what was left says why. Raises WrongMoment."""
    edit = BulkEdit.objects.select_for_update().get(pk=edit.pk)
    if not edit.may_be_undone:
        raise WrongMoment
    edit.status, edit.undone_by = Status.UNDOING, by
    edit.total, edit.done = edit.rows.filter(state=State.CHANGED).count(), 0
    edit.save()
    return _go(edit)


def _go(edit: BulkEdit) -> BulkEdit:
    """Few ones within the transaction of the caller."""
    if edit.total > SOME:
        transaction.on_commit(partial(ask_for, edit.pk))
        return edit
    while edit.is_busy:
        _step(edit)
    edit.save()
    return edit


def ask_for(pk: int) -> None:
    """Where the queue is down, the job of every minute takes it up."""
    from companies.tasks import carry_on_bulk_edit  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(carry_on_bulk_edit, pk)


def carry_on(pk: int, *, seconds: float) -> bool:
    """As far as it goes in so many seconds; whether more is left. A second worker does nothing."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with transaction.atomic():
            edit = BulkEdit.objects.busy().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if edit is None:
                return False
            with pghistory.context(user=edit.undone_by_id or edit.by_id, bulk_edit=pk):
                _step(edit)
            edit.save()
    return True


def _step(edit: BulkEdit) -> None:
    wanted = State.WAITING if edit.status == Status.RUNNING else State.CHANGED
    rows = list(edit.rows.filter(state=wanted).order_by("record")[:SOME])
    if not rows:
        _finish(edit)
        return
    work = work_of(edit)
    if work is None:
        edit.rows.filter(state=wanted).update(state=State.LEFT, why=Why.GONE)
    elif edit.status == Status.RUNNING:
        (_change_by_rule if edit.by_rule else _change)(edit, work, rows)
    else:
        _restore(edit, work, rows)
    edit.done += len(rows)


def work_of(edit: BulkEdit) -> Work | None:
    """None where the field is not offered any more."""
    of = list_named(edit.list)
    rule = RULES.get(edit.field) if edit.by_rule else None
    field = rule.field if rule else of.bulk_field(edit.field) if of and not edit.by_rule else None
    if of is None or field is None:
        return None
    return Work(of, field, _read(Work(of, field, None).column, edit.value))


def _finish(edit: BulkEdit) -> None:
    """Counted by the database."""
    edit.left = edit.rows.filter(state=State.LEFT).exclude(why=Why.SO_ALREADY).count()
    if edit.status == Status.RUNNING:
        edit.changed = edit.rows.filter(state=State.CHANGED).count()
        edit.status, edit.finished_at = Status.DONE, clock.now()
    else:
        edit.status, edit.undone_at = Status.UNDONE, clock.now()


def _change(edit: BulkEdit, work: Work, rows: Sequence[BulkEditRow]) -> None:
    records, attname = _locked(work, rows), work.column.attname
    there: Rows = work.model._default_manager.filter(pk__in=list(records))
    so = set(there.filter(work.so_already).values_list("pk", flat=True))
    refused = Q(pk__in=[])
    for _reason, condition in work.refusals(edit.by):
        refused |= condition
    refusing = set(there.filter(refused).values_list("pk", flat=True))
    wanted = [pk for pk in records if pk not in so | refusing]
    refusing |= _write(work, wanted, work.value)
    for row in rows:
        row.state = State.LEFT
        if row.record not in records:
            row.why = Why.GONE
        elif row.record in refusing:
            row.why = Why.REFUSED
        elif row.record in so:
            row.why = Why.SO_ALREADY
        else:
            row.state, row.before = State.CHANGED, _as_json(getattr(records[row.record], attname))
    BulkEditRow.objects.bulk_update(rows, ["state", "why", "before"])


def _change_by_rule(edit: BulkEdit, work: Work, rows: Sequence[BulkEditRow]) -> None:
    records, column = _locked(work, rows), work.column
    after: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        record = records.get(row.record)
        row.state, row.why = State.LEFT, Why.CHANGED if record else Why.GONE
        if record and _as_json(getattr(record, column.attname)) == row.before:
            row.state, row.why = State.CHANGED, ""
            after[row.after].append(row.record)
    refusing = {pk for value, pks in after.items() for pk in _write(work, pks, _read(column, value))}
    for row in rows:
        if row.record in refusing:
            row.state, row.why = State.LEFT, Why.REFUSED
    BulkEditRow.objects.bulk_update(rows, ["state", "why"])


def _restore(edit: BulkEdit, work: Work, rows: Sequence[BulkEditRow]) -> None:
    """Whoever set the same field since has the last word."""
    records, column = _locked(work, rows), work.column
    before: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        record = records.get(row.record)
        row.state, row.why = State.LEFT, Why.CHANGED if record else Why.GONE
        ours = row.after if edit.by_rule else edit.value
        if record and _as_json(getattr(record, column.attname)) == ours:
            row.state, row.why = State.UNDONE, ""
            before[row.before].append(row.record)
    refusing = {pk for value, pks in before.items() for pk in _write(work, pks, _read(column, value))}
    for row in rows:
        if row.record in refusing:
            row.state, row.why = State.LEFT, Why.CHANGED
    BulkEditRow.objects.bulk_update(rows, ["state", "why"])


def _locked(work: Work, rows: Sequence[BulkEditRow]) -> dict[int, Any]:
    """Those that still stand by themselves: neither merged away nor anonymised."""
    found: Rows = work.model._default_manager.select_for_update(of=("self",)).filter(
        pk__in=[row.record for row in rows]
    )
    standing = {field.name for field in work.model._meta.fields} & {"merged_into", "anonymised_at"}
    return {row.pk: row for row in found.filter(**dict.fromkeys(standing)).order_by("pk")}


def _write(work: Work, pks: Sequence[int], value: Any) -> set[int]:
    """Sets the column; which of them the database refused by one of its rules."""
    if not pks:
        return set()
    try:
        with transaction.atomic():
            _update(work, pks, value)
    except IntegrityError:
        if len(pks) == 1:
            return set(pks)
        # Some hundreds at most: each by itself tells which one it is.
        return {pk for one in pks for pk in _write(work, [one], value)}
    return set()


def _update(work: Work, pks: Sequence[int], value: Any) -> None:
    names = {field.name for field in work.model._meta.fields}
    more: dict[str, Any] = {"version": F("version") + 1} if "version" in names else {}
    if "updated_at" in names:
        more["updated_at"] = clock.now()
    work.model._default_manager.filter(pk__in=pks).update(**{work.column.attname: value}, **more)
    work.field.settles(pks)


def _as_json(value: Any) -> Any:
    """Days and moments as text, to the microsecond."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(column: Any, value: Any) -> Any:
    kind = getattr(column, "target_field", column)
    return None if value is None else kind.to_python(value)


def remove_old() -> int:
    """Rows hold what records said; they go when nothing can be undone any more. How many bulk edits that were."""
    over = BulkEdit.objects.exclude(status__in=BulkEdit.BUSY).filter(at__lt=clock.now() - ROWS_KEPT_FOR)
    pks = list(over.exclude(rows=None).values_list("pk", flat=True).distinct())
    BulkEditRow.objects.filter(of__in=pks).delete()
    return len(pks)
