from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from companies.views import lists
from config.staff.access import members, staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from missions.forms import MissionForm
from missions.mission_list import MISSIONS
from missions.models import Mission
from missions.models.mission import WrongMoment
from missions.stays import write_stays


@require_GET
@members
def mission_list(request: StaffRequest) -> HttpResponse:
    """For a guest delegate only the missions that they travel with, by name and day."""
    if request.user.is_staff_member:
        return lists.page(request, MISSIONS, "missions/mission_list.html")
    page = keyset_page(Mission.objects.visible_to(request.user), request, keys=("-starts_on", "-pk"))
    if len(page.rows) == 1:
        return redirect(page.rows[0])
    return render(request, "missions/own_missions.html", {"page": page})


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    form = MissionForm(request.POST or None, initial={"lead_officer": request.user}, reader=request.user)
    if form.is_valid():
        form.instance.created_by = request.user
        mission = form.save()
        return redirect(mission)
    return render(request, "missions/mission_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.visible_to(request.user).select_for_update(of=("self",)), pk=pk)
    form = MissionForm(request.POST or None, instance=mission, reader=request.user)
    if form.is_valid():
        form.save()
        return redirect(mission)
    return render(request, "missions/mission_form.html", {"form": form, "mission": mission})


@require_POST
@staff
def change(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """Start or reopen a mission. To end or to cancel one is a page of its own."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    act = {"start": mission.start, "reopen": mission.reopen}[verb]
    try:
        mission = act()
    except WrongMoment:
        messages.error(
            request,
            _("This mission is %(status)s, so that cannot be done now.")
            % {"status": mission.get_status_display().lower()},
        )
    else:
        write_stays(mission)
        messages.success(
            request, _("The mission is now %(status)s.") % {"status": mission.get_status_display().lower()}
        )
    return redirect(mission)
