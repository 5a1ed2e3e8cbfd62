"""The seed's table: projects and what they brought, by origin, sector, year, municipality, mission or officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from leads.figures.answer import Cell, ask, ask_by
from leads.figures.catalogue.results import CAPEX, COMPANIES, JOBS, PROJECTS, REINVESTMENT
from leads.figures.choices import LABELS, Choices
from leads.figures.filters import AHEAD, RESERVED, UNKNOWN, Filters
from leads.figures.number import Number, per, share
from leads.models.choices import Level

MEASURED = (PROJECTS, COMPANIES, CAPEX, JOBS, REINVESTMENT)
DIMENSIONS = ("origin", "sector", "activity", "year", "municipality", "mission", "officer", "source", "type")
# A restricted one would be told by its day.
LAST = Max("decided_on", filter=Q(level=Level.OPEN))
# By their own order and not by their size.
IN_TIME = {"year"}


@dataclass(frozen=True)
class Row:
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
        return self.capex.mean

    @property
    def jobs_per_project(self) -> Decimal | None:
        return self.jobs.mean

    @property
    def last_decision(self) -> date | None:
        return self.cell.extra.get("last")


@dataclass(frozen=True)
class Table:
    dimension: str
    rows: Sequence[Row]
    total: Row
    left: int = 0

    def first(self, count: int) -> "Table":
        return Table(self.dimension, self.rows[:count], self.total, len(self.rows[count:]))

    @property
    def label(self) -> str:
        return str(LABELS[self.dimension])


def whole(filters: Filters) -> Cell:
    return ask(MEASURED, filters, last=LAST)


def table(dimension: str, filters: Filters, choices: Choices, total: Cell) -> Table:
    cells = ask_by(dimension, MEASURED, filters, last=LAST)
    choices = choices.knowing(dimension, list(cells))
    rows = [Row(key, choices.name(dimension, key), cells[key], total, _query(dimension, key, filters)) for key in cells]
    rows.sort(key=lambda row: (row.key == RESERVED, row.key == UNKNOWN, *_place(dimension, row)))
    return Table(dimension, rows, Row("", _("All together"), total, total, filters.query()))


def _place(dimension: str, row: Row) -> tuple[int, str]:
    if dimension in IN_TIME:
        return (-int(row.key) if row.key.isdigit() else 0, row.key)
    return (-row.projects.of, row.name)


def _query(dimension: str, key: str, filters: Filters) -> str:
    """The filters of one row; none where no filter asks for what the row holds."""
    if dimension == "year":
        return "" if key in {AHEAD, RESERVED} else filters.but(since=key, until=key).query()
    return filters.query(**{dimension: key})
