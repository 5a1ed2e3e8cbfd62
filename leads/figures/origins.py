"""The origin table: from which countries the projects came, and what they brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from leads.figures.answer import ask
from leads.figures.catalogue import CAPEX, COMPANIES, JOBS, PROJECTS, REINVESTMENT
from leads.figures.choices import Choices
from leads.figures.filters import TOGETHER, UNKNOWN, Filters
from leads.figures.number import Number, per, share
from leads.figures.secrecy import gives_away, resolved, withheld
from leads.figures.source import Cell, measure, measure_by

MEASURED = (PROJECTS, COMPANIES, CAPEX, JOBS, REINVESTMENT)


@dataclass(frozen=True)
class OriginRow:
    key: str
    name: str
    cell: Cell
    whole: Cell
    query: str = ""

    @property
    def projects(self) -> Number:
        return self.cell["projects"]

    @property
    def companies(self) -> Number:
        return self.cell["companies"]

    @property
    def capex(self) -> Number:
        return self.cell["capex"]

    @property
    def jobs(self) -> Number:
        return self.cell["jobs"]

    @property
    def reinvestment(self) -> Number:
        return self.cell["reinvestment"]

    @property
    def project_share(self) -> Decimal | None:
        return share(self.projects, self.whole["projects"])

    @property
    def capex_share(self) -> Decimal | None:
        return share(self.capex, self.whole["capex"])

    @property
    def jobs_share(self) -> Decimal | None:
        return share(self.jobs, self.whole["jobs"])

    @property
    def projects_per_company(self) -> Decimal | None:
        return per(self.projects, self.companies)

    @property
    def capex_per_project(self) -> Decimal | None:
        """Of those whose amount is known: an unknown one is not a project of nothing."""
        return _mean(self.capex)

    @property
    def jobs_per_project(self) -> Decimal | None:
        return _mean(self.jobs)

    @property
    def last_decision(self) -> date | None:
        return self.cell.extra.get("last")


def _mean(number: Number) -> Decimal | None:
    return Decimal(number.total) / number.known if number.known and not number.withheld else None


@dataclass(frozen=True)
class OriginTable:
    rows: Sequence[OriginRow]
    total: OriginRow

    def first(self, count: int) -> "OriginTable":
        return OriginTable(self.rows[:count], self.total)

    @property
    def merges(self) -> bool:
        return any(row.key == TOGETHER for row in self.rows)


def whole(filters: Filters) -> Cell:
    return ask(MEASURED, filters, last=Max("decided_on"))


def table(filters: Filters, choices: Choices, total: Cell) -> OriginTable:
    if total["projects"].withheld:
        return OriginTable([], OriginRow("", _("All origins"), total, total, filters.query()))
    filters = resolved(PROJECTS.source, filters)
    cells = measure_by("origin", MEASURED, filters, last=Max("decided_on"))
    hidden = withheld(cells)
    shown = {key: cell for key, cell in cells.items() if key not in hidden}
    if hidden:
        together = measure(MEASURED, filters.but(origin=TOGETHER, together=hidden), last=Max("decided_on"))
        shown[TOGETHER] = together.hidden() if gives_away(together) else together
    ordered = sorted(shown, key=lambda key: (key in {TOGETHER, UNKNOWN}, -(shown[key]["projects"].of), key))
    rows = [OriginRow(key, _name(key, choices), shown[key], total, filters.query(origin=key)) for key in ordered]
    return OriginTable(rows, OriginRow("", _("All origins"), total, total, filters.query()))


def _name(key: str, choices: Choices) -> str:
    special = {UNKNOWN: _("Not known"), TOGETHER: _("Several, shown together")}
    return special.get(key) or choices.name("origin", key)
