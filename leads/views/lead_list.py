from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.board import Board
from leads.forms.lead_filters import LeadFilters
from leads.models import Lead, Stage


@require_safe
@staff
def lead_list(request: StaffRequest) -> HttpResponse:
    """All leads, ended ones too, newest first."""
    filters = LeadFilters.of(request.GET)
    shown = Board(request.user, filters)
    found = filters.apply(Lead.objects.visible_to(request.user), today=timezone.localdate(clock.now()))
    page = keyset_page(shown.card_rows(found).with_amounts(), request, ("-created_at", "-pk"))
    stages = list(Stage.objects.filter(number__gte=1))
    context = {
        "page": page,
        "leads": [shown.dress(lead) for lead in page.rows],
        "names": {stage.number: stage.name for stage in stages},
        "stages": stages,
        "filters": filters,
        "options": filters.options(),
        "view": "list",
    }
    return render(request, "leads/lead_list.html", context)
