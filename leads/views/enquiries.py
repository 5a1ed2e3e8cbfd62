from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.look_alikes import look_alikes
from companies.models import Company
from companies.search_kinds import FREE_MAIL
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.enquiring import enquiries
from leads.enquiring.enquiries import Turned
from leads.errors import StaleEdit
from leads.forms.enquiry import AnswerForm, AssignForm, CloseForm, TurnForm, TypedForm
from leads.models import Enquiry, Lead


@require_safe
@staff
def enquiry_list(request: StaffRequest) -> HttpResponse:
    """What waits first by its clock; everything else newest first."""
    state = request.GET.get("state", Enquiry.State.WAITING)
    rows = Enquiry.objects.visible_to(request.user).select_related("owner", "country", "company")
    if state in Enquiry.State.values:
        rows = rows.filter(state=state)
    else:
        state = ""
    mine = request.GET.get("mine") == "1"
    if mine:
        rows = rows.filter(owner=request.user)
    keys = ("respond_by", "pk") if state == Enquiry.State.WAITING else ("-received_at", "-pk")
    context = {"page": keyset_page(rows, request, keys), "state": state, "mine": mine, "states": Enquiry.State.choices}
    return render(request, "leads/enquiries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    form = TypedForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.is_valid():
        return render(request, "leads/enquiry_new.html", {"form": form}, status=422 if form.is_bound else 200)
    return redirect(enquiries.receive(form.cleaned_data["capture_id"], **form.facts()))


@require_safe
@staff
def enquiry(request: StaffRequest, pk: int) -> HttpResponse:
    found = _find(request.user, pk)
    return _page(request, found, {})


@require_POST
@staff
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    found, form = _find(request.user, pk), AssignForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"assign": form}, status=422)
    try:
        enquiries.assign(found, form.cleaned_data["owner"], seen_version=form.cleaned_data["version"])
    except StaleEdit:
        messages.error(request, _("A colleague changed this enquiry meanwhile. Look at it once more."))
    return redirect(found)


@require_POST
@staff
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    found, form = _find(request.user, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"answer": form}, status=422)
    enquiries.answer(found, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("Answered; the clock has stopped."))
    return redirect(found)


@require_POST
@staff
def turn(request: StaffRequest, pk: int) -> HttpResponse:
    found = _find(request.user, pk)
    form = TurnForm(request.POST, user=request.user, enquiry=found)
    if not form.is_valid():
        return _page(request, found, {"turn": form}, status=422)
    house = form.house
    if isinstance(house, str) and "anyway" not in request.POST:
        likes = look_alikes(house, _domain(found))
        if likes:
            # Nothing is made silently beside one that we may have.
            return _page(request, found, {"turn": form, "likes": likes, "must_choose": True}, status=422)
    lead = enquiries.turn_into_lead(found, Turned(house, form.cleaned_data["title"]), by=request.user)
    return redirect(lead)


@require_POST
@staff
def close(request: StaffRequest, pk: int) -> HttpResponse:
    found, form = _find(request.user, pk), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"close": form}, status=422)
    said = form.cleaned_data
    enquiries.close(found, said["because"], by=request.user, note=said["note"], answered=said["answered"])
    return redirect(found)


@require_POST
@staff
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    return redirect(enquiries.reopen(_find(request.user, pk)))


def _find(user: User, pk: int) -> Enquiry:
    rows = Enquiry.objects.visible_to(user).select_related(
        "owner", "country", "company", "contact", "answered_by", "notice"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: StaffRequest, found: Enquiry, forms: dict[str, Any], *, status: int = 200) -> HttpResponse:
    is_open = found.state in {Enquiry.State.WAITING, Enquiry.State.ANSWERED}
    context = {
        "enquiry": found,
        "is_open": is_open,
        "leads": _leads(found, request.user),
        "assign": AssignForm(initial={"owner": found.owner_id, "version": found.version}),
        "answer": AnswerForm(),
        "close": CloseForm(),
        "turn": TurnForm(user=request.user, enquiry=found) if is_open else None,
        "likes": _likes(found) if is_open else [],
        **forms,
    }
    return render(request, "leads/enquiry.html", context, status=status)


def _leads(found: Enquiry, reader: User) -> QuerySet[Lead]:
    return Lead.objects.visible_to(reader).filter(enquiry=found).select_related("stage", "company")


def _likes(found: Enquiry) -> list[Company]:
    return look_alikes(found.company_name, _domain(found)) if found.company_name or _domain(found) else []


def _domain(found: Enquiry) -> str:
    domain = found.email.rpartition("@")[2].lower()
    return "" if domain.partition(".")[0] in FREE_MAIL else domain
