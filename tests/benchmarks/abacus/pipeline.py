from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from tests.benchmarks.abacus.books import OPEN, Books
from tests.benchmarks.abacus.counting import (
    Asked,
    Row,
    Teller,
    add,
    count,
    moment,
    number,
    percentile,
    ratio,
    share,
    within,
)
from tests.benchmarks.abacus.results import projects


def _stays(a: Books) -> list[tuple[Row, str, datetime, datetime]]:
    """Lead, stage, entered, left: from one move to the next."""
    moves: dict[str, list[tuple[datetime, int, str]]] = defaultdict(list)
    for row in a.tables["leads_stagechange"]:
        at = moment(row["at"])
        if at and row["lead_id"] in a.leads and row["stage_before_id"] != row["stage_after_id"]:
            moves[row["lead_id"]].append((at, int(row["id"]), row["stage_after_id"]))
    found = []
    for lead, way in moves.items():
        way.sort()
        for (entered, _pk, stage), (left, _next, _stage) in pairwise(way):
            found.append((a.leads[lead], stage, entered, left))
    return found


def _by_log(a: Books, q: Asked, lead: Row, stage: str, at: datetime) -> bool:
    """Restricted ones are in no period: no box tells the day of a move."""
    wanted = q.dims.get("stage")
    if wanted and lead["open"] and stage != wanted:
        return False
    if wanted and not lead["open"] and (lead["box"].get("stage") or "reserved") != wanted:
        return False
    if not a.fits(lead, q, "", less=("stage",)):
        return False
    if q.first is None and q.last is None:
        return True
    return bool(lead["open"]) and within(at.date(), q)


def _days(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 86400


def pipeline(a: Books) -> dict[str, Teller]:  # noqa: C901 - one small function a figure
    stays = _stays(a)

    def standing(q: Asked) -> list[Row]:
        rows = [lead for lead in a.leads.values() if lead["status"] in OPEN and int(lead["stage"]) >= 1]
        return [lead for lead in rows if a.fits(lead, q, "", more=("quiet",))]

    def weighed(q: Asked) -> list[Row]:
        return [lead for lead in standing(q) if 2 <= int(lead["stage"]) <= 5 and lead["status"] != "dormant"]

    def times_chance(lead: Row, column: str) -> Fraction | None:
        worth = number(lead[column])
        return None if worth is None else worth * Fraction(a.stages[lead["stage"]]["probability"])

    def here(lead: Row) -> int:
        since = moment(lead["stage_since"])
        assert since
        return (a.today - since.date()).days

    def over(lead: Row) -> bool | None:
        norm = a.stages[lead["stage"]]["norm_days"]
        return here(lead) > int(norm) if norm else None

    def neglected(lead: Row) -> bool:
        return lead["officer"] not in a.at_work or a.next_step.get(lead["id"], "0001") < a.today.isoformat()

    def silent(lead: Row) -> bool:
        heard = a.heard(lead["id"])
        return heard is None or (a.today - heard.date()).days > 90

    def opened(q: Asked) -> list[Row]:
        return [lead for lead in a.leads.values() if a.fits(lead, q, "entered")]

    def qualified(q: Asked) -> list[Row]:
        return [lead for lead in a.leads.values() if lead["qualified"] and a.fits(lead, q, "qualified")]

    def to_decision(lead: Row) -> int | None:
        took = (lead["decided"] - lead["entered"]).days
        return took if lead["qualified"] and took >= 0 else None

    def moved(q: Asked) -> Iterator[int]:
        for row in a.tables["leads_stagechange"]:
            at = moment(row["at"])
            lead = a.leads.get(row["lead_id"])
            before, after = row["stage_before_id"], row["stage_after_id"]
            if at and lead and before and before != after and _by_log(a, q, lead, after, at):
                yield 1

    told: dict[str, Teller] = {
        "opportunities": lambda q: count(qualified(q)),
        "entered": lambda q: count(opened(q)),
        "pipeline": lambda q: count(standing(q)),
        "pipeline_capex": lambda q: add(number(lead["capex_estimate_usd"]) for lead in standing(q)),
        "pipeline_jobs": lambda q: add(number(lead["jobs_estimate"]) for lead in standing(q)),
        "weighted_capex": lambda q: add(times_chance(lead, "capex_estimate_usd") for lead in weighed(q)),
        "weighted_jobs": lambda q: add(times_chance(lead, "jobs_estimate") for lead in weighed(q)),
        "neglected": lambda q: share(neglected(lead) for lead in standing(q)),
        "over_norm": lambda q: share(over(lead) for lead in standing(q)),
        "open_age": lambda q: percentile((here(lead) for lead in standing(q)), 0.5),
        "dormant": lambda q: count(lead for lead in standing(q) if lead["status"] == "dormant"),
        "silent": lambda q: share(silent(lead) for lead in standing(q)),
        "work_weight": lambda q: add(Fraction(lead["stage"]) for lead in standing(q)),
        "lead_to_qualified": lambda q: share(bool(lead["qualified"]) for lead in opened(q)),
        "leads_still_open": lambda q: share(lead["status"] in OPEN and not lead["qualified"] for lead in opened(q)),
        "qualified_to_won": lambda q: share(bool(lead["decided"]) for lead in qualified(q)),
        "opportunities_still_open": lambda q: share(
            lead["status"] in OPEN and not lead["decided"] for lead in qualified(q)
        ),
        "same_period_ratio": lambda q: ratio(count(projects(a, q)), count(qualified(q))),
        "stage_days": lambda q: percentile(
            (_days(came, left) for lead, stage, came, left in stays if _by_log(a, q, lead, stage, left)), 0.5
        ),
        "decision_days": lambda q: percentile((to_decision(lead) for lead in projects(a, q)), 0.5),
        "decision_days_p90": lambda q: percentile((to_decision(lead) for lead in projects(a, q)), 0.9),
        "moves": lambda q: count(moved(q)),
    }  # fmt: skip
    return told
