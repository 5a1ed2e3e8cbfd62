"""A figure's table as a chart, and as sheets of a workbook."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from companies.charts import Bar, Chart
from companies.exporting import Column, Kind, Sheet
from config.staff.models import User
from leads.figures import words
from leads.figures.behind import listing
from leads.figures.breakdown import IN_TIME, Breakdown
from leads.figures.figure import Figure, Measure
from leads.figures.filters import Filters
from leads.figures.number import How, Unit
from leads.looks import Where

ROWS_AT_ONCE = 500
BARS = 16
KINDS = {Unit.MONEY: Kind.MONEY}


def chart(found: Breakdown) -> Chart:
    unit = found.measure.unit
    return Chart(
        _("%(figure)s by %(dimension)s") % {"figure": found.measure.title, "dimension": found.label.lower()},
        [Bar(line.name, words.plain(line.number), words.short(line.number, unit)) for line in found.lines],
        in_time=found.dimension in IN_TIME,
    )


def sheets(measure: Measure, found: Breakdown | None, filters: Filters, viewer: User) -> list[Sheet]:
    """The number by its dimension, and the list behind it; of restricted records what the screen says of them."""
    made = [_definition(measure, filters)]
    if found:
        made.append(_table(found))
    if isinstance(measure, Figure):
        made.append(_list(measure, filters, viewer))
    else:
        made += [_list(part, narrowed, viewer) for part, narrowed in _parts(measure, filters)]
    return made


def _parts(measure: Any, filters: Filters) -> list[tuple[Figure, Filters]]:
    return [(measure.part, measure.of_part(filters)), (measure.whole, measure.of_whole(filters))]


def _definition(measure: Measure, filters: Filters) -> Sheet:
    said = [
        (_("Figure"), measure.title),
        (_("Definition"), measure.definition),
        (_("Formula"), measure.formula),
        (_("Careful:"), measure.traps),
        (_("Dated by"), measure.source.date_basis),
        (_("Period"), filters.period_words() if measure.obeys("period") else _("Now, whatever the period")),
        (_("Scope"), filters.scope.label if measure.obeys("scope") else ""),
        (_("Amounts"), filters.layer.label if measure.obeys("layer") else ""),
        (_("Unit"), measure.unit.label),
    ]
    return Sheet(_("Definition"), [Column(_("What")), Column(_("Words"))], [(name, str(text)) for name, text in said])


def _table(found: Breakdown) -> Sheet:
    unit, title = found.measure.unit, str(found.measure.title)
    columns = [Column(found.label), Column(title, KINDS.get(unit, Kind.NUMBER))]
    columns += [Column(_("Known"), Kind.NUMBER), Column(_("Of"), Kind.NUMBER)]
    rows = [(line.name, words.cell(line.number, unit), line.number.known, line.number.of) for line in found.lines]
    total = (_("All together"), words.cell(found.total, unit), found.total.known, found.total.of)
    return Sheet(_("By %(dimension)s") % {"dimension": found.label.lower()}, columns, [*rows, total])


def _list(figure: Figure, filters: Filters, viewer: User) -> Sheet:
    columns = [Column(_("Record")), Column(_("Company")), Column(_("Country")), Column(_("Person"))]
    columns.append(Column(_("Date"), Kind.DATE))
    if figure.counted:
        kind = Kind.TEXT if figure.how is How.SHARE else KINDS.get(figure.unit, Kind.NUMBER)
        columns.append(Column(_("Counts") if figure.how is How.SHARE else str(figure.unit.label), kind))
    return Sheet(str(figure.title), columns, _lines(figure, filters, viewer))


def _lines(figure: Figure, filters: Filters, viewer: User) -> Iterator[tuple[object, ...]]:
    listed = listing(figure, filters, viewer)
    rows = listed.rows.order_by(*listed.keys)
    batch: list[Any] = []
    for row in rows.iterator(ROWS_AT_ONCE):
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield from _written(listed.lines(batch, viewer, Where.EXPORT), figure)
            batch = []
    yield from _written(listed.lines(batch, viewer, Where.EXPORT), figure)


def _written(lines: list[Any], figure: Figure) -> Iterator[tuple[object, ...]]:
    for line in lines:
        day = line.day.date() if hasattr(line.day, "date") else line.day
        row = (line.title, line.company, line.country, line.person, day)
        yield (*row, _counted(line.counted, figure)) if figure.counted else row


def _counted(value: Any, figure: Figure) -> object:
    if figure.how is How.SHARE and value is not None:
        return _("yes") if value else _("no")
    return value
