from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from companies import search
from companies.files import shelved
from config.staff import clock
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.capture import ask_for_follow_ups
from leads.errors import StaleEdit
from leads.files import INTERACTION
from leads.forms.interaction import InteractionFilter, InteractionForm
from leads.interaction_lines import add_met, as_lines
from leads.models import FollowUp, Interaction, Participant

FIELDS = {
    "kind": "kind",
    "outcome": "outcome",
    "interest": "interest",
    "mission": "mission",
    "officer": "logged_by",
    "company": "company",
}


@require_safe
@staff
def interactions(request: StaffRequest) -> HttpResponse:
    """Every meeting, call and mail, newest first."""
    form = InteractionFilter(request.GET, user=request.user)
    form.is_valid()
    asked = {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value}
    rows = filtered(Interaction.objects.visible_to(request.user), asked, request.user)
    page = keyset_page(as_lines(rows), request, ("-happened_at", "-pk"))
    add_met(page.rows)
    return render(request, "leads/interactions.html", {"form": form, "page": page, "is_filtered": bool(asked)})


def filtered(rows: QuerySet[Interaction], asked: dict[str, Any], user: User) -> QuerySet[Interaction]:
    zone = ZoneInfo(user.zone_at(clock.now()))
    for name, field in FIELDS.items():
        if name in asked:
            rows = rows.filter(**{field: asked[name]})
    if "since" in asked:
        rows = rows.filter(happened_at__gte=datetime.combine(asked["since"], time(), zone).astimezone(UTC))
    if "until" in asked:
        after = datetime.combine(asked["until"], time(), zone) + timedelta(days=1)
        rows = rows.filter(happened_at__lt=after.astimezone(UTC))
    return rows.filter(_about(asked["q"], user)) if "q" in asked else rows


def _about(words: str, user: User) -> Q:
    """What was said, with whom or where. Each part of the "or" has an index of its own."""
    groups = search.find(words, user=user, kinds=("company", "contact"), limit=20)
    found = {group.kind.name: [hit.pk for hit in group.hits] for group in groups}
    talks = Participant.objects.filter(contact__in=found.get("contact", [])).order_by("-pk")
    return (
        Q(note__icontains=words)
        | Q(company__in=found.get("company", []))
        | Q(pk__in=list(talks.values_list("interaction", flat=True)[:1000]))
    )


@require_safe
@staff
def interaction(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Interaction.objects.visible_to(request.user)
        .select_related("company", "mission", "event", "lead__stage", "logged_by", "appointment")
        .prefetch_related(_people()),
        pk=pk,
    )
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
