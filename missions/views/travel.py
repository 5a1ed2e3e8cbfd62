from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.staff.access import staff
from config.staff.requests import StaffRequest
from missions.agenda.travel import travelled, write_down
from missions.forms.travel import TravelForms
from missions.models import Mission


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def travel(request: StaffRequest, pk: int) -> HttpResponse:
    """The ways that people of this mission go, and how long each takes; written down, they hold for all missions."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    ways = travelled(mission, reader=request.user)
    initial = [{"one": way.one, "other": way.other, "minutes": way.known} for way in ways]
    forms = TravelForms(request.POST or None, initial=initial)
    if request.method == "POST" and forms.is_valid():
        for form in forms:
            if form.has_changed():
                write_down(form.cleaned_data["one"], form.cleaned_data["other"], form.cleaned_data.get("minutes"))
        messages.success(request, _("The travel times are written down."))
        return redirect("missions:travel", mission.pk)
    guesses = [way.guess for way in ways]
    rows = list(zip(forms, [*guesses, *[None] * len(forms)], strict=False))
    return render(request, "missions/travel.html", {"mission": mission, "forms": forms, "rows": rows})
