"""Asking a mission's targets by mail: the words of its invitation, and the mail to one of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.letters.words import NAMES, unknown_names
from leads.models import Invitation
from leads.on_mission import outreach
from missions.models import Mission


class InvitationForm(forms.ModelForm[Invitation]):
    class Meta:
        model = Invitation
        fields = ["subject_en", "body_en", "subject_es", "body_es"]

    def clean(self) -> dict[str, Any]:
        for name in self._meta.fields or ():
            if unknown := unknown_names(str(self.cleaned_data.get(name) or "")):
                self.add_error(name, _("Nothing stands for {%(name)s}.") % {"name": unknown[0]})
        return self.cleaned_data


@require_http_methods(["GET", "POST"])
@staff
def invitation(request: StaffRequest, pk: int) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    words = Invitation.objects.filter(mission=mission).first() or outreach.usual_words(mission)
    form = InvitationForm(request.POST or None, instance=words)
    if form.is_valid():
        form.save()
        messages.success(request, _("The words are kept. Each mail begins with them, in the reader's language."))
        return redirect("missions:targets", mission.pk)
    context = {"mission": mission, "form": form, "names": NAMES.items()}
    return render(request, "missions/invitation.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def begin(request: StaffRequest, pk: int, target_pk: int) -> HttpResponse:
    """A draft to this one target; nothing goes out before its writer has seen it and says so."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    target = get_object_or_404(mission.targets, pk=target_pk)
    if target.contact_id is None:
        messages.error(request, _("Choose first to whom of them we write."))
        return redirect(target)
    if not Invitation.objects.filter(mission=mission).exists():
        outreach.usual_words(mission).save()
    return redirect("leads:letter", outreach.begin(target, by=request.user).pk)
