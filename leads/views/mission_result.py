from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from companies import exporting
from config.staff.access import exporters, managers
from config.staff.requests import StaffRequest
from leads.on_mission.result import attribution, paper, result_of, workbook
from missions.models import Mission

LANGUAGES = ("es", "en")


@require_safe
@managers
def result(request: StaffRequest, pk: int) -> HttpResponse:
    """What a mission brought: every figure opens its list."""
    mission = _mission(request, pk)
    context = {"mission": mission, "tab": "result", "result": result_of(mission), "attribution": attribution()}
    return render(request, "missions/result.html", context)


@require_safe
@managers
def printed(request: StaffRequest, pk: int) -> HttpResponse:
    """The page for the board, in Spanish or English."""
    mission = _mission(request, pk)
    asked = request.GET.get("language", "")
    with override(asked if asked in LANGUAGES else request.user.language):
        content = paper(result_of(mission))
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{slugify(mission.name) or 'mission'}.pdf"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
@exporters
@managers
def export(request: StaffRequest, pk: int) -> HttpResponse:
    mission = _mission(request, pk)
    return exporting.answer(request, workbook(result_of(mission)), back=reverse("leads:mission_result", args=[pk]))


def _mission(request: StaffRequest, pk: int) -> Mission:
    return get_object_or_404(Mission.objects.visible_to(request.user).select_related("lead_officer"), pk=pk)
