from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.on_mission.now import appointments_of_the_day, floor_of, next_of, promises_of_the_day
from missions.models import Appointment, Mission
from missions.views.appointment import say_status

# What one tap says. Moved asks for the new hour afterwards; confirmed takes a wrong tap back.
SAID = (
    Appointment.Status.HELD,
    Appointment.Status.NO_SHOW,
    Appointment.Status.MOVED,
    Appointment.Status.CONFIRMED,
)


@require_safe
@staff
def here(request: StaffRequest) -> HttpResponse:
    """Where the installed app opens: the mission under way, or one's own day."""
    mission = Mission.objects.of(request.user).under_way().first()
    return redirect("leads:now", mission.pk) if mission else redirect("leads:today")


@require_safe
@staff
def now(request: StaffRequest, pk: int) -> HttpResponse:
    """What happens on the floor at this moment, for one hand."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    travels = mission.delegates.filter(user=request.user).exists()
    everybody = request.GET.get("who") == "all" or not travels
    appointments = appointments_of_the_day(mission, reader=request.user, only_mine=not everybody)
    following = next_of(appointments)
    today = clock.today_for(request.user)
    context = {
        "mission": mission,
        "tab": "now",
        "floor": floor_of(mission, request.user),
        "travels": travels,
        "everybody": everybody,
        "appointments": [row for row in appointments if row != following],
        "following": [following] if following else [],
        "promises": promises_of_the_day(mission, reader=request.user, only_mine=not everybody, today=today),
        "today": today,
    }
    return render(request, "missions/now.html", context)


@require_POST
@staff
def said(request: StaffRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """One tap: held, no-show, moved, or none of it after all."""
    visible = Appointment.objects.visible_to(request.user).filter(mission=pk)
    appointment = get_object_or_404(visible, pk=appointment_pk)
    status = request.POST.get("status", "")
    if status in SAID:
        say_status(request, appointment, Appointment.Status(status))
    everybody = "?who=all" if request.POST.get("who") == "all" else ""
    return redirect(f"{reverse('leads:now', args=[pk])}{everybody}#appointment-{appointment.pk}")
