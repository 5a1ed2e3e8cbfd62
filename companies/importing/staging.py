"""The rows of an import, between the file and the records: put in by COPY, changed many at a time."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from companies.importing.reading import rows_of, way_of_import
from companies.models import Import, ImportRow

# Two rows of one key name one company: without case, accents, blanks and legal forms.
KEYS = """
WITH keyed AS (
    SELECT id, said, coalesce(nullif(replace(puente_fold_company(said->>'company_name'), ' ', ''), ''),
        lower(left(said->>'company_name', 255)), '') AS company,
        puente_fold(concat_ws(' ', said->>'given_name', said->>'family_name')) AS person
    FROM companies_importrow WHERE id = ANY(%s)
)
UPDATE companies_importrow r SET company_key = keyed.company,
    contact_key = CASE
        WHEN keyed.person = '' THEN coalesce(keyed.said->'email'->>0, '')
        WHEN keyed.company <> '' THEN keyed.person || '|' || keyed.company
        ELSE coalesce(keyed.said->'email'->>0, keyed.person || '|') END
FROM keyed WHERE keyed.id = r.id
"""


def stage(an_import: Import) -> int:
    """Every row of the file but its header; how many. Raises Unreadable."""
    copy = "COPY companies_importrow (of_id, number, cells, said, problems, outcome, company_key, contact_key,"
    copy += " company_is, company_alikes, company_decided, contact_is, contact_alikes, contact_decided) FROM STDIN"
    count = 0
    with an_import.file.open("rb") as file, connection.cursor() as cursor, cursor.copy(copy) as into:
        rows = rows_of(file, way_of_import(an_import))
        next(rows, None)
        for number, cells in rows:
            staged = json.dumps(cells, ensure_ascii=False)
            into.write_row((an_import.pk, number, staged, "{}", "{}", "", "", "", "", "[]", False, "", "[]", False))
            count += 1
    return count


def keep_read(rows: Sequence[ImportRow]) -> None:
    """What the cells of these rows were read as, and the keys that follow from it."""
    _update(rows, {"said": "jsonb", "problems": "jsonb", "outcome": "text"})
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [[row.pk for row in rows]])


def keep_checked(rows: Sequence[ImportRow]) -> None:
    columns = {"outcome": "text", "double_of": "int", "company_id": "bigint", "contact_id": "bigint"}
    for part in ("company", "contact"):
        columns |= {f"{part}_is": "text", f"{part}_alikes": "jsonb", f"{part}_decided": "bool"}
    _update(rows, columns)


def keep_written(rows: Sequence[ImportRow]) -> None:
    columns = {"company_id": "bigint", "contact_id": "bigint", "company_is": "text", "contact_is": "text"}
    _update(rows, columns | {"outcome": "text", "written_at": "timestamptz", "problems": "jsonb"})


def _update(rows: Sequence[ImportRow], columns: dict[str, str]) -> None:
    """One statement for all of them."""
    if not rows:
        return
    given = ", ".join(f"%s::{'text' if kind == 'jsonb' else kind}[]" for kind in columns.values())
    taken = ", ".join(
        f"{name} = given.{name}::jsonb" if kind == "jsonb" else f"{name} = given.{name}"
        for name, kind in columns.items()
    )
    values: list[list[Any]] = [
        [json.dumps(getattr(row, name)) if kind == "jsonb" else getattr(row, name) for row in rows]
        for name, kind in columns.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE companies_importrow r SET {taken}"  # noqa: S608 - names of our own columns
            f" FROM unnest(%s::bigint[], {given}) AS given(id, {', '.join(columns)}) WHERE r.id = given.id",
            [[row.pk for row in rows], *values],
        )
