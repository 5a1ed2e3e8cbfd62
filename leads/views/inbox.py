from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.reminding.inbox import new_count, reminders_of, see_all


@require_safe
@staff
def inbox(request: StaffRequest) -> HttpResponse:
    rows = reminders_of(request.user).select_related("follow_up__company", "follow_up__mission", "follow_up__owner")
    context = {
        "page": keyset_page(rows, request, ("-due_at", "-pk")),
        "new": new_count(request.user),
        "today": clock.today_for(request.user),
    }
    return render(request, "leads/inbox.html", context)


@require_POST
@staff
def seen(request: StaffRequest) -> HttpResponse:
    see_all(request.user)
    return redirect("leads:inbox")
