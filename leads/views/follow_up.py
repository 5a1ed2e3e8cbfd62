from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from config.staff import clock
from config.staff.access import staff
from config.staff.models import User
from config.staff.requests import StaffRequest
from leads.errors import StaleEdit
from leads.follow_ups import evidence
from leads.follow_ups.cadences import next_default
from leads.follow_ups.following import plan_next
from leads.follow_ups.rows import dressed, plain
from leads.follow_ups.today import with_source
from leads.forms.follow_up import CancelForm, DoneForm, HandOverForm, NextForm, ProofForm, SnoozeForm, WaitForm
from leads.models import FollowUp
from missions.models import Mission


@require_safe
@staff
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    """One follow-up with all that can be done with it."""
    return _page(request, _visible(request, pk))


@require_POST
@staff
def done(request: StaffRequest, pk: int) -> HttpResponse:
    """One tap; then it asks what comes next. What is answered apart is led there."""
    row = _visible(request, pk)
    if row.is_answered_apart and row.is_open:
        return HttpResponseClientRedirect(row.answer_url) if request.htmx else redirect(row.answer_url)
    form = DoneForm(request.POST, follow_up=row, reader=request.user)
    if row.is_open and not form.is_valid():
        return _ask_for_proof(request, row, form)
    if row.is_open:
        row = _complete(row, form.cleaned_data, request.user)
    if not request.htmx:
        return redirect("leads:follow_up_next", pk)
    return render(request, "leads/_follow_up_done.html", {"row": row, "form": _next_form(request, row)})


def _ask_for_proof(request: StaffRequest, row: FollowUp, form: DoneForm) -> HttpResponse:
    """In the row itself; nobody is blamed for the first tap, which said nothing yet."""
    was_asked = "note" in request.POST
    if not was_asked:
        form = DoneForm(follow_up=row, reader=request.user)
    if not request.htmx:
        return _page(request, row, refused=form, status=422)
    if not form.offered:  # else the cursor is on the button, and the newest is chosen
        form.fields["note"].widget.attrs["autofocus"] = ""
    context = {"row": row, "form": form, "today": clock.today_for(request.user)}
    return render(request, "leads/_follow_up_proof.html", context, status=422 if was_asked else 200)


def _complete(row: FollowUp, said: dict[str, Any], by: User) -> FollowUp:
    found = evidence.read(said.get("evidence") or "", row, by)
    return row.complete(by=by, note=said["note"], interaction=found.interaction, file=found.file)


@require_safe
@staff
def line(request: StaffRequest, pk: int) -> HttpResponse:
    """As it stands in a list: what a tap had put in its place goes away again."""
    return _row(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def what_next(request: StaffRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    form = _next_form(request, row)
    part = "leads/_follow_up_done.html" if request.htmx else "leads/follow_up_next.html"
    if request.method != "POST":
        return render(request, part, {"row": row, "form": form})
    if not form.is_valid():
        return render(request, part, {"row": row, "form": form}, status=422)
    said = form.cleaned_data
    _prove(request, row, said)
    planned = None
    if said["text"]:
        planned = plan_next(row, by=request.user, text=said["text"], due_on=said["due_on"], kind=said["kind"])
    if request.htmx:
        return render(request, "leads/_follow_up_done.html", {"row": row, "planned": planned, "settled": True})
    if planned:
        messages.success(request, _("Planned: %(text)s.") % {"text": planned.text})
    return redirect("leads:today")


@require_POST
@staff
def proof(request: StaffRequest, pk: int) -> HttpResponse:
    """Say later what proves that it was done."""
    row = _visible(request, pk)
    form = ProofForm(request.POST, follow_up=row, reader=request.user)
    if not form.is_valid():
        return _page(request, row, refused=form, status=422)
    _prove(request, row, form.cleaned_data)
    return redirect(row)


def _prove(request: StaffRequest, row: FollowUp, said: dict[str, Any]) -> None:
    found = evidence.read(said.get("evidence") or "", row, request.user)
    row.prove(said.get("note") or "", interaction=found.interaction, file=found.file)


@require_POST
@staff
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back that it was done or cancelled."""
    _visible(request, pk).reopen()
    return _row(request, pk)


@require_POST
@staff
def snooze(request: StaffRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    form = SnoozeForm(request.POST, user=request.user, mission=_mission(request), follow_up=row)

    def put_off(said: dict[str, Any]) -> None:
        row.snooze(said["day"], by=request.user, seen_version=said["version"], reason=said["reason"])

    return _change(request, row, form, put_off, snoozed=True)


@require_POST
@staff
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    return _change(
        request, row, CancelForm(request.POST), lambda said: row.cancel(by=request.user, reason=said["reason"])
    )


@require_POST
@staff
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)

    def give(said: dict[str, Any]) -> None:
        row.hand_over(said["to"], by=request.user, seen_version=said["version"])

    return _change(request, row, HandOverForm(request.POST, follow_up=row), give)


@require_POST
@staff
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """A colleague asked; from now on it is mine."""
    row = _visible(request, pk).accept(by=request.user)
    if row.owner_id == request.user.pk:
        messages.success(request, _("It is yours now: %(text)s.") % {"text": row.text})
    return redirect("leads:today")


@require_POST
@staff
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    """I cannot; or, as its owner, I keep it after all."""
    row = _visible(request, pk).decline(by=request.user)
    return redirect(row if row.owner_id == request.user.pk else "leads:today")


@require_POST
@staff
def wait(request: StaffRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)

    def wait_for(said: dict[str, Any]) -> None:
        row.wait_for(said["waiting_for"], by=request.user, seen_version=said["version"])

    return _change(request, row, WaitForm(request.POST), wait_for)


def _change(
    request: StaffRequest,
    row: FollowUp,
    form: forms.Form,
    apply: Callable[[dict[str, Any]], object],
    *,
    snoozed: bool = False,
) -> HttpResponse:
    """Apply what was typed, or show it again with what is wrong; a colleague's quicker change is told."""
    if not form.is_valid():
        return _refused(request, row, form, 422)
    try:
        apply(form.cleaned_data)
    except StaleEdit:
        form.add_error(None, _("A colleague changed this meanwhile. Look at it again before you change it."))
        return _refused(request, row, form, 409)
    if request.htmx and snoozed:
        return _row(request, row.pk)
    messages.success(request, _("Changed."))
    return redirect("leads:today" if snoozed else row)


def _refused(request: StaffRequest, row: FollowUp, form: forms.Form, status: int) -> HttpResponse:
    row = _visible(request, row.pk)
    if request.htmx:
        return render(
            request, "leads/_follow_up_rows.html", _row_context(request, row) | {"refused": form}, status=status
        )
    return _page(request, row, refused=form, status=status)


def _row(request: StaffRequest, pk: int) -> HttpResponse:
    if not request.htmx:
        return redirect("leads:today")
    row = _visible(request, pk)
    today = clock.today_for(request.user)
    return render(request, "leads/_follow_up_rows.html", _row_context(request, row) | {"moved": row.due_on > today})


def _row_context(request: StaffRequest, row: FollowUp) -> dict[str, Any]:
    rows = dressed(list(plain(FollowUp.objects.filter(pk=row.pk))))
    return {"rows": rows, "today": clock.today_for(request.user), "mission": _mission(request)}


def _page(
    request: StaffRequest, row: FollowUp, *, refused: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    seen = {"version": row.version}
    forms_shown: list[forms.Form] = [
        DoneForm(follow_up=row, reader=request.user),
        SnoozeForm(initial=seen, user=request.user, mission=_mission(request), follow_up=row),
        WaitForm(initial=seen | {"waiting_for": row.waiting_for}),
        HandOverForm(initial=seen, follow_up=row),
        CancelForm(),
    ]
    shown = [refused if type(form) is type(refused) else form for form in forms_shown]
    names = ("done_form", "snooze_form", "wait_form", "hand_over_form", "cancel_form")
    letters = row.letters.select_related("writer", "delivery", "interaction").order_by("-pk")
    context = {
        "follow_up": row,
        "today": clock.today_for(request.user),
        "refused": refused,
        "letters": letters,
        "proof_form": _proof_form(request, row, refused),
        "is_mail": bool(row.step and row.step.is_mail),
    }
    return render(request, "leads/follow_up.html", context | dict(zip(names, shown, strict=True)), status=status)


def _proof_form(request: StaffRequest, row: FollowUp, refused: forms.Form | None) -> ProofForm | None:
    if isinstance(refused, ProofForm):
        return refused
    asks = row.state == FollowUp.State.DONE and not row.is_proved
    return ProofForm(follow_up=row, reader=request.user) if asks else None


def _next_form(request: StaffRequest, row: FollowUp) -> NextForm:
    if request.method == "POST" and "text" in request.POST:
        return NextForm(request.POST, user=request.user, follow_up=row)
    proposed = next_default(row)
    if proposed is None:
        return NextForm(user=request.user, follow_up=row)
    kind, text, day = proposed
    initial = {"kind": kind, "text": text, "due": "day", "day": day.isoformat()}
    return NextForm(user=request.user, follow_up=row, initial=initial)


def _visible(request: StaffRequest, pk: int) -> FollowUp:
    return get_object_or_404(with_source(FollowUp.objects.visible_to(request.user)), pk=pk)


def _mission(request: StaffRequest) -> Mission | None:
    return Mission.objects.of(request.user).under_way().first()
