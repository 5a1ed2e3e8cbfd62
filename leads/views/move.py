import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads import looks
from leads.errors import GateClosed, NoteMissing, NotOpen, StaleEdit
from leads.forms.move import MoveForm
from leads.models import Lead, Stage
from leads.models.choices import ENDED
from leads.pipeline import facts
from leads.pipeline import moves as pipeline
from leads.pipeline.gates import Requirement, missing_for
from leads.views.board import moved_answer


@require_http_methods(["GET", "POST"])
@staff
@vary_on_headers("HX-Request")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    rows = Lead.objects.visible_to(request.user).select_related("company", "contact", "stage", "owner")
    lead = get_object_or_404(rows, pk=pk)
    looks.note_lead(request.user, lead, looks.Where.BOARD)
    if request.method == "POST":
        return _move(request, lead)
    stage = _stage_asked(request)
    return _ask(request, lead, stage, missing_for(lead, stage)) if stage else _ask(request, lead, None)


def _stage_asked(request: StaffRequest) -> Stage | None:
    number = request.GET.get("stage", "")
    return Stage.objects.filter(pk=int(number), number__gte=1).first() if number in set("1234567") else None


def _move(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Facts that were typed are kept even where more is missing; a stale move writes nothing."""
    asked = MoveForm(request.POST, lead=lead, user=request.user)
    stage = Stage.objects.filter(pk=asked["stage"].data).first() if asked.is_valid() else None
    if stage is None:
        return _ask(request, lead, None, status=422)
    missing = missing_for(lead, stage) if stage.number > lead.stage_id else []
    form = _form(request, lead, stage, missing, data=request.POST)
    if not form.is_valid():
        return _ask(request, lead, stage, missing, form=form, status=422)
    left = lead.stage_id
    try:
        lead, missing = _fill_and_move(request, lead, stage, form)
    except StaleEdit as stale:
        return _stale(request, stale, stage, form)
    except NoteMissing:
        form.add_error("note", _("Say why in a few words."))
    except NotOpen:
        missing = []
    else:
        if not missing:
            return _moved(request, lead, left)
        form = _form(request, lead, stage, missing)  # what was filled in is stored; this is what is left
    return _ask(request, lead, stage, missing, form=form, status=422)


@transaction.atomic
def _fill_and_move(request: StaffRequest, lead: Lead, stage: Stage, form: MoveForm) -> tuple[Lead, list[Requirement]]:
    given = form.cleaned_data
    seen = given["version"]
    if lead.stage_id != stage.number:
        pipeline.refuse_stale(pipeline.locked(lead), seen)
        lead = facts.record(lead, given, by=request.user, seen_version=seen)
        seen = lead.version
    try:
        moved = pipeline.move_to(
            lead,
            stage,
            by=request.user,
            seen_version=seen,
            note=given.get("note", ""),
            override=given.get("override", False),
        )
    except GateClosed as closed:
        return lead, closed.missing
    return moved, []


def _moved(request: StaffRequest, lead: Lead, left: int) -> HttpResponse:
    change = lead.stage_changes.first()
    if request.htmx:
        undo = change.pk if change and change.by_id == request.user.pk and left != lead.stage_id else None
        response = moved_answer(request, lead, left={str(left)}, undo=undo)
        response["HX-Trigger-After-Settle"] = json.dumps({"moved": {"lead": lead.pk}})
        return response
    messages.success(request, _("%(lead)s is now at “%(stage)s”.") % {"lead": lead, "stage": lead.stage})
    return redirect("leads:board" if request.GET.get("back") == "board" else lead)


def _form(
    request: StaffRequest, lead: Lead, stage: Stage, missing: list[Requirement], *, data: QueryDict | None = None
) -> MoveForm:
    start = {"stage": stage.number, "version": lead.version, "seen_stage": lead.stage_id}
    back = stage.number < lead.stage_id
    return MoveForm(data, lead=lead, user=request.user, missing=missing, back=back, initial=start)


def _ask(
    request: StaffRequest,
    lead: Lead,
    stage: Stage | None,
    missing: list[Requirement] | None = None,
    *,
    form: MoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    missing = missing or []
    if stage and stage.number < lead.stage_id:
        missing = []
    if stage and form is None:
        form = _form(request, lead, stage, missing)
    answerable = set(form.fields) if form else set()
    context = {
        "lead": lead,
        "stage": stage,
        "stages": Stage.objects.filter(number__gte=1),
        "missing": missing,
        "form": form,
        "ended": lead.status in ENDED,
        "needs_somebody_else": "verified_by" in {row.field for row in missing}
        and "evidence_is_right" not in answerable
        and lead.owner_id == request.user.pk,
    }
    return render(request, _template(request, "_move"), context, status=status)


def _stale(request: StaffRequest, stale: StaleEdit, stage: Stage, form: MoveForm) -> HttpResponse:
    """Both states, who was quicker, and the same move once more from what is true now."""
    current = Lead.objects.select_related("company", "contact", "stage", "owner").get(pk=form.lead.pk)
    context = {
        "lead": current,
        "stage": stage,
        "stale": stale,
        "seen_stage": Stage.objects.filter(pk=form.cleaned_data.get("seen_stage") or 0).first(),
        "form": form,
    }
    return render(request, _template(request, "_move_stale"), context, status=409)


def _template(request: StaffRequest, name: str) -> str:
    return f"leads/{name}.html" if request.htmx else f"leads/{name.removeprefix('_')}.html"


@require_POST
@staff
def undo_move(request: StaffRequest, pk: int) -> HttpResponse:
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=pk)
    change, version = request.POST.get("change", ""), request.POST.get("version", "")
    if not (change.isdigit() and version.isdigit() and len(change) < 18 and len(version) < 10):
        raise PermissionDenied
    left = lead.stage_id
    try:
        lead = pipeline.undo_move(lead, int(change), by=request.user, seen_version=int(version), note=str(_("Undone")))
    except StaleEdit as stale:
        words = _("It was changed again meanwhile by %(person)s, so it stays where it is.")
        text = words % {"person": stale.changed_by or _("somebody")}
        if request.htmx:
            return render(request, "leads/_move_refused.html", {"text": text}, status=409)
        messages.error(request, text)
        return redirect(lead)
    return _moved(request, lead, left)
