"""A list as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from companies.lists import reading
from companies.lists.asking import OWN, SORT, VIEW, Asked, read
from companies.lists.kinds import NUMERIC, Column, RecordList
from config.staff.paging import Page, count_label, count_of, keyset_page
from config.staff.requests import StaffRequest

NUMBERED = ' class="num"'
# A record that was opened from a list carries the list's address in its own.
LIST = "list"


@dataclass(frozen=True)
class Head:
    label: str
    is_number: bool
    # Where the column is sorted by another way, or nowhere.
    url: str
    direction: str


@dataclass(frozen=True)
class Shown:
    asked: Asked
    page: Page[Any]
    heads: Sequence[Head]
    body: SafeString
    count_label: str
    can_tick: bool

    @property
    def of(self) -> RecordList:
        return self.asked.of

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of the filters hands on."""
        view = [(VIEW, str(self.asked.view.pk))] if self.asked.view else []
        query = self.asked.query
        return [*view, (OWN, "1"), *((name, value) for name in (SORT, "columns") for value in query.getlist(name))]

    @property
    def filters_kept(self) -> list[tuple[str, str]]:
        """What the form of the columns hands on."""
        given = ((name, value) for name, values in self.asked.query.lists() for value in values if name != "columns")
        return [*self.kept[: 2 if self.asked.view else 1], *given]


def show(of: RecordList, request: StaffRequest) -> Shown:
    """Queries: the views, the count, the rows, and the menus of the filters."""
    asked = read(of, request.GET, request.user)
    rows = reading.found(asked)
    page = keyset_page(reading.read(rows, asked, asked.columns), request, reading.keys(asked), counted=False)
    if of.looked:
        of.looked(request.user, page.rows, "page")
    can_tick = any(field.may(request.user) for field in of.bulk)
    return Shown(
        asked,
        page,
        [_head(asked, column) for column in asked.columns],
        _body(asked, page.rows, can_tick=can_tick),
        count_label(count_of(rows)),
        can_tick=can_tick,
    )


def _head(asked: Asked, column: Column) -> Head:
    direction, url = "", ""
    if column.is_sorted:
        down = f"-{column.name}"
        if asked.sort in {column.name, down}:
            direction = "descending" if asked.sort == down else "ascending"
        turned = column.name if direction == "descending" else down
        first = down if column.newest_first else column.name
        url = _with(asked, SORT, turned if direction else first)
    return Head(str(column.label), column.kind in NUMERIC, url, direction)


def _with(asked: Asked, name: str, value: str) -> str:
    query = asked.query.copy()
    query[name] = value
    if asked.view:
        query[VIEW] = str(asked.view.pk)
    return f"?{query.urlencode()}"


def _body(asked: Asked, rows: Sequence[Any], *, can_tick: bool) -> SafeString:
    """Drawn here, since a template's loop over all cells would cost a list more than its queries."""
    first, *others = asked.columns
    root, back = asked.of.url(), conditional_escape("?" + urlencode({LIST: asked.address}))
    beneath = asked.of.beneath
    opened = [
        (
            column,
            f'<td{" class=num" if column.kind in NUMERIC else ""} data-label="{conditional_escape(column.label)}">',
        )
        for column in others
    ]
    ticked = _("Select %(name)s")
    lines = []
    for row in rows:
        title = first.cell(row)
        tick = ""
        if can_tick:
            words = conditional_escape(ticked % {"name": first.of(row)})
            tick = f'<td class="tick"><input type="checkbox" name="pk" value="{row.pk}" aria-label="{words}"></td>'
        cells = "".join(f"{start}{_escaped(column.cell(row))}</td>" for column, start in opened)
        lines.append(
            f'<tr>{tick}<th scope="row"><a class="row-title" href="{root}{row.pk}/{back}" data-row-link>'
            f"{_escaped(title)}</a>{_escaped(beneath(row)) if beneath else ''}</th>{cells}</tr>"
        )
    return mark_safe("".join(lines))  # noqa: S308 - each piece was escaped


def _escaped(content: object) -> str:
    return conditional_escape(content if isinstance(content, str) else str(content))


def sub(text: object) -> SafeString:
    """The second line of a first cell."""
    return format_html('<div class="row-sub">{}</div>', text) if text else SafeString()
