from django.db.models import Sum
from django.db.models.expressions import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from config.staff.access import staff
from config.staff.requests import StaffRequest
from missions.models import Mission


@require_GET
@staff
def delegation(request: StaffRequest, pk: int) -> HttpResponse:
    """Who travels, the stops, and what it costs."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    costs = mission.cost_lines.select_related("funder").annotate(
        planned_usd=F("planned") * F("usd_rate"), actual_usd=F("actual") * F("usd_rate")
    )
    return render(
        request,
        "missions/delegation.html",
        {
            "mission": mission,
            "tab": "delegation",
            "delegates": mission.delegates.select_related("organisation", "user"),
            "stops": mission.stops.select_related("city"),
            "costs": costs,
            "cost_sums": costs.aggregate(planned=Sum("planned_usd"), actual=Sum("actual_usd")),
        },
    )
