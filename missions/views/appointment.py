from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.staff.access import staff
from config.staff.requests import StaffRequest
from missions.changes import changes_of
from missions.forms import AppointmentForm
from missions.models import Appointment, Mission
from missions.models.seat import DoubleBooked


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def new(request: StaffRequest, pk: int) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    form = AppointmentForm(
        request.POST or None, mission=mission, reader=request.user, initial=_offered(request, mission)
    )
    if form.is_valid():
        form.save()
        return redirect(mission)
    return render(request, "missions/appointment.html", {"form": form, "mission": mission, "is_new": True})


def _offered(request: StaffRequest, mission: Mission) -> dict[str, object]:
    """The hour and the person whose place in the grid was tapped; the company that accepted."""
    offered: dict[str, object] = {
        name: request.GET[name] for name in ("local_start", "local_end", "stop", "delegates") if name in request.GET
    }
    key = request.GET.get("target", "")
    if key.isascii() and key.isdecimal() and len(key) < 19 and (wanted := mission.targets.filter(pk=key).first()):
        offered |= {"company": wanted.company_id, "priority": wanted.priority, "purpose": wanted.reason}
    return offered


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def appointment(request: StaffRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """One appointment: what is planned, to change it, and what it was before."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    rows = Appointment.objects.visible_to(request.user).filter(mission=mission).select_related("company")
    planned = get_object_or_404(rows.select_for_update(of=("self",)), pk=appointment_pk)
    form = AppointmentForm(request.POST or None, instance=planned, mission=mission, reader=request.user)
    if form.is_valid():
        form.save()
        return redirect(mission)
    context = {"form": form, "mission": mission, "appointment": planned, "changes": changes_of(planned)}
    return render(request, "missions/appointment.html", context)


@require_POST
@staff
def status(request: StaffRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """One tap: held, no-show, cancelled, confirmed."""
    planned = get_object_or_404(Appointment.objects.visible_to(request.user).filter(mission=pk), pk=appointment_pk)
    wanted = request.POST.get("status", "")
    if wanted in Appointment.Status.values:
        say_status(request, planned, Appointment.Status(wanted))
    return redirect("leads:mission", pk)


def say_status(request: StaffRequest, planned: Appointment, wanted: Appointment.Status) -> None:
    """What a tap on any screen does; where the hour was given away meanwhile, the reader is told to whom."""
    try:
        planned.become(wanted)
    except DoubleBooked as refused:
        reasons = refused.said_to(request.user, planned.zone)
        messages.error(request, _("It stays as it was. %(reasons)s") % {"reasons": " ".join(reasons)})
