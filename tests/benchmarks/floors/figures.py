# ruff: noqa: S608 - the pieces are constants of these files
from collections.abc import Sequence
from datetime import date

from config.staff.requests import StaffRequest
from tests.benchmarks.floor import Rows, ask
from tests.benchmarks.floors.lists import DAY, frame

YEAR = date(DAY.year, 1, 1)
OPEN = "lead.status in ('active', 'on_hold', 'delayed', 'dormant') and lead.parent_id is null"
DECIDED = "lead.decided_on is not null and lead.status <> 'merged' and lead.parent_id is null"


def origins(request: StaffRequest) -> Sequence[Rows]:
    return [frame(request), _origins(DECIDED), _totals(DECIDED)]


def dashboard(request: StaffRequest) -> Sequence[Rows]:
    this_year = f"{DECIDED} and lead.involvement <> 'tracked' and lead.decided_on >= '{YEAR}'"
    before = f"{DECIDED} and lead.involvement <> 'tracked' and lead.decided_on between '2025-01-01' and '2025-11-23'"
    return [
        frame(request),
        _pipeline(),
        _totals(this_year),
        _totals(before),
        _origins(this_year),
        ask(
            """select count(*) filter (where qualified_on >= %s), count(*) filter (where qualified_on < %s)
            from leads_lead where qualified_on >= '2025-01-01' and parent_id is null""",
            YEAR,
            YEAR,
        ),
        _on_time(YEAR, DAY),
        _on_time(date(2025, 1, 1), date(2025, 11, 23)),
        ask(
            """select follow.owner_id, owner.name, count(*) from leads_followup follow
            join staff_user owner on owner.id = follow.owner_id
            where follow.state = 'open' and follow.due_on < %s and follow.waiting_for = ''
            group by follow.owner_id, owner.name order by 3 desc""",
            DAY,
        ),
        _missions(),
    ]


def _pipeline() -> Rows:
    return ask(
        f"""select stage.number, stage.name_es, count(*), sum(lead.capex_estimate_usd), sum(lead.jobs_estimate),
            sum(lead.capex_estimate_usd * stage.probability), count(*) filter (where not owner.is_active
                or lead.id not in (select lead_id from leads_followup where state = 'open' and lead_id is not null)
                or lead.id in (select lead_id from leads_followup where state = 'open' and due_on < %s))
        from leads_lead lead join leads_stage stage on stage.number = lead.stage_id
        join staff_user owner on owner.id = lead.owner_id
        where {OPEN} and lead.stage_id > 0 group by stage.number order by stage.number""",
        DAY,
    )


MEASURES = """count(*), count(distinct coalesce(company.ultimate_parent_id, company.id)), sum(reading.capex_usd),
    count(reading.capex_usd), sum(reading.jobs), count(reading.jobs),
    count(*) filter (where investment.is_reinvestment), max(lead.decided_on)"""
JOINS = """join companies_company company on company.id = lead.company_id
    left join leads_investmenttype investment on investment.code = lead.investment_type_id
    left join leads_reading reading
        on reading.lead_id = lead.id and reading.layer = 'announced' and reading.is_current"""


def _totals(condition: str) -> Rows:
    return ask(f"select {MEASURES} from leads_lead lead {JOINS} where {condition}")


def _origins(condition: str) -> Rows:
    return ask(
        f"""select country.name_es, {MEASURES} from leads_lead lead {JOINS}
        left join companies_country country on country.code = company.origin_country_id
        where {condition} group by country.name_es order by 2 desc"""
    )


def _on_time(since: date, until: date) -> Rows:
    return ask(
        """select count(*), count(*) filter (where in_time) from leads_followup
        where due_on >= %s and due_on < %s and state <> 'cancelled' and waiting_for = ''""",
        since,
        until,
    )


def _missions() -> Rows:
    return ask(
        """select mission.id, mission.name, mission.starts_on,
            planned.n, planned.held, planned.no_show,
            (select count(*) from leads_interaction meeting where meeting.mission_id = mission.id),
            (select count(*) from leads_lead lead where lead.mission_id = mission.id),
            (select count(*) from leads_followup follow
                join leads_interaction meeting on meeting.id = follow.interaction_id
                where meeting.mission_id = mission.id and follow.state = 'open' and follow.origin = 'promise')
        from missions_mission mission cross join lateral (
            select count(*) as n, count(*) filter (where plan.status = 'held') as held,
                count(*) filter (where plan.status = 'no_show') as no_show
            from missions_appointment plan where plan.mission_id = mission.id) planned
        where mission.starts_on <= %s and mission.status <> 'cancelled'
        order by mission.starts_on desc, mission.id desc limit 5""",
        DAY,
    )
