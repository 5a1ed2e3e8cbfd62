from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from config.staff.access import staff
from config.staff.paging import keyset_page, url_after
from config.staff.requests import StaffRequest
from leads import looks
from leads.models import Lead
from leads.pipeline.board import CARDS, Board, board_of
from leads.pipeline.board_column import Column
from leads.pipeline.cards import Card


@require_GET
@staff
def board(request: StaffRequest) -> HttpResponse:
    shown = board_of(request.user, request.GET)
    columns = shown.columns()
    for column in columns:
        if column.count > CARDS:
            after = url_after(shown.row_query(shown.leads), request, shown.order, column.last_row)
            column.more_url = reverse("leads:board_column", args=[column.key]) + after
    _note(request, (card for column in columns for card in column.cards))
    context = {
        "board": shown,
        "columns": columns,
        "filters": shown.filters,
        "options": shown.filters.options(),
        "together": _together(columns),
        "view": "board",
    }
    return render(request, "leads/board.html", context)


def _together(columns: list[Column]) -> dict[str, object]:
    count = sum(column.count for column in columns)
    return {
        "count": ngettext("%(n)s lead", "%(n)s leads", count)
        % {"n": number_format(count, use_l10n=True, force_grouping=True)},
        "capex": sum((column.capex for column in columns if column.capex is not None), start=0),
        "weighted": sum((column.weighted_capex or 0 for column in columns), start=0),
        "jobs": sum(column.jobs or 0 for column in columns),
    }


@require_GET
@staff
@vary_on_headers("HX-Request")
def column(request: StaffRequest, key: str) -> HttpResponse:
    """The next cards of one column: a part for the board, a page of its own where scripts are off."""
    shown = board_of(request.user, request.GET)
    found = _column(shown, key)
    page = keyset_page(shown.row_query(shown.in_column(key)), request, keys=shown.order, size=CARDS, counted=False)
    cards = shown.dressed(page.rows)
    _note(request, cards)
    context = {
        "board": shown,
        "cards": cards,
        "more_url": page.next_url and reverse("leads:board_column", args=[key]) + page.next_url,
    }
    if request.htmx:
        return render(request, "leads/_board_more.html", context)
    return render(request, "leads/board_column.html", {**context, "column": found})


def _column(shown: Board, key: str) -> Column:
    known = shown.empty_columns()
    if key not in known:
        raise Http404
    return known[key]


def moved_answer(
    request: StaffRequest, lead: Lead, *, left: set[str], undo: int | None = None, words: str = ""
) -> HttpResponse:
    """For the board that is open: the figures of the columns that changed, and the card where it now stands."""
    shown = board_now(request)
    rows = list(shown.rows(Lead.objects.filter(pk=lead.pk)))
    here = {shown.key_of(row) for row in rows}
    looks.note_rows(request.user, looks.Where.BOARD, rows)
    context = {
        "board": shown,
        "columns": shown.columns((left | here) & shown.empty_columns().keys(), with_cards=False),
        "cards": shown.dressed(rows),
        "here": here.pop() if here else "",
        "lead": lead,
        "undo": undo,
        "words": words,
        "moved": True,
    }
    return render(request, "leads/_board_moved.html", context)


def _note(request: StaffRequest, cards: Iterable[Card]) -> None:
    looks.note(request.user, looks.Where.BOARD, (card.pk for card in cards if card.is_restricted))


def board_now(request: StaffRequest) -> Board:
    """The board that stands in the browser while a part of it is asked for."""
    return board_of(request.user, QueryDict(urlsplit(request.htmx.current_url or "").query))
