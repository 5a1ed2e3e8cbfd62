from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.board import StageBoard
from leads.cards import card_rows
from leads.forms.lead_filters import LeadFilters
from leads.models import Lead, Stage


@require_safe
@staff
def lead_list(request: StaffRequest) -> HttpResponse:
    """All leads, ended ones too, newest first."""
    filters = LeadFilters.of(request.GET)
    shown = StageBoard(request.user, request.GET)
    found = filters.apply(Lead.objects.visible_to(request.user), today=timezone.localdate(clock.now()))
    rows = card_rows(found.with_amounts(), request.user, "jobs_now", "capex_now")
    page = keyset_page(rows, request, ("-created_at", "-pk"))
    stages = list(Stage.objects.filter(number__gte=1))
    names = {stage.number: stage.name for stage in stages}
    context = {
        "page": page,
        "leads": [(card, names.get(card.stage_id, "")) for card in shown.dressed(page.rows)],
        "stages": stages,
        "filters": filters,
        "options": filters.options(),
        "view": "list",
    }
    return render(request, "leads/lead_list.html", context)
