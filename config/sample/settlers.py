"""Writes the region's history: its firms, their projects, and what was announced, committed and verified."""

from datetime import date, timedelta

from config.sample import history
from config.sample.chance import moment
from config.sample.firms import Registry
from config.sample.history import ACTIVITY, Project, Settler
from config.sample.opportunities import Pipeline
from config.sample.world import Firm, World
from leads.models import Claim, Lead, Reading, Stage, StageChange

CLAIMANTS = ("ProColombia", "Secretaría de Desarrollo Económico de Cali", "Gobernación del Valle del Cauca")


class History:
    def __init__(self, world: World, registry: Registry) -> None:
        self.world, self.registry = world, registry
        self.chance = world.chance("history")
        self.settlers = history.plan(world.today, world.days, self.chance)
        self.analyst = world.staff[-1] if world.staff[-1].left is None else world.staff[0]
        self.houses: list[tuple[Settler, Firm, Firm]] = []

    def open_firms(self) -> None:
        for settler in self.settlers:
            began = settler.projects[0].decided
            firm = self._open(settler, began - timedelta(days=30))
            local = firm
            if any(project.by_subsidiary for project in settler.projects):
                local = self._open(settler, began, parent=firm)
            self.houses.append((settler, firm, local))

    def _open(self, settler: Settler, created: date, parent: Firm | None = None) -> Firm:
        began = opened_on(settler)
        firm = self.registry.open(
            country=settler.country, sector=settler.sector, created=created, parent=parent, rightly=True,
            name=f"{parent.name} Colombia" if parent else "",
            installed=began if began < self.world.today else None,
        )  # fmt: skip
        firm.has_projects = True
        return firm

    def write(self, pipeline: Pipeline) -> None:
        """Tracked only, but for the latest ones, which went through our own pipeline."""
        ours = self._ours()
        for settler, firm, local in self.houses:
            before: Lead | None = None
            for project in settler.projects:
                lead = self._lead(local if project.by_subsidiary else firm, project, before)
                if id(project) in ours:
                    pipeline.win(firm, project, lead)
                else:
                    self._track(lead, project)
                self._readings(lead, project)
                before = lead

    def _ours(self) -> set[int]:
        """As many of the years of this size as were won; the rest of the region's projects came without us."""
        first = self.world.first_day
        projects = [project for settler in self.settlers for project in settler.projects if project.decided >= first]
        won = self.world.chance("won").sample(projects, min(self.world.size.won, len(projects)))
        return {id(project) for project in won}

    def _lead(self, firm: Firm, project: Project, before: Lead | None) -> Lead:
        world, chance, decided = self.world, self.chance, project.decided
        operational = decided + timedelta(days=chance.randint(60, 260)) if project.starts else None
        if operational and operational > world.yesterday:
            operational = None
        return Lead(
            company_id=firm.id,
            title=TITLES.get(project.kind, "Nueva operación"),
            stage_id=int(Stage.OPERATIONAL if operational else Stage.DECISION),
            status="won",
            stage_since=moment(operational or decided, 12),
            sector_id=project.sector,
            activity_id=ACTIVITY[project.sector],
            investment_type_id=project.kind,
            municipality_id=project.town,
            predecessor_id=before.pk if before and project.kind in {"expansion", "reinvestment"} else None,
            decided_on=decided,
            committed_on=decided,
            announced_on=min(decided + timedelta(days=chance.randint(0, 60)), world.yesterday),
            operational_on=operational,
            local_entity_nit=f"901{chance.randint(100_000, 999_999)}-{chance.randint(0, 9)}",
        )

    def _track(self, lead: Lead, project: Project) -> None:
        """Known from the press, no work of ours; one line in the log says when it was entered."""
        known = min(project.decided + timedelta(days=self.chance.randint(3, 60)), self.world.yesterday)
        lead.involvement, lead.source = "tracked", "research"
        lead.owner_id = lead.created_by_id = self.analyst.id
        lead.created_at = moment(known, 10)
        self.world.writer.add(lead)
        self.world.writer.add(
            StageChange(
                lead_id=lead.pk,
                stage_after_id=lead.stage_id,
                status_after="won",
                note="Registrado a partir de la prensa",
                level="open",
                owner_id=self.analyst.id,
                team_id=self.analyst.team,
                by_id=self.analyst.id,
                at=lead.created_at,
            )
        )

    def _readings(self, lead: Lead, project: Project) -> None:
        chance, decided, yesterday = self.chance, project.decided, self.world.yesterday
        announced = lead.announced_on or decided
        self._reading(lead, project, "announced", announced, "press")
        if project.starts and (chance.hits(0.7) or lead.involvement != "tracked"):
            self._reading(lead, project, "committed", decided, "company")
        verified = (lead.operational_on or yesterday) + timedelta(days=200)
        if lead.operational_on and verified < yesterday and chance.hits(0.55):
            self._reading(lead, project, "verified", verified, "officer")
        if chance.hits(0.35):
            claimant = self.world.partners[chance.choice(CLAIMANTS)]
            case = f"PC-{chance.randint(10_000, 99_999)}" if chance.hits(0.5) else ""
            self.world.writer.add(
                Claim(
                    lead_id=lead.pk, organisation_id=claimant, role="Acompañamiento", is_public=True, external_id=case
                )
            )

    def _reading(self, lead: Lead, project: Project, layer: str, day: date, source: str) -> None:
        self.world.writer.add(
            Reading(
                lead_id=lead.pk,
                layer=layer,
                dated_on=day,
                rate_on=day,
                source=source,
                evidence="press" if layer == "announced" else "letter" if layer == "committed" else "payroll",
                jobs_safeguarded=self.chance.randint(10, 80) if self.chance.hits(0.08) else None,
                by_id=self.analyst.id,
                created_at=max(lead.created_at, moment(day, 15)),
                **history.figures(project, layer, self.chance),
            )
        )


def opened_on(settler: Settler) -> date:
    """Four months after its first decision it works in the region."""
    return settler.projects[0].decided + timedelta(days=120)


TITLES = {
    "greenfield": "Nueva operación en la región",
    "expansion": "Ampliación de la sede",
    "reinvestment": "Reinversión en una nueva línea",
    "acquisition": "Adquisición con empleos nuevos",
    "joint_venture": "Empresa conjunta",
    "outsourcing": "Contrato de tercerización",
    "staffing": "Equipo nearshore",
    "relocation": "Relocalización",
    "creative": "Rodaje en la región",
}
