"""What a spreadsheet program finds in the files: numbers, days, and nothing that it would carry out."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from companies import sheets
from companies.sheets import Column, Kind, Sheet, TooManyRows, csv_pieces, inert, write_workbook

CALI = ZoneInfo("America/Bogota")
COLUMNS = [
    Column("Company"),
    Column("Jobs", Kind.NUMBER),
    Column("Capex (USD)", Kind.MONEY),
    Column("Since", Kind.DATE),
    Column("Met", Kind.MOMENT),
]
ROW = ("Ñandú S.A.S.", -12, Decimal("-1234.5"), date(2026, 11, 24), datetime(2026, 11, 24, 3, 30, tzinfo=UTC))


def as_csv(*given: Sheet) -> str:
    return "".join(csv_pieces(given, CALI, lambda rows: None))


def as_workbook(*given: Sheet) -> Any:
    content = io.BytesIO()
    write_workbook(given, content, CALI)
    return load_workbook(content)


def sheet(*rows: Sequence[object], name: str = "Companies") -> Sheet:
    return Sheet(name, COLUMNS[: len(rows[0])] if rows else COLUMNS, rows)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_what_begins_like_a_formula_is_a_text(sign: str) -> None:
    assert inert(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["+573001234567", "-5", "-1.234,50", "plain", "", "1=1"])
def test_a_number_and_a_plain_text_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_a_formula_in_a_cell_or_a_label_is_inert_in_both_kinds_of_file() -> None:
    evil = Sheet("=evil", [Column("=HYPERLINK(1)")], [["=cmd|' /C calc'!A0"]])

    [label, cell] = as_csv(evil).removeprefix("\ufeff").splitlines()
    page = as_workbook(evil).worksheets[0]

    assert label.startswith("'=")
    assert cell.startswith("'=")
    assert [row[0].value[:2] for row in page.rows] == ["'=", "'="]
    assert all(row[0].data_type == "s" for row in page.rows)


def test_a_csv_is_utf8_with_its_mark_and_plain_numbers() -> None:
    text = as_csv(sheet(ROW))

    assert text.startswith("\ufeff")
    [header, row] = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert header == ["Company", "Jobs", "Capex (USD)", "Since", "Met (America/Bogota)"]
    assert row == ["Ñandú S.A.S.", "-12", "-1234.50", "2026-11-24", "2026-11-23 22:30"]


def test_a_workbook_holds_numbers_and_days() -> None:
    page = as_workbook(sheet(ROW)).worksheets[0]

    name, jobs, capex, since, met = list(page.rows)[1]
    assert (name.value, jobs.value, capex.value) == ("Ñandú S.A.S.", -12, -1234.5)
    assert (since.value.date(), since.is_date) == (date(2026, 11, 24), True)
    assert met.value == datetime(2026, 11, 23, 22, 30)


def test_what_is_not_known_is_an_empty_cell() -> None:
    nothing = sheet(("Ñandú", None, None, None, None))

    assert as_csv(nothing).splitlines()[1] == "Ñandú,,,,"
    assert [cell.value for cell in list(as_workbook(nothing).worksheets[0].rows)[1]][1:] in ([], [None] * 4)


def test_days_that_excel_does_not_know_are_texts() -> None:
    rows = as_workbook(sheet(("Old", 1, None, date(1850, 1, 2)))).worksheets[0].rows

    assert list(rows)[1][3].value == "1850-01-02"


def test_a_workbook_has_several_sheets_whatever_they_are_called() -> None:
    book = as_workbook(*(sheet(("a",), name=name) for name in ("By [country]/sector", "x" * 40, "x" * 40, "")))

    assert [len(name) <= 31 for name in book.sheetnames] == [True] * 4
    assert len(set(book.sheetnames)) == 4


def test_a_sign_that_no_workbook_holds_is_left_out() -> None:
    assert list(as_workbook(sheet(("a\x0bb",))).worksheets[0].rows)[1][0].value == "a b"


def test_a_workbook_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_IN_A_WORKBOOK", 2)

    with pytest.raises(TooManyRows):
        as_workbook(sheet(*[("a",)] * 3))


def test_a_csv_goes_out_while_it_is_read() -> None:
    read = 0

    def rows() -> Any:
        nonlocal read
        for read in range(1, 10_001):  # noqa: B007 - told by the test below
            yield ("a",)

    pieces = csv_pieces([Sheet("a", COLUMNS[:1], rows())], CALI, lambda count: None)
    for _piece in range(3):
        next(pieces)

    assert read <= 2 * sheets.LINES_AT_ONCE
