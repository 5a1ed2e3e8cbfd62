"""Pages of figures on paper: the same objects as on the screen, as finished texts for typst and charts as pictures."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies import charts, printing
from config.staff.models import User
from leads.figures import choices, drawing, words
from leads.figures.board import Board
from leads.figures.board import board as board_of
from leads.figures.filters import Filters
from leads.figures.goals import GoalLine
from leads.figures.mission_table import COLUMNS
from leads.figures.number import Number, Unit
from leads.figures.overview import Tile
from leads.figures.public_sheet import PublicRow, public_sheet
from leads.figures.week import Week
from leads.figures.week import week as week_of

CHART = "chart.svg"
Section = dict[str, Any]


def board(filters: Filters, viewer: User) -> bytes:
    page = board_of(filters, choices.load(), viewer)
    data = {
        "about": _about(filters),
        "tiles": [_tile(tile) for tile in page.tiles],
        "chart": {"name": CHART, "title": _("Projects by year")} if page.by_year.lines else None,
        "sections": [_goals(page), _layers(page), _pipeline(page), _top(page), _missions(page), _risks(page.risks)],
        "notes": [*_notes(page), *_meanings(page.tiles)],
    }
    pictures = {CHART: charts.svg(drawing.chart(page.by_year), theme="print")}
    return printing.pdf("figures", data, title=_("Board page"), kicker=filters.period_words(), images=pictures)


def week(filters: Filters, viewer: User) -> bytes:
    page = week_of(filters, choices.load(), viewer)
    data = {
        "about": _about(filters),
        "tiles": [_tile(tile) for tile in page.tiles],
        "chart": {"name": CHART, "title": _("Open leads by days since they spoke")} if page.silence.lines else None,
        "sections": [_people(page), _stages(page), _moved(page)],
        "notes": [_("Work is told for a fair balance, never to rank people."), *_meanings(page.tiles)],
    }
    pictures = {CHART: charts.svg(drawing.chart(page.silence), theme="print")}
    title = _("Week of the managers")
    return printing.pdf("figures", data, title=title, kicker=filters.period_words(), images=pictures)


def public(filters: Filters) -> bytes:
    page = public_sheet(filters, choices.load())
    heads = [_("Projects"), _("Companies"), _("Investment"), _("Jobs")]
    sections = [
        _section(table.label, [table.label, *heads], [_public_row(row) for row in table.rows]) for table in page.tables
    ]
    total = page.total
    data = {
        "about": f"{filters.period_words()} · {filters.scope.label} · {_('Verified')}",
        "tiles": [[head, value, ""] for head, value in zip(heads, _public_row(total)[1:], strict=True)]
        if total
        else [],
        "chart": None,
        "sections": sections,
        "notes": [
            _("Verified figures only. Rows of fewer than three companies that are not public yet are shown together."),
            _("Companies are distinct groups: the column does not add up to the total."),
        ],
    }
    return printing.pdf("figures", data, title=_("Investment in the region"), kicker=filters.period_words())


def _about(filters: Filters) -> str:
    return f"{filters.period_words()} · {filters.scope.label} · {filters.layer.label}"


def _tile(tile: Tile) -> list[str]:
    note = words.parts(tile.number) or words.known(tile.number)
    if tile.change is not None:
        change = _("%(change)s against the period before") % {"change": words.change(tile.change, tile.figure.unit)}
        note = f"{note} · {change}" if note else change
    return [str(tile.figure.title), words.shown(tile.number, tile.figure.unit), note]


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], empty: str = "–") -> Section:
    return {
        "title": title,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "numbers": list(range(1, len(heads))),
        "empty": empty,
    }


def _goals(page: Board) -> Section:
    heads = [_("Goal"), _("Aim"), _("Should be by now"), _("Now"), _("Forecast")]
    return _section(_("Goals"), heads, [_goal(line) for line in page.goals], _("No goal is approved for this year."))


def _goal(line: GoalLine) -> list[str]:
    unit = line.measure.unit
    name = " · ".join(filter(None, [str(line.measure.title), line.goal.stretch, line.whose]))
    to_come = line.forecast
    return [
        name,
        words.written(line.aim, unit),
        words.DASH if line.pro_rata is None else words.written(line.pro_rata, unit),
        words.shown(line.actual, unit),
        f"{words.written(to_come.low, unit)} – {words.written(to_come.high, unit)}" if to_come else words.DASH,
    ]


def _layers(page: Board) -> Section:
    rows = [
        [str(row.layer.label), _with_known(row.capex, Unit.MONEY), _with_known(row.jobs, Unit.JOBS)]
        for row in page.layers
    ]
    return _section(_("Investment and jobs by layer"), [_("Layer"), _("Investment"), _("Jobs")], rows)


def _with_known(number: Number, unit: Unit) -> str:
    return f"{words.shown(number, unit)} ({words.known(number)})" if number.of else words.shown(number, unit)


def _pipeline(page: Board) -> Section:
    cell = page.pipeline
    heads = [_("Pipeline"), _("Leads"), _("Investment"), _("Jobs")]
    rows = [
        [_("Open"), *_amounts(cell["pipeline"], cell["pipeline_capex"], cell["pipeline_jobs"])],
        [
            _("Weighted by the chance of the stage"),
            words.DASH,
            words.shown(cell["weighted_capex"], Unit.MONEY),
            words.shown(cell["weighted_jobs"], Unit.JOBS),
        ],
    ]
    return _section(_("Pipeline"), heads, rows)


def _amounts(count: Number, capex: Number, jobs: Number) -> list[str]:
    return [words.shown(count, Unit.RECORDS), words.shown(capex, Unit.MONEY), words.shown(jobs, Unit.JOBS)]


def _top(page: Board) -> Section:
    rows = [
        [
            " · ".join(filter(None, [line.title, line.company])),
            line.country,
            line.person,
            words.written(line.counted, Unit.MONEY),
        ]
        for line in page.top_outside
    ]
    heads = [_("Project"), _("Country"), _("Stage"), _("Investment")]
    return _section(_("Largest open projects"), heads, rows) | {"numbers": [3]}


def _missions(page: Board) -> Section:
    heads = [_("Mission"), _("First day"), *(str(figure.title) for figure in COLUMNS)]
    rows = [
        [
            row.mission.name,
            date_format(row.mission.starts_on, "SHORT_DATE_FORMAT"),
            *(words.shown(number, figure.unit) for figure, number in row.cells),
        ]
        for row in page.missions
    ]
    return _section(_("Missions of the period"), heads, rows, _("No mission began in this period.")) | {"wide": True}


def _risks(tiles: Sequence[Tile]) -> Section:
    rows = [[*_tile(tile)[:2]] for tile in tiles]
    return _section(_("Risks"), [_("Figure"), _("Number")], rows)


def _people(page: Week) -> Section:
    heads = (
        [_("Person"), *(str(figure.title) for figure, _number in page.people[0].numbers)]
        if page.people
        else [_("Person")]
    )
    rows = [[row.name, *(words.shown(number, figure.unit) for figure, number in row.numbers)] for row in page.people]
    return _section(_("Work by person"), heads, rows)


def _stages(page: Week) -> Section:
    heads = [_("Stage"), _("Days in the stage, median"), _("Days in the stage so far, median"), _("Over the norm")]
    rows = [
        [
            row.name,
            words.shown(row.finished, Unit.DAYS),
            words.shown(row.open, Unit.DAYS),
            words.shown(row.over, Unit.PERCENT),
        ]
        for row in page.stages
    ]
    return _section(_("Time in stage"), heads, rows)


def _moved(page: Week) -> Section:
    rows = [
        [line.title, line.company, line.person, date_format(line.day, "SHORT_DATE_FORMAT") if line.day else ""]
        for line in page.moved_outside
    ]
    heads = [_("Lead"), _("Company"), _("Person"), _("Date")]
    return _section(_("What moved"), heads, rows, _("Nothing moved.")) | {"numbers": [3]}


def _public_row(row: PublicRow) -> list[str]:
    counts = [words.written(count, Unit.RECORDS) for count in (row.projects, row.companies)]
    return [row.name, *counts, _with_known(row.capex, Unit.MONEY), _with_known(row.jobs, Unit.JOBS)]


def _notes(page: Board) -> list[str]:
    said = [basis(page)]
    if page.is_heavy:
        said.append(_("One project is more than 30 percent of the weighted pipeline: the sum says little."))
    said.append(_("Restricted projects are counted; where a row could tell one apart, it is left out there."))
    return said


def basis(page: Any) -> str:
    """Which chances the forecast rests on."""
    if page.chances.own:
        return _("Forecast: eight cases of ten; chances from our own %(n)d closed opportunities.") % {
            "n": page.chances.closed
        }
    return _("Forecast: eight cases of ten; the default chances, as only %(n)d opportunities are closed.") % {
        "n": page.chances.closed
    }


def _meanings(tiles: Sequence[Tile]) -> list[str]:
    return [f"{tile.figure.title}: {tile.figure.definition} {tile.figure.formula}." for tile in tiles]
