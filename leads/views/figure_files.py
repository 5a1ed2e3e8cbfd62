"""A figure as a picture and as a file."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from companies import charts, exporting
from config.staff.access import exporters, managers, staff
from config.staff.requests import StaffRequest
from leads.figures import choices, drawing, sheets, tables
from leads.figures.breakdown import Breakdown, breakdown
from leads.figures.catalogue import FIGURES
from leads.figures.figure import Measure
from leads.figures.filters import Filters
from leads.figures.form import FilterForm
from leads.views.figure import may_ask


@require_GET
@staff
def chart(request: StaffRequest, name: str, kind: str) -> HttpResponse:
    measure, filters = _asked(request, name)
    if not may_ask(request.user, measure, filters):
        raise Http404
    found = _by(request, measure, filters)
    if found is None:
        raise Http404
    return charts.answer(request, drawing.chart(found.first(drawing.BARS)), kind)


@require_http_methods(["GET", "POST"])
@exporters
@managers
def export(request: StaffRequest, name: str) -> HttpResponse:
    """The figure with its definition, its table and the list behind it."""
    measure, filters = _asked(request, name)
    table = exporting.Table(
        str(measure.title),
        drawing.sheets(measure, _by(request, measure, filters), filters, request.user),
        filters=[(label, value) for label, value in filters.in_words() if value],
    )
    return exporting.answer(request, table, back=f"{reverse('leads:figure', args=[name])}?{request.GET.urlencode()}")


@require_http_methods(["GET", "POST"])
@exporters
@managers
def export_table(request: StaffRequest, dimension: str) -> HttpResponse:
    """The seed's table with its totals."""
    if dimension not in tables.DIMENSIONS:
        raise Http404
    filters = FilterForm(request.GET).filters()
    found = tables.table(dimension, filters, choices.load(), tables.whole(filters))
    title = _("Projects and what they brought")
    table = exporting.Table(title, [sheets.of_table(found)], filters=filters.in_words())
    return exporting.answer(request, table, back=f"{reverse('leads:table', args=[dimension])}?{filters.query()}")


def _asked(request: StaffRequest, name: str) -> tuple[Measure, Filters]:
    if name not in FIGURES:
        raise Http404
    return FIGURES[name], FilterForm(request.GET).filters()


def _by(request: StaffRequest, measure: Measure, filters: Filters) -> Breakdown | None:
    by = request.GET.get("by", "")
    return breakdown(measure, by, filters, choices.load()) if by in measure.tabled_by() else None
