from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from config.staff import clock, vapid
from config.staff.access import staff
from config.staff.mail_room import last_refusal
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads import looks
from leads.enquiring import enquiries
from leads.follow_ups.rows import dressed
from leads.follow_ups.today import (
    CLEARED_DAYS,
    KINDS,
    all_of_group,
    appointments_of_today,
    cleared_on,
    cleared_since,
    colleagues_of,
    groups_of,
    offered_to,
)
from leads.pipeline.ndas import without
from leads.reminding.trouble import troubles
from missions.models import Appointment, Mission
from missions.views.appointment import say_status

CAME = (Appointment.Status.HELD, Appointment.Status.NO_SHOW)


@require_safe
@staff
def today(request: StaffRequest) -> HttpResponse:
    """What this person promised and has to do, the most pressing first."""
    person = _person(request)
    day = clock.today_for(person)
    mine = person == request.user
    mission = Mission.objects.of(request.user).under_way().first()
    context = {
        "person": person,
        "mine": mine,
        "today": day,
        "people": colleagues_of(request.user).values_list("pk", "name", named=True),
        "mission": mission,
        "mission_under_way": mission,  # which the page around would ask for again
        "push_key": vapid.public_key(),
    }
    slug = request.GET.get("group", "")
    if slug in CLEARED_DAYS:
        done = cleared_since(person, reader=request.user, today=day, back=CLEARED_DAYS[slug])
        context |= {"slug": slug, "page": keyset_page(done, request, ("-closed_at", "-pk"))}
        return render(request, "leads/today_cleared.html", context)
    if slug:
        if slug not in {kind.slug for kind in KINDS}:
            raise Http404
        rows = all_of_group(slug, person, reader=request.user, today=day)
        page = keyset_page(rows, request, ("due_on", "pk"))
        looks.note(request.user, looks.Where.TODAY, (row.lead_id for row in page.rows))
        context |= {
            "kind": next(kind for kind in KINDS if kind.slug == slug),
            "page": replace(page, rows=dressed(page.rows)),
        }
        return render(request, "leads/today_group.html", context)
    groups = groups_of(person, reader=request.user, today=day)
    looks.note(request.user, looks.Where.TODAY, (row.lead_id for group in groups for row in group.rows))
    context |= {
        "groups": groups,
        "first": next((row.pk for group in groups[:3] for row in group.rows), None),
        "is_empty": not any(group.rows for group in groups),
        "cleared": cleared_on(person, reader=request.user, today=day),
        "appointments": appointments_of_today(person) if mine and mission else [],
        "enquiries": enquiries.waiting_for(person) if mine else 0,
        "ndas_lacking": without(person, today=day).count() if mine else 0,
        "offers": offered_to(person) if mine else [],
        "refusal": last_refusal(request.user) if mine else None,
        "troubles": troubles(at=clock.now()) if mine and request.user.is_administrator else [],
    }
    return render(request, "leads/today.html", context)


@require_POST
@staff
def came(request: StaffRequest, pk: int) -> HttpResponse:
    """One tap on today's programme: they came, or they did not."""
    appointment = get_object_or_404(Appointment.objects.visible_to(request.user), pk=pk)
    status = request.POST.get("status", "")
    if status in CAME:
        say_status(request, appointment, Appointment.Status(status))
    return redirect("leads:today")


def _person(request: StaffRequest) -> User:
    key = request.GET.get("person", "")
    if not key or key == str(request.user.pk):
        return request.user
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(colleagues_of(request.user), pk=int(key))
