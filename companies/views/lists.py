"""A list and what belongs to it: its files, its saved views. Each app gives its lists their addresses by `paths`."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from companies import exporting
from companies.exporting import Sheet, Table
from companies.lists import reading
from companies.lists.asking import ALL, VIEW, Asked, read
from companies.lists.kinds import RecordList
from companies.lists.showing import show
from companies.sheets import Column
from companies.views import bulk_edits, saved_views
from config.staff.access import exporters
from config.staff.paging import count_label, count_of
from config.staff.requests import StaffRequest

# Rows that a stream reads at once.
SOME = 2_000


def paths(of: RecordList, under: str) -> list[URLPattern]:
    """The addresses beneath a list; `under` is its own, such as `companies/`."""
    given = {"of": of}
    return [
        path(f"{under}export/", export, given, name=f"{of.name}_export"),
        *([path(f"{under}bulk/", bulk_edits.new, given, name=f"{of.name}_bulk")] if of.bulk else []),
        path(f"{under}views/", saved_views.views, given, name=f"{of.name}_views"),
        path(f"{under}views/new/", saved_views.new, given, name=f"{of.name}_view_new"),
        path(f"{under}views/<int:pk>/", saved_views.edit, given, name=f"{of.name}_view"),
        path(f"{under}views/<int:pk>/keep/", saved_views.keep, given, name=f"{of.name}_view_keep"),
        path(f"{under}views/<int:pk>/remove/", saved_views.remove, given, name=f"{of.name}_view_remove"),
    ]


def page(request: StaffRequest, of: RecordList, template: str, **more: Any) -> HttpResponse:
    """A list on its page."""
    shown = show(of, request)
    asked = shown.asked
    on = {column.name for column in asked.columns}
    context = {
        **asked.filters.context(),
        **more,
        "shown": shown,
        "page": shown.page,
        "column_choices": [(column, column.name in on) for column in of.columns[1:]],
        "clear_url": f"?{VIEW}={ALL}",
        "views_url": of.url("views"),
        "view_url": of.url("view", pk=asked.view.pk) if asked.view else "",
        "may_change_view": asked.view and asked.view.may_be_changed_by(request.user),
        "export_url": of.url("export"),
        "bulk_url": of.url("bulk") if shown.can_tick else "",
    }
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@exporters
def export(request: StaffRequest, of: RecordList) -> HttpResponse:
    """What the list shows, whole: the same filters, order and columns."""
    asked = read(of, request.GET, request.user)
    found = reading.found(asked)
    rows = reading.in_order(reading.read(found, asked, asked.columns), asked)
    columns = [Column(str(column.label), column.kind) for column in asked.columns]
    sheet = Sheet(str(of.title), columns, _told(rows, asked))
    table = Table(str(of.title), [sheet], asked.filters.words(), count_label(count_of(found)))
    return exporting.answer(request, table, back=f"{of.url()}?{asked.address or f'{VIEW}={ALL}'}")


def _told(rows: Any, asked: Asked) -> Iterator[list[object]]:
    # A generator, so that nothing is read where only the form is shown.
    found = rows.iterator(chunk_size=SOME)
    while some := list(islice(found, SOME)):
        if asked.of.looked:
            asked.of.looked(asked.reader, some, "file")
        yield from reading.values_of(some, asked.columns)
