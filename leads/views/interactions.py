from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from companies.files import shelved
from companies.views import lists
from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads import looks
from leads.errors import StaleEdit
from leads.files import INTERACTION
from leads.forms.interaction import InteractionForm
from leads.interactions.capture import ask_for_follow_ups
from leads.lists.interactions import INTERACTIONS
from leads.models import FollowUp, Interaction, Participant


@require_safe
@staff
def interactions(request: StaffRequest) -> HttpResponse:
    return lists.page(request, INTERACTIONS, "leads/interactions.html")


@require_safe
@staff
def interaction(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Interaction.objects.visible_to(request.user)
        .select_related("company", "mission", "event", "lead__stage", "logged_by", "appointment")
        .prefetch_related(_people()),
        pk=pk,
    )
    if row.lead:
        looks.note_lead(request.user, row.lead, looks.Where.SAID)
    follow_ups = FollowUp.objects.visible_to(request.user).filter(interaction=row).select_related("owner", "closed_by")
    context = {
        "interaction": row,
        "follow_ups": follow_ups.order_by("due_on", "pk"),
        "files": shelved(INTERACTION, row, request.user),
        "saved": request.GET.get("saved", "")[:36],
        "today": clock.today_for(request.user),
    }
    return render(request, "leads/interaction.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    visible = Interaction.objects.visible_to(request.user).select_related("company")
    row = get_object_or_404(visible, pk=pk)
    form = InteractionForm(request.POST or None, interaction=row, user=request.user)
    status, stale = 200, False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row.revise(form.changes(), seen_version=form.cleaned_data["version"])
            except StaleEdit as refused:
                status, stale = 409, True
                # Having seen both, the person may send it again.
                form.data = {**dict(form.data.items()), "version": str(refused.current_version)}
            else:
                ask_for_follow_ups(row.pk)
                messages.success(request, _("Changed."))
                return redirect(row)
    context = {"form": form, "interaction": row, "stale": stale, "theirs": _theirs(form) if stale else []}
    return render(request, "leads/interaction_form.html", context, status=status)


def _theirs(form: InteractionForm) -> list[tuple[str, str, str]]:
    """Each field that differs: its name, what is stored now, and what this person typed."""
    return [
        (
            str(form.fields[name].label),
            _shown(form, name, form.initial[name]),
            _shown(form, name, form.cleaned_data[name]),
        )
        for name in form.changed_data
        if name != "version"
    ]


def _shown(form: InteractionForm, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", []))
    return str(choices.get(value, value) if value not in (None, "") else "–")


def _people() -> Prefetch[Any]:
    people = Participant.objects.select_related("contact", "user", "company_then", "team_then").order_by("pk")
    return Prefetch("participants", queryset=people)
