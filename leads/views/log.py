from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.forms.log import KEPT, LogForm, capture_id_of
from leads.interactions import who as whom
from leads.interactions.attaching import attach_all
from leads.interactions.capture import AlreadyLogged, captured, log_interaction
from leads.interactions.who import Who
from leads.models import FollowUp, Interaction
from leads.on_mission.whereabouts import Whereabouts, whereabouts_of

# Buttons inside the form that only find and choose people; without scripts they send the whole form.
STEPS = ("find", "pick", "drop")
# A follow-up of this kind is most likely done by such an exchange.
KIND_OF_FOLLOW_UP = {
    "call": Interaction.Kind.CALL,
    "thank_you": Interaction.Kind.MAIL,
    "material": Interaction.Kind.MAIL,
    "check": Interaction.Kind.CALL,
    "reinvite": Interaction.Kind.MAIL,
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def log(request: StaffRequest) -> HttpResponse:
    """Log a meeting, call or mail."""
    if request.method != "POST":
        return _new(request)
    if any(step in request.POST for step in STEPS):
        return _page(request, *_step(request))
    return _save(request)


@require_POST
@staff
def who(request: StaffRequest) -> HttpResponse:
    """The who box while one types and taps: the answers alone, or the box with what was chosen."""
    if request.htmx.trigger_name in {"who", "new_company"}:
        name = request.htmx.trigger_name
        typed = request.POST.get(name, "")
        people = [row for row in whom.find(typed, request.user) if name == "who" or not row.contact_id]
        chosen = Who.read(request.POST, request.user)
        known = {f"contact:{contact.pk}" for contact in chosen.contacts}
        answers = [row for row in people if row.token not in known]
        return render(request, "leads/_log_answers.html", {"answers": answers, "typed": typed.strip(), "asked": name})
    form, answers = _step(request)
    return render(request, "leads/_log_chosen.html", _context(request, form, answers))


def _new(request: StaffRequest) -> HttpResponse:
    where = whereabouts_of(request.user)
    chosen = Who.read(request.GET, request.user)
    initial = _asked_for(request.GET, chosen, where)
    follow_up = _follow_up(request)
    if follow_up:
        chosen.company = chosen.company or follow_up.company
        if follow_up.contact and not chosen.contacts:
            chosen.contacts = [follow_up.contact]
        initial |= {"fulfils": follow_up.pk, "lead": follow_up.lead_id or ""}
        initial.setdefault("kind", KIND_OF_FOLLOW_UP.get(follow_up.kind, Interaction.Kind.MEETING))
    form = LogForm(user=request.user, who=chosen, where=where, initial=initial)
    answers = whom.offered_first(request.user, where) if chosen.is_empty else []
    return _page(request, form, answers, follow_up=follow_up, prefilled=not chosen.is_empty)


def _save(request: StaffRequest) -> HttpResponse:
    user = request.user
    chosen = Who.read(request.POST, user)
    form = LogForm(request.POST, user=user, who=chosen, where=whereabouts_of(user))
    sent_before = _sent_before(request, form)
    if sent_before:
        return _saved(request, sent_before, form)
    asked = not request.POST.get("another")
    likes = _look_alikes(chosen) if asked else []
    if likes:
        form.add_error(None, _("We have a company with a name like this one. Is it the same?"))
    people = whom.like_person(chosen, request.POST.get("email", "")) if asked and chosen.is_new and not likes else []
    if people:
        form.add_error(None, _("We have a person like this one. Is it the same?"))
    if not form.is_valid():
        answers = whom.find(request.POST.get("who", ""), user) if chosen.is_empty else []
        return _page(request, form, answers, likes=likes or people, status=422)
    try:
        interaction = log_interaction(
            chosen.company or chosen.new_company, capture_id=capture_id_of(form), by=user, said=form.said()
        )
    except AlreadyLogged as before:
        form.add_error(None, _already_logged(before.interaction))
        return _page(request, form, [], status=409)
    messages.success(request, _("Saved: %(company)s.") % {"company": interaction.company})
    refused = attach_all(interaction, request.FILES.getlist("files"), by=user)
    if refused:
        messages.warning(request, _("These files could not be taken: %(names)s.") % {"names": ", ".join(refused)})
    return _saved(request, interaction, form)


def _sent_before(request: StaffRequest, form: LogForm) -> Interaction | None:
    """A double click, or an answer that got lost on its way: it is stored, whatever the rest of the form says now."""
    form.full_clean()
    capture_id = form.cleaned_data.get("capture_id")
    return captured(capture_id, by=request.user) if capture_id else None


def _saved(request: StaffRequest, interaction: Interaction, form: LogForm) -> HttpResponse:
    sent = form.data.get("capture_id", "")
    if "next" in request.POST:
        kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
        return redirect(f"{reverse('leads:log')}?{urlencode({**kept, 'saved': sent})}")
    return redirect(f"{interaction.get_absolute_url()}?{urlencode({'saved': sent})}")


def _step(request: StaffRequest) -> tuple[LogForm, list[whom.Answer]]:
    """One choice in the who box; the rest of the form stays as it was typed."""
    user, typed = request.user, request.POST.get("who", "")
    chosen = Who.read(request.POST, user)
    if request.POST.get("pick") == "card":
        chosen.take_card(email=request.POST.get("email", ""), phone=request.POST.get("phone", ""))
    else:
        chosen.pick(request.POST.get("pick", ""), typed=typed)
    chosen.drop(request.POST.get("drop", ""))
    where = whereabouts_of(user)
    form = LogForm(user=user, who=chosen, where=where, initial=_typed(request.POST))
    if "find" in request.POST:
        return form, whom.find(typed, user)
    return form, whom.offered_first(user, where) if chosen.is_empty else []


def _page(
    request: StaffRequest,
    form: LogForm,
    answers: list[whom.Answer],
    *,
    status: int = 200,
    likes: list[whom.Answer] | None = None,
    follow_up: FollowUp | None = None,
    prefilled: bool = False,
) -> HttpResponse:
    context = _context(request, form, answers) | {
        "likes": likes or [],
        "follow_up": follow_up or _follow_up(request),
        "prefilled": prefilled,
        "saved": request.GET.get("saved", "")[:36],
    }
    return render(request, "leads/log.html", context, status=status)


def _context(request: StaffRequest, form: LogForm, answers: list[whom.Answer]) -> dict[str, Any]:
    found = "find" in request.POST or "pick" in request.POST
    typed = request.POST.get("who", "").strip() if found or form.is_bound else ""
    return {
        "form": form,
        "who": form.who,
        "answers": answers,
        "typed": "" if "pick" in request.POST else typed,
        "where": form.where,
        # The frame asks for it once more otherwise.
        "mission_under_way": form.where.mission,
        "asked": "who",
    }


def _asked_for(asked: QueryDict, chosen: Who, where: Whereabouts) -> dict[str, Any]:
    """What the address prefills: the kind, what "save and next" kept, or the appointment's own place and hour."""
    initial: dict[str, Any] = {name: asked[name] for name in (*KEPT, "kind") if asked.get(name)}
    plan = chosen.appointment
    if plan:
        initial |= {"mission": plan.mission_id, "event": plan.event_id, "zone": plan.zone}
        initial["place"] = plan.place or (plan.stop.city.name if plan.stop else where.place)
        initial["happened_at"] = plan.local_start
        ours = plan.delegates.filter(user__isnull=False)
        initial["colleagues"] = [str(pk) for pk in ours.values_list("user", flat=True)]
    return initial


def _typed(data: QueryDict) -> dict[str, Any]:
    return {name: data.getlist(name) if name == "colleagues" else value for name, value in data.items()}


def _follow_up(request: StaffRequest) -> FollowUp | None:
    key = request.GET.get("follow_up") or request.POST.get("fulfils") or ""
    if not key.isdecimal() or len(key) > whom.LONGEST_ID:
        return None
    visible = FollowUp.objects.visible_to(request.user).select_related("company", "contact")
    return visible.filter(pk=int(key)).first()


def _look_alikes(chosen: Who) -> list[whom.Answer]:
    """Companies that the new one may be."""
    return [] if chosen.company else whom.like_company(chosen.new_company)


def _already_logged(interaction: Interaction) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("%(name)s has logged this appointment already.") % {"name": interaction.logged_by},
        interaction.get_absolute_url(),
        _("Open it"),
    )
