from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from companies.models.named import name_column
from config.staff import clock
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.models import Service

YEARS_BACK = 12


@require_safe
@staff
def services(request: StaffRequest) -> HttpResponse:
    """What was done for investors in a year: how much of each kind, for how many companies, and each of it."""
    today = clock.today_for(request.user)
    years = [str(today.year - back) for back in range(YEARS_BACK)]
    year = request.GET.get("year", "")
    year = year if year in years else years[0]
    rows = Service.objects.visible_to(request.user).filter(given_on__year=int(year))
    volume = (
        rows.order_by()
        .values(name=F(f"kind__{name_column()}"))
        .annotate(n=Count("pk"), companies=Count("lead__company", distinct=True))
    )
    context = {
        "year": year,
        "years": years,
        "volume": volume.order_by("-n", "name"),
        "together": rows.order_by().aggregate(n=Count("pk"), companies=Count("lead__company", distinct=True)),
        "page": keyset_page(rows.select_related("kind", "by", "lead__company"), request, keys=("-given_on", "-pk")),
    }
    return render(request, "leads/services.html", context)
