from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.staff import clock
from config.staff.access import managers
from config.staff.requests import StaffRequest
from leads.figures import choices, origins, overview
from leads.figures.catalogue import CAPEX, COMPANIES, JOBS, PROJECTS, REINVESTMENT
from leads.figures.form import FilterForm

PERIOD = ("since", "until", "scope", "layer")
MORE = ("origin", "sector", "mission", "officer")


@require_GET
@managers
def dashboard(request: StaffRequest) -> HttpResponse:
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    context = {
        "filters": filters,
        "overview": overview.overview(filters, offered),
        "fields": form.offered(offered, PERIOD),
        "more_fields": form.offered(offered, MORE),
        "before": filters.before(),
    }
    return render(request, "leads/dashboard.html", context)


@require_GET
@managers
def origin_table(request: StaffRequest) -> HttpResponse:
    """All origins; the dashboard shows the first ones."""
    form, offered = FilterForm(request.GET), choices.load()
    filters = form.filters()
    context = {
        "filters": filters,
        "as_of": clock.now(),
        "table": origins.table(filters, offered, origins.whole(filters)),
        "figures": [PROJECTS, COMPANIES, CAPEX, JOBS, REINVESTMENT],
        "fields": form.offered(offered, PERIOD),
        "more_fields": form.offered(offered, MORE),
    }
    return render(request, "leads/dashboard_origins.html", context)
