"""An investor comes: the days and people, the programme stop by stop, on paper, and the debrief."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.forms.site_visit import DebriefForm, SiteStopForm, SiteVisitForm
from leads.models import Lead, SiteVisit
from leads.views.lead import find_lead
from leads.visits import visiting

LANGUAGES = ("es", "en")
MOST_STOPS = 60


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest, pk: int) -> HttpResponse:
    return _plan(request, find_lead(request.user, pk), None)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: StaffRequest, pk: int, visit: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    return _plan(request, lead, get_object_or_404(lead.site_visits, pk=visit))


@require_http_methods(["GET", "POST"])
@staff
def site_visit(request: StaffRequest, pk: int, visit: int) -> HttpResponse:
    """The programme; a stop is added beneath it."""
    lead = find_lead(request.user, pk)
    found = get_object_or_404(lead.site_visits, pk=visit)
    form = SiteStopForm(request.POST if request.method == "POST" else None, visit=found)
    if form.is_bound and found.stops.count() >= MOST_STOPS:
        form.add_error(None, _("A programme has 60 stops at most."))
    if form.is_valid():
        form.save()
        return redirect(found)
    context = {
        "lead": lead,
        "visit": found,
        "form": form,
        "stops": found.stops.all(),
        "people": found.visitors.select_related("contact", "user"),
        "is_over": found.starts_on <= clock.today_for(request.user),
    }
    return render(request, "leads/visits/visit.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def remove_stop(request: StaffRequest, pk: int, visit: int, stop: int) -> HttpResponse:
    found = get_object_or_404(find_lead(request.user, pk).site_visits, pk=visit)
    get_object_or_404(found.stops, pk=stop).delete()
    return redirect(found)


@require_http_methods(["GET", "POST"])
@staff
def debrief(request: StaffRequest, pk: int, visit: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    found = get_object_or_404(lead.site_visits, pk=visit)
    if found.starts_on > clock.today_for(request.user):
        messages.warning(request, _("The visit is still to come."))
        return redirect(found)
    form = DebriefForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        given = form.cleaned_data
        visiting.debrief(found, by=request.user, showed=given["debrief"], objections=given["objections"])
        messages.success(request, _("Kept, and counted as a service that was given."))
        return redirect(lead)
    context = {"lead": lead, "form": form, "title": _("Debrief of the site visit")}
    return render(request, "leads/lead_part.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff
def printed(request: StaffRequest, pk: int, visit: int) -> HttpResponse:
    """The programme for the visitors, in Spanish or English."""
    found = get_object_or_404(find_lead(request.user, pk).site_visits.select_related("lead__company"), pk=visit)
    asked = request.GET.get("language", "")
    with override(asked if asked in LANGUAGES else request.user.language):
        content = visiting.paper(found)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"visit-{found.starts_on:%Y-%m-%d}.pdf"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _plan(request: StaffRequest, lead: Lead, visit: SiteVisit | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SiteVisitForm(data, lead=lead, user=request.user, instance=visit)
    if form.is_valid():
        given = form.cleaned_data
        made = visiting.plan(
            form.save(commit=False), by=request.user, contacts=given["contacts"], colleagues=given["colleagues"]
        )
        return redirect(made)
    context = {"lead": lead, "form": form, "title": _("Site visit")}
    return render(request, "leads/lead_part.html", context, status=422 if form.is_bound else 200)
