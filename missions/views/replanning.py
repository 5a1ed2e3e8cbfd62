"""A mission as a whole: decided, cancelled, moved to other days, copied."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from config.staff.access import managers, staff
from config.staff.requests import StaffRequest
from missions import replanning
from missions.forms.replanning import CancelForm, CopyForm, DecisionForm, MoveMissionForm
from missions.models import Mission
from missions.models.mission import OwnMission, WrongMoment
from missions.replanning import Wanted

CHANGED = gettext_lazy("Somebody changed this mission meanwhile. Look at it again.")

OWN = gettext_lazy("Somebody else decides on a mission that you asked for or lead.")


@require_http_methods(["GET", "POST"])
@managers
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Go or no-go. Who approves is a manager, by name."""
    mission = _mission(request, pk)
    if not mission.may_be_decided_by(request.user):
        messages.error(request, OWN)
        return redirect(mission)
    initial = {"version": mission.version, "decision": mission.decision, "note": mission.decision_note}
    form = DecisionForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        try:
            mission.decide(given["decision"], by=request.user, note=given["note"], seen_version=given["version"])
        except OwnMission:
            messages.error(request, OWN)
        except WrongMoment:
            messages.error(request, CHANGED)
        else:
            messages.success(request, _("The decision is written down."))
        return redirect(mission)
    return _asked(request, mission, form, gettext_lazy("Go or no-go"), gettext_lazy("Decide"))


@require_http_methods(["GET", "POST"])
@staff
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    mission = _mission(request, pk)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            count = replanning.cancel(mission, because=form.cleaned_data["because"])
        except WrongMoment:
            messages.error(request, _("A mission that has begun is ended, not cancelled."))
        else:
            words = ngettext(
                "The mission is cancelled, and %(n)d appointment with it.",
                "The mission is cancelled, and %(n)d appointments with it.",
                count,
            )
            messages.success(request, words % {"n": count})
        return redirect(mission)
    return _asked(request, mission, form, gettext_lazy("Cancel the mission"), gettext_lazy("Cancel the mission"))


@require_http_methods(["GET", "POST"])
@staff
def move(request: StaffRequest, pk: int) -> HttpResponse:
    mission = _mission(request, pk)
    form = MoveMissionForm(request.POST or None, initial={"version": mission.version, "starts_on": mission.starts_on})
    if form.is_valid():
        given = form.cleaned_data
        try:
            moved = replanning.move(mission, starts_on=given["starts_on"], seen_version=given["version"])
        except WrongMoment:
            messages.error(request, CHANGED)
        else:
            _tell_moved(request, moved, date_format(given["starts_on"], "SHORT_DATE_FORMAT"))
        return redirect(mission)
    return _asked(request, mission, form, gettext_lazy("Move the mission"), gettext_lazy("Move all of it"))


def _tell_moved(request: StaffRequest, moved: replanning.Moved, day: str) -> None:
    words = ngettext(
        "The mission begins on %(day)s now; %(n)d appointment went along at its hour.",
        "The mission begins on %(day)s now; %(n)d appointments went along at their hours.",
        moved.appointments,
    )
    messages.success(request, words % {"n": moved.appointments, "day": day})
    if moved.tentative:
        words = ngettext(
            "%(n)d lies over another one of the same person, and is tentative.",
            "%(n)d lie over others of the same people, and are tentative.",
            moved.tentative,
        )
        messages.warning(request, words % {"n": moved.tentative})


@require_http_methods(["GET", "POST"])
@staff
def copy(request: StaffRequest, pk: int) -> HttpResponse:
    mission = _mission(request, pk)
    form = CopyForm(request.POST or None, initial={"name": mission.name})
    if form.is_valid():
        given = form.cleaned_data
        wanted = Wanted(given["delegates"], given["costs"], given["targets"])
        made = replanning.copy(
            mission, name=given["name"], starts_on=given["starts_on"], by=request.user, wanted=wanted
        )
        return redirect(made)
    return _asked(request, mission, form, gettext_lazy("Copy the mission"), gettext_lazy("Copy it"))


def _asked(request: StaffRequest, mission: Mission, form: Form, title: Promise, label: Promise) -> HttpResponse:
    to_come = mission.appointments.to_come().count()
    context: dict[str, Any] = {"mission": mission, "form": form, "title": title, "label": label, "to_come": to_come}
    return render(request, "missions/replan.html", context, status=422 if form.errors else 200)


def _mission(request: StaffRequest, pk: int) -> Mission:
    return get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
