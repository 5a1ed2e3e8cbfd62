"""The yearly verifications that are still to be given, of all won projects, the longest overdue first."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.models import FollowUp


@require_safe
@staff
def verifications(request: StaffRequest) -> HttpResponse:
    today = clock.today_for(request.user)
    rows = FollowUp.objects.visible_to(request.user).open().filter(origin=FollowUp.Origin.VERIFY)
    late, mine = Q(due_on__lt=today), Q(owner=request.user)
    counts = rows.order_by().aggregate(all=Count("pk"), late=Count("pk", filter=late), mine=Count("pk", filter=mine))
    which = request.GET.get("which", "")
    shown = rows.filter(late) if which == "late" else rows.filter(mine) if which == "mine" else rows
    page = keyset_page(shown.select_related("lead__company", "lead__owner", "owner"), request, keys=("due_on", "pk"))
    context = {"page": page, "counts": counts, "which": which, "today": today, "view": "verifications"}
    return render(request, "leads/won/verifications.html", context)
