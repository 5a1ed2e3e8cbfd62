from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.staff.access import managers, staff
from config.staff.models import User
from config.staff.requests import StaffRequest
from leads.errors import StaleEdit
from leads.forms.debrief import DAYS, LogLineForm, SettleForm
from leads.forms.promise import WORDS
from leads.interactions.capture import AlreadyLogged
from leads.models import Interaction
from leads.models.choices import Interest
from leads.on_mission.debrief import (
    LACKS,
    Day,
    days_of,
    debrief_of,
    for_line,
    for_row,
    meetings_of,
    ready_to_log,
    today_of,
    with_leads,
)
from leads.on_mission.floor_doubles import KINDS
from leads.on_mission.settling import log_appointment, settle
from missions.models import Appointment, Mission

# What one tap says of an appointment that is over.
CAME = (Appointment.Status.HELD, Appointment.Status.NO_SHOW, Appointment.Status.CANCELLED)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)
ROW = "missions/_debrief_meeting.html"


@require_safe
@staff
def debrief(request: StaffRequest, pk: int) -> HttpResponse:
    """What one day of a mission still lacks, to be settled in one page."""
    mission = _mission(request, pk)
    days = days_of(mission, request.user)
    day = _day(request.GET.get("day", ""), days, today_of(mission))
    only_mine = request.GET.get("who") == "mine"
    context = {
        "debrief": debrief_of(mission, day, reader=request.user, only_mine=only_mine),
        "days": days,
        "only_mine": only_mine,
        "travels": mission.delegates.filter(user=request.user).exists(),
    }
    return render(request, "missions/debrief.html", _around(request, mission) | context)


@require_POST
@staff
def meeting(request: StaffRequest, pk: int, interaction_pk: int) -> HttpResponse:
    """Settle one meeting."""
    mission = _mission(request, pk)
    row = _meeting(request, mission, interaction_pk)
    form = SettleForm(request.POST, user=request.user, mission=mission, interaction=row)
    if not form.is_valid():
        return _again(request, mission, row, form, 422)
    try:
        settle(row, form.added(), by=request.user, seen_version=form.cleaned_data["version"])
    except StaleEdit:
        form.add_error(None, _("This meeting was changed meanwhile. Look at it again before you add to it."))
        return _again(request, mission, _meeting(request, mission, row.pk), form, 409)
    return _meeting_row(request, mission, row) if request.htmx else _back(request, mission)


@require_POST
@staff
def appointment(request: StaffRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """Say whether they came, or what was said."""
    mission = _mission(request, pk)
    row = get_object_or_404(_appointments(request, mission), pk=appointment_pk)
    status = request.POST.get("status", "")
    if status in CAME:
        row.become(Appointment.Status(status))
        return _appointment_row(request, mission, row) if request.htmx else _back(request, mission)
    form = LogLineForm(request.POST, user=request.user, mission=mission)
    if not form.is_valid():
        return _appointment_row(request, mission, row, form, status=422)
    try:
        logged = _logged(row, form, by=request.user)
    except AlreadyLogged as before:
        words = _("%(name)s has logged this appointment already.") % {"name": before.interaction.logged_by}
        form.add_error(None, words)
        return _appointment_row(request, mission, row, form, status=409)
    return _meeting_row(request, mission, logged) if request.htmx else _back(request, mission)


@require_POST
@managers
def apart(request: StaffRequest, pk: int, of: str, pair_pk: int) -> HttpResponse:
    """They are two, and are not asked about again."""
    mission = _mission(request, pk)
    pairs: Any = KINDS[of]._default_manager
    get_object_or_404(pairs.visible_to(request.user), pk=pair_pk).tell_apart(by=request.user)
    return _back(request, mission)


def _logged(row: Appointment, form: LogLineForm, *, by: User) -> Interaction:
    said = form.cleaned_data
    return log_appointment(
        row,
        capture_id=said["capture_id"],
        by=by,
        interest=said["interest"],
        note=said["note"],
        promise=form.promised(by),
    )


def _appointments(request: StaffRequest, mission: Mission) -> QuerySet[Appointment]:
    rows = Appointment.objects.visible_to(request.user).filter(mission=mission)
    return for_line(rows).select_related("company", "stop__city", "mission", "event")


def _mission(request: StaffRequest, pk: int) -> Mission:
    return get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)


def _day(asked: str, days: list[Day], today: date) -> date:
    """The day asked for; else today, or the last day on which there was anything."""
    picked = _parsed(asked)
    if picked:
        return picked
    past = [day.day for day in days if day.day <= today]
    return past[-1] if past and today not in past else today


def _parsed(typed: str) -> date | None:
    try:
        picked = parse_date(typed)
    except ValueError:
        return None
    return picked if picked and FIRST_DAY <= picked <= LAST_DAY else None


def _around(request: StaffRequest, mission: Mission) -> dict[str, Any]:
    """What every row draws from."""
    return {
        "mission": mission,
        "tab": "debrief",
        "words": list(WORDS.values()),
        "dues": list(DAYS.items()),
        "interests": Interest.choices,
        "people": User.objects.staff().active().values_list("pk", "name", named=True),
        "who": request.POST.get("who", "") or request.GET.get("who", ""),
    }


def _meeting(request: StaffRequest, mission: Mission, pk: int) -> Any:
    row = get_object_or_404(for_row(meetings_of(mission, request.user)), pk=pk)
    return with_leads([row], request.user)[0]


def _meeting_row(request: StaffRequest, mission: Mission, row: Interaction) -> HttpResponse:
    """The row with what is still open, or a line that says that it is done."""
    left = for_row(meetings_of(mission, request.user)).filter(LACKS).filter(pk=row.pk).first()
    if left is None:
        shown = Interaction.objects.select_related("company", "lead").get(pk=row.pk)
        return render(request, "missions/_debrief_done.html", {"row": shown, "mission": mission})
    return render(request, ROW, _around(request, mission) | {"row": with_leads([left], request.user)[0]})


def _again(request: StaffRequest, mission: Mission, row: Any, form: SettleForm, status: int) -> HttpResponse:
    """What was typed stays in its row; without scripts on a page of its own."""
    return _part(request, ROW, _around(request, mission) | {"row": row, "form": form}, status)


def _appointment_row(
    request: StaffRequest, mission: Mission, row: Appointment, form: forms.Form | None = None, *, status: int = 200
) -> HttpResponse:
    shown = ready_to_log(get_object_or_404(_appointments(request, mission), pk=row.pk))
    context = _around(request, mission) | {"row": shown, "form": form}
    return _part(request, "missions/_debrief_appointment.html", context, status)


def _part(request: StaffRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    if request.htmx:
        return render(request, template, context, status=status)
    return render(request, "missions/debrief_row.html", context | {"part": template}, status=status)


def _back(request: StaffRequest, mission: Mission) -> HttpResponse:
    messages.success(request, _("Changed."))
    day, who = _parsed(request.POST.get("on", "")), request.POST.get("who", "")
    asked = {"day": day.isoformat()} if day else {}
    asked |= {"who": "mine"} if who == "mine" else {}
    return redirect(reverse("leads:debrief", args=[mission.pk]) + (f"?{urlencode(asked)}" if asked else ""))
