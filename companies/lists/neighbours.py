"""From inside a record to the one before and the one after it in the list that it was opened from."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from companies.lists import reading
from companies.lists.asking import ALL, VIEW, asked_by
from companies.lists.kinds import RecordList
from companies.lists.showing import LIST
from config.staff.models import User
from config.staff.paging import rows_beside


@dataclass(frozen=True)
class Neighbour:
    url: str
    label: str


@dataclass(frozen=True)
class Neighbours:
    before: Neighbour | None
    after: Neighbour | None
    list_url: str
    title: Any


def neighbours(of: RecordList, address: str, pk: int, reader: User) -> Neighbours | None:
    """Three queries. The record itself may have left the list by what was just done to it."""
    asked = asked_by(of, address, reader)
    columns = of.columns[:1]
    this = reading.read(of.rows(reader).filter(pk=pk), asked, columns).first()
    if this is None:
        return None
    rows = reading.read(reading.found(asked), asked, columns)
    before, after = rows_beside(rows, this, reading.keys(asked))
    back = f"{of.url()}?{asked.address or urlencode({VIEW: ALL})}"
    return Neighbours(_neighbour(asked.of, before, asked.address), _neighbour(of, after, asked.address), back, of.title)


def _neighbour(of: RecordList, row: Any, address: str) -> Neighbour | None:
    if row is None:
        return None
    return Neighbour(f"{of.url()}{row.pk}/?{urlencode({LIST: address})}", str(of.columns[0].of(row)))
