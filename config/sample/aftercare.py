"""The accounts of investors that settled: who looks after them, how often they are visited, how many work there."""

from datetime import date, datetime, timedelta

from django.db.models import Max

from config.sample.chance import moment
from config.sample.history import Settler
from config.sample.settlers import opened_on
from config.sample.talks import Talks, already_told
from config.sample.world import Firm, Person, World
from config.staff.clock import agency_day
from leads.aftercare.rhythm import AHEAD, visits
from leads.models import AccountPlan, FollowUp, Headcount, Reading, VisitRhythm
from leads.models.account_plan import Tier

# The biggest employers are looked after most closely; the many small ones have no plan yet.
TIERS = {Tier.A: 10, Tier.B: 30, Tier.C: 60}
OPERATIONS = {
    "bpo_contact": "Centro de contacto bilingüe",
    "bpo_back_office": "Procesos administrativos para clientes de Norteamérica",
    "software": "Desarrollo de software",
    "manufacturing": "Planta de producción",
    "logistics": "Centro de distribución",
}
SIGNS = ("Buscan un segundo piso en la misma torre.", "Abrieron vacantes para cuarenta ingenieros.", "", "")
RISKS = ("El contrato con su mayor cliente termina este año.", "", "", "")
COUNTS = 4


class Aftercare:
    def __init__(self, world: World, houses: list[tuple[Settler, Firm, Firm]], talks: Talks) -> None:
        self.world, self.talks, self.chance = world, talks, world.chance("aftercare")
        self.here = [person for person in world.staff if person.left is None]
        settled = [(settler, local) for settler, _firm, local in houses if opened_on(settler) < world.yesterday]
        biggest = sorted(settled, key=lambda house: (-_jobs(house[0]), house[1].id))
        tiers = [tier for tier, count in TIERS.items() for _number in range(count)]
        self.accounts = list(zip(biggest, tiers, strict=False))

    def visit(self) -> None:
        """Most of them were seen within their rhythm; a few visits are late. Not before they and we were there."""
        for (settler, firm), tier in self.accounts:
            day = self.world.yesterday - timedelta(
                days=self.chance.randint(0, round(VisitRhythm.DEFAULTS[tier] * 1.08))
            )
            day = max(day, opened_on(settler), self.world.first_day)
            self.talks.log(firm, moment(day, 10), self._owner(firm), kind="site_visit")

    def plan(self) -> None:
        """After everything else was said: a meeting in town counts as a visit too."""
        self.world.writer.flush()
        last = dict(visits().order_by().values_list("company").annotate(last=Max("happened_at")))
        for (settler, firm), tier in self.accounts:
            self._plan(firm, settler, tier, last[firm.id])
            self._count_heads(firm, settler)

    def _owner(self, firm: Firm) -> Person:
        return firm.owner if firm.owner.left is None else self.here[firm.id % len(self.here)]

    def _plan(self, firm: Firm, settler: Settler, tier: Tier, last: datetime) -> None:
        world, chance, owner = self.world, self.chance, self._owner(firm)
        deputy = world.on_duty(world.yesterday, chance)
        lease = world.today + timedelta(days=chance.randint(60, 1500))
        due = agency_day(last) + timedelta(days=VisitRhythm.DEFAULTS[tier])
        world.writer.add(
            AccountPlan(
                company_id=firm.id,
                tier=tier.value,
                owner_id=owner.id,
                deputy_id=deputy.id if deputy.id != owner.id and chance.hits(0.6) else None,
                operation=OPERATIONS.get(settler.sector, ""),
                lease_ends_on=lease if chance.hits(0.5) else None,
                expansion_signals=chance.choice(SIGNS),
                risks=chance.choice(RISKS),
                last_visit_at=last,
                next_visit_on=due,
                visit_id=self._ask(firm, owner, due) if due <= world.today + AHEAD else None,
                created_by_id=owner.id,
                created_at=moment(max(opened_on(settler), world.first_day), 10),
            )
        )

    def _ask(self, firm: Firm, owner: Person, due: date) -> int:
        asked = FollowUp(
            text="Visitar la empresa instalada",
            kind="call",
            owner_id=owner.id,
            company_id=firm.id,
            due_on=due,
            created_at=moment(min(due - AHEAD, self.world.yesterday), 6),
        )
        already_told(self.world, asked)
        return self.world.writer.add(asked).pk

    def _count_heads(self, firm: Firm, settler: Settler) -> None:
        jobs, world, chance = max(8, _jobs(settler)), self.world, self.chance
        began = max(opened_on(settler) + timedelta(days=80), world.today - timedelta(days=365 * COUNTS))
        days = [day for year in range(COUNTS) if (day := began + timedelta(days=365 * year)) < world.today]
        for number, day in enumerate(days, start=1):
            world.writer.add(
                Headcount(
                    company_id=firm.id,
                    counted_on=day,
                    jobs=round(jobs * (0.55 + 0.4 * number / len(days)) * (0.95 + chance.random() * 0.1)),
                    source=Reading.ValueSource.COMPANY.value,
                    by_id=self._owner(firm).id,
                )
            )


def _jobs(settler: Settler) -> int:
    return sum(project.jobs or 0 for project in settler.projects)
