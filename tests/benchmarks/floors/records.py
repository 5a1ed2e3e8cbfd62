# ruff: noqa: S608 - the pieces are constants of these files
from collections.abc import Sequence

from config.staff.requests import StaffRequest
from tests.benchmarks.floor import Rows, address, ask
from tests.benchmarks.floors.lists import LEAD_JOINS, LEAD_ROW, SEEN, frame, who

TIMELINE = """interaction.id, interaction.kind, interaction.outcome, interaction.interest, interaction.happened_at,
    interaction.note, interaction.place, logger.name, mission.name"""
TIMELINE_JOINS = """join staff_user logger on logger.id = interaction.logged_by_id
    left join missions_mission mission on mission.id = interaction.mission_id
    left join leads_lead lead on lead.id = interaction.lead_id"""


def company(request: StaffRequest) -> Sequence[Rows]:
    this = address(request, "company")
    facts = ask(
        """select company.*, sector.name_es, country.name_es, owner.name, parent.name from companies_company company
        left join companies_sector sector on sector.code = company.sector_id
        left join companies_country country on country.code = company.origin_country_id
        left join staff_user owner on owner.id = company.owner_id
        left join companies_company parent on parent.id = company.parent_id where company.id = %s""",
        this,
    )
    names = ask("select name, kind from companies_companyname where company_id = %s", this)
    people = ask(
        """select contact.id, contact.given_name, contact.family_name, position.title from companies_position position
        join companies_contact contact on contact.id = position.contact_id
        where position.company_id = %s and position.ended_on is null limit 50""",
        this,
    )
    leads = ask(
        f"select {LEAD_ROW} from leads_lead lead {LEAD_JOINS} where lead.company_id = %s and {SEEN} limit 50",
        this,
        *who(request),
    )
    timeline = ask(
        f"""select {TIMELINE} from leads_interaction interaction {TIMELINE_JOINS}
        where interaction.company_id = %s and (lead.id is null or {SEEN})
        order by interaction.happened_at desc limit 31""",
        this,
        *who(request),
    )
    promises = ask(
        """select follow.id, follow.text, follow.due_on, owner.name from leads_followup follow
        join staff_user owner on owner.id = follow.owner_id
        where follow.company_id = %s and follow.state = 'open' order by follow.due_on limit 20""",
        this,
    )
    return [frame(request), facts, names, people, leads, timeline, promises]


def contact(request: StaffRequest) -> Sequence[Rows]:
    this = address(request, "contact")
    facts = ask("select * from companies_contact where id = %s", this)
    points = ask("select kind, value from companies_contactpoint where contact_id = %s", this)
    positions = ask(
        """select company.id, company.name, position.title, position.started_on, position.ended_on
        from companies_position position join companies_company company on company.id = position.company_id
        where position.contact_id = %s""",
        this,
    )
    timeline = ask(
        f"""select {TIMELINE}, company.name from leads_participant participant
        join leads_interaction interaction on interaction.id = participant.interaction_id
        join companies_company company on company.id = interaction.company_id {TIMELINE_JOINS}
        where participant.contact_id = %s and (lead.id is null or {SEEN})
        order by interaction.happened_at desc limit 31""",
        this,
        *who(request),
    )
    promises = ask(
        """select id, text, due_on from leads_followup where contact_id = %s and state = 'open'
        order by due_on limit 20""",
        this,
    )
    return [frame(request), facts, points, positions, timeline, promises]


def mission(request: StaffRequest) -> Sequence[Rows]:
    this = address(request, "mission")
    facts = ask("select * from missions_mission where id = %s", this)
    stops = ask(
        """select stop.id, city.name, stop.zone, stop.arrives_on, stop.leaves_on from missions_stop stop
        join companies_city city on city.id = stop.city_id where stop.mission_id = %s order by stop.arrives_on""",
        this,
    )
    events = ask("select id, name, venue, zone, starts_at, ends_at from missions_event where mission_id = %s", this)
    programme = ask(
        """select plan.id, plan.status, plan.starts_at, plan.ends_at, plan.zone, plan.purpose, plan.place, company.id,
            company.name from missions_appointment plan join companies_company company on company.id = plan.company_id
        where plan.mission_id = %s and (plan.level = 'open' or exists (
            select from missions_mission led where led.id = plan.mission_id and led.lead_officer_id = %s))
        order by plan.starts_at, plan.id limit 200""",
        this,
        request.user.pk,
    )
    seats = ask(
        """select seat.appointment_id, delegate.name from missions_seat seat
        join missions_delegate delegate on delegate.id = seat.delegate_id where seat.appointment_id = any(%s)""",
        [row[0] for row in programme],
    )
    delegates = ask("select id, name, role, languages from missions_delegate where mission_id = %s", this)
    leads = ask(
        f"select {LEAD_ROW} from leads_lead lead {LEAD_JOINS} where lead.mission_id = %s and {SEEN} limit 50",
        this,
        *who(request),
    )
    meetings = ask(
        f"""select {TIMELINE} from leads_interaction interaction {TIMELINE_JOINS}
        where interaction.mission_id = %s and (lead.id is null or {SEEN})
        order by interaction.happened_at desc limit 50""",
        this,
        *who(request),
    )
    targets = ask(
        """select target.id, target.priority, target.status, company.name from missions_missiontarget target
        join companies_company company on company.id = target.company_id
        where target.mission_id = %s order by target.priority, target.id limit 50""",
        this,
    )
    return [frame(request), facts, stops, events, programme, seats, delegates, leads, meetings, targets]


def lead(request: StaffRequest) -> Sequence[Rows]:
    this = address(request, "lead")
    facts = ask(
        f"select lead.*, {LEAD_ROW} from leads_lead lead {LEAD_JOINS} where lead.id = %s and {SEEN}",
        this,
        *who(request),
    )
    log = ask(
        """select change.at, before.name_es, after.name_es, change.status_after, actor.name
        from leads_stagechange change left join leads_stage before on before.number = change.stage_before_id
        join leads_stage after on after.number = change.stage_after_id
        left join staff_user actor on actor.id = change.by_id where change.lead_id = %s order by change.at desc""",
        this,
    )
    readings = ask("select * from leads_reading where lead_id = %s", this)
    timeline = ask(
        f"""select {TIMELINE} from leads_interaction interaction {TIMELINE_JOINS}
        where interaction.lead_id = %s order by interaction.happened_at desc limit 31""",
        this,
    )
    promises = ask(
        "select id, text, due_on, state from leads_followup where lead_id = %s order by due_on limit 50", this
    )
    stages = ask("select number, name_es from leads_stage order by number")
    return [frame(request), facts, log, readings, timeline, promises, stages]
