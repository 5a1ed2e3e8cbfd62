"""The views of the schema `reporting`, for Metabase, Excel and the like: read-only, documented, without secrets.

Of a restricted lead they hold what `leads.figures.secrecy` tells of it and nothing else: no name, no company, no day.
Where a fact is not told, its column is empty and `is_reserved` says why. Each view and column bears its meaning in the
database itself, by COMMENT ON. `manage.py migrate` takes them down before it alters tables and builds them after it.
"""

from dataclasses import dataclass
from typing import Any

SCHEMA = "reporting"
ROLE = "puente_reporting"
OPEN = "l.level = 'open'"


@dataclass(frozen=True)
class View:
    name: str
    about: str
    # Column, what it is, and the SQL that makes it.
    columns: tuple[tuple[str, str, str], ...]
    source: str

    def create(self) -> str:
        made = ",\n  ".join(f"{sql} AS {name}" for name, _about, sql in self.columns)
        # Its owner's rights reach the tables; its readers need none of their own.
        return f"CREATE VIEW {SCHEMA}.{self.name} WITH (security_barrier = true) AS\nSELECT\n  {made}\n{self.source}"

    def comments(self) -> list[str]:
        said = [f"COMMENT ON VIEW {SCHEMA}.{self.name} IS {quoted(self.about)}"]
        said += [
            f"COMMENT ON COLUMN {SCHEMA}.{self.name}.{name} IS {quoted(about)}" for name, about, _sql in self.columns
        ]
        return said


def quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def of_open(sql: str) -> str:
    """Only of open leads."""
    return f"CASE WHEN {OPEN} THEN {sql} END"


def told(fact: str, sql: str) -> str:
    """Of open leads as it is, of restricted ones as it is told."""
    return f"CASE WHEN {OPEN} THEN {sql} ELSE nullif(r.told ->> '{fact}', 'none') END"


def told_year(fact: str, day: str) -> str:
    return f"CASE WHEN {OPEN} THEN extract(year FROM {day})::int ELSE (r.told ->> '{fact}')::int END"


LEADS = """FROM leads_lead l
JOIN companies_company c ON c.id = l.company_id
LEFT JOIN companies_company g ON g.id = coalesce(c.ultimate_parent_id, c.id)
JOIN leads_stage s ON s.number = l.stage_id
LEFT JOIN leads_reserve r ON r.lead_id = l.id
WHERE l.status <> 'merged' AND l.parent_id IS NULL"""

ABOUT_LEAD: tuple[tuple[str, str, str], ...] = (
    ("is_reserved", "Restricted: only what figures may tell of it is filled in.", f"NOT ({OPEN})"),
    ("origin", "Country of origin of the company or its group, ISO 3166.", told("origin", "coalesce(c.origin_country_id, g.origin_country_id)")),
    ("sector", "Code of the sector of the lead, or else of its company.", told("sector", "coalesce(l.sector_id, c.sector_id)")),
    ("activity", "Code of what is done at the site.", told("activity", "coalesce(l.activity_id, c.activity_id)")),
    ("municipality", "DANE code of the municipality.", told("municipality", "l.municipality_id")),
    ("investment_type", "Code of the type of investment.", told("type", "l.investment_type_id")),
    ("source", "Where the lead came from.", told("source", "nullif(l.source, '')")),
    ("scope", "assisted: the agency generated or assisted it; tracked: known in the region alone.", f"CASE WHEN {OPEN} THEN CASE WHEN l.involvement = 'tracked' THEN 'tracked' ELSE 'assisted' END WHEN r.told ->> 'scope' = 'assisted' THEN 'assisted' WHEN r.told ? 'scope' THEN 'tracked' END"),
)  # fmt: skip

VIEWS = (
    View(
        "leads",
        "One row a lead, phases and merged leads left out. Dates and amounts of restricted ones are empty.",
        (
            ("lead_id", "Number of the lead; empty for restricted ones.", of_open("l.id")),
            ("title", "What they plan; empty for restricted ones.", of_open("l.title")),
            ("company_id", "Number of the company; empty for restricted ones.", of_open("l.company_id")),
            ("group_id", "Number of the ultimate parent, to count companies by; empty for restricted ones.", of_open("g.id")),
            *ABOUT_LEAD,
            ("stage", "Number of the stage: 1 lead, 2 qualified opportunity, 3 active project, 4 site visit, 5 shortlist, 6 decision, 7 operational.", f"CASE WHEN {OPEN} THEN l.stage_id::int ELSE nullif(r.told ->> 'stage', 'none')::int END"),
            ("status", "Active, on hold, delayed, dormant, won, lost, dead, disqualified, handed over; empty for restricted ones.", of_open("l.status")),
            ("probability", "Chance of a win by the stage, between 0 and 1; empty for restricted ones.", of_open("s.probability")),
            ("jobs_estimate", "New direct jobs, estimated while the lead is open.", of_open("l.jobs_estimate")),
            ("capex_estimate_usd", "Investment in US dollars, estimated while the lead is open.", of_open("l.capex_estimate_usd")),
            ("opened_on", "Day the lead was opened.", of_open("(l.created_at AT TIME ZONE 'UTC')::date")),
            ("qualified_on", "Day it first reached stage 2.", of_open("l.qualified_on")),
            ("decided_on", "Day of the decision.", of_open("l.decided_on")),
            ("operational_on", "Day the operation started.", of_open("l.operational_on")),
            ("closed_on", "Day it ended without a win.", of_open("l.closed_on")),
            ("mission_id", "Mission of the first touch.", f"CASE WHEN {OPEN} THEN l.mission_id ELSE nullif(r.told ->> 'mission', 'none')::bigint END"),
            ("decided_year", "Year of the decision; of restricted ones where it may be told.", told_year("decided_year", "l.decided_on")),
            ("qualified_year", "Year it first reached stage 2; of restricted ones where it may be told.", told_year("qualified_year", "l.qualified_on")),
        ),
        LEADS,
    ),
    View(
        "projects",
        "One row a decided project and layer (announced, committed, verified). Never add layers together.",
        (
            ("lead_id", "Number of the lead; empty for restricted ones.", of_open("l.id")),
            ("group_id", "Number of the ultimate parent, to count companies by; empty for restricted ones.", of_open("g.id")),
            *ABOUT_LEAD,
            ("decided_on", "Day of the decision; empty for restricted ones.", of_open("l.decided_on")),
            ("decided_year", "Year of the decision; of restricted ones where it may be told.", told_year("decided_year", "l.decided_on")),
            ("layer", "announced, committed or verified; empty where nothing is known yet.", "d.layer"),
            ("jobs", "New direct jobs; empty where nobody knows them.", "d.jobs"),
            ("jobs_safeguarded", "Jobs that would have gone without the project.", "d.jobs_safeguarded"),
            ("capex_usd", "Investment in US dollars at the rate stored with it; empty where nobody knows it.", "d.capex_usd"),
            ("dated_on", "Day of these amounts; empty for restricted ones.", of_open("d.dated_on")),
        ),
        LEADS.replace("WHERE", "LEFT JOIN leads_reading d ON d.lead_id = l.id AND d.is_current\nWHERE") + " AND l.decided_on IS NOT NULL",
    ),
    View(
        "stays",
        "One row a lead and stage it stood in, from the log of stages. Open leads alone, not restricted ones.",
        (
            ("lead_id", "Number of the lead.", "y.lead_id"),
            ("stage", "Number of the stage.", "y.stage_id::int"),
            ("entered_at", "When it came into the stage.", "y.entered_at"),
            ("left_at", "When it left it; empty while it stands there.", "y.left_at"),
        ),
        f"FROM leads_stay y JOIN leads_lead l ON l.id = y.lead_id\nWHERE {OPEN} AND l.status <> 'merged' AND l.parent_id IS NULL",
    ),
    View(
        "missions",
        "One row a mission, with what was planned, held and spent.",
        (
            ("mission_id", "Number of the mission.", "m.id"),
            ("name", "Name of the mission.", "m.name"),
            ("kind", "Kind of mission.", "m.kind"),
            ("status", "Planned, confirmed, under way, ended or cancelled.", "m.status"),
            ("starts_on", "First day.", "m.starts_on"),
            ("ends_on", "Last day.", "m.ends_on"),
            ("appointments", "Appointments in the programme, without cancelled ones.", "(SELECT count(*) FROM missions_appointment a WHERE a.mission_id = m.id AND a.status <> 'cancelled')"),
            ("held", "Appointments to which they came.", "(SELECT count(*) FROM missions_appointment a WHERE a.mission_id = m.id AND a.status = 'held')"),
            ("cost_usd", "Actual cost in US dollars, staff not included; empty where no line is known.", "(SELECT sum(k.actual * k.usd_rate) FROM missions_costline k WHERE k.mission_id = m.id)"),
        ),
        "FROM missions_mission m",
    ),
    View(
        "follow_ups",
        "One row a follow-up, without its words. Who has it, when it was due and when it was done.",
        (
            ("follow_up_id", "Number of the follow-up.", "f.id"),
            ("person_id", "Number of whoever has it.", "f.owner_id"),
            ("origin", "Promise, cadence, not logged, or by hand.", "f.origin"),
            ("due_on", "Day it is due.", "f.due_on"),
            ("state", "Open, done or cancelled.", "f.state"),
            ("closed_at", "When it was done or cancelled.", "f.closed_at"),
            ("waits_for_others", "Somebody else must move first.", "f.waiting_for <> ''"),
        ),
        "FROM leads_followup f\nLEFT JOIN leads_lead l ON l.id = f.lead_id\n"
        "LEFT JOIN leads_interaction i ON i.id = f.interaction_id\nLEFT JOIN leads_lead li ON li.id = i.lead_id\n"
        "WHERE coalesce(l.level, 'open') = 'open' AND coalesce(li.level, 'open') = 'open'",
    ),
    View(
        "companies",
        "One row a company or institution that stands here today. Its names are no secret; its restricted leads are.",
        (
            ("company_id", "Number of the company.", "c.id"),
            ("group_id", "Number of its ultimate parent.", "coalesce(c.ultimate_parent_id, c.id)"),
            ("name", "Name.", "c.name"),
            ("kind", "investor or institution.", "c.kind"),
            ("origin", "Country of origin, ISO 3166.", "c.origin_country_id"),
            ("sector", "Code of its sector.", "c.sector_id"),
            ("installed_since", "Day from which it operates in the region; empty where it does not.", "c.installed_since"),
        ),
        "FROM companies_company c\nWHERE c.merged_into_id IS NULL AND c.archived_at IS NULL",
    ),
    View(
        "words",
        "What codes mean, in both languages: sectors, activities, countries, stages, types of investment.",
        (
            ("kind", "sector, activity, country, stage or investment_type.", "w.kind"),
            ("code", "The code.", "w.code"),
            ("name_en", "In English.", "w.name_en"),
            ("name_es", "In Spanish.", "w.name_es"),
        ),
        "FROM (SELECT 'sector' kind, code::text, name_en, name_es FROM companies_sector"
        " UNION ALL SELECT 'activity', code::text, name_en, name_es FROM companies_activity"
        " UNION ALL SELECT 'country', code::text, name_en, name_es FROM companies_country"
        " UNION ALL SELECT 'stage', number::text, name_en, name_es FROM leads_stage"
        " UNION ALL SELECT 'investment_type', code::text, name_en, name_es FROM leads_investmenttype) w",
    ),
    View(
        "goals",
        "One row a goal in force.",
        (
            ("figure", "Name of the figure.", "t.figure"),
            ("year", "Year.", "t.year::int"),
            ("month", "Month; empty for the whole year.", "t.month::int"),
            ("sector", "Code of the sector; empty for all.", "t.sector_id"),
            ("market", "Country of origin; empty for all.", "t.market_id"),
            ("layer", "announced, committed or verified.", "t.layer"),
            ("scope", "assisted or all.", "t.scope"),
            ("value", "What it is to come to; a rate in percent.", "t.value"),
            ("version", "Version of the goal.", "t.version::int"),
            ("approved_at", "When it was approved.", "t.approved_at"),
        ),
        "FROM leads_goal t\nWHERE t.approved_at IS NOT NULL AND t.replaced_at IS NULL",
    ),
)  # fmt: skip


def clear(cursor: Any) -> None:
    """Out of the way of a migration that alters what they read."""
    for view in VIEWS:
        cursor.execute(f"DROP VIEW IF EXISTS {SCHEMA}.{view.name}")


def build(cursor: Any) -> None:
    """All of them anew; whoever may read the old ones may read these."""
    clear(cursor)
    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    about = "Read-only views for reports. They hold no restricted names."
    cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS {quoted(about)}")
    for view in VIEWS:
        for statement in (view.create(), *view.comments()):
            cursor.execute(statement)
    cursor.execute(GRANT)


# Where the role is there; making it is `manage.py reporting_role`, for which an agency may lack the right.
GRANT = f"""DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')
    AND EXISTS (SELECT FROM pg_namespace WHERE nspname = '{SCHEMA}') THEN
    GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE};
    GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE};
  END IF;
END $$"""
