from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from companies.models import Company, Contact
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.follow_ups.following import add_follow_up
from leads.forms.follow_up import NewFollowUpForm
from leads.models import Lead
from leads.views.lead import find_lead

LONGEST_ID = 18


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Add a follow-up by hand, for a lead or for any company; it goes back to where it was asked for."""
    lead = find_lead(request.user, pk) if pk else None
    data = request.POST if request.method == "POST" else None
    form = NewFollowUpForm(data, user=request.user, lead=lead, initial=_asked_for(request, lead))
    if not form.is_valid():
        known = lead or form.initial.get("company")
        back = known.get_absolute_url() if known and not _from(request) else reverse("leads:today")
        context = {"form": form, "lead": lead, "from": _from(request), "back": back}
        return render(request, "leads/follow_up_new.html", context, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    names = ("company", "text", "due_on", "owner", "contact", "lead")
    planned = add_follow_up(by=request.user, **{name: said[name] for name in names})
    messages.success(request, _("Planned: %(text)s.") % {"text": planned.text})
    return redirect("leads:today" if _from(request) else lead or planned.subject)


def _asked_for(request: StaffRequest, lead: Lead | None) -> dict[str, Any]:
    """Whom it is for, as far as this person may see them."""
    if lead:
        return {"contact": lead.contact}
    contact = _one(Contact.objects.visible_to(request.user).current(), request.GET.get("contact", ""))
    company = _one(Company.objects.visible_to(request.user).current(), request.GET.get("company", ""))
    if contact and not company:
        works = contact.positions.current().select_related("company").order_by("-pk").first()
        company = works.company if works else None
    return {"contact": contact, "company": company}


def _one(rows: QuerySet[Any], key: str) -> Any:
    return rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) <= LONGEST_ID else None


def _from(request: StaffRequest) -> str:
    """Only Today is told apart: from elsewhere one goes back to the record."""
    asked = request.POST if request.method == "POST" else request.GET
    return "today" if asked.get("from") == "today" else ""
