"""What is done around a project: agreements not to tell, visits of investors, shared jobs, and cases after the win."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from companies.models import Municipality
from config.sample.aftercare import Aftercare
from config.sample.chance import moment
from config.sample.history import TOWNS
from config.sample.world import World
from leads.models import (
    CaseStep,
    InvestorCase,
    Lead,
    Nda,
    Reading,
    ReadingShare,
    Service,
    SiteStop,
    SiteVisit,
    SiteVisitor,
    Stage,
)
from leads.models.choices import OPEN, Level

State = InvestorCase.State
# As a day of a visit goes: from, until, what is shown, who receives, where.
PROGRAMME = (
    (9, 10, "Bienvenida y presentación de la región", "Invest Pacific", "Sala de juntas, Cali"),
    (11, 12, "Sede en zona franca", "Zona Franca del Pacífico", "Palmira"),
    (14, 15, "Talento y bilingüismo", "Universidad aliada", "Campus sur, Cali"),
    (16, 17, "Operación de una empresa instalada", "Gerente de sede", "Yumbo"),
    (9, 10, "Permisos y tiempos", "Secretaría de Desarrollo Económico", "Alcaldía de Cali"),
    (11, 12, "Sede en torre de oficinas", "Constructora local", "Norte de Cali"),
)
SHOWED = "Vieron dos sedes y hablaron con la universidad. La sede de Palmira les sirve por tamaño y por puerto."
OBJECTIONS = ("Tiempo de la licencia de construcción.", "Frecuencia de vuelos a su casa matriz.", "")
SCOPE = "Nombre de la empresa, cifras del proyecto y sitios que estudia."
# What happened, how urgent, and how far it came.
CASES: tuple[tuple[str, str, str, str], ...] = (
    ("permits", "yellow", "La licencia de ampliación lleva cuatro meses", "escalated"),
    ("closing", "red", "La casa matriz estudia cerrar un turno", "received"),
    ("utilities", "yellow", "Cortes de energía en la zona industrial", "planned"),
    ("talent", "yellow", "No encuentran ingenieros bilingües", "resolved"),
    ("customs", "yellow", "Demoras en la devolución de IVA de importaciones", "admitted"),
    ("permits", "yellow", "Permiso de vertimientos sin respuesta", "resolved"),
    ("labour", "yellow", "Dudas por la reforma laboral", "inadmissible"),
    ("permits", "red", "Sellamiento temporal de la bodega", "partly"),
    ("security", "yellow", "Hurtos en la salida del turno de noche", "planned"),
    ("downsizing", "red", "Reducen la mitad del equipo de soporte", "unresolved"),
    ("utilities", "yellow", "Internet de respaldo en la torre", "resolved"),
    ("tax", "yellow", "Estampilla nueva sobre los contratos", "received"),
)
WAY: dict[str, tuple[str, ...]] = {
    State.RECEIVED: (),
    State.ADMITTED: (State.ADMITTED,),
    State.INADMISSIBLE: (State.INADMISSIBLE,),
    State.PLANNED: (State.ADMITTED, State.PLANNED),
    State.ESCALATED: (State.ADMITTED, State.PLANNED, State.ESCALATED),
    State.RESOLVED: (State.ADMITTED, State.PLANNED, State.RESOLVED),
    State.PARTLY: (State.ADMITTED, State.PLANNED, State.ESCALATED, State.PARTLY),
    State.UNRESOLVED: (State.ADMITTED, State.PLANNED, State.UNRESOLVED),
}
AHEAD, MOST_OF_A_KIND = 6, 2_000


class Care:
    def __init__(self, world: World) -> None:
        self.world, self.chance = world, world.chance("care")

    def give(self, aftercare: Aftercare) -> None:
        """After everything else was written, so that it changes nothing of it."""
        self.world.writer.flush()
        self._agree()
        self._show_the_region()
        self._share_jobs()
        self._hear_investors(aftercare)

    def _agree(self) -> None:
        """Most secret projects have an agreement, and some of those that came to see us; of some it ends soon."""
        asked = Lead.objects.filter(~Q(level=Level.OPEN) | Q(stage__gte=Stage.VISIT, status__in=OPEN))
        for number, lead in enumerate(asked.select_related("company").order_by("pk")[:MOST_OF_A_KIND]):
            if number and not self.chance.hits(0.4 if lead.level == Level.OPEN else 0.7):
                continue
            signed = min(lead.created_at.date() + timedelta(days=self.chance.randint(5, 60)), self.world.yesterday)
            soon = self.world.today + timedelta(days=self.chance.randint(5, 25))
            self.world.writer.add(
                Nda(
                    lead_id=lead.pk,
                    parties=f"Invest Pacific y {lead.company.name}"[:300],
                    signed_on=signed,
                    expires_on=soon if self.chance.hits(0.3) else max(signed, soon) + timedelta(days=400),
                    scope=SCOPE,
                )
            )

    def _show_the_region(self) -> None:
        came = Lead.objects.filter(visit_on__isnull=False, company__merged_into=None).order_by("pk")
        for lead in came[:MOST_OF_A_KIND]:
            self._visit(lead, lead.visit_on or self.world.today)
        to_come = Lead.objects.filter(stage=Stage.ACTIVE, status__in=OPEN, visit_on=None).order_by("pk")
        for lead in to_come[:AHEAD]:
            self._visit(lead, self.world.today + timedelta(days=self.chance.randint(2, 20)))

    def _visit(self, lead: Lead, day: date) -> None:
        writer, last = self.world.writer, day + timedelta(days=1)
        is_over = last < self.world.today
        visit = SiteVisit(
            lead_id=lead.pk,
            starts_on=day,
            ends_on=last,
            purpose="Sedes, talento y permisos",
            created_by_id=lead.owner_id,
        )
        if is_over:
            visit.debrief, visit.objections = SHOWED, self.chance.choice(OBJECTIONS)
            done = Service(
                lead_id=lead.pk, kind_id="site_visit", given_on=last, by_id=lead.owner_id, note=visit.purpose
            )
            visit.service_id = writer.add(done).pk
        writer.add(visit)
        for number, (begins, ends, title, host, place) in enumerate(PROGRAMME):
            on = day if number < 4 else last
            writer.add(
                SiteStop(
                    visit_id=visit.pk, day=on, starts=time(begins), ends=time(ends), title=title, host=host, place=place
                )
            )
        for user in {lead.owner_id, lead.second_person_id or lead.owner_id}:
            writer.add(SiteVisitor(visit_id=visit.pk, user_id=user))
        if lead.contact_id:
            writer.add(SiteVisitor(visit_id=visit.pk, contact_id=lead.contact_id))

    def _share_jobs(self) -> None:
        """One large project in eight is in several municipalities."""
        towns = dict(Municipality.objects.filter(code__in=TOWNS).order_by("pk").values_list("pk", "code"))
        weights = {pk: TOWNS[code] for pk, code in towns.items()}
        large: Any = Reading.objects.filter(jobs__gte=80, is_current=True, lead__municipality__isnull=False)
        for pk, jobs, home in large.order_by("pk").values_list("pk", "jobs", "lead__municipality")[:MOST_OF_A_KIND]:
            if not self.chance.hits(0.12):
                continue
            other = self.chance.one_of({town: weight for town, weight in weights.items() if town != home})
            there = round(jobs * self.chance.choice((0.2, 0.3, 0.4)))
            for town, count in ((home, jobs - there), (other, there)):
                self.world.writer.add(ReadingShare(reading_id=pk, municipality_id=town, jobs=count))

    def _hear_investors(self, aftercare: Aftercare) -> None:
        firms = [firm for (_settler, firm), _tier in aftercare.accounts]
        here = [person for person in self.world.staff if person.left is None]
        for number, (about, flag, what, state) in enumerate(CASES[: len(firms)]):
            firm = firms[number * 3 % len(firms)]
            owner = firm.owner if firm.owner.left is None else here[firm.id % len(here)]
            opened = self.world.today - timedelta(days=3 if state == State.RECEIVED else 20 + 13 * number)
            self._case(firm.id, owner.id, InvestorCase(about=about, flag=flag, what=what, state=state), opened)

    def _case(self, company: int, owner: int, case: InvestorCase, opened: date) -> None:
        case.company_id, case.owner_id, case.opened_by_id = company, owner, owner
        case.opened_at = moment(opened, 10)
        case.due_on = opened + timedelta(days=InvestorCase.DAYS[InvestorCase.Flag(case.flag)])
        case.text = "Lo contó el gerente de la sede en la última visita."
        case.jobs_at_risk = self.chance.choice((None, 40, 120))
        way = WAY[case.state]
        if way and case.state != State.INADMISSIBLE:
            case.authority = "Alcaldía y autoridad ambiental"
        if State.PLANNED in way:
            case.plan = "Mesa con la autoridad en dos semanas; carta del gremio; informe al inversionista."
        if State.ESCALATED in way:
            case.level = InvestorCase.Level.SECRETARY
        if case.is_over or case.state == State.INADMISSIBLE:
            case.outcome = "La entidad respondió por escrito."
        steps = list(_days(opened, len(way), self.world.yesterday))
        if case.state == State.RESOLVED:
            case.confirmed_on = steps[-1].date()
        case.version = 1 + len(way)
        self.world.writer.add(case)
        before = ""
        for state, at in zip((State.RECEIVED, *way), (case.opened_at, *steps), strict=True):
            self.world.writer.add(CaseStep(case_id=case.pk, before=before, after=state, by_id=owner, at=at))
            before = state


def _days(opened: date, count: int, last: date) -> Iterator[datetime]:
    for number in range(count):
        yield moment(min(opened + timedelta(days=5 * (number + 1)), last), 11 + number)
