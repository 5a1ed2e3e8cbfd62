"""The queue of companies and people that may stand here twice: merge, leave for later, or say that they are two."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from companies.models import ContactLookAlike, ContactPoint, LookAlike, Position
from config.staff.access import managers
from config.staff.paging import keyset_page, url_after
from config.staff.requests import StaffRequest

KEYS = ("-score", "-pk")
SIZE = 30
SIDES = ("low", "high")


@require_GET
@managers
def queue(request: StaffRequest) -> HttpResponse:
    """The likeliest first. Skipping goes on below a pair, and decides nothing."""
    of = "contact" if request.GET.get("of") == "contact" else "company"
    pairs: QuerySet[Any] = _people(request) if of == "contact" else _companies(request)
    page = keyset_page(pairs, request, keys=KEYS, size=SIZE)
    rows = [(pair, url_after(pairs, request, KEYS, pair)) for pair in page.rows]
    tabs = [
        (_("Companies"), reverse("companies:look_alikes"), of == "company", _companies(request).count()),
        (_("People"), f"{reverse('companies:look_alikes')}?of=contact", of == "contact", _people(request).count()),
    ]
    return render(request, "companies/look_alikes.html", {"page": page, "rows": rows, "of": of, "tabs": tabs})


def _companies(request: StaffRequest) -> QuerySet[LookAlike]:
    beside = [f"{side}__{what}" for side in SIDES for what in ("origin_country", "sector", "owner")]
    return LookAlike.objects.visible_to(request.user).open().select_related(*beside)


def _people(request: StaffRequest) -> QuerySet[ContactLookAlike]:
    """Each with where they work and how they are reached: what tells two of one name apart."""
    held = Position.objects.current().select_related("company")
    beside = [
        prefetch
        for side in SIDES
        for prefetch in (
            Prefetch(f"{side}__positions", held, to_attr="held"),
            Prefetch(f"{side}__contact_points", ContactPoint.objects.order_by("kind", "pk"), to_attr="points"),
        )
    ]
    pairs = ContactLookAlike.objects.visible_to(request.user).open()
    return pairs.select_related("low__country", "high__country").prefetch_related(*beside)


@require_POST
@managers
def not_the_same(request: StaffRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(LookAlike.objects.visible_to(request.user).select_related("low", "high"), pk=pk)
    text = _("%(one)s and %(other)s are two companies, and are not offered again.")
    return _told_apart(request, pair, text)


@require_POST
@managers
def two_people(request: StaffRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(ContactLookAlike.objects.visible_to(request.user).select_related("low", "high"), pk=pk)
    text = _("%(one)s and %(other)s are two people, and are not offered again.")
    return _told_apart(request, pair, text)


def _told_apart(request: StaffRequest, pair: LookAlike | ContactLookAlike, text: str) -> HttpResponse:
    pair.tell_apart(by=request.user)
    messages.success(request, text % {"one": pair.low, "other": pair.high})
    place = request.GET.urlencode()
    return redirect(reverse("companies:look_alikes") + (f"?{place}" if place else ""))
