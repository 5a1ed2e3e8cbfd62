"""What a person says of single rows: before anything is written, and of those that the writing left, as long as the
import can still be undone.
"""

from django.db import transaction

from companies.importing.checking import check_rows, recheck
from companies.importing.staging import keep_checked
from companies.importing.steps import WrongMoment
from companies.models import Import, ImportRow

Is, Outcome = ImportRow.Is, ImportRow.Outcome
NEW = "new"


@transaction.atomic
def decide(an_import: Import, number: int, part: str, choice: str) -> int:
    """The company (or person) of a row is a new one, or one of those like it; how many rows that decides."""
    an_import = _locked(an_import)
    row = _unwritten(an_import, number)
    alikes = getattr(row, f"{part}_alikes")
    if choice.startswith("row") and any(str(alike.get("row")) == choice[3:] for alike in alikes):
        row.outcome, row.double_of = Outcome.DOUBLE, int(choice[3:])
        keep_checked([row])
        return 1
    pks = [alike["pk"] for alike in alikes if "pk" in alike]
    if choice != NEW and choice not in map(str, pks):
        raise WrongMoment
    asked = an_import.rows.filter(**{f"{part}_key": getattr(row, f"{part}_key"), f"{part}_is": Is.ASK})
    rows = list(asked.exclude(outcome__in=[Outcome.SKIP, Outcome.DOUBLE]))
    for each in rows:
        setattr(each, f"{part}_is", Is.NEW if choice == NEW else Is.SAME)
        setattr(each, f"{part}_id", None if choice == NEW else int(choice))
        setattr(each, f"{part}_decided", True)
    check_rows(an_import, rows)
    return len(rows)


@transaction.atomic
def leave_out(an_import: Import, number: int) -> None:
    an_import = _locked(an_import)
    row = _unwritten(an_import, number)
    row.outcome = Outcome.SKIP
    keep_checked([row])


@transaction.atomic
def take_again(an_import: Import, number: int) -> None:
    """Undo what was decided of this row, and look at it anew."""
    an_import = _locked(an_import)
    recheck(an_import, [_unwritten(an_import, number)])


@transaction.atomic
def repair(an_import: Import, number: int, texts: dict[str, str]) -> ImportRow:
    """New words for some cells, by the names of their fields; the row is read and compared again."""
    an_import = _locked(an_import)
    row = _unwritten(an_import, number)
    for name, text in texts.items():
        column = an_import.field_of(name)
        if column is not None:
            row.cells += [""] * (column + 1 - len(row.cells))
            row.cells[column] = text
    row.save(update_fields=["cells"])
    recheck(an_import, [row])
    return row


def _locked(an_import: Import) -> Import:
    locked = Import.objects.select_for_update().get(pk=an_import.pk)
    if not locked.may_be_decided:
        raise WrongMoment
    return locked


def _unwritten(an_import: Import, number: int) -> ImportRow:
    """What has become a record is changed there, not here."""
    row = an_import.rows.get(number=number)
    if row.written_at:
        raise WrongMoment
    return row
