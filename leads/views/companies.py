from django.http import HttpResponse
from django.views.decorators.http import require_safe

from companies.views import lists
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.lists.companies import COMPANIES
from leads.lists.contacts import CONTACTS


@require_safe
@staff
def companies(request: StaffRequest) -> HttpResponse:
    return lists.page(request, COMPANIES, "companies/company_list.html")


@require_safe
@staff
def contacts(request: StaffRequest) -> HttpResponse:
    return lists.page(request, CONTACTS, "companies/contact_list.html")
