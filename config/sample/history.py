"""Fifteen years of projects in the region, as the press and the agency know them; the same at every size.

Its rows of the United States are exact: 124 projects of 77 firms, just over USD 700 m and 9,000 jobs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from config.sample.chance import Chance, Days
from config.sample.firms import SECTORS

US_FIRMS = [1] * 48 + [2] * 18 + [3] * 7 + [5] * 3 + [4]
US_CAPEX, US_JOBS = 700_500_000, 9_052
OTHERS = {
    "ES": 46, "MX": 32, "FR": 27, "DE": 23, "BR": 23, "CL": 23, "GB": 18, "CH": 18, "SE": 9,
    "CA": 14, "IT": 12, "NL": 11, "PE": 10, "PA": 9, "JP": 9, "EC": 8, "AR": 8, "KR": 6, "CN": 6, "CR": 5, "IN": 5,
    "PT": 4, "BE": 3, "IE": 2, "UY": 1,
}  # fmt: skip
SERVICES = {"software", "kpo", "ito", "creative", "fintech", "platforms", "health"}
CENTRES = {"bpo_contact", "bpo_back_office", "shared_services"}
ACTIVITY = {
    "bpo_contact": "contact_centre", "bpo_back_office": "back_office", "kpo": "engineering", "ito": "software",
    "software": "software", "shared_services": "shared_services", "data_centres": "data_centre",
    "platforms": "logistics", "creative": "production", "fintech": "software", "health": "research",
    "life_sciences": "manufacturing", "agro": "manufacturing", "logistics": "logistics",
    "manufacturing": "manufacturing", "energy": "energy", "infrastructure": "hospitality",
}  # fmt: skip
TOWNS = {
    "76001": 46, "76520": 12, "76892": 14, "76364": 3, "76109": 4, "76130": 4, "76834": 3, "76111": 3, "76147": 2,
    "76895": 1, "76275": 1, "19573": 2, "19845": 2, "19142": 2, "19300": 1,
}  # fmt: skip


@dataclass(slots=True)
class Project:
    decided: date
    sector: str
    kind: str
    capex: int | None
    jobs: int | None
    town: str
    starts: bool
    # What turned out, as a share of what was announced.
    realised: float
    by_subsidiary: bool = False


@dataclass(slots=True)
class Settler:
    """A firm of the history with its projects, the oldest first."""

    country: str
    sector: str
    projects: list[Project]


def plan(today: date, days: Days, chance: Chance) -> list[Settler]:
    settlers = [_settler("US", count, today, days, chance) for count in US_FIRMS]
    _fit([project for settler in settlers for project in settler.projects])
    with_several = [settler for settler in settlers if len(settler.projects) > 1]
    for settler in with_several[:3]:
        settler.projects[-1].by_subsidiary = True  # counted with its parent all the same
    for country, projects in OTHERS.items():
        settlers += [_settler(country, count, today, days, chance) for count in _firms(projects, chance)]
    for settler in settlers[len(US_FIRMS) :]:
        _forget(settler.projects, chance)
    return settlers


def _firms(projects: int, chance: Chance) -> Iterator[int]:
    while projects:
        count = min(projects, chance.one_of({1: 64, 2: 22, 3: 9, 4: 3, 5: 2}))
        projects -= count
        yield count


def _settler(country: str, count: int, today: date, days: Days, chance: Chance) -> Settler:
    sector = chance.one_of(SECTORS)
    decided = sorted(_decision_day(today, days, chance) for _number in range(count))
    return Settler(country, sector, [_project(sector, day, number, chance) for number, day in enumerate(decided)])


def _decision_day(today: date, days: Days, chance: Chance) -> date:
    """More every year, and few in 2020."""
    years_ago = chance.one_of({year: 1.6 - year * 0.085 for year in range(15)})
    end = today - timedelta(days=365 * years_ago + 20)
    day = days.between(end - timedelta(days=344), end, chance)
    return day if day.year != 2020 or chance.hits(0.5) else _decision_day(today, days, chance)


def _project(sector: str, decided: date, number: int, chance: Chance) -> Project:
    return Project(
        decided=decided,
        sector=sector if number == 0 or chance.hits(0.8) else chance.one_of(SECTORS),
        kind=_kind(number, chance),
        capex=max(50_000, round(_capex(sector, chance) / 10_000) * 10_000),
        jobs=max(3, round(_jobs(sector, chance))),
        town=chance.one_of(TOWNS),
        starts=not chance.hits(0.1),
        realised=min(1.8, max(0.1, chance.gauss(0.8, 0.3))),
    )


def _kind(number: int, chance: Chance) -> str:
    again = {"expansion": 55, "reinvestment": 37}
    first = {"expansion": 30, "reinvestment": 8, "greenfield": 48}
    rare = {"acquisition": 2, "joint_venture": 3, "outsourcing": 3, "staffing": 2, "relocation": 1, "creative": 1}
    return chance.one_of({**(again if number else first), **rare})


def _capex(sector: str, chance: Chance) -> float:
    in_services = sector in SERVICES | CENTRES
    return chance.log_normal(median=1.5e6, mean=5.5e6) if in_services else chance.log_normal(median=8e6, mean=20e6)


def _jobs(sector: str, chance: Chance) -> float:
    if sector in CENTRES:
        return chance.log_normal(median=120, mean=290)
    return chance.log_normal(median=25, mean=60) if sector in SERVICES else chance.log_normal(median=40, mean=90)


def _fit(projects: list[Project]) -> None:
    """Stretch the amounts so that their sums are the public ones, to the dollar and the job."""
    capex = [project.capex or 0 for project in projects]
    jobs = [project.jobs or 0 for project in projects]
    for project in projects:
        project.capex = max(50_000, round((project.capex or 0) * US_CAPEX / sum(capex) / 10_000) * 10_000)
        project.jobs = max(3, round((project.jobs or 0) * US_JOBS / sum(jobs)))
    largest = max(projects, key=lambda project: project.capex or 0)
    largest.capex = (largest.capex or 0) + US_CAPEX - sum(project.capex or 0 for project in projects)
    busiest = max(projects, key=lambda project: project.jobs or 0)
    busiest.jobs = (busiest.jobs or 0) + US_JOBS - sum(project.jobs or 0 for project in projects)


def _forget(projects: list[Project], chance: Chance) -> None:
    """Of some projects nobody knows the amounts. Those of the United States are all public."""
    for project in projects:
        if chance.hits(0.15):
            project.capex = None
        if chance.hits(0.1):
            project.jobs = None


def figures(project: Project, layer: str, chance: Chance) -> dict[str, object]:
    """The reading's columns at one layer: what was announced, or what became of it."""
    share = 1.0 if layer == "announced" else project.realised
    currency, rate = chance.one_of({("USD", "1"): 80, ("EUR", "1.0850"): 8, ("COP", "0.00024"): 12})
    if layer == "announced" or project.capex is None:
        currency, rate = "USD", "1"
    capex = None if project.capex is None else round(Decimal(round(project.capex * share)) / Decimal(rate), 2)
    return {
        "jobs": None if project.jobs is None else round(project.jobs * share),
        "jobs_unknown": project.jobs is None,
        "capex": capex,
        "capex_unknown": capex is None,
        "currency": currency,
        "usd_rate": Decimal(rate),
    }
