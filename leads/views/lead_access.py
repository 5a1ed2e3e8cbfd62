from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.access import set_access
from leads.errors import CodeNameTaken, StaleEdit
from leads.forms.lead_parts import AccessForm
from leads.views.lead import find_lead, may_set_access


@require_http_methods(["GET", "POST"])
@staff
def access(request: StaffRequest, pk: int) -> HttpResponse:
    lead = find_lead(request.user, pk, "team")
    if not may_set_access(lead, request.user):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = AccessForm(data, instance=find_lead(request.user, pk, "team"))
    context: dict[str, object] = {"lead": lead, "form": form}
    if not form.is_valid():
        return render(request, "leads/lead_access.html", context, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        set_access(
            lead,
            given["level"],
            by=request.user,
            seen_version=given["version"],
            code_name=given["code_name"],
            team=given["team"],
            people=given["people"],
        )
    except CodeNameTaken:
        form.add_error("code_name", _("Take another code name; this one cannot be used."))
        return render(request, "leads/lead_access.html", context, status=422)
    except StaleEdit as stale:
        form.meet(find_lead(request.user, pk, "team"))
        return render(request, "leads/lead_access.html", {**context, "stale": stale, "form": form}, status=409)
    messages.success(request, _("Saved."))
    return redirect(lead)
