"""What agency-wide figures tell of restricted leads, so that no filter, and no difference of two, points at one.

Open leads can be read by everybody at the agency, so whatever a number says beyond them it says of restricted ones. To
suppress small cells is therefore not enough: two periods that overlap, two scopes, or two tables taken from each other
leave one project over. Instead every restricted lead has its own set of facts that figures tell – its **box**, such as
"decided in 2026, assisted, Spain" – kept in `Reserve`. A number counts a restricted lead where each filter it was asked
with asks for a fact of the box; elsewhere the lead is left out, and every table has a row for those left out, so that
its rows still add up to the total.

What is guaranteed:

* **At one moment.** Whatever numbers, tables, lists and exports are compared, a restricted lead cannot be told apart
  from the others of its box, which holds at least `FEWEST` groups of companies of its class (decided, open, ended).
  Only the whole agency's number without any filter always counts it, and so says that it exists and how large it is.
* **Over time.** A fact once told stays in the box or leaves it, but no other takes its place unless both together still
  hide it: `Reserve.known` remembers. So answers kept from different days, put together, hide it as well. What two
  readings do tell is that a restricted lead came, went or changed between them, and by how much – not whose it is.

What is not: a lead that changes its class begins anew, so whoever watches on that very day may carry over what was told
of it before; and an agency with fewer than `FEWEST` groups of companies has nothing to hide one among.

A change of the lead itself shows within a minute, when the regular job settles its box; until then the old box holds,
and a lead that has none yet is counted in the agency's total alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import TruncDate

from leads.figures.filters import UNKNOWN, Filters, Scope
from leads.figures.records import OF_LEADS, OUTCOME, group, leads
from leads.figures.source import INVOLVED
from leads.models import Lead, Reserve
from leads.models.choices import OPEN, Level

FEWEST = 3
ZONE = ZoneInfo(settings.AGENCY_ZONE)
DAYS = {
    "decided": F("decided_on"),
    "qualified": F("qualified_on"),
    "outcome": OUTCOME,
    "mission": F("mission__starts_on"),
    "entered": TruncDate("created_at", tzinfo=ZONE),
}
# Which facts are told first: those that the agency's tables are made of.
OF_WHAT = ("origin", "sector", "officer", "type", "source", "municipality", "activity", "mission")
MONTHS = tuple(f"{day}_month" for day in DAYS)
YEARS = tuple(f"{day}_year" for day in DAYS)
ORDER = {
    "decided": ("decided_year", "outcome_year", "scope", *OF_WHAT, *YEARS, "stage", *MONTHS),
    "open": ("scope", "stage", "qualified_year", "officer", *OF_WHAT, *YEARS, *MONTHS),
    "ended": ("outcome_year", "scope", "qualified_year", *OF_WHAT, *YEARS, "stage", *MONTHS),
}
Facts = dict[str, str]


@dataclass
class Crowd:
    """All leads, as sets of places in one list: for each class and fact, those that share it."""

    groups: list[int] = field(default_factory=list)
    shared: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, class_: str, facts: Facts, company: int) -> None:
        place = 1 << len(self.groups)
        self.groups.append(company)
        for name, value in facts.items():
            key = class_, name, value
            self.shared[key] = self.shared.get(key, 0) | place

    def box(self, class_: str, facts: Mapping[str, str]) -> int:
        """Those that share all of these facts."""
        found = (1 << len(self.groups)) - 1
        for name, value in facts.items():
            found &= self.shared.get((class_, name, value), 0)
        return found

    def hides(self, class_: str, facts: Mapping[str, str]) -> bool:
        """Whether enough groups of companies share all of these facts."""
        left = self.box(class_, facts)
        companies: set[int] = set()
        while left and len(companies) < FEWEST:
            last = left & -left
            companies.add(self.groups[last.bit_length() - 1])
            left ^= last
        return len(companies) >= FEWEST


def settle(*, at: datetime) -> int:
    """Say anew what is told of every restricted lead; how many boxes changed. The regular job calls it."""
    if not Lead.objects.countable().exclude(level=Level.OPEN).exists():
        return Reserve.objects.all().delete()[0]
    crowd, restricted = _everybody()
    kept = Reserve.objects.in_bulk()
    changed = []
    for pk, (class_, facts) in restricted.items():
        before = kept.get(pk)
        known = before.known if before and before.known.get("class") == class_ else {"class": class_}
        told, known = _tell(crowd, class_, facts, known)
        if before is None or (before.told, before.known) != (told, known):
            changed.append(Reserve(lead_id=pk, told=told, known=known, settled_at=at))
    with transaction.atomic():
        Reserve.objects.exclude(pk__in=restricted).delete()
        Reserve.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["lead"], update_fields=["told", "known", "settled_at"]
        )
    return len(changed)


def _tell(crowd: Crowd, class_: str, facts: Facts, known: Facts) -> tuple[Facts, Facts]:
    """What was told stays told while it hides; more is told where it hides together with all that ever was."""
    told: Facts = {"class": class_}
    ever = {name: value for name, value in known.items() if name == "class" or facts.get(name) == value}
    order = [name for name in ORDER[class_] if name in facts]
    for name in order:
        if name in ever and crowd.hides(class_, told | {name: facts[name]}):
            told[name] = facts[name]
    for name in order:
        if name not in ever and crowd.hides(class_, ever | {name: facts[name]}):
            told[name] = ever[name] = facts[name]
    return {name: value for name, value in told.items() if name != "class"}, ever


def _everybody() -> tuple[Crowd, dict[int, tuple[str, Facts]]]:
    crowd, restricted = Crowd(), {}
    for row in _rows():
        class_ = "decided" if row["day_decided"] else "open" if row["status"] in OPEN else "ended"
        facts = _facts(row) | {"class": class_}
        crowd.add(class_, facts, row["company_group"])
        if row["level"] != Level.OPEN:
            restricted[row["pk"]] = class_, facts
    return crowd, restricted


def _rows() -> Iterable[dict[str, Any]]:
    nothing = Filters(date.min)
    worked_out = {name: work_out(nothing) for name, work_out in OF_LEADS["worked_out"].items()}
    values = {f"of_{name}": F(path) for name, path in OF_LEADS["dimensions"].items()}
    days = {f"day_{name}": day for name, day in DAYS.items()}
    rows = leads(nothing).alias(**{f"worked_{name}": found for name, found in worked_out.items()})
    values |= {f"of_{name}": F(f"worked_{path}") for name, path in OF_LEADS["dimensions"].items() if path in worked_out}
    found: Iterable[dict[str, Any]] = rows.values(
        *("pk", "level", "status", "involvement"), company_group=group(), **values, **days
    )
    return found


def _facts(row: Mapping[str, Any]) -> Facts:
    facts = {"scope": Scope.ASSISTED.value if row["involvement"] in INVOLVED else Scope.ALL.value}
    for name in OF_LEADS["dimensions"]:
        value = row[f"of_{name}"]
        facts[name] = UNKNOWN if value is None else str(value)
    for name in DAYS:
        day = row[f"day_{name}"]
        if day:
            facts[f"{name}_year"], facts[f"{name}_month"] = f"{day:%Y}", f"{day:%Y-%m}"
    return facts
