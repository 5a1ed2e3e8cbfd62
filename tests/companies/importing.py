"""Imports in tests: a file in one line, and each step without a worker."""

from typing import Any

from django.core.files.base import ContentFile

from companies.importing import steps
from companies.importing.kinds import kind_of
from companies.models import Import, ImportRow
from config.staff.models import User
from tests.staff.factories import UserFactory

Status = Import.Status
LONG = 120


def uploaded(
    text: str | bytes, kind: str = "company", *, name: str = "list.csv", by: User | None = None, **about: Any
) -> Import:
    content = text.encode() if isinstance(text, str) else text
    by = by or UserFactory(manager_role=True)
    return steps.begin(kind_of(kind), ContentFile(content, name=name), by=by, about=about)


def worked(an_import: Import) -> Import:
    steps.carry_on(an_import.pk, seconds=LONG)
    an_import.refresh_from_db()
    return an_import


def read(an_import: Import, **columns: str) -> Import:
    """Its rows staged, as the guessed columns say, or those given by number."""
    chosen = {column.removeprefix("c"): field for column, field in columns.items()} or an_import.columns
    return worked(steps.go_on(an_import, Status.READING, from_=(Status.COLUMNS,), columns=chosen))


def checked(text: str | bytes, kind: str = "company", *, by: User | None = None, **answers: Any) -> Import:
    an_import = read(uploaded(text, kind, by=by, **answers.pop("about", {})))
    return worked(steps.go_on(an_import, Status.CHECKING, from_=(Status.VALUES,), **answers))


def run(an_import: Import) -> Import:
    return worked(steps.go_on(an_import, Status.RUNNING, from_=(Status.CHECKED,)))


def imported(text: str | bytes, kind: str = "company", **answers: Any) -> Import:
    return run(checked(text, kind, **answers))


def undone(an_import: Import) -> Import:
    return worked(steps.go_on(an_import, Status.UNDOING, from_=(Status.DONE,), undone_by=an_import.by))


def outcomes(an_import: Import) -> list[str]:
    return list(an_import.rows.order_by("number").values_list("outcome", flat=True))


def row(an_import: Import, number: int) -> ImportRow:
    return an_import.rows.get(number=number)
