"""Writing one mail to one contact: draft, preview, and the decision to send it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.objections import addresses_of
from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from config.templatetags.puente import local_time
from leads.errors import StaleEdit
from leads.forms.letter import LetterForm
from leads.letters import writing
from leads.letters.posting import paragraphs_of
from leads.letters.writing import MayNotWrite, unsettled_of
from leads.models import FollowUp, Letter
from leads.on_mission import outreach


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def write(request: StaffRequest, pk: int) -> HttpResponse:
    about = _about(request, pk)
    letter = unsettled_of(about)
    if not about.is_open or (letter and not letter.is_draft):
        return redirect(about)
    letter = letter or writing.propose(about, by=request.user, language=_language(request))
    if not about.contact or not addresses_of(about.contact):
        return render(request, "leads/letter_nowhere.html", {"follow_up": about})
    data = request.POST if request.method == "POST" else None
    form = LetterForm(data, letter=letter, contact=about.contact, user=request.user)
    if not form.is_valid():
        return _form(request, about, letter, form, status=422 if form.is_bound else 200)
    try:
        writing.keep(about, form.written(about.contact), by=request.user, seen=form.cleaned_data["version"])
    except StaleEdit as stale:
        theirs = unsettled_of(about) or letter
        # What was typed stands in the form, to be saved over what the person has seen by now.
        typed = request.POST.copy()
        typed["version"] = str(stale.current_version)
        form = LetterForm(typed, letter=theirs, contact=about.contact, user=request.user)
        form.is_valid()
        form.add_error(None, _("A colleague changed this draft meanwhile. Yours stands below; theirs beside it."))
        return _form(request, about, theirs, form, status=409, theirs=theirs)
    except MayNotWrite as refusal:
        messages.error(request, str(refusal))
        return redirect(about)
    return redirect("leads:letter_preview", pk)


@require_safe
@staff
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """As its reader will see it; from here it is sent."""
    about = _about(request, pk)
    letter = unsettled_of(about)
    if letter is None or not letter.is_draft:
        return redirect(about)
    context = {
        "follow_up": about,
        "letter": letter,
        "paragraphs": paragraphs_of(letter.body),
        "files": letter.files.order_by("name", "pk"),
        "why_not": writing.why_not_send(letter),
        "opens": outreach.waits_until(letter, clock.now()),
        "opens_zone": outreach.zone_of(about.company),
        "agency_name": settings.AGENCY_NAME,
    }
    return render(request, "leads/letter_preview.html", context)


@require_POST
@staff
def send(request: StaffRequest, pk: int) -> HttpResponse:
    about = _about(request, pk)
    letter = unsettled_of(about)
    seen = request.POST.get("version", "")
    if letter is None or not seen.isdecimal() or len(seen) > 9:
        return redirect(about)
    try:
        letter = writing.decide(letter, by=request.user, seen=int(seen))
    except StaleEdit:
        messages.error(request, _("A colleague changed this draft meanwhile. Look at it once more."))
        return redirect("leads:letter_preview", pk)
    except MayNotWrite as refusal:
        messages.error(request, str(refusal))
        return redirect("leads:letter_preview", pk)
    opens = outreach.waits_until(letter, clock.now())
    if opens:
        there = local_time(opens, outreach.zone_of(about.company))
        messages.success(request, _("It goes out in their working hours: %(moment)s.") % {"moment": there})
    else:
        messages.success(request, _("On its way to %(address)s.") % {"address": letter.to_address})
    return redirect(about)


@require_POST
@staff
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    about = _about(request, pk)
    letter = unsettled_of(about)
    if letter and writing.take_back(letter):
        return redirect("leads:letter", pk)
    messages.error(request, _("Too late: it has been handed over, or is just being sent."))
    return redirect(about)


@require_POST
@staff
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    about = _about(request, pk)
    letter = unsettled_of(about)
    if letter:
        writing.discard(letter)
    return redirect(about)


def _about(request: StaffRequest, pk: int) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user)
    related = ("company", "contact__country", "step", "interaction__event", "interaction__mission")
    found = get_object_or_404(rows.select_related(*related), pk=pk)
    if found.company_id is None:
        raise Http404  # a review of a mission is written to nobody
    return found


def _language(request: StaffRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def _form(
    request: StaffRequest,
    about: FollowUp,
    letter: Letter,
    form: LetterForm,
    *,
    status: int,
    theirs: Letter | None = None,
) -> HttpResponse:
    is_mail_step = bool(about.step and about.step.is_mail)
    others = [choice for choice in settings.LANGUAGES if choice[0] != letter.language]
    context: dict[str, Any] = {
        "follow_up": about,
        "letter": letter,
        "form": form,
        "theirs": theirs,
        "other_languages": others if is_mail_step and not letter.pk else [],
    }
    return render(request, "leads/letter.html", context, status=status)
