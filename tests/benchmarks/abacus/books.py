"""The exported rows, joined by hand, and which leads a question is about."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from tests.benchmarks.abacus.counting import Asked, Row, day, later, moment, whole, within

HELD = {"held", "passing"}
ASSISTED = {"generated", "assisted"}
OPEN = {"active", "on_hold", "delayed", "dormant"}
OF_A_LEAD = ("origin", "sector", "activity", "municipality", "mission", "officer", "source", "type", "stage")
TABLES = (
    *("leads_lead", "leads_reserve", "leads_reading", "leads_stage", "leads_stagechange", "leads_investmenttype"),
    *("leads_interaction", "leads_followup", "leads_enquiry", "leads_accountplan", "leads_visitrhythm", "leads_budget"),
    *("companies_company", "missions_mission", "missions_appointment", "missions_costline", "staff_user"),
    *("leads_service", "leads_readingshare"),
)


class Books:
    def __init__(self, folder: Path, today: date) -> None:
        self.today = today
        self.tables = {name: list(_rows(folder / f"{name}.csv")) for name in TABLES}
        self.companies = {row["id"]: row for row in self.tables["companies_company"]}
        self.missions = {row["id"]: row for row in self.tables["missions_mission"]}
        self.stages = {row["number"]: row for row in self.tables["leads_stage"]}
        self.again = {row["code"] for row in self.tables["leads_investmenttype"] if row["is_reinvestment"] == "t"}
        self.at_work = {row["id"] for row in self.tables["staff_user"] if row["is_active"] == "t"}
        self.boxes = {row["lead_id"]: json.loads(row["told"]) for row in self.tables["leads_reserve"]}
        self.readings: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables["leads_reading"]:
            self.readings[row["lead_id"]].append(row)
        self.parts: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self.tables["leads_readingshare"]:
            self.parts[row["reading_id"]][row["municipality_id"]] = int(row["jobs"])
        self.talks: dict[str, list[tuple[datetime, Row]]] = defaultdict(list)
        self.of_company: dict[str, list[tuple[datetime, Row]]] = defaultdict(list)
        for row in self.tables["leads_interaction"]:
            at = moment(row["happened_at"])
            assert at
            self.of_company[row["company_id"]].append((at, row))
            if row["lead_id"]:
                self.talks[row["lead_id"]].append((at, row))
        for talks in self.of_company.values():
            talks.sort(key=lambda talk: talk[0])
        self.next_step: dict[str, str] = {}
        self.promised: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables["leads_followup"]:
            if row["interaction_id"]:
                self.promised[row["interaction_id"]].append(row)
            if row["state"] == "open" and row["lead_id"]:
                self.next_step[row["lead_id"]] = min(row["due_on"], self.next_step.get(row["lead_id"], "9999"))
        self.leads = {
            row["id"]: self._lead(row)
            for row in self.tables["leads_lead"]
            if row["status"] != "merged" and not row["parent_id"]
        }

    def _lead(self, row: Row) -> Row:
        company = self.companies[row["company_id"]]
        group = self.companies.get(company["ultimate_parent_id"]) or company
        mission = self.missions.get(row["mission_id"])
        opened = moment(row["created_at"])
        assert opened
        return row | {
            "group": group["id"],
            "open": row["level"] == "open",
            "box": self.boxes.get(row["id"], {}),
            "origin": company["origin_country_id"] or group["origin_country_id"],
            "sector": row["sector_id"] or company["sector_id"],
            "activity": row["activity_id"] or company["activity_id"],
            "municipality": row["municipality_id"],
            "mission": row["mission_id"],
            "officer": row["owner_id"],
            "type": row["investment_type_id"],
            "stage": row["stage_id"],
            "quiet": self._quiet(row["id"]),
            "qualified": day(row["qualified_on"]),
            "decided": day(row["decided_on"]),
            "outcome": day(row["decided_on"]) or day(row["closed_on"]),
            "entered": opened.date(),
            "mission_day": day(mission["starts_on"]) if mission else None,
        }

    def _quiet(self, lead: str) -> str:
        heard = self.heard(lead)
        if heard is None:
            return "never"
        days = (self.today - heard.date()).days
        return next((name for name, most in (("30", 30), ("60", 60), ("90", 90)) if days <= most), "more")

    def heard(self, lead: str) -> datetime | None:
        spoken = [at for at, row in self.talks[lead] if row["direction"] in {"both", "in"} and row["outcome"] in HELD]
        return max(spoken, default=None)

    def reading(self, lead: Row, layer: str) -> Row:
        current = [row for row in self.readings[lead["id"]] if row["layer"] == layer and row["is_current"] == "t"]
        return current[0] if current else {"jobs": "", "capex_usd": "", "jobs_safeguarded": "", "jobs_indirect": ""}

    def parts_of(self, lead: Row, layer: str) -> dict[str, int]:
        """Municipality by municipality, the jobs of a project in several; of a secret one nobody is told."""
        return self.parts.get(self.reading(lead, layer).get("id", ""), {}) if lead["open"] else {}

    def verified(self, lead: Row, months: int | None) -> Row:
        until = later(lead["decided"], months).isoformat() if months is not None else "9999"
        rows = [row for row in self.readings[lead["id"]] if row["layer"] == "verified" and row["dated_on"] <= until]
        rows.sort(key=lambda row: (row["dated_on"], row["is_current"] == "t", int(row["id"])))
        return rows[-1] if rows else {"jobs": "", "capex_usd": ""}

    def fits(
        self,
        lead: Row,
        asked: Asked,
        when: str,
        *,
        more: tuple[str, ...] = (),
        less: tuple[str, ...] = (),
        parts: bool = False,
    ) -> bool:
        """Open ones by what they are; restricted ones by what their box tells."""
        for name, wanted in asked.dims.items():
            if name in less or name not in (*OF_A_LEAD, *more):
                continue
            if parts and name == "municipality" and self.parts_of(lead, asked.layer):
                if wanted not in self.parts_of(lead, asked.layer):
                    return False
            elif lead["open"]:
                if (lead[name] or "none") != wanted:
                    return False
            elif (lead["box"].get(name) or "reserved") != wanted:
                return False
        if asked.assisted:
            told = lead["involvement"] in ASSISTED if lead["open"] else lead["box"].get("scope") == "assisted"
            if not told:
                return False
        return not when or self._in_time(lead, asked, when)

    def _in_time(self, lead: Row, asked: Asked, when: str) -> bool:
        if asked.first is None and asked.last is None:
            return True
        if lead["open"]:
            return within(lead[when], asked)
        name = when.removesuffix("_day")
        for size in ("year", "month"):
            written = lead["box"].get(f"{name}_{size}")
            if written and whole(written, asked):
                return True
        return False


def _rows(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
