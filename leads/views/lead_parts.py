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
from leads.forms.lead_parts import ClaimForm, ServiceForm
from leads.forms.reading import ReadingForm, shares_formset
from leads.models import Lead, ReadingShare
from leads.models.choices import Layer
from leads.pipeline.readings import add_reading
from leads.views.lead import find_lead


@require_http_methods(["GET", "POST"])
@staff
def new_reading(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    layer = request.GET.get("layer", "")
    form = ReadingForm(_data(request), user=request.user, lead=lead, initial={"layer": layer})
    right = form.is_valid()  # first, since the shares are compared with its jobs
    jobs = form.cleaned_data.get("jobs") if form.is_bound else None
    shares = shares_formset(_data(request), jobs=jobs, before=_shares_before(lead, layer))
    if not (right and (shares.is_valid() or not shares.is_bound)):
        context = {"lead": lead, "form": form, "shares": shares}
        return render(request, "leads/reading_new.html", context, status=422 if form.is_bound else 200)
    add_reading(lead, form.save(commit=False), by=request.user, shares=shares.told())
    messages.success(request, _("The figures are stored; older ones of the same layer stay as history."))
    return redirect(lead)


def _shares_before(lead: Lead, layer: str) -> list[ReadingShare]:
    """As the current figures of this layer are shared, or those of the layer before it."""
    current = {row.layer: row for row in lead.readings.all() if row.is_current}
    order = [layer, *(each for each in reversed(Layer.values) if each != layer)]
    found = next((current[each] for each in order if each in current), None)
    return list(found.shares.all()) if found else []


@require_http_methods(["GET", "POST"])
@staff
def new_claim(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    form = ClaimForm(_data(request), user=request.user, lead=lead)
    if not form.is_valid():
        return _page(request, lead, form, gettext_lazy("Add a claim of another organisation"))
    form.save()
    return redirect(lead)


@require_http_methods(["GET", "POST"])
@staff
def new_service(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    form = ServiceForm(_data(request), user=request.user, lead=lead)
    if not form.is_valid():
        return _page(request, lead, form, gettext_lazy("Add a service given"))
    form.save()
    messages.success(request, _("The service is kept."))
    return redirect(lead)


@require_POST
@staff
def remove_service(request: StaffRequest, pk: int, service: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    get_object_or_404(lead.services, pk=service).delete()
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
