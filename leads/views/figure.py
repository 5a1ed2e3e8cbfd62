from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.staff import clock
from config.staff.access import managers
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.figures import choices
from leads.figures.answer import ask
from leads.figures.behind import Listing, listing
from leads.figures.catalogue import FIGURES
from leads.figures.filters import DIMENSIONS
from leads.figures.form import FilterForm
from leads.figures.number import How
from leads.figures.secrecy import resolved
from leads.figures.source import Figure


@require_GET
@managers
def figure(request: StaffRequest, name: str) -> HttpResponse:
    """The list behind a figure: the same records, one line each."""
    if name not in FIGURES:
        raise Http404
    asked, form, offered = FIGURES[name], FilterForm(request.GET), choices.load()
    filters = resolved(asked.source, form.filters())
    number = ask([asked], filters)[name]
    context = {
        "figure": asked,
        "filters": filters,
        "number": number,
        "fields": form.offered(offered, _bar(asked)),
        "as_of": clock.now(),
        "shows_period": asked.obeys("period"),
        "counted_head": _("Counts") if asked.how is How.SHARE else asked.unit.label,
        **({} if number.withheld else _list(request, listing(asked, filters, request.user))),
    }
    return render(request, "leads/figure.html", context)


def _list(request: StaffRequest, listed: Listing) -> dict[str, object]:
    page = keyset_page(listed.rows, request, keys=listed.keys, counted=False)
    return {"page": page, "lines": listed.lines(page.rows, request.user)}


def _bar(asked: Figure) -> list[str]:
    """Only the filters that this figure obeys, so that none seems to work and does not."""
    period = ["since", "until"] if asked.obeys("period") else []
    return period + [name for name in ("scope", "layer", *DIMENSIONS) if asked.obeys(name)]
