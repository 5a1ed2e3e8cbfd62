"""What is added on a lead's page: figures, claims."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.forms.lead_parts import ClaimForm, ReadingForm
from leads.models import Lead
from leads.readings import add_reading
from leads.views.lead import find_lead


@require_http_methods(["GET", "POST"])
@staff
def new_reading(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    initial = {"layer": request.GET.get("layer", "")}
    form = ReadingForm(_data(request), user=request.user, lead=lead, initial=initial)
    if not form.is_valid():
        return _page(request, lead, form, gettext_lazy("Add figures"))
    add_reading(lead, form.save(commit=False), by=request.user)
    messages.success(request, _("The figures are stored; older ones of the same layer stay as history."))
    return redirect(lead)


@require_http_methods(["GET", "POST"])
@staff
def new_claim(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    form = ClaimForm(_data(request), user=request.user, lead=lead)
    if not form.is_valid():
        return _page(request, lead, form, gettext_lazy("Add a claim of another organisation"))
    form.save()
    return redirect(lead)


@require_POST
@staff
def remove_claim(request: StaffRequest, pk: int, claim: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    get_object_or_404(lead.claims, pk=claim).delete()
    return redirect(lead)


def _data(request: StaffRequest) -> object:
    return request.POST if request.method == "POST" else None


def _page(request: StaffRequest, lead: Lead, form: BaseForm, title: object) -> HttpResponse:
    context = {"lead": lead, "form": form, "title": title}
    return render(request, "leads/lead_part.html", context, status=422 if form.is_bound else 200)
