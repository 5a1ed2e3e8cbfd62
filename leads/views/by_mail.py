"""The page behind a link of the morning mail: done, or later. It asks; nothing happens by opening it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.staff import clock
from leads.errors import ReasonMissing, StaleEdit
from leads.follow_ups import evidence
from leads.forms.follow_up import DoneForm, SnoozeForm
from leads.models import FollowUp
from leads.reminding import by_mail
from leads.reminding.by_mail import Asked
from leads.reminding.composing import words_for
from missions.models import Mission


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    asked = by_mail.read(token)
    if asked is None:
        raise Http404
    with override(asked.person.language):
        return _answer(request, asked) if request.method == "POST" else _page(request, asked)


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    if not asked.follow_up.is_open:
        return _page(request, asked)
    return _later(request, asked) if "later" in request.POST else _done(request, asked)


def _done(request: HttpRequest, asked: Asked) -> HttpResponse:
    form = DoneForm(request.POST, follow_up=asked.follow_up, reader=asked.person)
    if not form.is_valid():
        return _page(request, asked, done=form, status=422)
    said = form.cleaned_data
    found = evidence.read(said.get("evidence") or "", asked.follow_up, asked.person)
    row = asked.follow_up.complete(by=asked.person, note=said["note"], interaction=found.interaction, file=found.file)
    return _page(request, Asked(asked.person, row), said=_("It is done.") if not row.is_open else "")


def _later(request: HttpRequest, asked: Asked) -> HttpResponse:
    person, row = asked
    form = SnoozeForm(request.POST, user=person, mission=_mission(asked), follow_up=row)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row.snooze(said["day"], by=person, seen_version=said["version"], reason=said["reason"])
        except StaleEdit:
            form.add_error(None, _("A colleague changed this meanwhile. Look at it again before you change it."))
        except ReasonMissing:
            form.add_error("reason", _("This is not the first time: say why it must wait again."))
        else:
            fresh = FollowUp.objects.get(pk=row.pk)
            return _page(request, Asked(person, fresh), said=_("It is put off."))
    return _page(request, asked, later=form, status=422)


def _page(
    request: HttpRequest,
    asked: Asked,
    *,
    done: DoneForm | None = None,
    later: SnoozeForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    person, row = asked
    seen = {"version": row.version, "to": "working"}
    context = {
        "line": words_for(row, person, today=clock.today_for(person)),
        "follow_up": row,
        "said": said,
        "done": done or DoneForm(follow_up=row, reader=person),
        "later": later or SnoozeForm(initial=seen, user=person, mission=_mission(asked), follow_up=row),
    }
    return render(request, "leads/by_mail.html", context, status=status)


def _mission(asked: Asked) -> Mission | None:
    return Mission.objects.of(asked.person).under_way().first()
