from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime, timedelta

from tests.benchmarks.abacus.books import HELD, Books
from tests.benchmarks.abacus.counting import (
    HERE,
    Asked,
    Row,
    Teller,
    count,
    dated,
    day,
    distinct,
    moment,
    percentile,
    share,
    within,
)


def narrow(row: Row, q: Asked, **columns: str) -> bool:
    """Of our own work: the few things by which it is told."""
    return all(
        (row[column] or "none") == q.dims[name] and q.dims[name] != "reserved"
        for name, column in columns.items()
        if name in q.dims
    )


def work(a: Books) -> dict[str, Teller]:  # noqa: C901, PLR0915 - one small function a figure
    yesterday = (a.today - timedelta(days=1)).isoformat()
    midnight = datetime.combine(a.today, datetime.min.time(), HERE)
    met_on = {row["id"]: row["mission_id"] for row in a.tables["leads_interaction"]}
    follow_ups = [row | {"mission": met_on.get(row["interaction_id"], "")} for row in a.tables["leads_followup"]]
    rhythm = {"A": 90, "B": 180} | {row["tier"]: int(row["days"]) for row in a.tables["leads_visitrhythm"]}

    def tasks(q: Asked, holds: Callable[[Row], bool]) -> list[Row]:
        return [row for row in follow_ups if holds(row) and narrow(row, q, officer="owner_id", mission="mission")]

    def kept(row: Row) -> bool:
        closed = moment(row["closed_at"])
        return row["state"] == "done" and closed is not None and closed.date().isoformat() <= row["due_on"]

    def due(q: Asked) -> list[Row]:
        rows = tasks(
            q, lambda row: not row["waiting_for"] and row["state"] != "cancelled" and row["due_on"] <= yesterday
        )
        return [row for row in rows if dated(day(row["due_on"]), q)]

    def talks(q: Asked, holds: Callable[[Row], bool]) -> list[Row]:
        rows = [row for row in a.tables["leads_interaction"] if holds(row) and row["outcome"] in HELD]
        rows = [row for row in rows if narrow(row, q, mission="mission_id", officer="logged_by_id")]
        return [row for row in rows if dated(local(row["happened_at"]), q)]

    def sat(row: Row) -> bool:
        return row["kind"] in {"meeting", "site_visit"}

    def earlier(row: Row) -> list[Row]:
        mark = (moment(row["happened_at"]), int(row["id"]))
        return [other for at, other in a.of_company[row["company_id"]] if (at, int(other["id"])) < mark]

    def first_here(row: Row) -> bool:
        before = earlier(row)
        here = [other for other in before if other["mission_id"] == row["mission_id"] and sat(other)]
        return bool(row["mission_id"] and before) and not [other for other in here if other["outcome"] in HELD]

    def services(q: Asked) -> list[tuple[Row, Row]]:
        given = [(a.leads[row["lead_id"]], row) for row in a.tables["leads_service"] if row["lead_id"] in a.leads]
        return [(lead, row) for lead, row in given if by_service(lead, row, q)]

    def by_service(lead: Row, row: Row, q: Asked) -> bool:
        """Restricted ones are in no period and of no kind: no box tells either."""
        kind = q.dims.get("service")
        if kind and (row["kind_id"] if lead["open"] else "reserved") != kind:
            return False
        at = day(row["given_on"])
        return a.fits(lead, q, "") and ((q.first is None and q.last is None) or (bool(lead["open"]) and within(at, q)))

    def appointments(q: Asked) -> list[Row]:
        rows = [row for row in a.tables["missions_appointment"] if row["status"] != "cancelled"]
        return [row for row in rows if narrow(row, q, mission="mission_id") and dated(local(row["starts_at"]), q)]

    def good(row: Row) -> bool:
        at = moment(row["happened_at"])
        return (
            bool(row["mission_id"])
            and row["interest"] in {"hot", "warm"}
            and at is not None
            and at <= midnight - timedelta(hours=48)
        )

    def thanked(row: Row) -> bool:
        at = moment(row["happened_at"])
        assert at
        until = at + timedelta(hours=48)
        spoken = a.of_company[row["company_id"]]
        first = bisect_left(spoken, at, key=lambda talk: talk[0])
        for when, other in spoken[first:]:
            if when > until:
                break
            if when > at and other["kind"] in {"mail", "message", "call"} and other["direction"] != "in":
                return True
        for task in a.promised[row["id"]]:
            closed = moment(task["closed_at"])
            if task["kind"] == "thank_you" and task["state"] == "done" and closed and closed <= until:
                return True
        return False

    def enquiries(q: Asked) -> list[Row]:
        rows = [row for row in a.tables["leads_enquiry"] if row["closed_because"] not in {"spam", "duplicate"}]
        rows = [row for row in rows if narrow(row, q, origin="country_id", officer="owner_id")]
        return [row for row in rows if dated(local(row["received_at"]), q)]

    def hours(row: Row) -> float | None:
        return int(row["response_minutes"]) / 60 if row["response_minutes"] else None

    def in_time(row: Row) -> bool | None:
        answered, by = moment(row["answered_at"]), moment(row["respond_by"])
        assert by
        if answered:
            return answered <= by
        return False if by < midnight else None

    def plans(q: Asked) -> list[Row]:
        found = []
        for row in a.tables["leads_accountplan"]:
            company = a.companies[row["company_id"]]
            if row["tier"] in {"A", "B"} and not company["merged_into_id"] and not company["archived_at"]:
                told = row | {"origin": company["origin_country_id"], "sector": company["sector_id"]}
                if narrow(told, q, officer="owner_id", origin="origin", sector="sector"):
                    found.append(told)
        return found

    def visited(row: Row) -> bool:
        last = moment(row["last_visit_at"])
        return last is not None and last >= midnight - timedelta(days=rhythm[row["tier"]])

    return {
        "on_time": lambda q: share(kept(row) for row in due(q)),
        "open_follow_ups": lambda q: count(tasks(q, lambda row: row["state"] == "open")),
        "overdue": lambda q: count(
            tasks(q, lambda row: row["state"] == "open" and row["due_on"] <= yesterday and not row["waiting_for"])
        ),
        "promises": lambda q: count(tasks(q, lambda row: row["state"] == "open" and row["origin"] == "promise")),
        "meetings": lambda q: count(talks(q, sat)),
        "visits": lambda q: count(talks(q, lambda row: row["kind"] == "site_visit")),
        "new_companies": lambda q: count(row for row in talks(q, sat) if not earlier(row)),
        "known_companies": lambda q: count(row for row in talks(q, sat) if first_here(row)),
        "services": lambda q: count(services(q)),
        "served": lambda q: distinct(lead["group"] for lead, _row in services(q)),
        "planned": lambda q: count(appointments(q)),
        "held": lambda q: count(row for row in appointments(q) if row["status"] == "held"),
        "no_show": lambda q: count(row for row in appointments(q) if row["status"] == "no_show"),
        "thanked": lambda q: share(thanked(row) for row in talks(q, good)),
        "response_median": lambda q: percentile((hours(row) for row in enquiries(q)), 0.5),
        "response_p90": lambda q: percentile((hours(row) for row in enquiries(q)), 0.9),
        "answered_in_a_day": lambda q: share(in_time(row) for row in enquiries(q)),
        "aftercare": lambda q: share(visited(row) for row in plans(q)),
    }


def local(text: str) -> date | None:
    at = moment(text)
    return at.date() if at else None
