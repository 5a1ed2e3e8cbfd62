"""The pipeline as the agency has set it up: stages, what their gates ask for, odds and usual stays."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.staff.access import administrators, managers
from config.staff.requests import StaffRequest
from leads.forms.stages import GateFactForm, StageForm
from leads.models import GateFact, Stage
from leads.pipeline.gate_rules import BY_CODE, RULES
from leads.pipeline.gates import Asked, asked_facts


@require_safe
@managers
def stages(request: StaffRequest) -> HttpResponse:
    asked = asked_facts()
    rows = list(Stage.objects.all())
    there = {fact.rule.code for fact in asked}
    context = {
        "rows": [(stage, _facts_first_asked_by(stage, asked, rows)) for stage in rows],
        "not_asked": [rule for rule in RULES if rule.code not in there],
    }
    return render(request, "leads/stages.html", context)


def _facts_first_asked_by(stage: Stage, asked: list[Asked], stages: list[Stage]) -> list[tuple[Asked, str]]:
    """Each with the name of the stage after which it is asked no more."""
    names = {row.number: row.name for row in stages if row.number != stages[-1].number}
    return [(fact, names.get(fact.last, "")) for fact in asked if fact.first == stage.number]


@require_http_methods(["GET", "POST"])
@administrators
@transaction.atomic
def edit_stage(request: StaffRequest, number: int) -> HttpResponse:
    stage = get_object_or_404(Stage.objects.select_for_update(), pk=number)
    form = StageForm(request.POST or None, instance=stage)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("leads:stages")
    title = _("Stage %(number)d") % {"number": number}
    return _page(request, form, title, _("The number fixes what the stage means; its name may be yours."))


@require_http_methods(["GET", "POST"])
@administrators
@transaction.atomic
def edit_fact(request: StaffRequest, code: str) -> HttpResponse:
    rule = BY_CODE.get(code)
    if rule is None:
        raise Http404
    usual = GateFact(code=code, first_id=rule.first, last_id=rule.last, limit=rule.limit)
    fact = GateFact.objects.select_for_update().filter(pk=code).first()
    form = GateFactForm(request.POST or None, instance=fact or usual, rule=rule)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("leads:stages")
    return _page(request, form, rule.label, Asked.of(rule, None).sentence)


def _page(request: StaffRequest, form: StageForm | GateFactForm, title: str, lead: object) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead}
    return render(request, "leads/stage_form.html", context, status=422 if form.is_bound else 200)
