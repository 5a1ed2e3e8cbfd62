from django.http import HttpResponse
from django.views.decorators.http import require_safe

from companies.views import lists
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.lists.leads import LEADS


@require_safe
@staff
def lead_list(request: StaffRequest) -> HttpResponse:
    return lists.page(request, LEADS, "leads/lead_list.html")
