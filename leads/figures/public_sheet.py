"""What may be published: verified figures of open projects, in rows behind which nobody can find one company.

A row of fewer than three groups of companies is told only where every project in it is announced to the public
already; the others go into one row together, and where that is too small as well, so does the next smallest. Restricted
projects are not in it at all: what is printed cannot be taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from config.staff import clock
from leads.figures.catalogue.results import PROJECTS
from leads.figures.choices import LABELS, Choices
from leads.figures.contributions import of_reading
from leads.figures.filters import Filters
from leads.figures.number import How, Number
from leads.figures.secrecy import FEWEST
from leads.models.choices import Layer

BY = ("origin", "sector", "municipality")
TOGETHER = "together"


@dataclass(frozen=True)
class Fact:
    """One project as the sheet counts it."""

    company: int
    jobs: int | None
    capex: Decimal | None
    is_public: bool


@dataclass(frozen=True)
class PublicRow:
    name: str
    projects: int
    companies: int
    jobs: Number
    capex: Number


@dataclass(frozen=True)
class PublicTable:
    label: str
    rows: Sequence[PublicRow]


@dataclass(frozen=True)
class PublicSheet:
    as_of: datetime
    filters: Filters
    total: PublicRow | None
    tables: Sequence[PublicTable]


def public_sheet(filters: Filters, choices: Choices) -> PublicSheet:
    filters = filters.but(layer=Layer.VERIFIED)
    facts = {name: _facts(name, filters) for name in BY}
    everything = [fact for found in facts[BY[0]].values() for fact in found]
    total = _row(_("All together"), everything) if _may_be_told(everything) else None
    tables = [_table(name, facts[name], choices) for name in BY] if total else []
    return PublicSheet(clock.now(), filters, total, tables)


def _facts(dimension: str, filters: Filters) -> dict[str, list[Fact]]:
    filters = filters.but(placed=dimension == "municipality")
    projects: Any = PROJECTS.source.by(dimension, filters)
    rows = projects.filter(reading__isnull=False).announceable(on=filters.today)
    found: dict[str, list[Fact]] = defaultdict(list)
    jobs, capex = of_reading("jobs")(filters), of_reading("capex_usd")(filters)
    told = rows.values_list("_key", PROJECTS.groups, jobs, capex, F("announced_on"))
    for key, company, jobs, capex, announced_on in told:
        found[key].append(Fact(company, jobs, capex, announced_on is not None and announced_on <= filters.today))
    return found


def _table(dimension: str, facts: dict[str, list[Fact]], choices: Choices) -> PublicTable:
    told = fewest_together(facts)
    choices = choices.knowing(dimension, list(told))
    rows = [
        _row(_("Others") if key == TOGETHER else choices.name(dimension, key), found) for key, found in told.items()
    ]
    last = _("Others")
    rows.sort(key=lambda row: (row.name == last, -row.projects, row.name))
    return PublicTable(str(LABELS[dimension]), rows)


def fewest_together(facts: dict[str, list[Fact]]) -> dict[str, list[Fact]]:
    """The rows that may be told; the others as one, with so many of the smallest that it may be told too."""
    told = {key: found for key, found in facts.items() if _may_be_told(found)}
    together = [fact for key, found in facts.items() if key not in told for fact in found]
    hidden = len(facts) - len(told)
    smallest = sorted(told, key=lambda key: (_companies(told[key]), key))
    # One row alone would be what the total leaves over.
    while together and smallest and (hidden < 2 or not _may_be_told(together)):
        together += told.pop(smallest.pop(0))
        hidden += 1
    return told | ({TOGETHER: together} if together and _may_be_told(together) else {})


def _may_be_told(facts: Sequence[Fact]) -> bool:
    return _companies(facts) >= FEWEST or (bool(facts) and all(fact.is_public for fact in facts))


def _companies(facts: Iterable[Fact]) -> int:
    return len({fact.company for fact in facts})


def _row(name: str, facts: Sequence[Fact]) -> PublicRow:
    jobs = [fact.jobs for fact in facts if fact.jobs is not None]
    capex = [fact.capex for fact in facts if fact.capex is not None]
    return PublicRow(name, len(facts), _companies(facts), _sum(jobs, len(facts)), _sum(capex, len(facts)))


def _sum(known: Sequence[Any], of: int) -> Number:
    return Number(How.SUM, of, len(known), sum(known))
