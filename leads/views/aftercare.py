"""The hand-over of a won project: what the receiver needs, whom it is offered to, and their answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from config.staff.access import staff
from config.staff.models import User
from config.staff.requests import StaffRequest
from leads.models import AccountPlan, Lead
from leads.models.choices import Status
from leads.views.lead import find_lead
from leads.won import handing_over


class OfferForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who takes over"))
    note = forms.CharField(
        label=gettext_lazy("What they must know"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, data: Any = None, *, lead: Lead, user: User) -> None:
        super().__init__(data)
        people: Any = self.fields["to"]
        people.queryset = User.objects.filter(pk__in=[one.pk for one in handing_over.receivers(lead, besides=user)])


class DeclineForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why not"), max_length=300)


@require_http_methods(["GET", "POST"])
@staff
def aftercare(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    form = OfferForm(request.POST or None, lead=lead, user=request.user)
    if lead.status == Status.WON and form.is_valid():
        given = form.cleaned_data
        handing_over.offer(lead, to=given["to"], by=request.user, note=given["note"])
        messages.success(request, _("%(name)s was asked, and accepts or declines.") % {"name": given["to"].name})
        return redirect("leads:aftercare", lead.pk)
    return _page(request, lead, form=form, status=422 if form.is_bound else 200)


@require_POST
@staff
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    try:
        handing_over.accept(lead, by=request.user)
    except PermissionDenied:
        messages.warning(request, _("This was not offered to you, or it was taken back."))
        return redirect("leads:aftercare", lead.pk)
    messages.success(request, _("You keep this investor from now on. Complete the account plan."))
    return redirect("leads:account_edit", lead.company_id)


@require_POST
@staff
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, lead, decline_form=form, status=422)
    try:
        handing_over.decline(lead, by=request.user, reason=form.cleaned_data["reason"])
    except PermissionDenied:
        messages.warning(request, _("This was not offered to you, or it was taken back."))
        return redirect("leads:aftercare", lead.pk)
    messages.success(request, _("Declined. Whoever asked you looks for somebody else."))
    return redirect(lead)


def _page(
    request: StaffRequest,
    lead: Lead,
    *,
    form: forms.Form | None = None,
    decline_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    offers = list(lead.aftercare_offers.select_related("sender", "receiver"))
    waiting = next((row for row in offers if row.is_open), None)
    context = {
        "lead": lead,
        "form": form or OfferForm(lead=lead, user=request.user),
        "decline_form": decline_form or DeclineForm(),
        "checklist": handing_over.checklist(lead),
        "waiting": waiting,
        "offers": [row for row in offers if row is not waiting],
        "plan": AccountPlan.objects.visible_to(request.user).filter(company=lead.company_id).first(),
    }
    return render(request, "leads/won/aftercare.html", context, status=status)
