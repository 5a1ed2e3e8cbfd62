import json
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.errors import StaleEdit
from leads.follow_ups.following import add_follow_up
from leads.forms.next_step import NextStepForm
from leads.models import FollowUp, Lead
from leads.pipeline.board import StepBoard
from leads.pipeline.lead_page import planned_of, steps_of
from leads.views.board import board_now, moved_answer
from leads.views.lead import find_lead


@require_http_methods(["GET", "POST"])
@staff
@vary_on_headers("HX-Request")
def next_step(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan the next step of a lead, or put it on another day, without leaving the board."""
    lead = find_lead(request.user, pk, "contact")
    step = planned_of(steps_of(lead, request.user))
    data = request.POST if request.method == "POST" else None
    form = NextStepForm(data, user=request.user, step=step, day=_day_asked(request))
    if not form.is_valid():
        return _page(request, lead, form, status=422 if form.is_bound else 200)
    left = _columns_left(request, lead)
    try:
        planned = _plan(request, lead, form)
    except StaleEdit as stale:
        return _stale(request, lead, stale, form)
    words = _("%(lead)s: next step on %(day)s.") % {"lead": lead, "day": date_format(planned.due_on, "DATE_FORMAT")}
    if request.htmx:
        response = moved_answer(request, lead, left=left, words=words)
        response["HX-Trigger-After-Settle"] = json.dumps({"moved": {"lead": lead.pk}})
        return response
    messages.success(request, words)
    return redirect(lead)


def _day_asked(request: StaffRequest) -> date | None:
    """The day of the column on which the card was dropped."""
    return StepBoard(request.user, {}).day_of(request.GET.get("column", ""))


def _columns_left(request: StaffRequest, lead: Lead) -> set[str]:
    if not request.htmx:
        return set()
    board = board_now(request)
    return {board.key_of(row) for row in board.rows(Lead.objects.filter(pk=lead.pk))}


def _plan(request: StaffRequest, lead: Lead, form: NextStepForm) -> FollowUp:
    given, step = form.cleaned_data, form.step
    if step:
        seen, reason = given.get("version") or 0, given.get("reason", "")
        if step.due_on == given["due_on"]:
            return step
        return step.snooze(given["due_on"], by=request.user, seen_version=seen, reason=reason)
    return add_follow_up(
        lead.company,
        by=request.user,
        text=given["text"],
        due_on=given["due_on"],
        owner=lead.owner,
        contact=lead.contact,
        lead=lead,
    )


def _stale(request: StaffRequest, lead: Lead, stale: StaleEdit, form: NextStepForm) -> HttpResponse:
    """Both days, and the same once more from what is true now."""
    step = FollowUp.objects.select_related("owner").get(pk=form.step.pk if form.step else 0)
    data = request.POST.copy()
    data["version"] = str(stale.current_version)
    again = NextStepForm(data, user=request.user, step=step, day=None)
    wanted = form.cleaned_data["due_on"]
    return _page(request, lead, again, status=409, stale=stale, wanted=wanted)


def _page(request: StaffRequest, lead: Lead, form: NextStepForm, *, status: int, **more: object) -> HttpResponse:
    template = "leads/_next_step.html" if request.htmx else "leads/next_step.html"
    return render(request, template, {"lead": lead, "form": form, "step": form.step, **more}, status=status)
