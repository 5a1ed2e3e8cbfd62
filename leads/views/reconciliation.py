from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from companies.exporting import answer
from config.staff import clock
from config.staff.access import exporters, staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.pipeline import reconciling
from leads.views.services import YEARS_BACK


@require_safe
@staff
def reconciliation(request: StaffRequest) -> HttpResponse:
    """The decided projects of a year, and who else counts each of them."""
    year, years = _years(request)
    page = keyset_page(reconciling.projects_of(request.user, year), request, keys=("-decided_on", "-pk"))
    told = reconciling.projects_of(request.user, year).count()
    context = {
        "year": str(year),
        "years": years,
        "page": page,
        "left_out": reconciling.decided_in(request.user, year).count() - told,
        "rows": [(lead, [reconciling.claimant(claim) for claim in lead.claims.all()]) for lead in page.rows],
        "view": "claims",
    }
    return render(request, "leads/reconciliation.html", context)


@require_http_methods(["GET", "POST"])
@exporters
def export(request: StaffRequest) -> HttpResponse:
    year, _years_offered = _years(request)
    back = f"{reverse('leads:reconciliation')}?year={year}"
    return answer(request, reconciling.table_of(request.user, year), back=back)


def _years(request: StaffRequest) -> tuple[int, list[str]]:
    this = clock.today_for(request.user).year
    years = [str(this - back) for back in range(YEARS_BACK)]
    asked = request.GET.get("year", "")
    return int(asked if asked in years else years[0]), years
