from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from companies.forms.contact import ContactForm, ContactPointForm, PositionForm
from companies.look_alikes import people_like, people_reached_by
from companies.models import Company, Contact, Position
from companies.objections import object_to_messages
from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    """A new contact, of the company that is named in the address."""
    companies = Company.objects.visible_to(request.user).current()
    company = companies.filter(pk=_number(request.GET.get("company", ""))).first()
    form = ContactForm(request.POST or None)
    likes: list[Contact] = []
    if form.is_valid() and "another" not in request.POST:
        names = form.cleaned_data["given_name"], form.cleaned_data["family_name"]
        likes = people_like(*names, reader=request.user)
    if form.is_valid() and not likes:
        form.instance.created_by = request.user
        with transaction.atomic():
            contact = form.save()
            if company:
                Position.objects.create(contact=contact, company=company, started_on=clock.agency_today())
        return redirect(contact)
    context = {"form": form, "record": company, "title": _("New contact"), "likes": likes}
    return render(request, "companies/part_form.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(
        Contact.objects.visible_to(request.user).current().select_for_update(of=("self",)), pk=pk
    )
    form = ContactForm(request.POST or None, instance=contact)
    if form.is_valid():
        return redirect(form.save())
    return render(
        request, "companies/part_form.html", {"form": form, "record": contact, "title": _("Edit the contact")}
    )


@require_http_methods(["GET", "POST"])
@staff
def part_new(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """A new position, e-mail address or phone number."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).current(), pk=pk)
    form: ModelForm[Any]
    if kind == "positions":
        form = PositionForm(request.POST or None, contact=contact, reader=request.user)
    else:
        form = ContactPointForm(request.POST or None, contact=contact)
    likes: list[Contact] = []
    if form.is_valid() and kind == "points" and "another" not in request.POST:
        likes = people_reached_by(form.cleaned_data["value"], reader=request.user, besides=contact)
    if form.is_valid() and not likes:
        with transaction.atomic():
            if form.cleaned_data.get("ends_others"):
                _end_positions(contact, form.instance)  # type: ignore[arg-type]
            form.save()
        return redirect(contact)
    title = _("New position") if kind == "positions" else _("E-mail or phone")
    context = {"form": form, "record": contact, "title": title, "likes": likes}
    return render(request, "companies/part_form.html", context)


def _end_positions(contact: Contact, position: Position) -> None:
    """Whoever moves leaves the day before; a position that began later ends on its own first day."""
    last = (position.started_on or clock.agency_today()) - timedelta(days=1)
    for held in contact.positions.current():
        held.ended_on = max(last, held.started_on) if held.started_on else last
        held.save(update_fields=["ended_on"])


@require_POST
@staff
def objection(request: StaffRequest, pk: int) -> HttpResponse:
    """The person does not want to hear from us: from now on nothing is sent to them."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).current(), pk=pk)
    object_to_messages(contact, request.POST.get("source", ""), at=clock.now())
    messages.success(request, _("Noted: nobody writes to this person any more."))
    return redirect(contact)


@require_POST
@staff
def point_works(request: StaffRequest, pk: int, point_pk: int) -> HttpResponse:
    """Somebody knows better: mail to this address arrives again."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).current(), pk=pk)
    contact.contact_points.emails().filter(pk=point_pk).update(bounced_at=None)
    messages.success(request, _("Mail goes to this address again."))
    return redirect(contact)
