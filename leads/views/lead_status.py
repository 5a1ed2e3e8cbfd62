from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.errors import StaleEdit
from leads.forms.lead_parts import StatusForm
from leads.models import Lead
from leads.models.choices import ENDED, Status
from leads.pipeline import moves as pipeline
from leads.views.lead import find_lead, may_check

OFFERED = (Status.ON_HOLD, Status.DELAYED, Status.LOST, Status.DEAD, Status.DISQUALIFIED, Status.HANDED_OVER)


def offered_to(lead: Lead) -> list[Status]:
    """What may be chosen now; reopening or resuming is to be active again."""
    if lead.status == Status.MERGED:
        return []
    again = [] if lead.status in {Status.ACTIVE, Status.WON} else [Status.ACTIVE]
    # The same one once more corrects its reason.
    return [*again, *OFFERED]


@require_http_methods(["GET", "POST"])
@staff
def status(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk, "stage", "reason")
    wanted = request.POST.get("status") or request.GET.get("status", "")
    context: dict[str, Any] = {"lead": lead, "offered": offered_to(lead), "reopens": lead.status in ENDED}
    if not wanted:
        return render(request, "leads/lead_status.html", context)
    if wanted not in context["offered"]:
        raise Http404
    context["wanted"] = Status(wanted)
    if request.method == "GET":
        context["form"] = StatusForm(status=wanted, initial={"version": lead.version, **_said_before(lead, wanted)})
        return render(request, "leads/lead_status.html", context)
    form = StatusForm(request.POST, status=wanted)
    context["form"] = form
    if not form.is_valid():
        return render(request, "leads/lead_status.html", context, status=422)
    why = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        lead = pipeline.change_status(
            lead,
            wanted,
            by=request.user,
            seen_version=form.cleaned_data["version"],
            **why,
        )
    except StaleEdit as stale:
        data = request.POST.copy()
        data["version"] = str(stale.current_version)
        context |= {"stale": stale, "form": StatusForm(data, status=wanted)}
        return render(request, "leads/lead_status.html", context, status=409)
    messages.success(request, _("%(lead)s: %(status)s.") % {"lead": lead, "status": lead.get_status_display()})
    return redirect(lead)


def _said_before(lead: Lead, wanted: str) -> dict[str, Any]:
    """To correct a reason is to begin with it."""
    if lead.status != wanted:
        return {}
    lost = lead.status == Status.LOST
    return {
        "reason": lead.reason_id,
        "other_reasons": [reason.pk for reason in lead.other_reasons.all()],
        "note": lead.reason_note,
        "review_on": lead.review_on,
        "lost_to_country": lead.lost_to_country_id,
        "lost_to_city": lead.lost_to_city,
        "nobody_knows_where": lost and not lead.lost_to_country_id,
    }


@require_POST
@staff
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody other than the owner has seen the evidence."""
    lead = find_lead(request.user, pk)
    if not may_check(lead, request.user):
        raise PermissionDenied
    seen = request.POST.get("version", "")
    try:
        pipeline.check_evidence(lead, by=request.user, seen_version=int(seen) if seen.isdecimal() else 0)
    except StaleEdit:
        messages.error(request, _("The lead was changed meanwhile. Look at the evidence once more."))
    return redirect(lead)
