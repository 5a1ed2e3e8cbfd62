"""Forms for what a mission is planned of. One view serves them all: they differ in their form only."""

from dataclasses import dataclass
from typing import Any

from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from config.staff.access import staff
from config.staff.requests import StaffRequest
from missions.forms import CostLineForm, DelegateForm, EventForm, StopForm, TargetForm
from missions.keeping import follow_city
from missions.models import Mission, Stop
from missions.stays import write_stays


@dataclass(frozen=True)
class Part:
    form: type[ModelForm[Any]]
    related: str
    title: Promise
    has_reader: bool = True
    back: str = "leads:mission"


PARTS = {
    "stops": Part(StopForm, "stops", _("Stop"), has_reader=False),
    "events": Part(EventForm, "events", _("Event"), has_reader=False),
    "delegates": Part(DelegateForm, "delegates", _("Delegate"), back="missions:delegation"),
    "targets": Part(TargetForm, "targets", _("Target"), back="missions:targets"),
    "costs": Part(CostLineForm, "cost_lines", _("Cost line"), back="missions:delegation"),
}


@require_http_methods(["GET", "POST"])
@staff
def part(request: StaffRequest, pk: int, kind: str, part_pk: int | None = None) -> HttpResponse:
    """Add a part to a mission, or change one."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    known = PARTS[kind]
    rows = getattr(mission, known.related)
    instance = get_object_or_404(rows, pk=part_pk) if part_pk else None
    extra: dict[str, Any] = {"mission": mission, **({"reader": request.user} if known.has_reader else {})}
    form = known.form(request.POST or None, instance=instance, **extra)
    if form.is_valid():
        saved = form.save()
        if isinstance(saved, Stop):
            follow_city(saved)
        if kind in {"stops", "delegates"}:
            write_stays(mission)
        return redirect(known.back, mission.pk)
    return render(
        request,
        "missions/part_form.html",
        {
            "form": form,
            "mission": mission,
            "title": known.title,
            "is_new": instance is None,
            "back_url": reverse(known.back, args=[mission.pk]),
        },
    )
