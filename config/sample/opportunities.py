"""Leads and the ways they went: through the stages, on hold, lost, dead, or on to a decision."""

from datetime import date, datetime, timedelta

from config.sample.chance import moment
from config.sample.history import ACTIVITY, TOWNS, Project
from config.sample.talks import Occasion, Talks
from config.sample.words import CODE_WORDS, PLANS
from config.sample.world import Firm, Person, World
from leads.models import Lead, LeadPerson, Service, Stage, StageChange
from leads.models.choices import Sharing, Status

REACHED_OPEN = {Stage.QUALIFIED: 45, Stage.ACTIVE: 30, Stage.VISIT: 12, Stage.SHORTLIST: 8, Stage.DECISION: 5}
REACHED_CLOSED = {Stage.QUALIFIED: 45, Stage.ACTIVE: 30, Stage.VISIT: 15, Stage.SHORTLIST: 10}
ENDS_QUALIFIED = {Status.LOST: 35, Status.DEAD: 46, Status.HANDED_OVER: 3}
ENDS_EARLY = {Status.DISQUALIFIED: 45, Status.DEAD: 38, Status.HANDED_OVER: 10, Status.LOST: 7}
STANDS = {Status.ACTIVE: 72, Status.ON_HOLD: 15, Status.DELAYED: 5, Status.DORMANT: 8}
SOURCES = {"aftercare": 15, "referral": 10, "partner": 20, "enquiry": 15, "research": 10}
REASONS = {
    Status.ON_HOLD: ("hold_client_asked", "hold_budget", "hold_board", "hold_contact_left"),
    Status.DELAYED: ("delay_permits", "delay_site", "delay_financing", "delay_client"),
    Status.LOST: ("talent", "english", "labour_cost", "site", "security", "site_elsewhere", "slow_answer", "unknown"),
    Status.DEAD: ("business_case", "financing", "new_leadership", "client_lost", "macro", "dead_unknown"),
    Status.DISQUALIFIED: ("not_fdi", "seller", "student", "no_authority"),
}
RIVALS = (("CR", "San José"), ("MX", "Guadalajara"), ("CO", "Medellín"), ("CO", "Bogotá"), ("PA", "Ciudad de Panamá"))
TYPES = {"greenfield": 45, "expansion": 20, "reinvestment": 12, "joint_venture": 4, "outsourcing": 8, "staffing": 6}


SERVICES = ("information", "information", "agenda", "site_visit", "talent", "site_search", "permits", "introductions")

# Countries with so many projects that a secret one cannot be guessed from the table of origins.
SEVERAL = {"ES", "MX", "FR", "DE"}


class Pipeline:
    def __init__(self, world: World, talks: Talks) -> None:
        self.world, self.talks = world, talks
        self.chance = world.chance("pipeline")
        # Their own, so that what is done for a lead changes nothing else of it.
        self.services = world.chance("services")
        size = world.size
        self.qualifies = (size.qualified - size.won) / (size.leads - size.won)
        self.opened = 0
        self.codes = 0

    def open(
        self, firm: Firm, day: date, *, source: str, occasion: Occasion | None = None, target: int | None = None,
        stage: int | None = None, owner: Person | None = None, title: str = "", enquiry: int | None = None,
    ) -> Lead:  # fmt: skip
        """A lead that is not decided: it still goes its way, or it has ended. Only the caller's words are certain."""
        world, chance = self.world, self.chance
        owner = owner or world.forgotten(world.still_here(world.on_duty(day, chance), chance), chance)
        reached, ended = (stage, None) if stage else self._fate(day)
        lead = Lead(
            company_id=firm.id,
            title=title or chance.choice(PLANS),
            owner_id=owner.id,
            team_id=owner.team,
            contact_id=firm.contacts[0] if firm.contacts else None,
            source=source,
            enquiry_id=enquiry,
            mission_id=occasion.mission if occasion else None,
            event_id=occasion.event if occasion else None,
            target_id=target,
            involvement="generated" if chance.hits(0.6) else "assisted",
            sector_id=firm.sector,
            stage_id=reached,
            created_by_id=owner.id,
            created_at=moment(day, chance.randint(9, 17), chance.randint(0, 59)),
        )
        way = self._way(day, reached, ended or world.yesterday)
        self._stand(lead, way, ended, certain=bool(stage))
        self._tell_facts(lead, way)
        if not stage:
            self._restrict(lead)
        world.writer.add(lead)
        self._name_people(lead)
        self._log_way(lead, way, owner, ended)
        self._speak(firm, lead, way, owner, ended)
        if lead.stage_id >= Stage.QUALIFIED:
            self._serve(lead, [day for _stage, day in way], most=1 + lead.stage_id // 3)
        self.opened += 1
        return lead

    def _fate(self, day: date) -> tuple[int, date | None]:
        """How far it came, and the day it ended unless it is open."""
        world, chance = self.world, self.chance
        age = (world.today - day).days
        qualified = chance.hits(self.qualifies)
        if chance.still_waits(age, patience=world.size.patience if qualified else world.size.patience // 2):
            fresh = age < 10
            return (chance.one_of(REACHED_OPEN) if qualified and not fresh else int(Stage.LEAD)), None
        span = min(age - 1, round(chance.log_normal(median=150 if qualified else 60, mean=220 if qualified else 90)))
        ended = day + timedelta(days=max(1, span))
        return (chance.one_of(REACHED_CLOSED) if qualified else int(Stage.LEAD)), min(ended, world.yesterday)

    def _way(self, day: date, reached: int, until: date) -> list[tuple[int, date]]:
        """Each stage with the day it was entered."""
        chance = self.chance
        later = sorted(chance.random() ** 1.3 * 0.92 for _number in range(reached - 1))
        span = (until - day).days
        return [(1, day), *((number + 2, day + timedelta(days=round(span * at))) for number, at in enumerate(later))]

    def _stand(self, lead: Lead, way: list[tuple[int, date]], ended: date | None, *, certain: bool) -> None:
        world, chance = self.world, self.chance
        lead.stage_since = max(moment(way[-1][1], 17), lead.created_at)
        if ended:
            early = lead.stage_id == Stage.LEAD
            lead.status, lead.closed_on = chance.one_of(ENDS_EARLY if early else ENDS_QUALIFIED).value, ended
        elif not certain and (world.today - way[-1][1]).days > 20:
            lead.status = chance.one_of(STANDS).value
        reasons = REASONS.get(Status(lead.status))
        if reasons:
            lead.reason_id = chance.choice(reasons)
        if lead.status == Status.ON_HOLD:
            lead.review_on = world.today + timedelta(days=chance.randint(-10, 120))
        if lead.status == Status.LOST:
            lead.lost_to_country_id, lead.lost_to_city = chance.choice(RIVALS)

    def _tell_facts(self, lead: Lead, way: list[tuple[int, date]]) -> None:
        """What the gates on the way asked for."""
        chance, entered = self.chance, dict(way)
        if lead.stage_id >= Stage.QUALIFIED:
            lead.qualified_on = entered[Stage.QUALIFIED]
            lead.activity_id = ACTIVITY[lead.sector_id or "software"]
            lead.investment_type_id = chance.one_of(TYPES)
            lead.decision_from = lead.qualified_on + timedelta(days=chance.randint(60, 200))
            lead.decision_to = lead.decision_from + timedelta(days=chance.randint(30, 300))
            lead.competitors, lead.motives = chance.choice(RIVALS)[1], "Talento, costos, cercanía horaria"
            lead.client_cannot_say = chance.hits(0.15)
            if not lead.client_cannot_say:
                lead.jobs_estimate = round(chance.log_normal(median=45, mean=90)) + 3
                lead.capex_estimate_usd = round(chance.log_normal(median=1.5e6, mean=5e6), -4)
        if lead.stage_id >= Stage.ACTIVE:
            self._tell_project(lead, entered)

    def _tell_project(self, lead: Lead, entered: dict[int, date]) -> None:
        world, chance = self.world, self.chance
        lead.project_manager_id = lead.owner_id
        others = [person for person in world.staff if person.left is None and person.id != lead.owner_id]
        lead.second_person_id = chance.choice(others).id
        lead.requirements = "Sede, talento bilingüe y visita a universidades."
        lead.likelihood = chance.choice((20, 30, 40, 50, 60, 70))
        lead.land_on = world.today + timedelta(days=chance.randint(90, 600))
        lead.municipality_id = chance.one_of(TOWNS)
        if lead.stage_id >= Stage.VISIT:
            lead.visit_on = entered[Stage.VISIT] + timedelta(days=10)
        if lead.stage_id >= Stage.SHORTLIST:
            lead.visit_debrief = "Visitaron tres sedes y dos universidades; preguntaron por la seguridad."
            lead.shortlist, lead.incentives = f"Cali, {lead.competitors}", "Zona franca"
            lead.open_issues, lead.sharing = "Plazos de la licencia", Sharing.ALLOWED
        if lead.stage_id >= Stage.DECISION:
            lead.evidence, lead.local_entity_nit = (
                "Carta firmada, en revisión",
                f"901{chance.randint(100_000, 999_999)}-1",
            )

    def _restrict(self, lead: Lead) -> None:
        """One in a hundred is secret, and five in a hundred projects."""
        chance = self.chance
        if chance.hits(0.06 if lead.stage_id >= Stage.ACTIVE else 0.007):
            lead.level = chance.choice(("team", "named"))
            word = CODE_WORDS[self.codes % len(CODE_WORDS)]
            number = self.codes // len(CODE_WORDS) + 1
            lead.code_name = f"Proyecto {word}" if number == 1 else f"Proyecto {word} {number}"
            self.codes += 1

    def _name_people(self, lead: Lead) -> None:
        if lead.level == "named":
            for user in {lead.owner_id, lead.second_person_id or lead.owner_id}:
                self.world.writer.add(LeadPerson(lead_id=lead.pk, user_id=user))

    def _log_way(self, lead: Lead, way: list[tuple[int, date]], owner: Person, ended: date | None) -> None:
        before, at = None, lead.created_at
        for stage, day in way:
            at = max(at + timedelta(minutes=1), moment(day, 9 + stage))
            self._change(lead, owner, at, stages=(before, stage), became="active")
            before = stage
        last_day = ended or (self.world.yesterday if lead.status != Status.ACTIVE else None)
        if last_day:
            at = max(at + timedelta(minutes=1), moment(last_day, 18))
            self._change(lead, owner, at, stages=(lead.stage_id, lead.stage_id), became=lead.status)

    def _change(self, lead: Lead, owner: Person, at: datetime, *, stages: tuple[int | None, int], became: str) -> None:
        before, after = stages
        was = "" if before is None else "won" if before == Stage.DECISION and became == "won" else "active"
        self.world.writer.add(
            StageChange(
                lead_id=lead.pk,
                stage_before_id=before,
                stage_after_id=after,
                status_before=was,
                status_after=became,
                reason_id=lead.reason_id if before == after else None,
                level=lead.level,
                owner_id=owner.id,
                team_id=owner.team,
                by_id=owner.id,
                at=at,
            )
        )

    def _speak(self, firm: Firm, lead: Lead, way: list[tuple[int, date]], owner: Person, ended: date | None) -> None:
        """What was said at every stage, and what comes next."""
        chance = self.chance
        for _stage, day in way[1:]:
            self.talks.log(
                firm, moment(day, chance.randint(9, 16)), owner, kind=chance.choice(("call", "mail", "meeting")),
                lead=lead.pk, until=ended,
            )  # fmt: skip
        if ended is None and chance.hits(0.9):
            self.talks.plan_next_step(firm, lead.pk, self.world.still_here(owner, chance))

    def _serve(self, lead: Lead, days: list[date], *, most: int) -> None:
        """What was done for the investor, on days on which the lead moved."""
        chance = self.services
        for _number in range(chance.randint(1, most)):
            day = min(chance.choice(days), self.world.yesterday)
            service = Service(lead_id=lead.pk, kind_id=chance.choice(SERVICES), given_on=day, by_id=lead.owner_id)
            self.world.writer.add(service)

    def win(self, firm: Firm, project: Project, lead: Lead) -> None:
        """A project of the history that went through our hands: give it the way that led to its decision."""
        world, chance = self.world, self.chance
        day = project.decided - timedelta(days=min(1400, round(chance.lognormvariate(5.81, 0.78)) + 40))
        owner = world.still_here(world.on_duty(max(day, world.first_day), chance), chance)
        lead.created_at = moment(day, 10)
        lead.owner_id, lead.team_id, lead.created_by_id = owner.id, owner.team, owner.id
        lead.involvement = "generated" if chance.hits(0.6) else "assisted"
        lead.source = chance.one_of(SOURCES)
        lead.contact_id = firm.contacts[0] if firm.contacts else None
        way = [*self._way(day, Stage.SHORTLIST, project.decided - timedelta(days=5)), (Stage.DECISION, project.decided)]
        if lead.stage_id == Stage.OPERATIONAL and lead.operational_on:
            way.append((int(Stage.OPERATIONAL), lead.operational_on))
        lead.qualified_on = dict(way)[Stage.QUALIFIED]
        lead.project_manager_id = owner.id
        others = [person for person in world.staff if person.left is None and person.id != owner.id]
        lead.second_person_id = lead.verified_by_id = chance.choice(others).id
        lead.evidence = "Carta firmada y registro mercantil"
        if firm.country in SEVERAL:
            self._restrict(lead)
        world.writer.add(lead)
        self._name_people(lead)
        self._serve(lead, [day for _stage, day in way], most=4)
        before, at = None, lead.created_at
        for stage, entered in way:
            at = max(at + timedelta(minutes=1), moment(entered, 9 + stage))
            self._change(lead, owner, at, stages=(before, stage), became="won" if stage >= 6 else "active")
            before = stage
        span = (project.decided - day).days
        for number in range(min(60, max(12, round(chance.gauss(35, 8))))):
            when = day + timedelta(days=round(span * (number + 1) / 61 * 1.7))
            if when < world.yesterday:
                self.talks.log(
                    firm, moment(when, chance.randint(8, 17)), owner, lead=lead.pk,
                    kind=chance.choice(("call", "mail", "mail", "mail", "meeting")),
                )  # fmt: skip
