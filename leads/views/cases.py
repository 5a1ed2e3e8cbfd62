"""Warning signs and grievances of installed investors: the list, one case with its steps, and the next one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.models import Company
from config.staff import clock
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.aftercare import cases as investor_cases
from leads.aftercare.cases import CannotMove
from leads.errors import StaleEdit
from leads.forms.investor_case import CaseFilter, CaseMoveForm, InvestorCaseForm
from leads.models import InvestorCase


@require_safe
@staff
def cases(request: StaffRequest) -> HttpResponse:
    """What is due first; the ended ones where they are asked for."""
    form = CaseFilter(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    rows = InvestorCase.objects.visible_to(request.user).filter(company__merged_into=None)
    state = asked.pop("state", "")
    if state in InvestorCase.State.values:
        rows = rows.filter(state=state)
    else:
        rows = rows.exclude(state__in=InvestorCase.OPEN) if state == "over" else rows.open()
    page = keyset_page(rows.filter(**asked).select_related("company", "owner"), request, keys=("due_on", "pk"))
    context = {
        "form": form,
        "page": page,
        "on": len(request.GET),
        "today": clock.today_for(request.user),
        "systemic": investor_cases.systemic(request.user, at=clock.now()),
    }
    return render(request, "leads/cases.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(Company.objects.visible_to(request.user).current(), pk=pk)
    fresh = InvestorCase(company=company)
    form = InvestorCaseForm(request.POST or None, instance=fresh, initial={"owner": company.owner or request.user})
    if form.is_valid():
        return redirect(investor_cases.open_case(form.save(commit=False), by=request.user, at=clock.now()))
    context = {"form": form, "record": company, "title": _("New case")}
    return render(request, "companies/part_form.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff
def case(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _case(request.user, pk))


@require_http_methods(["GET", "POST"])
@staff
def move(request: StaffRequest, pk: int, to: str) -> HttpResponse:
    """What the next state asks for, then the step itself."""
    found = _case(request.user, pk)
    if to not in found.next_states:
        messages.error(request, _("From where it stands it does not go there."))
        return redirect(found)
    initial = {"version": found.version, "to": to, "plan": found.plan, "authority": found.authority}
    form = CaseMoveForm(request.POST or None, to=to, initial=initial)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            investor_cases.move(
                found,
                to,
                by=request.user,
                at=clock.now(),
                seen_version=facts["version"],
                facts=facts,
                note=facts["note"],
            )
        except (StaleEdit, CannotMove):
            form.add_error(None, _("A colleague has changed this case meanwhile. Open it again."))
        else:
            return redirect(found)
    label = InvestorCase.State(to).label
    context = {"form": form, "case": found, "label": label}
    return render(request, "leads/case_move.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    found = _case(request.user, pk)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    try:
        investor_cases.confirm(found, by=request.user, at=clock.now(), seen_version=seen)
    except (StaleEdit, CannotMove):
        messages.error(request, _("A colleague has changed this case meanwhile. Open it again."))
    return redirect(found)


def _case(reader: User, pk: int) -> InvestorCase:
    rows = InvestorCase.objects.visible_to(reader).select_related("company", "owner", "opened_by")
    return get_object_or_404(rows, pk=pk)


def _page(request: StaffRequest, found: InvestorCase) -> HttpResponse:
    labels: dict[str, Any] = dict(InvestorCase.State.choices)
    context = {
        "case": found,
        "steps": found.steps.select_related("by"),
        "next": [(state, labels[state]) for state in found.next_states],
        "today": clock.today_for(request.user),
    }
    return render(request, "leads/case.html", context)
