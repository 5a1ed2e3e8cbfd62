"""The pages of figures that people open by habit: the board's, the week, one's own, the public sheet, the missions."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from companies import exporting
from config.staff import clock
from config.staff.access import exporters, managers, staff
from config.staff.requests import StaffRequest
from leads.figures import choices, sheets
from leads.figures.board import board as board_of
from leads.figures.filters import Filters
from leads.figures.form import FilterForm, written
from leads.figures.mine import mine as mine_of
from leads.figures.mission_table import COLUMNS, mission_table
from leads.figures.period import week as week_around
from leads.figures.public_sheet import public_sheet
from leads.figures.week import week as week_of

PERIOD = ("period", "scope", "layer")
PLAIN = {"since", "until", "period"}


@require_GET
@managers
def board(request: StaffRequest) -> HttpResponse:
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    page = board_of(filters, offered, request.user)
    context = {
        "page": page,
        "filters": filters,
        "before": filters.before(),
        "fields": form.offered(offered, PERIOD),
        "ever_query": filters.but(since=None, until=None).query(),
    }
    return render(request, "leads/board_page.html", context)


@require_http_methods(["GET", "POST"])
@exporters
@managers
def board_export(request: StaffRequest) -> HttpResponse:
    filters = FilterForm(request.GET).filters()
    page = board_of(filters, choices.load(), request.user)
    table = exporting.Table(_("Board page"), sheets.of_board(page), filters=filters.in_words())
    return exporting.answer(request, table, back=f"{reverse('leads:board_page')}?{filters.query()}")


@require_GET
@managers
def week(request: StaffRequest) -> HttpResponse:
    form, offered = _form_of_the_week(request), choices.load()
    filters = form.filters()
    page = week_of(filters, offered, request.user)
    context = {"page": page, "filters": filters, "before": filters.before(), "fields": form.offered(offered, PERIOD)}
    return render(request, "leads/week.html", context)


@require_GET
@staff
def mine(request: StaffRequest) -> HttpResponse:
    """An officer's own figures; the lists behind them hold what is theirs."""
    page = mine_of(Filters(clock.agency_today()), request.user)
    return render(request, "leads/mine.html", {"page": page, "filters": page.filters, "before": page.filters.before()})


@require_GET
@managers
def public(request: StaffRequest) -> HttpResponse:
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    context = {
        "page": public_sheet(filters, offered),
        "filters": filters,
        "fields": form.offered(offered, ["period", "scope"]),
    }
    return render(request, "leads/public_sheet.html", context)


@require_GET
@managers
def missions(request: StaffRequest) -> HttpResponse:
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    context = {
        "rows": mission_table(filters),
        "columns": COLUMNS,
        "filters": filters,
        "as_of": clock.now(),
        "fields": form.offered(offered, ["period", "scope", "layer", "within"]),
    }
    return render(request, "leads/mission_table.html", context)


@require_http_methods(["GET", "POST"])
@exporters
@managers
def missions_export(request: StaffRequest) -> HttpResponse:
    filters = FilterForm(request.GET).filters()
    table = exporting.Table(_("Missions"), [sheets.of_missions(mission_table(filters))], filters=filters.in_words())
    return exporting.answer(request, table, back=f"{reverse('leads:mission_table')}?{filters.query()}")


def _form_of_the_week(request: StaffRequest) -> FilterForm:
    """Where the address says nothing of the period, this week is meant."""
    asked = request.GET.copy()
    if not PLAIN & asked.keys():
        asked["period"] = written(week_around(clock.agency_today()))
    return FilterForm(asked)
