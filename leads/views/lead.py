from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from companies.files import shelved
from companies.models import Company
from config.staff import clock
from config.staff.access import staff
from config.staff.models import User
from config.staff.requests import StaffRequest
from leads import looks
from leads.errors import StaleEdit
from leads.files import LEAD
from leads.forms.lead import LeadForm, NewLeadForm
from leads.models import FollowUp, Lead, Stage
from leads.pipeline import moves as pipeline
from leads.pipeline.gates import Mark, asked_facts, marks_for, missing_for
from leads.pipeline.lead_page import (
    add_people,
    add_related,
    figures_of,
    jobs_now,
    log_of,
    next_stage_of,
    phases_of,
    planned_of,
    schemes_of,
    steps_of,
    timeline_of,
)
from leads.pipeline.ndas import warning_of
from leads.won import handing_over, reinvesting, yearly

# Few enough joins for the planner to be quick; people, stages and related leads are read apart.
SERVICES_SHOWN, VIEWS_SHOWN = 20, 30
RELATED = (*("company__origin_country", "contact", "mission", "sector", "activity", "investment_type", "municipality"),)


def find_lead(user: User, pk: int, *related: str) -> Lead:
    """The one door of every lead's page and of what hangs on it: whoever may not see it hears that it is not there."""
    found = Lead.objects.visible_to(user).select_related("company", "owner", *related)
    lead = get_object_or_404(found.prefetch_related("readings"), pk=pk)
    looks.note_lead(user, lead)
    return lead


@require_safe
@staff
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    reader, today = request.user, timezone.localdate(clock.now())
    lead = find_lead(reader, pk, *RELATED)
    prefetch_related_objects([lead], "readings__shares__municipality")
    add_people(lead)
    add_related(lead, reader)
    stages = list(Stage.objects.all())
    open_steps = steps_of(lead, reader)
    planned = planned_of(open_steps)
    lead.has_next_step = planned is not None  # type: ignore[attr-defined]
    lead.stage = next(stage for stage in stages if stage.number == lead.stage_id)
    following = next_stage_of(lead, stages)
    figures, asked = figures_of(lead), asked_facts()
    ndas = list(lead.ndas.select_related("file__file"))
    missing = missing_for(lead, following, asked=asked) if following else []
    context = {
        "lead": lead,
        "stages": stages[1:],
        "following": following,
        "missing": missing,
        "marks": marks_for(lead, asked=asked),
        "steps": open_steps,
        "next_step": planned,
        "today": today,
        "days": max((today - timezone.localdate(lead.stage_since)).days, 0),
        "figures": figures,
        "has_indirect": any(row.reading and row.reading.jobs_indirect is not None for row in figures),
        "has_shares": any(row.shares for row in figures),
        "schemes": schemes_of(lead.investment_type),
        "past_readings": [row for row in lead.readings.all() if not row.is_current],
        "verified_years": yearly.years_of(lead, today=today),
        "aftercare_offer": handing_over.last_offer(lead),
        "timeline": timeline_of(lead, reader),
        "ndas": ndas,
        "nda_warning": warning_of(lead, ndas, today=today),
        "site_visits": lead.site_visits.all()[:SERVICES_SHOWN],
        "services": lead.services.select_related("kind", "by")[:SERVICES_SHOWN],
        "views": lead.views.select_related("user")[:VIEWS_SHOWN]
        if lead.is_restricted and lead.owner_id == reader.pk
        else None,
        "claims": lead.claims.select_related("organisation").order_by("organisation__folded"),
        "family": phases_of(lead, reader),
        "jobs_now": jobs_now(lead),
        "log": log_of(lead, stages),
        "further_reasons": lead.other_reasons.all() if lead.reason_id else [],
        "named": lead.lead_people.select_related("user").order_by("user__name") if lead.is_restricted else [],
        "files": shelved(LEAD, lead, reader),
        "may_set_access": may_set_access(lead, reader),
        "may_check": may_check(lead, reader),
    }
    return render(request, "leads/lead.html", context)


def may_set_access(lead: Lead, user: User) -> bool:
    return user.is_manager or lead.owner_id == user.pk


def may_check(lead: Lead, user: User) -> bool:
    return bool(lead.evidence) and lead.verified_by_id is None and lead.owner_id != user.pk


@require_http_methods(["GET", "POST"])
@staff
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk, "contact", "stage")
    marks = marks_for(lead)
    # The form writes what was typed into its instance, and the page still shows the lead as it is.
    form = LeadForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        marks=marks,
        instance=find_lead(request.user, pk, "contact"),
    )
    counted = Counter(mark for name, mark in marks.items() if name in form.fields)
    context: dict[str, Any] = {"lead": lead, "missing": counted[Mark.MISSING], "needed": counted[Mark.NEXT]}
    if request.method != "POST" or not form.is_valid():
        return render(request, "leads/lead_edit.html", {**context, "form": form}, status=422 if form.is_bound else 200)
    try:
        pipeline.save_facts(lead, form.changes(), seen_version=form.cleaned_data["version"])
    except StaleEdit as stale:
        form.meet(find_lead(request.user, pk, "contact", "stage"))
        return render(request, "leads/lead_edit.html", {**context, "stale": stale, "form": form}, status=409)
    messages.success(request, _("Saved."))
    return redirect(lead)


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    before = reinvesting.predecessor_asked(request.user, request.GET)
    company = before.company if before else _company_asked(request)
    parent = request.GET.get("parent", "")
    initial = {"company": company, "owner": request.user.pk, "parent": parent if parent.isdecimal() else None}
    if before or "reinvestment" in request.GET:
        initial |= reinvesting.facts_after(before)
    data = request.POST if request.method == "POST" else None
    form = NewLeadForm(data, user=request.user, company=company, initial=initial)
    if not form.is_valid():
        context = {"form": form, "company": company, "before": before}
        return render(request, "leads/lead_new.html", context, status=422 if form.is_bound else 200)
    lead = _sent_before(request.user, form) or _open(request.user, form)
    return redirect(lead)


def _company_asked(request: StaffRequest) -> Company | None:
    asked = request.POST.get("company_id") or request.GET.get("company", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return Company.objects.visible_to(request.user).current().filter(pk=int(asked)).first()


def _sent_before(user: User, form: NewLeadForm) -> Lead | None:
    """A double click is one lead."""
    lately = clock.now() - timedelta(minutes=5)
    same = Lead.objects.filter(created_by=user, stage_since__gte=lately)
    return same.filter(company=form.cleaned_data["company"], title=form.cleaned_data["title"]).first()


def _open(user: User, form: NewLeadForm) -> Lead:
    given = form.cleaned_data
    lead = pipeline.open_lead(given["company"], by=user, title=given["title"], **form.facts())
    if given.get("next_step"):
        FollowUp.objects.create(
            text=given["next_step"],
            due_on=given["next_step_on"],
            owner_id=lead.owner_id,
            company_id=lead.company_id,
            contact_id=lead.contact_id,
            lead=lead,
            created_by=user,
        )
    return lead
