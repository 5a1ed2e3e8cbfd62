"""The register of what people ask about their data, one person's data exported or anonymised, and the incidents."""

import tempfile

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import notices
from companies.anonymising import ask_for
from companies.forms.privacy import (
    AnonymiseForm,
    AnswerForm,
    DataRequestForm,
    ExtendForm,
    IncidentForm,
    NoticeForm,
)
from companies.models import Contact, DataRequest, Incident, PersonalAct, PrivacyNotice
from companies.personal import one_person, tell, write_archive
from config.staff import clock, queue
from config.staff.access import administrators, freshly_authenticated
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest

# Larger archives go to the disk while they are made.
IN_MEMORY = 5 * 1024 * 1024


@require_safe
@administrators
def home(request: StaffRequest) -> HttpResponse:
    """What is due first; the rest of the register behind it."""
    asked = DataRequest.objects.visible_to(request.user).select_related("contact", "owner")
    shows_answered = "answered" in request.GET
    rows = asked.filter(answered_at__isnull=False) if shows_answered else asked.open()
    today = clock.agency_today()
    context = {
        "page": keyset_page(rows, request, keys=("due_on", "pk")),
        "shows_answered": shows_answered,
        "today": today,
        "n_open": asked.open().count(),
        "n_overdue": asked.overdue_on(today).count(),
        "n_unreported": Incident.objects.visible_to(request.user).unreported().count(),
    }
    return render(request, "privacy/home.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def request_new(request: StaffRequest) -> HttpResponse:
    asked = request.GET.get("contact", "")
    known = Contact.objects.visible_to(request.user).current()
    contact = known.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    initial = {"contact": contact, "received_on": clock.agency_today(), "owner": request.user.pk}
    form = DataRequestForm(request.POST or None, reader=request.user, initial=initial)
    if form.is_valid():
        form.instance.created_by = request.user
        form.instance.start_clock()
        return redirect(form.save())
    return _form(request, form, _("New request"))


def _form(request: StaffRequest, form: object, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "privacy/form.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@administrators
def data_request(request: StaffRequest, pk: int) -> HttpResponse:
    return _request_page(request, _asked(request, pk))


def _asked(request: StaffRequest, pk: int) -> DataRequest:
    rows = DataRequest.objects.visible_to(request.user).select_related("contact", "owner", "answered_by")
    return get_object_or_404(rows, pk=pk)


def _request_page(
    request: StaffRequest, asked: DataRequest, answer: AnswerForm | None = None, extend: ExtendForm | None = None
) -> HttpResponse:
    context = {
        "asked": asked,
        "answer": answer or AnswerForm(),
        "extend": extend or ExtendForm(),
        "today": clock.agency_today(),
        "may_extend": asked.is_open and not asked.extended_because and asked.due_on >= clock.agency_today(),
    }
    return render(request, "privacy/request.html", context, status=422 if answer or extend else 200)


@require_POST
@administrators
def request_answer(request: StaffRequest, pk: int) -> HttpResponse:
    asked, form = _asked(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _request_page(request, asked, answer=form)
    asked.close(form.cleaned_data["answer"], by=request.user)
    messages.success(request, _("Answered."))
    return redirect(asked)


@require_POST
@administrators
def request_extend(request: StaffRequest, pk: int) -> HttpResponse:
    asked, form = _asked(request, pk), ExtendForm(request.POST)
    if not form.is_valid():
        return _request_page(request, asked, extend=form)
    if asked.extend(form.cleaned_data["because"]):
        messages.success(request, _("It may take longer now. Tell the person so."))
    else:
        messages.error(request, _("It was given more time already, or its day is over."))
    return redirect(asked)


@require_safe
@administrators
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """What is held of one person, and what can be done with it."""
    return _person_page(request, _contact(request, pk), AnonymiseForm())


def _contact(request: StaffRequest, pk: int) -> Contact:
    return get_object_or_404(Contact.objects.visible_to(request.user).filter(merged_into=None), pk=pk)


def _person_page(request: StaffRequest, contact: Contact, form: AnonymiseForm) -> HttpResponse:
    acts = PersonalAct.objects.visible_to(request.user).filter(contact__in=one_person(contact)).select_related("by")
    context = {
        "contact": contact,
        "told": [(one.part.label, len(one.rows)) for one in tell(contact, reader=request.user)],
        "acts": acts[:20],
        "form": form,
    }
    return render(request, "privacy/person.html", context, status=422 if form.is_bound else 200)


@require_POST
@freshly_authenticated
@administrators
def export(request: StaffRequest, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    told = tell(contact, reader=request.user)
    content = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write_archive(contact, told, content)
    content.seek(0)
    now, count = clock.now(), sum(len(one.rows) for one in told)
    PersonalAct.objects.create(
        kind=PersonalAct.Kind.EXPORT, contact=contact, by=request.user, at=now, finished_at=now, rows=count
    )
    answer = FileResponse(content, as_attachment=True, filename=f"person-{contact.pk}.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value] # it streams, which the decorators need not know


@require_POST
@freshly_authenticated
@administrators
def anonymise(request: StaffRequest, pk: int) -> HttpResponse:
    contact, form = _contact(request, pk), AnonymiseForm(request.POST)
    if not form.is_valid():
        return _person_page(request, contact, form)
    if contact.anonymised_at is None:
        ask_for(contact, by=request.user)
        transaction.on_commit(_start)
        messages.success(request, _("This person is being anonymised. That takes up to a few minutes."))
    return redirect("companies:person", contact.pk)


def _start() -> None:
    from companies.tasks import anonymise_people  # noqa: PLC0415 - tasks call verbs, so a screen asks for them late

    queue.ask(anonymise_people)


@require_safe
@administrators
def incidents(request: StaffRequest) -> HttpResponse:
    page = keyset_page(Incident.objects.visible_to(request.user), request, keys=("-found_on", "-pk"))
    return render(request, "privacy/incidents.html", {"page": page, "today": clock.agency_today()})


@require_http_methods(["GET", "POST"])
@administrators
def incident_new(request: StaffRequest) -> HttpResponse:
    form = IncidentForm(request.POST or None, initial={"found_on": clock.agency_today()})
    if form.is_valid():
        form.instance.created_by = request.user
        form.save()
        return redirect("companies:incidents")
    return _form(request, form, _("New incident"))


@require_http_methods(["GET", "POST"])
@administrators
def incident(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Incident.objects.visible_to(request.user), pk=pk)
    form = IncidentForm(request.POST or None, instance=found)
    if form.is_valid():
        form.save()
        return redirect("companies:incidents")
    return _form(request, form, _("Incident"))


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def notice(request: StaffRequest) -> HttpResponse:
    """What strangers are told before they write to us; a change is a new version."""
    versions = PrivacyNotice.objects.visible_to(request.user).select_related("published_by")
    told = versions.in_force()
    initial = {"text_es": told.text_es, "text_en": told.text_en} if told else {}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        published = notices.publish(**form.cleaned_data, by=request.user)
        messages.success(request, _("Version %(number)s is in force.") % {"number": published.number})
        return redirect("companies:privacy_notice")
    context = {"form": form, "versions": versions.order_by("-number")[:20]}
    return render(request, "privacy/notice.html", context, status=422 if form.is_bound else 200)
