"""What a list is made of, as the apps declare it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from companies.sheets import Kind
from config.staff.models import User
from config.templatetags.puente import day, money, number, unknown

Rows = QuerySet[Any, Any]
NUMERIC = {Kind.NUMBER, Kind.MONEY}


class Filters(Protocol):
    """By what a list is narrowed: read out of the address, drawn by its own template."""

    template: str
    reader: User

    @property
    def on(self) -> int:
        """How many are set."""

    def apply(self, rows: Rows) -> Rows: ...

    def words(self) -> list[tuple[str, str]]:
        """Each that is set, by its label and what it is set to."""

    def context(self) -> Mapping[str, Any]:
        """What its template needs."""


@dataclass(frozen=True)
class Column:
    """One thing that a list says of each record: how it is read, shown, told in a file, and what one may sort by."""

    name: str
    label: Any
    # A path, or an expression over the record; it is read only where the column is shown.
    value: str | Callable[[User], Any]
    kind: Kind = Kind.TEXT
    # The words of a stored value.
    choices: Mapping[Any, Any] = field(default_factory=dict)
    # More than the value: a cell of the page, out of the whole row.
    shows: Callable[[Any], object] | None = None
    # Joins that several columns share.
    needs: Callable[[Rows], Rows] | None = None
    is_sorted: bool = True
    # A column of the record that has an index and is never empty; else the value itself is sorted by.
    sort_key: str = ""
    newest_first: bool = False
    # How the value of all records is read at once, where the list is ordered by it: rows and reader to rows and value.
    for_all: Callable[[Rows, User], tuple[Rows, Any]] | None = None

    @property
    def read_as(self) -> str:
        """Not the bare name, which is often a field of the record."""
        return f"c_{self.name}"

    def expression(self, reader: User) -> Any:
        return F(self.value) if isinstance(self.value, str) else self.value(reader)

    def of(self, row: Any) -> Any:
        return getattr(row, self.read_as)

    def cell(self, row: Any) -> object:
        value = self.of(row)
        if self.shows:
            return self.shows(row)
        if value is None or value == "":
            return unknown(None)
        if self.kind in {Kind.DATE, Kind.MOMENT}:
            return day(_local(value))
        if self.kind is Kind.MONEY:
            return money(value)
        return number(value) if self.kind is Kind.NUMBER else self.choices.get(value, value)

    def told(self, row: Any) -> object:
        """The value as a file keeps it: real numbers, and days by the reader's clocks."""
        value = self.of(row)
        if value is None or isinstance(value, int | float | Decimal):
            return self.choices.get(value, value)
        if isinstance(value, date):
            return _local(value).date() if self.kind is Kind.DATE and isinstance(value, datetime) else value
        return str(self.choices.get(value, value))


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) else value


@dataclass(frozen=True)
class BulkField:
    """A field that may be set for many records at once."""

    name: str
    label: Any
    # What the value is chosen with; the label is the field's.
    form_field: Callable[[User], Any]
    # The column that is written, of the list's own model or of one that points at it.
    column: str
    model: type[Model] | None = None
    via: str = ""
    may_be_empty: bool = False
    # What the column stores of what was chosen: the key of a record.
    stores: Callable[[Any], Any] = lambda chosen: getattr(chosen, "pk", chosen)
    # What an empty column of this kind holds.
    emptied: Any = None
    # Of a stored value: which records have it already, where that is not plain equality, …
    is_so: Callable[[Any], Q] | None = None
    # … and which cannot take it, and why.
    refuses: Callable[[Any, User], Sequence[tuple[str, Q]]] = lambda value, by: ()
    # What follows for the records that were written.
    settles: Callable[[Sequence[int]], None] = lambda pks: None
    may: Callable[[User], bool] = lambda user: True


@dataclass(frozen=True)
class RecordList:
    name: str
    namespace: str
    # The name of the list's address, and the records' addresses are `<address><pk>/`.
    url_name: str
    title: Any
    model: type[Model]
    rows: Callable[[User], Rows]
    # The first one is always shown: it names the record.
    columns: Sequence[Column]
    shown_first: Sequence[str]
    filters: Callable[[QueryDict, User], Filters]
    # The usual order; an index serves it, and the last key is unique.
    keys: Sequence[str]
    # Fields or paths of the record that cells need besides their values.
    always: Sequence[str] = ()
    sorted_by: str = ""
    bulk: Sequence[BulkField] = ()
    # What is written down of rows that were shown, or left in a file.
    looked: Callable[[User, Sequence[Any], Literal["page", "file"]], None] | None = None
    # A second line in the first cell.
    beneath: Callable[[Any], object] | None = None
    # Where nothing was ever recorded: a title, and what one can do.
    none_yet: tuple[Any, str, Any] | None = None
    sign: str = "search"

    def url(self, what: str = "", **given: Any) -> str:
        """The list's own address, or that of a part of it: "export", "views", "bulk" …"""
        name = f"{self.namespace}:{self.name}_{what}" if what else self.url_name
        return reverse(name, kwargs=given or None)

    def bulk_field(self, name: str) -> BulkField | None:
        return next((field for field in self.bulk if field.name == name), None)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


_lists: dict[str, RecordList] = {}


def register(record_list: RecordList) -> None:
    _lists[record_list.name] = record_list


def list_named(name: str) -> RecordList | None:
    return _lists.get(name)
