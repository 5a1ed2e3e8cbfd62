"""The agenda of a mission by day and person: to look at, and to move what stands in it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, DateField
from django.db.models.functions import Cast
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from config.staff import clock
from config.staff.access import members, staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.interactions.collisions import met_around
from missions.agenda.day import Day, agenda_of, people_of
from missions.forms import MoveForm
from missions.models import Appointment, Mission, Stop

# Lanes on a page; a mission with more people shows those first who have something that day.
LANES = 16
# A long series of meetings is not drawn day by day beyond this.
MOST_DAYS = 60


@require_GET
@members
def agenda(request: StaffRequest, pk: int) -> HttpResponse:
    """Guest delegates see it too, of their own mission, and can change nothing."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    context = {"mission": mission, "tab": "agenda", **_shown(request, mission, request.GET)}
    return render(request, "missions/day.html", context)


def _shown(request: StaffRequest, mission: Mission, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the grid is drawn from, for the page and for the answer to a move."""
    stops = list(mission.stops.select_related("city"))
    counts = _days(mission, request)
    day = _day(asked.get("day", ""), mission, counts, stops)
    name = asked.get("q", "").replace("\0", "").strip()[:100]
    many = mission.delegates.count() > LANES
    everybody = asked.get("who") == "all" or not many
    people = people_of(mission, day, reader=request.user, name=name, everybody=everybody)
    page = keyset_page(people, request, keys=("name", "pk"), size=LANES, counted=many)
    first = not (asked.get("after") or asked.get("before") or name)
    shown = agenda_of(mission, day, page.rows, reader=request.user, stops=stops, with_unassigned=first)
    if request.user.is_staff_member:
        shown.cautions += met_around(_appointments(shown), reader=request.user)
    return {
        "agenda": shown,
        "marked": {caution.appointment for caution in shown.cautions},
        "told": _told(shown),
        "page": page,
        "days": [(one, counts.get(one, 0)) for one in _around(mission, counts, day)],
        "many": many,
        "everybody": everybody,
        "q": name,
        "may_edit": request.user.is_staff_member,
    }


def _appointments(shown: Day) -> list[Appointment]:
    return list({one.pk: one for lane in shown.lanes for one in lane.appointments}.values())


def _told(shown: Day) -> list[tuple[Appointment, list[str]]]:
    """What to look at, appointment by appointment in the order of the day."""
    planned = sorted(_appointments(shown), key=lambda one: (one.starts_at, one.pk))
    words: dict[int, list[str]] = {}
    for caution in shown.cautions:
        words.setdefault(caution.appointment, []).append(caution.words)
    return [(one, words[one.pk]) for one in planned if one.pk in words]


def _days(mission: Mission, request: StaffRequest) -> dict[date, int]:
    rows = Appointment.objects.visible_to(request.user).filter(mission=mission).exclude(status__in=Appointment.OFF)
    counted = rows.order_by().values(on=Cast("local_start", DateField())).annotate(n=Count("pk"))
    return {row["on"]: row["n"] for row in counted}


def _around(mission: Mission, counts: Mapping[date, int], shown: date) -> list[date]:
    long = min((mission.ends_on - mission.starts_on).days + 1, MOST_DAYS)
    days = {mission.starts_on + timedelta(days=number) for number in range(long)} | set(sorted(counts)[:MOST_DAYS])
    return sorted(days | {shown})


def _day(asked: str, mission: Mission, counts: Mapping[date, int], stops: list[Stop]) -> date:
    """The one asked for; else today where it belongs to the trip; else the first with something in it."""
    try:
        if day := parse_date(asked):
            return min(max(day, date(1900, 1, 1)), date(2200, 1, 1))
    except ValueError:
        pass
    for stop in stops:
        if stop.covers(today := clock.today_in(stop.zone)):
            return today
    return min(counts, default=mission.starts_on)


@require_http_methods(["GET", "POST"])
@staff
@vary_on_headers("HX-Request")
@transaction.atomic
def move(request: StaffRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """Another hour or other people: by a drag, by the short form, by undo. Refused, it says why and shows both."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    rows = Appointment.objects.visible_to(request.user).filter(mission=mission)
    planned = get_object_or_404(rows.select_for_update(of=("self",)).select_related("company"), pk=appointment_pk)
    before = _as_posted(planned)
    form = MoveForm(request.POST or None, instance=planned, mission=mission, reader=request.user)
    if form.is_valid():
        form.save()
        return _moved(request, mission, planned, before)
    template = "missions/_move.html" if request.htmx else "missions/move.html"
    status = 200 if request.method == "GET" else 409 if form.theirs else 422
    context = {"form": form, "mission": mission, "appointment": planned, "back_url": _back(mission, before)}
    return render(request, template, context, status=status)


def _as_posted(planned: Appointment) -> list[tuple[str, object]]:
    """Its state as the form posts it, to bring it back by undo."""
    return [
        ("local_start", f"{planned.local_start:%Y-%m-%dT%H:%M}"),
        ("local_end", f"{planned.local_end:%Y-%m-%dT%H:%M}"),
        ("status", planned.status),
        *([("tentative", "on")] if planned.tentative else []),
        *(("delegates", seat.delegate_id) for seat in planned.seats.all()),
    ]


def _back(mission: Mission, before: list[tuple[str, object]]) -> str:
    return f"{reverse('leads:agenda', args=[mission.pk])}?day={str(dict(before)['local_start'])[:10]}"


def _moved(
    request: StaffRequest, mission: Mission, planned: Appointment, before: list[tuple[str, object]]
) -> HttpResponse:
    if not request.htmx:
        messages.success(request, _("%(company)s is moved.") % {"company": planned.company.name})
        return redirect(_back(mission, _as_posted(planned)))
    asked = QueryDict(urlsplit(request.htmx.current_url or "").query)
    request.GET = asked  # what the page that is open asked for
    context = {"mission": mission, "moved": planned, "before": before, **_shown(request, mission, asked)}
    return retarget(reswap(render(request, "missions/_day.html", context), "outerHTML"), "#agenda")
