from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from config.staff import clock
from config.staff.access import managers, staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.figures import choices
from leads.figures.answer import number_of, parts_of
from leads.figures.behind import Listing, listing
from leads.figures.breakdown import breakdown
from leads.figures.catalogue import FIGURES, GROUPS
from leads.figures.choices import LABELS, Choices
from leads.figures.figure import Figure, Measure, Ratio
from leads.figures.filters import DIMENSIONS, Filters
from leads.figures.form import FilterForm
from leads.figures.number import How
from leads.figures.overview import Tile

FIRST = ("period", "scope", "layer", "within")
TITLES = {
    "results": gettext_lazy("Results"),
    "pipeline": gettext_lazy("Pipeline"),
    "work": gettext_lazy("Our work"),
    "missions": gettext_lazy("Missions"),
}


@require_GET
@managers
def figures(request: StaffRequest) -> HttpResponse:
    """Every figure with its definition, by what it is about."""
    groups: dict[str, list[Measure]] = {name: [] for name in GROUPS}
    for found in FIGURES.values():
        home = next(name for name, group in GROUPS.items() if found in vars(group).values())
        groups[home].append(found)
    context = {
        "groups": [(TITLES[name], members) for name, members in groups.items()],
        "query": request.GET.urlencode(),
    }
    return render(request, "leads/figures.html", context)


@require_GET
@staff
def figure(request: StaffRequest, name: str) -> HttpResponse:
    """A figure: its number, what it is made of, by any dimension, and the list behind it, the same records."""
    if name not in FIGURES:
        raise Http404
    asked, form, offered = FIGURES[name], FilterForm(request.GET), choices.load()
    filters = form.filters()
    if not may_ask(request.user, asked, filters):
        raise Http404
    number, before = number_of(asked, filters), filters.before()
    earlier = number_of(asked, before) if before and asked.obeys("period") else None
    fields = [name for name in (*FIRST, *DIMENSIONS) if asked.obeys(name)]
    context = {
        "figure": asked,
        "filters": filters,
        "number": number,
        "tile": Tile(asked, number, filters.query(), earlier),
        "before": before,
        "fields": form.offered(offered, [name for name in fields if name in FIRST]),
        "more_fields": form.offered(offered, [name for name in fields if name not in FIRST]),
        "as_of": clock.now(),
        "shows_period": asked.obeys("period"),
        **_by(request, asked, filters, offered, number),
        **(_parts(asked, filters) if isinstance(asked, Ratio) else _list(request, asked, filters)),
    }
    return render(request, "leads/figure.html", context)


def may_ask(user: User, asked: Measure, filters: Filters) -> bool:
    """Managers everything; an officer what is theirs alone."""
    return user.is_manager or (asked.obeys("officer") and filters.officer == str(user.pk))


def _by(request: StaffRequest, asked: Measure, filters: Filters, offered: Choices, number: object) -> dict[str, object]:
    """By the dimension that the reader chose; where none was, by the first that the filters leave open."""
    names = asked.tabled_by()
    wanted = request.GET.get("by", "")
    by = wanted if wanted in names else _first(names, asked, filters)
    if not by:
        return {"by": "", "dimensions": []}
    made = breakdown(asked, by, filters, offered, number)  # type: ignore[arg-type]
    return {"by": by, "dimensions": [(name, LABELS[name]) for name in names], "breakdown": made.first()}


def _first(names: list[str], asked: Measure, filters: Filters) -> str:
    """By years, or by the months of one; by the first dimension that the filters leave open where it has no period."""
    period = filters.period
    one_year = period.first and period.last and period.first.year == period.last.year
    order = (
        ["stage"] if asked.name == "stage_days" else ["month" if one_year else "year"] if asked.obeys("period") else []
    )
    free = [name for name in (*order, *names) if name in names and not getattr(filters, name, "")]
    return free[0] if free else ""


def _parts(asked: Ratio, filters: Filters) -> dict[str, object]:
    part, whole = parts_of(asked, filters)
    return {
        "parts": [
            (asked.part, part, asked.of_part(filters).query()),
            (asked.whole, whole, asked.of_whole(filters).query()),
        ]
    }


def _list(request: StaffRequest, asked: Figure, filters: Filters) -> dict[str, object]:
    listed: Listing = listing(asked, filters, request.user)
    page = keyset_page(listed.rows, request, keys=listed.keys, counted=False)
    return {
        "page": page,
        "lines": listed.lines(page.rows, request.user),
        "counted_head": _("Counts") if asked.how is How.SHARE else asked.unit.label,
    }
