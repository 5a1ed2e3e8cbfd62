"""The contact page: who they are, where they worked, how we may write to them, and all that was said."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from companies.files import CONTACT, shelved
from companies.models import Contact
from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.interactions.timeline import timeline_of
from leads.models import FollowUp
from leads.views.company import before, kind_asked


@require_safe
@staff
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    """A merged contact's address leads to the one that it went into."""
    shown = get_object_or_404(Contact.objects.visible_to(request.user).select_related("country"), pk=pk)
    if shown.merged_into_id:
        return redirect("leads:contact", shown.merged_into_id)
    kind = kind_asked(request)
    context = {
        "contact": shown,
        "timeline": timeline_of(shown, reader=request.user, kind=kind, before=before(request)),
        "kind": kind,
    }
    if request.htmx:
        return render(request, "leads/_timeline.html", context)
    follow_ups = FollowUp.objects.visible_to(request.user).open().filter(contact=shown).select_related("owner")
    follow_ups = follow_ups.only("text", "due_on", "owner__name")
    return render(
        request,
        "companies/contact.html",
        {
            **context,
            "positions": shown.positions.select_related("company").only(
                "contact", "title", "started_on", "ended_on", "company__name"
            ),
            "files": shelved(CONTACT, shown, request.user),
            "points": shown.contact_points.all(),
            "follow_ups": follow_ups.order_by("due_on", "pk")[:6],
            "today": clock.today_for(request.user),
        },
    )
