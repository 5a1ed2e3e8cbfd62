"""Exchange rates by day: the list for all staff, new ones by managers, one by one or pasted out of a sheet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from companies import rates
from companies.forms.rate import QuotedForm, RateForm, RatesForm
from companies.models import Rate
from config.staff.access import managers, staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest


@require_safe
@staff
def rate_list(request: StaffRequest) -> HttpResponse:
    currency = request.GET.get("currency", "").replace("\0", "").upper()[:3]
    known = list(Rate.objects.order_by("currency").values_list("currency", flat=True).distinct())
    rows = Rate.objects.filter(currency=currency) if currency in known else Rate.objects.all()
    page = keyset_page(rows, request, keys=("-day", "-pk"))
    return render(request, "companies/rates.html", {"page": page, "currency": currency, "known": known})


@require_http_methods(["GET", "POST"])
@managers
def new_rate(request: StaffRequest) -> HttpResponse:
    form = RateForm(request.POST or None)
    if not form.is_valid():
        return _page(request, form, _("New rate"))
    rates.store([form.line()], source=form.cleaned_data["source"])
    messages.success(request, _("The rate is kept."))
    return redirect("companies:rates")


@require_http_methods(["GET", "POST"])
@managers
def many_rates(request: StaffRequest) -> HttpResponse:
    form = RatesForm(request.POST or None)
    if not form.is_valid():
        return _page(request, form, _("Paste rates"))
    count = rates.store(form.cleaned_data["read"], source=form.cleaned_data["source"])
    messages.success(request, ngettext("%(n)d rate is kept.", "%(n)d rates are kept.", count) % {"n": count})
    return redirect("companies:rates")


def _page(request: StaffRequest, form: QuotedForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "companies/rate_form.html", context, status=422 if form.is_bound else 200)
