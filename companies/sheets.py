"""Tables as files: CSV line by line, and workbooks with real numbers and days. Formulas in texts come out inert."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Row = Sequence[object]
# What a spreadsheet takes for the beginning of a formula; the wide signs too, which some of them narrow.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
A_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
# openpyxl writes some 10,000 rows a second, and the whole of them before the first byte goes out.
MOST_IN_A_WORKBOOK = 50_000
LINES_AT_ONCE = 200
LONGEST_SHEET_NAME = 31
EXCEL_BEGINS = 1900


class TooManyRows(Exception):  # noqa: N818
    """More than a workbook is made of; a CSV has no end."""


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"


LOOKS = {
    Kind.NUMBER: "General",
    Kind.MONEY: "#,##0.00",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class Column:
    label: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Sheet:
    """One table. Its rows are read once, while the file is written; None is an empty cell."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]


def inert(text: str) -> str:
    """Cannot be taken for a formula; a plain number, such as +573001234567, can do nothing and stays as it is."""
    return f"'{text}" if text.startswith(FORMULA) and not A_NUMBER.fullmatch(text) else text


def csv_pieces(sheets: Sequence[Sheet], zone: tzinfo, counted: Callable[[int], None]) -> Iterator[str]:
    """The sheets one after another; `counted` is told of the rows that each piece holds before it goes out."""
    writer = csv.writer(EachLine())
    yield "\N{BYTE ORDER MARK}"
    for number, sheet in enumerate(sheets):
        if len(sheets) > 1:
            yield ("\r\n" if number else "") + writer.writerow([inert(sheet.name)])
        yield writer.writerow(_header(sheet, zone))
        lines: list[str] = []
        for row in sheet.rows:
            lines.append(writer.writerow(_texts(sheet, row, zone)))
            if len(lines) == LINES_AT_ONCE:
                counted(len(lines))
                yield "".join(lines)
                lines = []
        counted(len(lines))
        yield "".join(lines)


def _texts(sheet: Sheet, row: Row, zone: tzinfo) -> list[str]:
    return [_text(column.kind, value, zone) for column, value in zip(sheet.columns, row, strict=True)]


def _text(kind: Kind, value: object, zone: tzinfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            there = timezone.make_naive(value, zone) if timezone.is_aware(value) else value
            return f"{there.date().isoformat()} {there:%H:%M}"
        case date():
            return value.isoformat()
        case bool():
            return _("Yes") if value else _("No")
        case int() | float() | Decimal():
            return f"{value:.2f}" if kind is Kind.MONEY else f"{value}"
    return inert(str(value))


def _header(sheet: Sheet, zone: tzinfo) -> list[str]:
    """A moment says whose clock it is told by."""
    return [
        inert(f"{column.label} ({zone})" if column.kind is Kind.MOMENT else str(column.label))
        for column in sheet.columns
    ]


def write_workbook(sheets: Sequence[Sheet], into: IO[bytes], zone: tzinfo) -> int:
    """How many rows. Raises TooManyRows."""
    book = Workbook(write_only=True)
    try:
        return _fill(book, sheets, zone)
    finally:
        # Of one that was given up too: only saving removes what openpyxl keeps on the disk meanwhile.
        book.save(into)


def _fill(book: Workbook, sheets: Sequence[Sheet], zone: tzinfo) -> int:
    count, taken = 0, set[str]()
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name, taken))
        page.freeze_panes = "A2"
        page.append(_header(sheet, zone))
        for row in sheet.rows:
            count += 1
            if count > MOST_IN_A_WORKBOOK:
                raise TooManyRows
            cells = zip(sheet.columns, row, strict=True)
            page.append([_cell(page, column.kind, value, zone) for column, value in cells])
    return count


def _cell(page: Any, kind: Kind, value: object, zone: tzinfo) -> object:
    if isinstance(value, datetime):
        value = timezone.make_naive(value, zone)
    if isinstance(value, date) and value.year >= EXCEL_BEGINS:
        look = LOOKS[Kind.MOMENT if isinstance(value, datetime) else Kind.DATE]
    elif isinstance(value, int | float | Decimal) and kind in {Kind.NUMBER, Kind.MONEY}:
        look = LOOKS[kind]
    else:
        return None if value is None else ILLEGAL_CHARACTERS_RE.sub(" ", _text(kind, value, zone))
    cell = WriteOnlyCell(page, value)
    cell.number_format = look
    return cell


def _sheet_name(name: str, taken: set[str]) -> str:
    """Excel forbids some signs, long names and doubles."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:LONGEST_SHEET_NAME] or _("Sheet")
    found, number = plain, 1
    while found.lower() in taken:
        number += 1
        found = f"{plain[: LONGEST_SHEET_NAME - 4]} {number}"
    taken.add(found.lower())
    return found


class EachLine:
    """A file, for a CSV writer, that gives each line back."""

    def write(self, line: str) -> str:
        return line
