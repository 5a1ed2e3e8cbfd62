"""An import from one question to the next. Each step is some rows in one transaction with the note how far it came, so
that a worker may die at any moment: the next one goes on behind the last step that was finished.
"""

import hashlib
import time
from collections.abc import Callable
from functools import partial
from typing import IO, Any

import pghistory
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Q

from companies.importing import guessing
from companies.importing.checking import check_rows, fold_file, read_rows
from companies.importing.kinds import Kind
from companies.importing.problems import Unreadable
from companies.importing.reading import is_readable, way_of
from companies.importing.staging import stage
from companies.importing.texts import one_line, storable
from companies.importing.undoing import undo_some
from companies.importing.writing import write_some
from companies.models import Import, ImportRow
from config.staff import clock, queue
from config.staff.models import User

Status = Import.Status
SOME = 2000


class WrongMoment(Exception):  # noqa: N818 - the domain's word for it
    """The import has gone on meanwhile, and this cannot be done to it any more."""


def begin(kind: Kind, file: "File[bytes]", *, by: User, about: dict[str, Any] | None = None) -> Import:
    """Keep the file and match its columns as well as can be guessed. Raises Unreadable."""
    way = way_of(file)
    look = is_readable(file, way)
    columns, _remembered = guessing.guessed(kind, look.header)
    an_import = Import(
        kind=kind.name,
        file_name=storable(one_line(file.name or ""))[:200],
        file_hash=_hash(file),
        encoding=way.encoding,
        delimiter=way.delimiter,
        sheet=way.sheet,
        header=look.header,
        columns=columns,
        owner=by,
        by=by,
        at=clock.now(),
    )
    file.seek(0)
    with transaction.atomic():
        an_import.file.save(file.name or "", file, save=False)
        an_import.save()
        if kind.keep:
            kind.keep(an_import, about or {})
    return an_import


def _hash(file: IO[bytes]) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while some := file.read(1 << 20):
        found.update(some)
    return found.hexdigest()


@transaction.atomic
def go_on(an_import: Import, to: str, *, from_: tuple[str, ...], **changes: Any) -> Import:
    """Let the next status begin, once; the work itself is done by the queue."""
    locked = Import.objects.select_for_update().get(pk=an_import.pk)
    if locked.status not in from_:
        raise WrongMoment
    for name, value in changes.items():
        setattr(locked, name, value)
    if to == Status.READING:
        locked.rows.all().delete()
        locked.values, locked.total = {}, 0
    if to == Status.CHECKING:
        guessing.remember(locked)
    if to == Status.RUNNING:
        locked.total = to_write(locked)
    if to == Status.UNDOING:
        locked.total = locked.writes.count()
    locked.status, locked.done, locked.fault = to, 0, ""
    locked.save()
    transaction.on_commit(partial(ask_for, locked.pk))
    return locked


def ask_for(pk: int) -> None:
    """Where the queue is down, the job of every minute takes it up."""
    from companies.tasks import carry_on_import  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(carry_on_import, pk)


def carry_on(pk: int, *, seconds: float) -> bool:
    """As far as it goes in so many seconds without a person; whether more is left. A second worker does nothing."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with transaction.atomic():
            an_import = Import.objects.busy().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if an_import is None:
                return False
            with pghistory.context(user=an_import.by_id, **{"import": pk}):
                _DO[Status(an_import.status)](an_import)
            an_import.save()
    return True


def _read(an_import: Import) -> None:
    try:
        with transaction.atomic():
            an_import.total = stage(an_import)
            if not an_import.total:
                raise Unreadable("empty")
    except (Unreadable, FileNotFoundError) as fault:
        an_import.status, an_import.total = Status.COLUMNS, 0
        an_import.fault = fault.code if isinstance(fault, Unreadable) else "file_gone"
        return
    an_import.status, an_import.values = Status.VALUES, guessing.known_values(an_import)


def _check(an_import: Import) -> None:
    """Every row is read first, then the doubles are told, then every row is compared."""
    position = an_import.done % an_import.total if an_import.total else 0
    rows = list(an_import.rows.order_by("number")[position : position + SOME])
    if an_import.done < an_import.total:
        read_rows(an_import, rows)
        if an_import.done + len(rows) >= an_import.total:
            fold_file(an_import)
    else:
        check_rows(an_import, rows)
    an_import.done += len(rows)
    if an_import.done >= 2 * an_import.total:
        an_import.status, an_import.checked_at = Status.CHECKED, clock.now()


def _write(an_import: Import) -> None:
    written = write_some(an_import)
    an_import.done += written
    if not written:
        an_import.status, an_import.finished_at = Status.DONE, clock.now()
        an_import.counts = counts_of(an_import)


def _undo(an_import: Import) -> None:
    undone = undo_some(an_import)
    an_import.done += undone
    if not undone:
        an_import.status, an_import.undone_at = Status.UNDONE, clock.now()


_DO: dict[Status, Callable[[Import], None]] = {
    Status.READING: _read,
    Status.CHECKING: _check,
    Status.RUNNING: _write,
    Status.UNDOING: _undo,
}


def to_write(an_import: Import) -> int:
    """Rows that are sure, and not among the records yet."""
    return an_import.rows.filter(outcome__in=ImportRow.WRITTEN, written_at=None).count()


def counts_of(an_import: Import) -> dict[str, int]:
    """Out of the database, never out of what a job believes."""
    return an_import.rows.aggregate(
        **{outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in ImportRow.Outcome if outcome.value},
        written=Count("pk", filter=Q(written_at__isnull=False)),
        rows=Count("pk"),
    )


@transaction.atomic
def discard(an_import: Import) -> None:
    """Nothing was written, so nothing is left."""
    locked = Import.objects.select_for_update().get(pk=an_import.pk)
    if locked.status not in Import.NOTHING_WRITTEN:
        raise WrongMoment
    file = locked.file
    locked.delete()
    transaction.on_commit(partial(file.delete, save=False))
