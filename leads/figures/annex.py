"""The annex for a funder: what was promised in its agreement beside what there is, and the records that prove it.

It leaves the agency. So a project that may not be told yet – restricted, under embargo, or refused by the client – is
counted, and its line says no more than that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies import printing
from companies.models import Company
from companies.sheets import Column, Kind, Sheet
from config.staff import clock
from config.staff.models import User
from leads.figures import words
from leads.figures.behind import Line, listing
from leads.figures.figure import Figure
from leads.figures.forecast import chances
from leads.figures.goals import GoalLine, filters_of, line
from leads.figures.number import Unit
from leads.looks import Where
from leads.models import Goal, Lead
from leads.models.lead import LeadQuerySet

SHOWN, PRINTED = 12, 500


@dataclass(frozen=True)
class Output:
    """One figure of the agreement, with the first records behind it."""

    line: GoalLine
    evidence: Sequence[Line]
    more: int

    @property
    def title(self) -> str:
        goal = self.line.goal
        parts = (self.line.measure.title, goal.stretch, goal.sector, goal.market)
        return " · ".join(str(part) for part in parts if part)

    @property
    def values(self) -> tuple[Any, Any, Any]:
        """Agreed, should be by now, is."""
        return self.line.aim, self.line.pro_rata, self.line.actual.value

    @property
    def amounts(self) -> list[str]:
        unit = self.line.measure.unit
        return [words.DASH if value is None else words.written(value, unit) for value in self.values]

    @property
    def reached(self) -> str:
        share = self.line.share
        return words.DASH if share is None else words.written(share / 100, Unit.PERCENT)


@dataclass(frozen=True)
class Annex:
    as_of: datetime
    funder: Company
    year: int
    outputs: Sequence[Output]


def funders(year: int) -> list[tuple[Company, int]]:
    """Those with goals in force in that year, and how many."""
    goals = Goal.objects.in_force().filter(year=year, agreement__isnull=False).select_related("agreement")
    found: dict[int, tuple[Company, int]] = {}
    for goal in goals.order_by("agreement__folded", "pk"):
        assert goal.agreement  # noqa: S101 - the filter says so
        found[goal.agreement.pk] = goal.agreement, found.get(goal.agreement.pk, (None, 0))[1] + 1
    return list(found.values())


def asked(query: Mapping[str, str], viewer: User) -> Annex:
    """What an address asks for, whole."""
    key, year = query.get("funder", ""), query.get("year", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 18 and year.isascii() and year.isdecimal()):
        raise Http404
    funder = Company.objects.visible_to(viewer).filter(pk=int(key)).first()
    if funder is None or len(year) != 4:
        raise Http404
    return annex(funder, int(year), viewer, most=PRINTED)


def annex(funder: Company, year: int, viewer: User, *, most: int = SHOWN) -> Annex:
    related = ("sector", "market", "agreement")
    goals = Goal.objects.in_force().filter(agreement=funder, year=year).select_related(*related)
    known, today = chances(), clock.agency_today()
    found = [line(goal, today, known) for goal in goals.order_by("month", "figure", "pk")]
    return Annex(clock.now(), funder, year, [_output(each, viewer, most) for each in found])


def _output(made: GoalLine, viewer: User, most: int) -> Output:
    """Of a rate the records of its upper half."""
    measure, filters = made.measure, filters_of(made.goal, clock.agency_today())
    figure = measure if isinstance(measure, Figure) else measure.part
    listed = listing(figure, filters, viewer)
    rows = list(listed.rows.order_by(*listed.keys)[: most + 1])
    more = listed.rows.count() - most if len(rows) > most else 0
    lines = listed.lines(rows[:most], viewer, Where.PAPER)
    return Output(made, _outside(rows[:most], lines), more)


def _outside(rows: Sequence[Any], lines: Sequence[Line]) -> list[Line]:
    may_be_told = _companies_told(rows) if rows and isinstance(rows[0], Company) else _leads_told(rows)
    return [
        found if row.pk in may_be_told and not found.reserved else _reserved(found)
        for row, found in zip(rows, lines, strict=True)
    ]


def _leads_told(rows: Sequence[Any]) -> set[int]:
    """The rows whose lead may be told, or that hang on none."""
    leads = {row.pk: row.pk if isinstance(row, Lead) else getattr(row, "lead_id", None) for row in rows}
    told = _told().filter(pk__in={lead for lead in leads.values() if lead}).values_list("pk", flat=True)
    known = {None, *told}
    return {pk for pk, lead in leads.items() if lead in known}


def _companies_told(rows: Sequence[Any]) -> set[int]:
    """A company that is named says that it has a project: so one of them may be told."""
    keys = [row.pk for row in rows]
    projects = _told().decided().filter(Q(company__in=keys) | Q(company__ultimate_parent__in=keys))
    return {key for pair in projects.values_list("company", "company__ultimate_parent") for key in pair}


def _told() -> LeadQuerySet:
    told: LeadQuerySet = Lead.objects.countable().announceable(on=clock.agency_today())
    return told


def _reserved(found: Line) -> Line:
    return Line(_("Reserved project"), found.counted, reserved=True)


def pdf(made: Annex) -> bytes:
    heads = [_("Output"), _("Agreed"), _("Should be by now"), _("Now"), _("Reached")]
    outputs = [[output.title, *output.amounts, output.reached] for output in made.outputs]
    data = {
        "about": f"{made.year} · {_('as of')} {date_format(made.as_of, 'SHORT_DATETIME_FORMAT')}",
        "tiles": [],
        "chart": None,
        "sections": [
            {
                "title": _("Outputs of the agreement"),
                "heads": heads,
                "rows": outputs,
                "numbers": [1, 2, 3, 4],
                "empty": _("No goal is approved for this agreement in this year."),
            },
            *(_evidence(output) for output in made.outputs),
        ],
        "notes": [
            _("Projects that may not be told yet are counted; their lines say no more."),
            *(f"{each.line.measure.title}: {each.line.measure.definition}" for each in made.outputs),
        ],
    }
    return printing.pdf("figures", data, title=str(made.funder), kicker=_("Annex for a funder"))


def _evidence(output: Output) -> dict[str, Any]:
    rows = [
        [found.title, found.company, found.country, date_format(found.day, "SHORT_DATE_FORMAT") if found.day else ""]
        for found in output.evidence
    ]
    if output.more:
        rows.append([_("and %(n)d more") % {"n": output.more}, "", "", ""])
    return {
        "title": f"{_('Evidence')}: {output.title}",
        "heads": [_("Record"), _("Company"), _("Country"), _("Date")],
        "rows": rows,
        "numbers": [],
        "empty": _("Nothing yet."),
    }


def sheets(made: Annex) -> list[Sheet]:
    """Real numbers and days."""
    outputs = Sheet(
        _("Outputs of the agreement"),
        [
            Column(_("Output")),
            Column(_("Unit")),
            *(Column(head, Kind.NUMBER) for head in (_("Agreed"), _("Should be by now"), _("Now"))),
            Column(_("Definition")),
        ],
        [
            (
                each.title,
                str(each.line.measure.unit.label),
                *(None if value is None else float(value) for value in each.values),
                str(each.line.measure.definition),
            )
            for each in made.outputs
        ],
    )
    evidence = Sheet(
        _("Evidence"),
        [
            *(Column(head) for head in (_("Output"), _("Record"), _("Company"), _("Country"), _("Person"))),
            Column(_("Date"), Kind.DATE),
            Column(_("Counts"), Kind.NUMBER),
        ],
        [
            (each.title, found.title, found.company, found.country, found.person, _day(found), _counted(found))
            for each in made.outputs
            for found in each.evidence
        ],
    )
    return [outputs, evidence]


def _day(found: Line) -> Any:
    return found.day.date() if isinstance(found.day, datetime) else found.day


def _counted(found: Line) -> float | None:
    return None if found.counted is None else float(found.counted)
