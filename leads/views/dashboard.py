from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.staff import clock
from config.staff.access import managers
from config.staff.requests import StaffRequest
from leads.figures import choices, overview, tables
from leads.figures.choices import LABELS
from leads.figures.form import FilterForm

PERIOD = ("period", "scope", "layer")
MORE = ("origin", "sector", "activity", "municipality", "mission", "officer", "source", "type")


@require_GET
@managers
def dashboard(request: StaffRequest) -> HttpResponse:
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    found = overview.overview(filters, offered)
    context = {
        "filters": filters,
        "overview": found,
        "measures": [tile.figure for tile in found.tiles],
        "fields": form.offered(offered, PERIOD),
        "more_fields": form.offered(offered, MORE),
        "before": filters.before(),
    }
    return render(request, "leads/dashboard.html", context)


@require_GET
@managers
def table(request: StaffRequest, dimension: str = "origin") -> HttpResponse:
    """The projects and what they brought by one dimension, whole; the dashboard shows the first origins."""
    if dimension not in tables.DIMENSIONS:
        raise Http404
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    context = {
        "filters": filters,
        "as_of": clock.now(),
        "dimension": dimension,
        "dimensions": [(name, LABELS[name]) for name in tables.DIMENSIONS],
        "table": tables.table(dimension, filters, offered, tables.whole(filters)),
        "figures": tables.MEASURED,
        "fields": form.offered(offered, PERIOD),
        "more_fields": form.offered(offered, MORE),
    }
    return render(request, "leads/dashboard_table.html", context)
