from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tests.benchmarks.abacus.books import Books
from tests.benchmarks.abacus.counting import (
    Asked,
    Row,
    Teller,
    Told,
    add,
    count,
    dated,
    distinct,
    floats,
    number,
    percentile,
    ratio,
    share,
)


def projects(a: Books, q: Asked, *, parts: bool = True) -> list[Row]:
    return [lead for lead in a.leads.values() if lead["decided"] and a.fits(lead, q, "decided", parts=parts)]


def _not_started(leads: Iterable[Row]) -> list[Row]:
    return [lead for lead in leads if not lead["operational_on"] and lead["status"] == "won"]


def amounts(a: Books, leads: Iterable[Row], q: Asked, column: str) -> list[Fraction | None]:
    return [_here(a, lead, q, column) for lead in leads]


def _here(a: Books, lead: Row, q: Asked, column: str) -> Fraction | None:
    """The whole of it; or as much as lies in the municipality that was asked for."""
    reading = a.reading(lead, q.layer)
    found, parts = number(reading[column]), a.parts_of(lead, q.layer)
    if found is None or not parts or "municipality" not in q.dims:
        return found
    if column == "jobs":
        return Fraction(parts[q.dims["municipality"]])
    jobs = sum(parts.values())
    return found * parts[q.dims["municipality"]] / jobs if jobs else None


def _realised(a: Books, q: Asked, column: str, *, announced: bool) -> Told:
    values = []
    for lead in projects(a, q, parts=False):
        before = number(a.reading(lead, "announced")[column])
        after = number(a.verified(lead, q.months)[column])
        if before and after is not None:
            values.append(before if announced else after)
    return add(values)


def results(a: Books) -> dict[str, Teller]:
    def again(lead: Row) -> bool | None:
        if lead["predecessor_id"] or lead["type"] in a.again:
            return True
        return False if lead["type"] else None

    def outcomes(q: Asked) -> list[Row]:
        ended = [lead for lead in a.leads.values() if lead["decided"] or lead["status"] in {"lost", "dead"}]
        return [lead for lead in ended if a.fits(lead, q, "outcome")]

    def of_all(name: str) -> Teller:
        def tell(q: Asked) -> Told:
            dims = {name: value for name, value in q.dims.items() if name != "origin"}
            everywhere = Asked(q.today, q.first, q.last, q.assisted, q.layer, q.months, dims)
            return ratio(told[name](q), told[name](everywhere))

        return tell

    told: dict[str, Teller] = {
        "projects": lambda q: count(projects(a, q)),
        "companies": lambda q: distinct(lead["group"] for lead in projects(a, q)),
        "entities": lambda q: distinct(lead["company_id"] for lead in projects(a, q)),
        "capex": lambda q: add(amounts(a, projects(a, q), q, "capex_usd")),
        "capex_median": lambda q: percentile(floats(amounts(a, projects(a, q), q, "capex_usd")), 0.5),
        "jobs": lambda q: add(amounts(a, projects(a, q), q, "jobs")),
        "jobs_median": lambda q: percentile(floats(amounts(a, projects(a, q), q, "jobs")), 0.5),
        "jobs_safeguarded": lambda q: add(amounts(a, projects(a, q), q, "jobs_safeguarded")),
        "jobs_indirect": lambda q: add(amounts(a, projects(a, q), q, "jobs_indirect")),
        "reinvestment": lambda q: share(again(lead) for lead in projects(a, q)),
        "committed": lambda q: count(_not_started(projects(a, q))),
        "committed_capex": lambda q: add(amounts(a, _not_started(projects(a, q)), q, "capex_usd")),
        "committed_jobs": lambda q: add(amounts(a, _not_started(projects(a, q)), q, "jobs")),
        "verified_jobs": lambda q: _realised(a, q, "jobs", announced=False),
        "announced_jobs": lambda q: _realised(a, q, "jobs", announced=True),
        "verified_capex": lambda q: _realised(a, q, "capex_usd", announced=False),
        "announced_capex": lambda q: _realised(a, q, "capex_usd", announced=True),
        "budget": lambda q: add(
            number(row["usd"]) for row in a.tables["leads_budget"] if dated(date(int(row["year"]), 1, 1), q)
        ),
        "win_rate": lambda q: share(
            bool(lead["decided"]) for lead in outcomes(q) if lead["decided"] or lead["status"] == "lost"
        ),
        "win_rate_all": lambda q: share(bool(lead["decided"]) for lead in outcomes(q)),
    }
    told |= {
        "realisation_jobs": lambda q: ratio(told["verified_jobs"](q), told["announced_jobs"](q)),
        "realisation_capex": lambda q: ratio(told["verified_capex"](q), told["announced_capex"](q)),
        "leverage": lambda q: ratio(
            told["capex"](Asked(q.today, q.first, q.last, q.assisted, "verified", q.months)), told["budget"](q)
        ),
        "origin_share": of_all("projects"),
        "origin_share_capex": of_all("capex"),
        "origin_share_jobs": of_all("jobs"),
    }
    return told
