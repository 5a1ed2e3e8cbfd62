from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from config.staff.access import staff
from config.staff.paging import keyset_page, url_after
from config.staff.requests import StaffRequest
from leads.board import CARDS, ORDER, Board, Column
from leads.cards import card_rows
from leads.forms.lead_filters import LeadFilters
from leads.models import Lead, Stage


@require_GET
@staff
def board(request: StaffRequest) -> HttpResponse:
    filters = LeadFilters.of(request.GET)
    shown = Board(request.user, filters)
    columns = shown.columns()
    for column in columns:
        if column.count > CARDS:
            after = url_after(shown.leads, request, ORDER, column.last_row)
            column.more_url = reverse("leads:board_column", args=[column.stage.number]) + after
    context = {
        "columns": columns,
        "filters": filters,
        "options": filters.options(),
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
def column(request: StaffRequest, stage: int) -> HttpResponse:
    """The next cards of one column: a part for the board, a page of its own where scripts are off."""
    shown = Board(request.user, LeadFilters.of(request.GET))
    rows = card_rows(shown.leads.filter(stage=get_object_or_404(Stage, pk=stage)), request.user)
    page = keyset_page(rows, request, keys=ORDER, size=CARDS, counted=False)
    context = {
        "cards": shown.dressed(page.rows),
        "more_url": page.next_url and reverse("leads:board_column", args=[stage]) + page.next_url,
    }
    if request.htmx:
        return render(request, "leads/_board_more.html", context)
    return render(request, "leads/board_column.html", {**context, "stage": Stage.objects.get(pk=stage)})


def moved_answer(request: StaffRequest, lead: Lead, *, left: int, undo: int | None = None) -> HttpResponse:
    """For the board that is open: the figures of both columns and the card where it now stands."""
    shown = Board(request.user, LeadFilters.of(_query_of_the_page(request)))
    columns = shown.columns({left, lead.stage_id}, with_cards=False)
    cards = shown.cards(Lead.objects.filter(pk=lead.pk))
    context = {"columns": columns, "cards": cards, "lead": lead, "undo": undo, "moved": True}
    return render(request, "leads/_board_moved.html", context)


def _query_of_the_page(request: StaffRequest) -> QueryDict:
    return QueryDict(urlsplit(request.htmx.current_url or "").query)
