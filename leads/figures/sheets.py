"""Pages of figures as sheets of a workbook: real numbers and days, empty where nobody knows."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from companies.exporting import Column, Kind, Sheet
from leads.figures import words
from leads.figures.board import Board
from leads.figures.drawing import KINDS
from leads.figures.mission_table import COLUMNS, MissionRow
from leads.figures.number import Number, Unit
from leads.figures.overview import Tile
from leads.figures.tables import Table


def of_board(page: Board) -> list[Sheet]:
    return [
        _goals(page),
        _tiles(_("Results"), page.tiles),
        _layers(page),
        _top(page),
        of_missions(page.missions),
        _tiles(_("Risks"), page.risks),
    ]


def of_missions(rows: Sequence[MissionRow]) -> Sheet:
    columns = [
        Column(_("Mission")),
        Column(_("First day"), Kind.DATE),
        Column(_("Days"), Kind.NUMBER),
        Column(_("Delegates"), Kind.NUMBER),
    ]
    columns += [Column(str(figure.title), KINDS.get(figure.unit, Kind.NUMBER)) for figure in COLUMNS]
    lines = [
        (
            row.mission.name,
            row.mission.starts_on,
            row.days,
            row.delegates,
            *(words.cell(number, figure.unit) for figure, number in row.cells),
        )
        for row in rows
    ]
    return Sheet(_("Missions"), columns, lines)


def of_table(table: Table) -> Sheet:
    """The seed's table, group totals last."""
    columns = [
        Column(table.label),
        *(Column(name, kind) for name, kind in _heads()),
    ]
    return Sheet(
        _("By %(dimension)s") % {"dimension": table.label.lower()},
        columns,
        [_project_row(row) for row in (*table.rows, table.total)],
    )


def _heads() -> list[tuple[str, Kind]]:
    number = Kind.NUMBER
    return [
        (_("Projects"), number),
        (_("% of projects"), number),
        (_("Companies"), number),
        (_("Investment (USD)"), Kind.MONEY),
        (_("Investment known of"), number),
        (_("% of investment"), number),
        (_("Jobs"), number),
        (_("Jobs known of"), number),
        (_("% of jobs"), number),
        (_("Projects a company"), number),
        (_("Investment a project"), Kind.MONEY),
        (_("Jobs a project"), number),
        (_("Reinvestment"), number),
        (_("Last decision"), Kind.DATE),
    ]


def _project_row(row: object) -> tuple[object, ...]:
    found: Any = row
    return (
        found.name,
        found.projects.value,
        _rounded(found.project_share),
        found.companies.value,
        words.cell(found.capex, Unit.MONEY),
        found.capex.known,
        _rounded(found.capex_share),
        words.cell(found.jobs, Unit.JOBS),
        found.jobs.known,
        _rounded(found.jobs_share),
        _rounded(found.projects_per_company, 2),
        _rounded(found.capex_per_project, 2),
        _rounded(found.jobs_per_project, 1),
        _rounded(found.reinvestment.percent),
        found.last_decision,
    )


def _rounded(value: Any, places: int = 1) -> float | None:
    return None if value is None else round(float(value), places)


def _goals(page: Board) -> Sheet:
    heads = [_("Goal"), _("Time"), _("For"), _("Version"), _("Approved by")]
    columns = [
        *map(Column, heads),
        *(
            Column(name, Kind.NUMBER)
            for name in (
                _("Aim"),
                _("Should be by now"),
                _("Now"),
                _("Forecast, low"),
                _("Forecast"),
                _("Forecast, high"),
            )
        ),
    ]
    rows = []
    for line in page.goals:
        to_come = line.forecast
        rows.append(
            (
                str(line.measure.title),
                line.goal.stretch,
                line.whose,
                str(line.goal.version),
                line.goal.approved_by.name if line.goal.approved_by else "",
                line.goal.value,
                line.pro_rata,
                words.cell(line.actual, line.measure.unit),
                to_come and round(to_come.low, 2),
                to_come and round(to_come.expected, 2),
                to_come and round(to_come.high, 2),
            )
        )
    return Sheet(_("Goals"), columns, rows)


def _tiles(name: str, tiles: Sequence[Tile]) -> Sheet:
    columns = [
        Column(_("Figure")),
        Column(_("Number"), Kind.NUMBER),
        Column(_("Unit")),
        Column(_("Known"), Kind.NUMBER),
        Column(_("Of"), Kind.NUMBER),
        Column(_("Period before"), Kind.NUMBER),
    ]
    rows = [
        (
            str(tile.figure.title),
            words.cell(tile.number, tile.figure.unit),
            str(tile.figure.unit.label),
            tile.number.known,
            tile.number.of,
            words.cell(tile.before, tile.figure.unit) if tile.before else None,
        )
        for tile in tiles
    ]
    return Sheet(name, columns, rows)


def _layers(page: Board) -> Sheet:
    columns = [
        Column(_("Layer")),
        Column(_("Investment (USD)"), Kind.MONEY),
        Column(_("Investment known of"), Kind.NUMBER),
        Column(_("Jobs"), Kind.NUMBER),
        Column(_("Jobs known of"), Kind.NUMBER),
    ]
    rows = [
        (
            str(row.layer.label),
            _cell(row.capex, Unit.MONEY),
            row.capex.known,
            _cell(row.jobs, Unit.JOBS),
            row.jobs.known,
        )
        for row in page.layers
    ]
    return Sheet(_("By layer"), columns, rows)


def _cell(number: Number, unit: Unit) -> object:
    return words.cell(number, unit)


def _top(page: Board) -> Sheet:
    columns = [
        Column(_("Project")),
        Column(_("Company")),
        Column(_("Country")),
        Column(_("Stage")),
        Column(_("Investment (USD)"), Kind.MONEY),
    ]
    return Sheet(
        _("Largest open projects"),
        columns,
        [(line.title, line.company, line.country, line.person, line.counted) for line in page.top_outside],
    )
