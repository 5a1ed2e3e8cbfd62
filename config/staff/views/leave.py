from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.staff import clock
from config.staff.access import staff
from config.staff.forms import LeaveForm
from config.staff.models import Leave
from config.staff.requests import StaffRequest

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def leave(request: StaffRequest) -> HttpResponse:
    """One's own days away: what comes due then is told to the deputy, and to oneself on the first day back."""
    form = LeaveForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Noted. What comes due then is told to your deputy as well."))
        return redirect("staff:leave")
    rows = Leave.objects.filter(user=request.user).select_related("deputy").order_by("-last_day")
    context = {"form": form, "rows": rows[:SHOWN], "today": clock.today_for(request.user)}
    return render(request, "staff/leave.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    Leave.objects.filter(user=request.user, pk=pk).delete()
    messages.success(request, _("You are there on these days after all."))
    return redirect("staff:leave")
