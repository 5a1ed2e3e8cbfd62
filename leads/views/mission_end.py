from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.on_mission.ending import Ended, end_mission, loose_people, missing, reviews_of, to_open
from leads.on_mission.reviews import MONTHS, after
from missions.models import Mission
from missions.models.mission import WrongMoment


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """What is missing; then one step that ends the mission, or runs its end again."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user).select_related("lead_officer"), pk=pk)
    if request.method == "POST":
        return _end(request, mission)
    ready, wait = to_open(mission)
    context = {
        "mission": mission,
        "tab": "end",
        "missing": missing(mission, request.user),
        "people": loose_people(mission, request.user),
        "ready": ready,
        "wait": wait,
        "reviews": list(reviews_of(mission)),
        "review_days": [(months, after(mission, months)) for months in MONTHS],
        "may_end": mission.is_under_way or mission.status == Mission.Status.ENDED,
        "today": clock.agency_today(),
    }
    return render(request, "missions/end.html", context)


def _end(request: StaffRequest, mission: Mission) -> HttpResponse:
    try:
        done = end_mission(mission)
    except WrongMoment:
        words = _("This mission is %(status)s, so that cannot be done now.")
        messages.error(request, words % {"status": mission.get_status_display().lower()})
    else:
        messages.success(request, _told(done))
    return redirect("leads:mission_end", mission.pk)


def _told(done: Ended) -> str:
    opened = ngettext("%(n)d follow-up was opened", "%(n)d follow-ups were opened", done.opened) % {"n": done.opened}
    dated = ngettext("%(n)d review was dated", "%(n)d reviews were dated", done.reviews) % {"n": done.reviews}
    return _("The mission has ended: %(opened)s, %(dated)s.") % {"opened": opened, "dated": dated}
