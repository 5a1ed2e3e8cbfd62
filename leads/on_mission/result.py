"""What a mission brought, in one page: on screen, on paper and as a workbook, out of the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies import printing
from companies.exporting import Column, Kind, Sheet, Table
from config.staff import clock
from leads.figures import words
from leads.figures.answer import number_of, numbers_by
from leads.figures.catalogue import missions, pipeline, work
from leads.figures.figure import Measure
from leads.figures.filters import Filters
from leads.figures.number import Number, Unit
from leads.months import add_months
from missions.models import Mission

EARLIER = 5
HORIZONS = (0, 6, 12, 24)
TRIP = (work.PLANNED, work.HELD, work.NO_SHOW, work.MEETINGS, missions.NEW_COMPANIES, missions.KNOWN_COMPANIES)
CAME = (
    *(missions.MISSION_LEADS, missions.MISSION_HOT, missions.MISSION_WARM, missions.MISSION_COLD),
    *(missions.MISSION_QUALIFIED, missions.MISSION_PROJECTS, missions.INFLUENCED),
    *(missions.MISSION_JOBS, missions.MISSION_CAPEX, pipeline.PIPELINE_CAPEX, pipeline.PIPELINE_JOBS),
)
KEPT = (work.ON_TIME, work.PROMISES)
SPENT = (missions.BUDGET, missions.COST, missions.COST_PER_MEETING, missions.COST_PER_LEAD)
IN_TIME = (
    *(missions.MISSION_QUALIFIED, missions.MISSION_PROJECTS),
    *(missions.COST_PER_QUALIFIED, missions.COST_PER_PROJECT),
)
COMPARED = (
    *(work.HELD, missions.MISSION_LEADS, missions.MISSION_QUALIFIED, missions.MISSION_PROJECTS),
    *(missions.COST, missions.COST_PER_LEAD),
)


@dataclass(frozen=True)
class Told:
    """A figure, what it says of the mission, and how its list is asked for."""

    measure: Measure
    number: Number
    query: str

    @property
    def shown(self) -> str:
        return words.shown(self.number, self.measure.unit)

    @property
    def known(self) -> str:
        return words.known(self.number)


@dataclass(frozen=True)
class Horizon:
    """A figure on the last day, and after 6, 12 and 24 months; None where so many have not passed yet."""

    measure: Measure
    cells: Sequence[Told | None]


@dataclass(frozen=True)
class Result:
    mission: Mission
    as_of: date
    groups: Sequence[tuple[str, Sequence[Told]]]
    horizons: Sequence[Horizon]
    # When each horizon is reached.
    days: Sequence[tuple[int, date]]
    compared: Sequence[tuple[Mission, Sequence[str]]]

    @property
    def horizon_heads(self) -> list[str]:
        return [_("%(n)d months") % {"n": months} if months else _("On its last day") for months, _day in self.days]

    @property
    def heads(self) -> list[str]:
        return [str(measure.title) for measure in COMPARED]


def result_of(mission: Mission) -> Result:
    """A fixed number of queries: one or two a figure."""
    filters = Filters(clock.agency_today(), mission=str(mission.pk))
    days = [(months, add_months(mission.starts_on, months) if months else mission.ends_on) for months in HORIZONS]
    groups = [(_("The trip"), TRIP), (_("What came of it"), CAME), (_("Promises"), KEPT), (_("What it cost"), SPENT)]
    return Result(
        mission,
        filters.today,
        [(title, [_told(measure, filters) for measure in measures]) for title, measures in groups],
        [
            Horizon(
                measure,
                [_told(measure, filters.but(within=str(n))) if day <= filters.today else None for n, day in days],
            )
            for measure in IN_TIME
        ],
        days,
        _compared(mission, filters.but(mission="")),
    )


def _told(measure: Measure, filters: Filters) -> Told:
    return Told(measure, number_of(measure, filters), filters.query(period="ever"))


def _compared(mission: Mission, filters: Filters) -> list[tuple[Mission, list[str]]]:
    """This mission and the last ones of its kind before it."""
    kind = Mission.objects.filter(kind=mission.kind, starts_on__lt=mission.starts_on).exclude(status="cancelled")
    rows = [mission, *kind.order_by("-starts_on", "-pk")[:EARLIER]]
    found = [(measure, numbers_by("mission", measure, filters)) for measure in COMPARED]
    return [
        (row, [words.shown(by.get(str(row.pk), Number(measure.how)), measure.unit) for measure, by in found])
        for row in rows
    ]


def paper(result: Result) -> bytes:
    """One page for the board, in the language that is active."""
    mission = result.mission
    sections: list[dict[str, Any]] = [
        {
            "title": title,
            "heads": [_("Figure"), _("Value")] * 2,
            "rows": _two_in_a_row(members),
            "numbers": [1, 3],
        }
        for title, members in result.groups
    ]
    sections.append(
        {
            "title": _("After so many months"),
            "heads": [_("Figure"), *result.horizon_heads],
            "rows": [[str(row.measure.title), *_cells(row, result)] for row in result.horizons],
            "numbers": [1, 2, 3, 4],
        }
    )
    sections.append(
        {
            "title": _("Compared with earlier missions"),
            "heads": [_("Mission"), *result.heads],
            "rows": [[row.name, *shown] for row, shown in result.compared],
            "numbers": list(range(1, len(COMPARED) + 1)),
        }
    )
    about = (
        f"{date_format(mission.starts_on, 'SHORT_DATE_FORMAT')} – {date_format(mission.ends_on, 'SHORT_DATE_FORMAT')}"
    )
    facts = [[_("Mission lead"), mission.lead_officer.name], [_("Attribution"), attribution()]]
    return printing.pdf(
        "sheet",
        {"about": about, "facts": facts, "sections": sections},
        title=mission.name,
        kicker=_("Result of the mission"),
    )


def _two_in_a_row(members: Sequence[Told]) -> list[list[str]]:
    """So that all of it fits on one page."""
    cells = [
        [str(told.measure.title), f"{told.shown} ({told.known})" if told.known else told.shown] for told in members
    ]
    if len(cells) % 2:
        cells.append(["", ""])
    return [left + right for left, right in zip(cells[::2], cells[1::2], strict=True)]


def attribution() -> str:
    return _(
        "Leads and projects count by the first touch. Influence counts projects whose company met us on this mission in"
        " the 24 months before the decision; the two are never added up, nor are several missions."
    )


def _cells(row: Horizon, result: Result) -> list[str]:
    return [
        told.shown if told else _("from %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}
        for told, (_months, day) in zip(row.cells, result.days, strict=True)
    ]


def workbook(result: Result) -> Table:
    columns = [Column(_("Group")), Column(_("Figure")), Column(_("Value"), Kind.NUMBER), Column(_("Unit")), Column("")]
    figures = [
        (title, str(told.measure.title), words.plain(told.number), _unit(told.measure.unit), told.known)
        for title, members in result.groups
        for told in members
    ]
    later = [
        Column(_("Figure")),
        *[Column(head) for head in result.horizon_heads],
    ]
    earlier = [Column(_("Mission")), *[Column(head) for head in result.heads]]
    return Table(
        _("Result of the mission"),
        [
            Sheet(_("Figures"), columns, figures),
            Sheet(_("Months"), later, [[str(row.measure.title), *_cells(row, result)] for row in result.horizons]),
            Sheet(_("Missions"), earlier, [[row.name, *shown] for row, shown in result.compared]),
        ],
        filters=[(_("Mission"), result.mission.name)],
    )


def _unit(unit: Unit) -> str:
    return str(unit.label)
