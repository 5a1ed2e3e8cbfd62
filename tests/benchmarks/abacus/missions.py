from collections.abc import Callable
from fractions import Fraction

from tests.benchmarks.abacus.books import HELD, Books
from tests.benchmarks.abacus.counting import (
    Asked,
    Row,
    Teller,
    Told,
    add,
    count,
    dated,
    day,
    later,
    number,
    ratio,
)
from tests.benchmarks.abacus.results import amounts
from tests.benchmarks.abacus.work import narrow, work


def missions(a: Books) -> dict[str, Teller]:  # noqa: C901 - one small function a figure
    def born(q: Asked) -> list[Row]:
        rows = [lead for lead in a.leads.values() if lead["mission"]]
        return [lead for lead in rows if a.fits(lead, q, "mission_day", parts=True)]

    def came(q: Asked, what: str) -> list[Row]:
        rows = [lead for lead in born(q) if lead[what]]
        if q.months == 0:
            return [lead for lead in rows if lead[what].isoformat() <= a.missions[lead["mission"]]["ends_on"]]
        return [lead for lead in rows if not q.months or lead[what] <= later(lead["mission_day"], q.months)]

    def heard(q: Asked, interest: str) -> list[Row]:
        found = []
        for lead in born(q):
            said = [(at, int(row["id"]), row["interest"]) for at, row in a.talks[lead["id"]] if row["interest"]]
            if said and max(said)[2] == interest:
                found.append(lead)
        return found

    def influenced(q: Asked) -> list[Row]:
        wanted = q.dims.get("mission")
        rows = []
        for lead in a.leads.values():
            if not lead["decided"] or not a.fits(lead, q, "decided", less=("mission",), parts=True):
                continue
            if wanted and not lead["open"]:
                continue
            first = later(lead["decided"], -24)
            for at, talk in a.of_company[lead["company_id"]]:
                on = talk["mission_id"]
                if (
                    on
                    and (not wanted or on == wanted)
                    and talk["outcome"] in HELD
                    and first <= at.date() <= lead["decided"]
                ):
                    rows.append(lead)
                    break
        return rows

    def spent(q: Asked) -> Told:
        lines = []
        for row in a.tables["missions_costline"]:
            mission = a.missions[row["mission_id"]]
            if (
                mission["status"] != "cancelled"
                and narrow(row, q, mission="mission_id")
                and dated(day(mission["starts_on"]), q)
            ):
                actual = number(row["actual"])
                lines.append(None if actual is None else actual * Fraction(row["usd_rate"]))
        return add(lines)

    def each(whole: Callable[[Asked], Told]) -> Teller:
        def tell(q: Asked) -> Told:
            alone = {name: value for name, value in q.dims.items() if name == "mission"}
            narrowed = Asked(q.today, q.first, q.last, q.assisted, q.layer, q.months, alone)
            return ratio(spent(narrowed), whole(narrowed))

        return tell

    told: dict[str, Teller] = {
        "mission_leads": lambda q: count(born(q)),
        "mission_hot": lambda q: count(heard(q, "hot")),
        "mission_warm": lambda q: count(heard(q, "warm")),
        "mission_cold": lambda q: count(heard(q, "cold")),
        "mission_qualified": lambda q: count(came(q, "qualified")),
        "mission_projects": lambda q: count(came(q, "decided")),
        "mission_jobs": lambda q: add(amounts(a, came(q, "decided"), q, "jobs")),
        "mission_capex": lambda q: add(amounts(a, came(q, "decided"), q, "capex_usd")),
        "influenced": lambda q: count(influenced(q)),
        "mission_cost": spent,
    }

    def planned(q: Asked) -> Told:
        rows = [
            row
            for row in a.tables["missions_costline"]
            if a.missions[row["mission_id"]]["status"] != "cancelled"
            and narrow(row, q, mission="mission_id")
            and dated(day(a.missions[row["mission_id"]]["starts_on"]), q)
        ]
        return add(Fraction(row["planned"]) * Fraction(row["usd_rate"]) for row in rows)

    told["mission_budget"] = planned
    return told | {
        "cost_per_meeting": each(work(a)["meetings"]),
        "cost_per_lead": each(told["mission_leads"]),
        "cost_per_qualified": each(told["mission_qualified"]),
        "cost_per_project": each(told["mission_projects"]),
        "cost_per_job": each(told["mission_jobs"]),
    }
