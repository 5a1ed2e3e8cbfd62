"""Installed investors: the account plan of one with its headcounts and visits, and the list of all by tier."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from companies.models import Company
from config.staff import clock
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from config.templatetags.charts import Bar
from leads.aftercare.cases import of_company
from leads.aftercare.rhythm import plan_of, settle
from leads.forms.account import AccountPlanForm, HeadcountForm, InstalledFilter
from leads.lists.companies import narrowed
from leads.models import AccountPlan

# Columns that a small chart can hold; the older ones stand in the history.
COUNTS_SHOWN = 14


@require_safe
@staff
def account(request: StaffRequest, pk: int) -> HttpResponse:
    company = _company(request.user, pk)
    counts = list(company.headcounts.order_by("-counted_on")[:COUNTS_SHOWN])[::-1]
    bars = [Bar(date_format(row.counted_on, "SHORT_DATE_FORMAT"), row.jobs) for row in counts]
    context = {
        "company": company,
        "plan": plan_of(company),
        "counts": counts,
        "cases": of_company(company, request.user),
        "bars": bars,
        "today": clock.today_for(request.user),
    }
    return render(request, "companies/account.html", context)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    company = _company(request.user, pk)
    with transaction.atomic():
        # Whoever makes the first plan at the same moment waits here, and then meets what the other wrote.
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        plan = AccountPlan.objects.select_for_update().filter(company=company).first()
        fresh = AccountPlan(company=company, owner=company.owner or request.user, created_by=request.user)
        form = AccountPlanForm(request.POST or None, instance=plan or fresh)
        if form.is_valid():
            settle(form.save(), at=clock.now())
            return redirect("leads:account", company.pk)
    context = {"form": form, "record": company, "title": _("Account plan")}
    return render(request, "companies/part_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@staff
def headcount(request: StaffRequest, pk: int) -> HttpResponse:
    company = _company(request.user, pk)
    form = HeadcountForm(request.POST or None, company=company, by=request.user)
    if form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("counted_on", _("There is a headcount of that day already."))
        else:
            messages.success(request, _("The headcount is kept."))
            return redirect("leads:account", company.pk)
    context = {"form": form, "record": company, "title": _("New headcount")}
    return render(request, "companies/part_form.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff
def installed(request: StaffRequest) -> HttpResponse:
    """All account plans, the longest overdue visit first."""
    form = InstalledFilter(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    today = clock.today_for(request.user)
    rows = AccountPlan.objects.visible_to(request.user).current().filter(next_visit_on__isnull=False)
    if asked.pop("visits", ""):
        rows = rows.filter(next_visit_on__lt=today)
    rows = rows.filter(**asked).select_related("company", "owner")
    page = keyset_page(rows, request, keys=("next_visit_on", "pk"))
    companies = Company.objects.visible_to(request.user).current()
    unplanned = narrowed(companies, {"relation": "unplanned"}, request.user).count()
    context = {"form": form, "page": page, "on": len(request.GET), "today": today, "unplanned": unplanned}
    return render(request, "companies/installed.html", context)


def _company(reader: User, pk: int) -> Company:
    return get_object_or_404(Company.objects.visible_to(reader).current().select_related("owner"), pk=pk)
