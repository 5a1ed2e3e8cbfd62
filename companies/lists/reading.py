"""The rows of a list as plain values: those that a page shows, a file holds, and the neighbours of one record."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from companies.lists.asking import Asked
from companies.lists.kinds import Column, Rows

MISSING = "sorted_last"


def found(asked: Asked) -> Rows:
    """The records that the list holds, in no order: to be counted, changed, or read."""
    return asked.filters.apply(asked.of.rows(asked.reader))


def read(rows: Rows, asked: Asked, columns: Sequence[Column]) -> Rows:
    """With the values of these columns and what the order needs."""
    wanted = list(columns)
    column = asked.sort_column
    if column and not column.sort_key and column not in wanted:
        wanted.append(column)
    for needs in dict.fromkeys(column.needs for column in wanted if column.needs):
        rows = needs(rows)
    values = {each.read_as: each.expression(asked.reader) for each in wanted}
    if column and column.for_all:
        rows, values[column.read_as] = column.for_all(rows, asked.reader)
    rows = rows.annotate(**values)
    if column and not column.sort_key:
        empty = Q(**{f"{column.read_as}__isnull": True})
        rows = rows.annotate(**{MISSING: ExpressionWrapper(empty, output_field=BooleanField())})
    return rows.values_list(*_names(asked, wanted, keys(asked)), named=True)


def _names(asked: Asked, columns: Iterable[Column], order: Iterable[str]) -> list[str]:
    ordered = (key.removeprefix("-") for key in order)
    return list(dict.fromkeys(["pk", *asked.of.always, *(column.read_as for column in columns), *ordered]))


def keys(asked: Asked) -> tuple[str, ...]:
    """What is empty stands last, whichever way the list goes; equals stand in the usual order."""
    column, usual = asked.sort_column, tuple(asked.of.keys)
    if column is None:
        return usual
    minus = "-" if asked.sort.startswith("-") else ""
    if column.sort_key:
        rest = [key for key in usual if key.removeprefix("-") not in {column.sort_key, "pk"}]
        return (f"{minus}{column.sort_key}", *rest, f"{minus}pk")
    return (MISSING, f"{minus}{column.read_as}", *usual)


def in_order(rows: Rows, asked: Asked) -> Rows:
    return rows.order_by(*keys(asked))


def values_of(rows: Iterable[Any], columns: Sequence[Column]) -> Iterable[list[object]]:
    """What a file holds, row by row."""
    return ([column.told(row) for column in columns] for row in rows)
