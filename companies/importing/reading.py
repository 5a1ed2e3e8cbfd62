"""Rows out of a file, one at a time, whatever the file is. Hostile ones are refused before they cost anything."""

import csv
import io
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import charset_normalizer
import openpyxl

from companies.importing.problems import Unreadable
from companies.importing.texts import one_line, storable
from companies.models import Import

MOST_COLUMNS = 200
MOST_ROWS = 250_000
LONGEST_LINE = 500_000
# What a workbook may unpack to, and how much of it a table of words that is read at once.
MOST_UNPACKED, MOST_WORDS = 400 * 2**20, 60 * 2**20
SAMPLE = 256 * 1024
SHOWN = 5

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = (
    *("utf-8-sig", "utf-16", "cp1252", "iso8859-15", "mac_roman", "cp850", "cp1250", "cp1251"),
    *("gb18030", "big5", "shift_jis", "euc_kr", "cp1256", "cp1255"),
)
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Way:
    """How a file is read: text by encoding and delimiter, a workbook by its sheet."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Look:
    """What stands at the top of a file, for a person to see."""

    header: list[str]
    samples: list[list[str]]
    sheets: list[str] = field(default_factory=list)


def way_of(file: IO[bytes]) -> Way:
    """Find out how to read this; raises Unreadable."""
    file.seek(0)
    head = file.read(SAMPLE)
    if head.startswith(b"PK\x03\x04"):
        return Way(sheet=_sheets(file)[0])
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old_excel")
    encoding = _encoding(file, head)
    return Way(encoding=encoding, delimiter=_delimiter(head.decode(encoding, "replace")))


def is_readable(file: IO[bytes], way: Way) -> Look:
    """The top of the file, read that way; raises Unreadable."""
    found: list[list[str]] = []
    for _number, cells in rows_of(file, way):
        found.append(cells)
        if len(found) > SHOWN:
            break
    if not found:
        raise Unreadable("empty")
    width = max(map(len, found))
    header = [one_line(cell)[:200] for cell in found[0]] + [""] * (width - len(found[0]))
    return Look(header, found[1:], _sheets(file) if way.sheet else [])


def rows_of(file: IO[bytes], way: Way) -> Iterator[Row]:
    """Number and cells of every row that says something, the header first."""
    file.seek(0)
    cut = MOST_COLUMNS + 1
    for told, (number, cells) in enumerate(_sheet_rows(file, way.sheet) if way.sheet else _text_rows(file, way)):
        if told > MOST_ROWS:
            raise Unreadable(f"rows:{MOST_ROWS}")
        if told == 0 and len(cells) >= cut:
            raise Unreadable(f"columns:{MOST_COLUMNS}")
        yield number, cells[:MOST_COLUMNS]


def way_of_import(an_import: Import) -> Way:
    return Way(an_import.encoding, an_import.delimiter, an_import.sheet)


# Text


def _text_rows(file: IO[bytes], way: Way) -> Iterator[Row]:
    # The file stays open for others who read it.
    text = io.TextIOWrapper(_kept(file), encoding=way.encoding, errors="replace", newline="")
    reader = csv.reader(_lines(text), delimiter=way.delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(f"line:{number}") from None
        if any(cell.strip() for cell in cells):
            yield number, _trimmed([storable(cell) for cell in cells[: MOST_COLUMNS + 1]])


def _lines(text: IO[str]) -> Iterator[str]:
    """Lines of bounded length: a file may be one endless line."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Unreadable(f"line:{number}")
        yield line


def _kept(file: IO[bytes]) -> Any:
    # The annotations of TextIOWrapper ask for more of a buffer than it does.
    return _Kept(file)


class _Kept(io.RawIOBase):
    """Reads from another file, and leaves it open at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        some = self.file.read(len(buffer))
        buffer[: len(some)] = some
        return len(some)

    # What TextIOWrapper asks of a buffered reader.
    def read1(self, size: int = -1) -> bytes:
        return self.file.read(size if size > 0 else 65536)


def _encoding(file: IO[bytes], head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    nothings = head.count(0)
    if nothings > len(head) / 5:
        return _wide(head)
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")):
        raise Unreadable("binary")
    if _is_utf8(file):
        return "utf-8-sig"
    # Of what tells the languages apart: the accents may stand far below the head.
    guess = charset_normalizer.from_bytes(_telling(file), cp_isolation=list(ENCODINGS[2:])).best()
    return guess.encoding if guess and guess.encoding in ENCODINGS else "cp1252"


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: every other byte is nothing."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 4 or min(even, odd) > max(even, odd) / 4:
        raise Unreadable("binary")
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(file: IO[bytes]) -> bool:
    file.seek(0)
    text = io.TextIOWrapper(_kept(file), encoding="utf-8", newline="")
    try:
        while text.read(1 << 20):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _telling(file: IO[bytes]) -> bytes:
    """Lines with something beyond ASCII in them, as many as tell."""
    file.seek(0)
    told = bytearray()
    while len(told) < SAMPLE and (some := file.read(SAMPLE)):
        for line in some.split(b"\n"):
            if not line.isascii():
                told += line[:2000] + b"\n"
    return bytes(told[:SAMPLE])


def _delimiter(head: str) -> str:
    """The one that cuts most of the first rows into the same number of cells."""
    lines = io.StringIO(head[:65536], newline="").readlines()[:30]

    def fits(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            return (0, 0)
        width, rows = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (rows, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fits)


# Workbooks


def _sheets(file: IO[bytes]) -> list[str]:
    with _workbook(file) as book:
        names = [sheet.title for sheet in book.worksheets]
    if not names:
        raise Unreadable("empty")
    return names


def _sheet_rows(file: IO[bytes], sheet: str) -> Iterator[Row]:
    with _workbook(file) as book:
        if sheet not in [each.title for each in book.worksheets]:
            raise Unreadable("no_sheet")
        pages = book[sheet]
        # What a file says of its own size may be wrong.
        pages.reset_dimensions()
        rows = pages.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
        for number, values in enumerate(rows, 1):
            cells = _trimmed([_cell(value) for value in values])
            if cells:
                yield number, cells


class _workbook:  # noqa: N801 - used as a statement
    """An open workbook; whatever a damaged one raises while it is read says the same to a person."""

    DAMAGE: tuple[type[BaseException], ...] = (
        *(zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError),
        *(EOFError, NotImplementedError, AssertionError, RuntimeError, OverflowError, zlib.error),
    )

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        # Of features that are not read anyway.
        self.quiet = warnings.catch_warnings()

    def __enter__(self) -> Any:
        self.quiet.__enter__()
        warnings.simplefilter("ignore")
        try:
            _refuse_bombs(self.file)
            self.book = openpyxl.load_workbook(self.file, read_only=True, data_only=True, keep_links=False)
        except BaseException as fault:
            self.quiet.__exit__(None, None, None)
            if isinstance(fault, self.DAMAGE):
                raise Unreadable("workbook") from fault
            raise
        return self.book

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        self.quiet.__exit__(kind, fault, trace)
        if isinstance(fault, self.DAMAGE):
            raise Unreadable("workbook") from fault


def _refuse_bombs(file: IO[bytes]) -> None:
    """A member never unpacks to more than it declares: the standard library stops there."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        words = sum(member.file_size for member in members if "sharedstrings" in member.filename.lower())
        if len(members) > 5000 or sum(member.file_size for member in members) > MOST_UNPACKED or words > MOST_WORDS:
            raise Unreadable("bomb")
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    # No spreadsheet has one; whoever puts it there lets its entities multiply.
                    if b"<!DOCTYPE" in part.read(2048).upper():
                        raise Unreadable("bomb")
    file.seek(0)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return storable(str(value))


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
