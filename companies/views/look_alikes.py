"""The queue of companies that may stand here twice: merge, leave for later, or say that they are two."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from companies.models import LookAlike
from config.staff.access import managers
from config.staff.paging import keyset_page, url_after
from config.staff.requests import StaffRequest

KEYS = ("-score", "-pk")
SIZE = 30
BESIDE = [f"{side}__{what}" for side in ("low", "high") for what in ("origin_country", "sector", "owner")]


@require_GET
@managers
def queue(request: StaffRequest) -> HttpResponse:
    """The likeliest first. Skipping goes on below a pair, and decides nothing."""
    pairs = LookAlike.objects.visible_to(request.user).open().select_related(*BESIDE)
    page = keyset_page(pairs, request, keys=KEYS, size=SIZE)
    rows = [(pair, url_after(pairs, request, KEYS, pair)) for pair in page.rows]
    return render(request, "companies/look_alikes.html", {"page": page, "rows": rows})


@require_POST
@managers
def not_the_same(request: StaffRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(LookAlike.objects.visible_to(request.user).select_related("low", "high"), pk=pk)
    pair.tell_apart(by=request.user)
    messages.success(
        request,
        _("%(one)s and %(other)s are two companies, and are not offered again.")
        % {"one": pair.low, "other": pair.high},
    )
    place = request.GET.urlencode()
    return redirect(reverse("companies:look_alikes") + (f"?{place}" if place else ""))
