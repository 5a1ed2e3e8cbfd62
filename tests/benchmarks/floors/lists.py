# ruff: noqa: S608 - the pieces are constants of these files
from collections.abc import Sequence

from config.staff.requests import StaffRequest
from tests.benchmarks.floor import Rows, ask
from tests.benchmarks.ground import NOW

DAY = NOW.date()
# What a manager may see: the open leads, one's own, one's team's and those one is named on.
SEEN = """(lead.level = 'open' or lead.owner_id = %s or (lead.level = 'team' and lead.team_id = %s)
    or exists (select from leads_leadperson named where named.lead_id = lead.id and named.user_id = %s))"""


def who(request: StaffRequest) -> tuple[object, ...]:
    return request.user.pk, request.user.team_id, request.user.pk


def frame(request: StaffRequest) -> Rows:
    """What stands around every page: the mission under way."""
    return ask(
        """select mission.id, mission.name from missions_mission mission
        join missions_delegate delegate on delegate.mission_id = mission.id
        where delegate.user_id = %s and mission.status = 'under_way' order by mission.starts_on desc limit 1""",
        request.user.pk,
    )


def today(request: StaffRequest) -> Sequence[Rows]:
    follow_ups = ask(
        f"""select follow.id, follow.text, follow.due_on, follow.kind, follow.version, company.id, company.name,
            contact.given_name, contact.family_name, interaction.happened_at, interaction.kind, lead.title
        from leads_followup follow
        join companies_company company on company.id = follow.company_id
        left join companies_contact contact on contact.id = follow.contact_id
        left join leads_interaction interaction on interaction.id = follow.interaction_id
        left join leads_lead lead on lead.id = follow.lead_id
        where follow.owner_id = %s and follow.state = 'open' and follow.due_on < %s
            and (lead.id is null or {SEEN})
        order by follow.due_on, follow.id limit 100""",
        request.user.pk,
        DAY.replace(day=30),
        *who(request),
    )
    return [frame(request), follow_ups]


def companies(request: StaffRequest) -> Sequence[Rows]:
    rows = ask(
        """select company.id, company.name, sector.name_es, country.name_es, owner.name,
            (select max(happened_at) from leads_interaction touch where touch.company_id = company.id),
            (select min(due_on) from leads_followup next where next.company_id = company.id and next.state = 'open')
        from (select * from companies_company where merged_into_id is null and archived_at is null
            order by folded, id limit 51) company
        left join companies_sector sector on sector.code = company.sector_id
        left join companies_country country on country.code = company.origin_country_id
        left join staff_user owner on owner.id = company.owner_id
        order by company.folded, company.id"""
    )
    return [frame(request), rows]


def interactions(request: StaffRequest) -> Sequence[Rows]:
    rows = ask(
        f"""select interaction.id, interaction.kind, interaction.outcome, interaction.interest, interaction.happened_at,
            interaction.zone, left(interaction.note, 200), company.id, company.name, logger.name, mission.name
        from leads_interaction interaction
        join companies_company company on company.id = interaction.company_id
        join staff_user logger on logger.id = interaction.logged_by_id
        left join missions_mission mission on mission.id = interaction.mission_id
        left join leads_lead lead on lead.id = interaction.lead_id
        where lead.id is null or {SEEN}
        order by interaction.happened_at desc, interaction.id desc limit 51""",
        *who(request),
    )
    return [frame(request), rows, _participants([row[0] for row in rows])]


def _participants(interactions: list[int]) -> Rows:
    return ask(
        """select participant.interaction_id, contact.id, contact.given_name, contact.family_name, colleague.name
        from leads_participant participant
        left join companies_contact contact on contact.id = participant.contact_id
        left join staff_user colleague on colleague.id = participant.user_id
        where participant.interaction_id = any(%s)""",
        interactions,
    )


def missions(request: StaffRequest) -> Sequence[Rows]:
    rows = ask(
        """select mission.id, mission.name, mission.kind, mission.status, mission.starts_on, mission.ends_on,
            officer.name, (select count(*) from missions_appointment plan where plan.mission_id = mission.id)
        from missions_mission mission join staff_user officer on officer.id = mission.lead_officer_id
        order by mission.starts_on desc, mission.id desc limit 51"""
    )
    return [frame(request), rows]


LEAD_ROW = """lead.id, lead.title, lead.code_name, lead.level, lead.status, lead.stage_since, lead.jobs_estimate,
    lead.capex_estimate_usd, lead.version, company.id, company.name, stage.name_es, owner.name,
    (select min(due_on) from leads_followup next where next.lead_id = lead.id and next.state = 'open')"""
LEAD_JOINS = """join companies_company company on company.id = lead.company_id
    join leads_stage stage on stage.number = lead.stage_id join staff_user owner on owner.id = lead.owner_id"""


def leads(request: StaffRequest) -> Sequence[Rows]:
    rows = ask(
        f"""select {LEAD_ROW} from leads_lead lead {LEAD_JOINS} where {SEEN}
        order by lead.created_at desc, lead.id desc limit 51""",
        *who(request),
    )
    return [frame(request), rows]


def board(request: StaffRequest) -> Sequence[Rows]:
    """Twenty cards a column, and the sums of all."""
    is_open = "lead.status in ('active', 'on_hold', 'delayed', 'dormant')"
    heads = ask(
        f"""select stage.number, stage.name_es, count(*), sum(lead.capex_estimate_usd), sum(lead.jobs_estimate),
            sum(lead.capex_estimate_usd * stage.probability)
        from leads_lead lead join leads_stage stage on stage.number = lead.stage_id
        where {is_open} and {SEEN} group by stage.number order by stage.number""",
        *who(request),
    )
    cards = ask(
        f"""select {LEAD_ROW} from leads_stage column_of cross join lateral (
            select * from leads_lead lead where lead.stage_id = column_of.number and {is_open} and {SEEN}
            order by lead.stage_since, lead.id limit 20) lead {LEAD_JOINS}
        order by lead.stage_id, lead.stage_since""",
        *who(request),
    )
    return [frame(request), heads, cards]


def search(request: StaffRequest) -> Sequence[Rows]:
    return [frame(request), *_hits(request, "alorica", 10)]


def pick(request: StaffRequest) -> Sequence[Rows]:
    return _hits(request, "alo", 8)[:4]


def _hits(request: StaffRequest, words: str, most: int) -> list[Rows]:
    """By name and former name, by address, by mission and by lead; typos forgiven."""
    like = f"%{words}%"
    companies = ask(
        """select id, name, domain from companies_company
        where (folded %%> %s or folded like %s) and merged_into_id is null
        order by folded <->> %s limit %s""",
        *(words, like, words, most),
    )
    names = ask(
        """select company.id, company.name, former.name from companies_companyname former
        join companies_company company on company.id = former.company_id
        where former.folded %%> %s or former.folded like %s order by former.folded <->> %s limit %s""",
        *(words, like, words, most),
    )
    contacts = ask(
        """select id, given_name, family_name from companies_contact
        where (folded %%> %s or folded like %s) and merged_into_id is null
        order by folded <->> %s limit %s""",
        *(words, like, words, most),
    )
    addresses = ask("select contact_id, value from companies_contactpoint where value like %s limit %s", like, most)
    missions = ask("select id, name, starts_on from missions_mission where folded like %s limit %s", like, most)
    leads = ask(
        f"""select {LEAD_ROW} from leads_lead lead {LEAD_JOINS}
        where lead.folded like %s and {SEEN} limit %s""",
        *(like, *who(request), most),
    )
    return [companies, names, contacts, addresses, missions, leads]
