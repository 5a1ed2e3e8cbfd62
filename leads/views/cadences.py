from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.staff import clock
from config.staff.access import managers
from config.staff.requests import StaffRequest
from leads.follow_ups import cadence_editing
from leads.follow_ups.cadence_editing import (
    DraftChanged,
    NothingToDo,
    draft_of,
    mark_of,
    steps_to_edit,
    version_in_force,
)
from leads.forms.cadence import CadenceForm, EventForm, steps_formset
from leads.letters.words import NAMES
from leads.models import Cadence, CadenceStep, CadenceVersion, EventCadence


@require_safe
@managers
def cadences(request: StaffRequest) -> HttpResponse:
    """What follows a meeting, by the book: every cadence with the steps that are in force."""
    published = CadenceVersion.objects.order_by("-number").prefetch_related("steps")
    rows = Cadence.objects.order_by("-is_default", "name").prefetch_related(Prefetch("versions", published))
    shown = [(row, *_halves(list(row.versions.all()))) for row in rows]
    return render(request, "leads/cadences.html", {"rows": shown, "form": CadenceForm()})


def _halves(versions: list[CadenceVersion]) -> tuple[CadenceVersion | None, bool]:
    in_force = next((version for version in versions if version.published_at), None)
    return in_force, any(version.published_at is None for version in versions)


@require_POST
@managers
def new(request: StaffRequest) -> HttpResponse:
    form = CadenceForm(request.POST)
    if not form.is_valid():
        return render(request, "leads/cadence_new.html", {"form": form}, status=422)
    return redirect("leads:cadence_draft", form.save().pk)


@require_safe
@managers
def cadence(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cadence, pk=pk)
    versions = list(row.versions.prefetch_related("steps"))
    in_force, has_draft = _halves(versions)
    events = EventCadence.objects.filter(version__cadence=row).select_related("event__city", "version")
    context = {
        "cadence": row,
        "in_force": in_force,
        "has_draft": has_draft,
        "versions": [version for version in versions if version.published_at],
        "events": events.order_by("-event__ends_at")[:20],
        "event_form": EventForm(),
        "triggers": _by_trigger(in_force),
    }
    return render(request, "leads/cadence.html", context)


def _by_trigger(version: CadenceVersion | None) -> list[tuple[str, list[CadenceStep]]]:
    steps = list(version.steps.all()) if version else []
    return [
        (str(trigger.label), [step for step in steps if step.trigger == trigger]) for trigger in CadenceStep.Trigger
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@managers
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """The steps of the next version, to be written; nothing of it counts before it is published."""
    row = get_object_or_404(Cadence, pk=pk)
    steps = steps_to_edit(row)
    formset = steps_formset(steps, request.POST if request.method == "POST" else None)
    context = {"cadence": row, "formset": formset, "seen": mark_of(steps), "names": NAMES.items()}
    if not formset.is_valid():
        context["seen"] = request.POST.get("seen", mark_of(steps))
        return render(request, "leads/cadence_draft.html", context, status=422 if formset.is_bound else 200)
    try:
        cadence_editing.write_draft(row, formset.steps(), seen=request.POST.get("seen", ""))
    except DraftChanged:
        return render(request, "leads/cadence_draft.html", {**context, "stale": True}, status=409)
    return redirect("leads:cadence_preview", row.pk)


@require_safe
@managers
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """What the draft would have opened on real past meetings, before anybody publishes it."""
    row = get_object_or_404(Cadence, pk=pk)
    found = get_object_or_404(row.versions.select_related("cadence"), published_at=None)
    openings = cadence_editing.preview(found, reader=request.user, at=clock.now())
    context = {
        "cadence": row,
        "draft": found,
        "openings": openings,
        "changed": sum(opening.differs for opening in openings),
        "seen": mark_of(found.steps.all()),
    }
    return render(request, "leads/cadence_preview.html", context)


@require_POST
@managers
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cadence, pk=pk)
    found = draft_of(row)
    if found is None:
        return redirect("leads:cadence", row.pk)
    try:
        version = cadence_editing.publish(found, seen=request.POST.get("seen", ""))
    except DraftChanged:
        messages.error(request, _("A colleague changed the draft meanwhile. Look at it once more."))
        return redirect("leads:cadence_preview", row.pk)
    except NothingToDo:
        messages.error(request, _("A cadence needs at least one step."))
        return redirect("leads:cadence_draft", row.pk)
    messages.success(request, _("Version %(number)s is in force.") % {"number": version.number})
    return redirect("leads:cadence", row.pk)


@require_POST
@managers
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cadence, pk=pk)
    found = draft_of(row)
    if found:
        cadence_editing.discard(found)
        messages.success(request, _("The draft is gone; what is in force stays."))
    return redirect("leads:cadence", row.pk)


@require_POST
@managers
def make_default(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cadence, pk=pk)
    try:
        cadence_editing.make_default(row)
    except NothingToDo:
        messages.error(request, _("Publish a version first."))
    return redirect("leads:cadence", row.pk)


@require_POST
@managers
def event(request: StaffRequest, pk: int) -> HttpResponse:
    """The meetings of an event follow this cadence, or the default again."""
    row = get_object_or_404(Cadence, pk=pk)
    version, form = version_in_force(row), EventForm(request.POST)
    if version is None or not form.is_valid():
        messages.error(request, _("Choose an event that is not over, for a cadence that is published."))
    elif "remove" in request.POST:
        EventCadence.objects.filter(event=form.cleaned_data["event"], version__cadence=row).delete()
    else:
        EventCadence.objects.update_or_create(event=form.cleaned_data["event"], defaults={"version": version})
    return redirect("leads:cadence", row.pk)
