"""One fact of a company, edited where it stands; without scripts on a page of its own."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from companies.facts import EDITED, fact_of
from companies.forms.company import FactForm
from companies.groups import GroupCycle
from companies.models import Company
from companies.views.companies import save
from config.staff.access import staff
from config.staff.requests import StaffRequest


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def fact(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """`?shown` gives the fact as it stands, which is what leaving the form brings back."""
    if name not in EDITED:
        raise Http404
    rows = Company.objects.visible_to(request.user).current().select_for_update(of=("self",))
    company = get_object_or_404(rows, pk=pk)
    if request.htmx and "shown" in request.GET:
        return _as_it_stands(request, company, name)
    form = FactForm(request.POST or None, instance=company, reader=request.user, only=name)
    if form.is_valid():
        try:
            with transaction.atomic():
                saved = save(form)
        except GroupCycle as cycle:
            form.add_error(name, str(cycle))
        else:
            return _as_it_stands(request, saved, name) if request.htmx else redirect(saved)
    status = 422 if form.is_bound else 200
    label = form.fields[name].label
    context = {"form": form, "company": company, "name": name, "title": _("Edit: %(fact)s") % {"fact": label}}
    if request.htmx:
        return render(request, "companies/_fact_form.html", context, status=status)
    return render(request, "companies/fact.html", context, status=status)


def _as_it_stands(request: StaffRequest, company: Company, name: str) -> HttpResponse:
    return render(request, "companies/_fact.html", {"fact": fact_of(Company.objects.get(pk=company.pk), name)})
