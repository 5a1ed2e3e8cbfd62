"""The pages of a mission that show what came of it: programme, meetings, leads, promises."""

from typing import NamedTuple

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from companies.files import shelved
from config.staff import clock
from config.staff.access import members, staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads import looks
from leads.models import FollowUp, Interaction, Lead
from leads.models.follow_up_queries import FollowUpQuerySet
from missions.files import MISSION
from missions.models import Appointment, Mission
from missions.programme import programme


@require_GET
@members
def mission(request: StaffRequest, pk: int) -> HttpResponse:
    """The programme, day by day in the time of the place. A guest delegate sees this and nothing else."""
    rows = Mission.objects.visible_to(request.user).select_related("lead_officer", "decided_by", "copied_from")
    shown = get_object_or_404(rows, pk=pk)
    show = _SHOWS.get(request.GET.get("show", "")) if request.user.is_staff_member else None
    days = programme(shown, reader=request.user, only=show and show.condition)
    context = {"mission": shown, "days": days, "tab": "programme", "today": timezone.localdate(clock.now())}
    if request.user.is_guest_delegate:
        return render(request, "missions/agenda.html", context)
    context["may_decide"] = shown.may_be_decided_by(request.user)
    context |= {"strip": _strip(request, shown), "shown": show and show.title}
    context["files"] = shelved(MISSION, shown, request.user)
    return render(request, "missions/mission.html", context)


class _Show(NamedTuple):
    """Which appointments a number of the strip counts; the number and its list ask the same."""

    title: Promise
    condition: Q


_STATUS = Appointment.Status
_SHOWS = {
    "planned": _Show(_("Planned appointments"), ~Q(status=_STATUS.CANCELLED)),
    "to_come": _Show(_("Appointments to come"), Q(status__in=Appointment.TO_COME)),
    "held": _Show(_("Appointments held"), Q(status=_STATUS.HELD)),
    "no_show": _Show(_("No-shows"), Q(status=_STATUS.NO_SHOW)),
    "unlogged": _Show(_("Held, and not logged yet"), Q(status=_STATUS.HELD, interaction=None)),
}


def _strip(request: StaffRequest, shown: Mission) -> dict[str, int]:
    """The status of the trip in one line of numbers, each of which the reader can open."""
    seen = Appointment.objects.visible_to(request.user).filter(mission=shown)
    counts = seen.aggregate(**{name: Count("pk", filter=show.condition) for name, show in _SHOWS.items()})
    counts["meetings"] = Interaction.objects.visible_to(request.user).filter(mission=shown).count()
    counts["promises"] = _promises(request, shown).open().count()
    counts["leads"] = Lead.objects.visible_to(request.user).filter(mission=shown).count()
    return counts


@require_GET
@staff
def meetings(request: StaffRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    rows = (
        Interaction.objects.visible_to(request.user)
        .filter(mission=shown)
        .select_related("company", "event", "logged_by")
        .prefetch_related("contacts")
    )
    page = keyset_page(rows, request, keys=("-happened_at", "-pk"))
    return render(request, "missions/meetings.html", {"mission": shown, "tab": "meetings", "page": page})


@require_GET
@staff
def promises(request: StaffRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    rows = _promises(request, shown).select_related("company", "owner", "interaction")
    if request.GET.get("state") != "all":
        rows = rows.open()
    page = keyset_page(rows, request, keys=("due_on", "pk"))
    context = {"mission": shown, "tab": "promises", "page": page, "today": clock.today_for(request.user)}
    return render(request, "missions/promises.html", context)


@require_GET
@staff
def leads(request: StaffRequest, pk: int) -> HttpResponse:
    """Leads whose first touch was this mission."""
    shown = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    rows = (
        Lead.objects.visible_to(request.user)
        .filter(mission=shown)
        .select_related("company", "stage", "owner", "sector")
    )
    page = keyset_page(rows, request, keys=("-created_at", "-pk"))
    looks.note_rows(request.user, looks.Where.MISSION, page.rows)
    return render(request, "missions/leads.html", {"mission": shown, "tab": "leads", "page": page})


def _promises(request: StaffRequest, shown: Mission) -> FollowUpQuerySet:
    return FollowUp.objects.visible_to(request.user).filter(interaction__mission=shown)
