"""Missions: where they went, whom they wanted to meet, whom they met, what it cost."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from companies.models import City
from config.sample.chance import moment, wall
from config.sample.firms import SECTORS
from config.sample.opportunities import Pipeline
from config.sample.talks import Occasion, Talks
from config.sample.world import Firm, Person, World
from leads.models import EventAnchor
from missions.models import Appointment, CostLine, Criterion, Delegate, Event, Mission, MissionTarget, Seat, Stop
from missions.targeting import score_of
from missions.wall_time import to_utc

KINDS = {
    "outward": 45, "exhibition": 18, "inward_group": 8, "roadshow": 10, "matchmaking": 8, "virtual": 6,
    "account_tour": 5,
}  # fmt: skip
NAMES = {
    "outward": "Misión a",
    "exhibition": "Feria en",
    "inward_group": "Visita de grupo desde",
    "roadshow": "Seminario en",
    "matchmaking": "Rueda de inversión en",
    "virtual": "Misión virtual a",
    "account_tour": "Visitas a casas matrices en",
}
FAIRS = ("Expo Nearshore", "Foro BPO", "Andean Tech Days", "Food & Pack Fair", "Data Center Forum", "Invest LatAm")
HOURS = ((9, 0), (10, 30), (12, 0), (14, 0), (15, 30), (17, 0))
OUTREACH = {"not_sent": 20, "sent": 25, "no_answer": 25, "replied": 12, "declined": 10, "accepted": 8}
COSTS = (
    ("travel", "Tiquetes y hoteles", 9_000), ("tickets", "Entradas y stand", 6_000), ("venue", "Salones", 2_500),
    ("adviser", "Agenda con asesor local", 7_500), ("material", "Impresos y obsequios", 900),
)  # fmt: skip

CRITERIA = (
    ("Encaja en nuestros sectores", 3), ("Motivo para moverse ya", 3), ("Tamaño", 2), ("Vínculo con la región", 1),
)  # fmt: skip


@dataclass(slots=True)
class Place:
    id: int
    name: str
    country: str
    zone: str


@dataclass(slots=True)
class Trip:
    mission: Mission
    places: list[Place]
    stops: list[Stop]
    crew: list[Person]
    delegates: list[Delegate]
    criteria: list[Criterion]


class Agenda:
    def __init__(self, world: World, talks: Talks, pipeline: Pipeline) -> None:
        self.world, self.talks, self.pipeline = world, talks, pipeline
        self.chance, self.add = world.chance("missions"), world.writer.add
        rows = City.objects.exclude(country="CO").order_by("country", "name")
        self.places = [Place(city.pk, city.name, city.country_id, city.zone) for city in rows]
        self.by_country: dict[str, list[Firm]] = defaultdict(list)
        for firm in world.firms:
            if not firm.is_duplicate:
                self.by_country[firm.country].append(firm)
        self.abroad = [place for place in self.places if len(self.by_country[place.country]) > 10]

    def run(self) -> None:
        """All missions but the one to California, which `california` tells."""
        size = self.world.size
        held = 0.6 * size.meetings / size.missions
        for number in range(size.missions - 1):
            self._mission(planned=number % 8 == 7, held=held)

    def _mission(self, *, planned: bool, held: float) -> None:
        world, chance = self.world, self.chance
        first = (
            world.days.between(world.today + timedelta(days=20), world.today + timedelta(days=120), chance)
            if planned
            else world.days.between(world.first_day, world.today - timedelta(days=25), chance)
        )
        trip = self.plan(chance.one_of(KINDS), first, chance.sample(self.abroad, chance.choice((1, 1, 2))))
        event = self._event(trip)
        guests = self._targets(trip, round(held * 1.1))
        self._meet(trip, guests, event, held=0 if planned else held)

    def plan(
        self, kind: str, first: date, places: list[Place], *, status: str = "", leader: Person | None = None
    ) -> Trip:
        """The mission with its stops, its delegation and its budget."""
        world, chance = self.world, self.chance
        last = first + timedelta(days=3 * len(places) + chance.randint(-1, 1))
        leader = leader or world.on_duty(min(first, world.today), chance)
        over = last < world.today and not status
        mission = Mission(
            name=f"{NAMES[kind]} {' y '.join(place.name for place in places)} {first.year}",
            kind=kind,
            status=status or ("ended" if over else chance.choice(("planned", "confirmed"))),
            objective="Reunirse con empresas que buscan sede en la región y dejar al menos cinco oportunidades.",
            lead_officer_id=leader.id,
            starts_on=first,
            ends_on=last,
            target_meetings=chance.choice((15, 20, 25, 30)),
            target_leads=chance.choice((4, 6, 8, 10)),
            started_at=moment(first, 8) if over else None,
            ended_at=moment(last, 19) if over else None,
            created_by_id=leader.id,
            created_at=moment(first - timedelta(days=chance.randint(60, 130)), 9),
        )
        mission.created_at = min(mission.created_at, world.midnight - timedelta(hours=9))
        self.add(mission)
        for sector in {chance.one_of(SECTORS) for _number in range(2)}:
            self.add(Mission.sectors.through(mission_id=mission.pk, sector_id=sector))
        self.add(Mission.partners.through(mission_id=mission.pk, company_id=world.partners["ProColombia"]))
        stops = [self._stop(mission, place, number) for number, place in enumerate(places)]
        crew = {leader.id: leader}
        for _number in range(chance.randint(1, 3)):
            colleague = world.on_duty(min(first, world.today), chance)
            crew[colleague.id] = colleague
        delegates = [self._delegate(mission, person) for person in crew.values()]
        self._costs(mission)
        criteria = [self.add(Criterion(mission_id=mission.pk, name=name, weight=weight)) for name, weight in CRITERIA]
        return Trip(mission, places, stops, list(crew.values()), delegates, criteria)

    def _stop(self, mission: Mission, place: Place, number: int) -> Stop:
        arrives = min(mission.starts_on + timedelta(days=3 * number), mission.ends_on)
        leaves = min(arrives + timedelta(days=2), mission.ends_on)
        return self.add(
            Stop(mission_id=mission.pk, city_id=place.id, zone=place.zone, arrives_on=arrives, leaves_on=leaves)
        )

    def _delegate(self, mission: Mission, person: Person) -> Delegate:
        name = person.email.split("@")[0].replace(".", " ").title()
        return self.add(
            Delegate(
                mission_id=mission.pk,
                name=name,
                organisation_id=self.world.partners["Invest Pacific"],
                role="Ejecutivo de inversión",
                languages="es, en",
                user_id=person.id,
                arrives_on=mission.starts_on,
                leaves_on=mission.ends_on,
            )
        )

    def _costs(self, mission: Mission) -> None:
        chance = self.chance
        for kind, label, usual in COSTS[: chance.randint(3, 5)]:
            planned = Decimal(round(usual * chance.uniform(0.6, 1.6)))
            currency, rate = chance.choice((("USD", "1"), ("USD", "1"), ("COP", "0.00024"), ("EUR", "1.0850")))
            planned = round(planned / Decimal(rate), 2)
            self.add(
                CostLine(
                    mission_id=mission.pk,
                    kind=kind,
                    label=label,
                    funder_id=self.world.partners["ProColombia"] if kind == "adviser" else None,
                    currency=currency,
                    planned=planned,
                    actual=round(planned * Decimal(chance.randint(80, 120)) / 100, 2)
                    if mission.status == "ended"
                    else None,
                    usd_rate=Decimal(rate),
                    rate_on=min(mission.starts_on, self.world.yesterday),
                )
            )

    def _event(self, trip: Trip) -> Event | None:
        if self.chance.hits(0.35):
            return None
        first = trip.stops[-1].arrives_on
        return self.event(trip, f"{self.chance.choice(FAIRS)} {first.year}", len(trip.stops) - 1, first=first)

    def event(
        self, trip: Trip, name: str, which: int, *, first: date, last: date | None = None,
        hours: tuple[int, int] = (9, 18),
    ) -> Event:  # fmt: skip
        place, stop = trip.places[which], trip.stops[which]
        event = Event(
            mission_id=trip.mission.pk,
            stop_id=stop.pk,
            name=name,
            city_id=place.id,
            venue="Centro de convenciones",
            zone=place.zone,
            local_start=wall(first, hours[0]),
            local_end=wall(last or first, hours[1]),
        )
        self.add(event)
        self.add(EventAnchor(event_id=event.pk, ends_at=to_utc(event.local_end, event.zone)))
        return event

    def _targets(self, trip: Trip, count: int) -> list[tuple[Firm, int]]:
        """The companies that were wanted, those who accepted first."""
        chance = self.chance
        pool = self.by_country[trip.places[0].country] + self.by_country[trip.places[-1].country]
        firms = {firm.id: firm for firm in chance.sample(pool, min(len(pool), round(count * 1.4)))}
        guests = []
        for number, firm in enumerate(firms.values()):
            accepted = number < count * 0.6 and bool(firm.contacts)
            target = self.target(trip, firm, "accepted" if accepted else chance.one_of(OUTREACH))
            if accepted:
                guests.append((firm, target.pk))
        return guests

    def target(self, trip: Trip, firm: Firm, status: str, *, priority: str = "") -> MissionTarget:
        chance = self.chance
        points = {str(one.pk): (firm.id // 4**number) % 4 for number, one in enumerate(trip.criteria)}
        return self.add(
            MissionTarget(
                source="view",
                points=points,
                score=score_of(points, {str(one.pk): one.weight for one in trip.criteria}),
                mission_id=trip.mission.pk,
                company_id=firm.id,
                contact_id=firm.contacts[0] if firm.contacts else None,
                priority=priority or chance.choice("AABBBC"),
                wave=chance.randint(1, 3),
                caller_id=chance.choice(trip.crew).id,
                status=status,
                declined_because="Sin agenda en esas fechas" if status == "declined" else "",
                reason=chance.choice(("Crece en la región", "Ronda de inversión reciente", "Contrata bilingües", "")),
            )
        )

    def _meet(self, trip: Trip, guests: list[tuple[Firm, int]], event: Event | None, *, held: float) -> None:
        """Appointments at every stop, and those met on the floor of the event."""
        chance, quota = self.chance, self._quota()
        for number, (firm, target) in enumerate(guests[: round(held * 0.7) or 5]):
            which = number % len(trip.stops)
            day = trip.stops[which].arrives_on + timedelta(days=(number // 6) % 3)
            status = chance.one_of({"held": 84, "no_show": 8, "moved": 4, "cancelled": 4}) if held else "proposed"
            appointment = self.appoint(trip, which, firm, target=target, day=day, hour=HOURS[number % 6], status=status)
            if status in {"held", "no_show"}:
                quota -= self.tell(trip, which, firm, target=target, appointment=appointment, opens=quota > 0)
        floor = guests[round(held * 0.7) :] if held else []
        for firm, target in floor:
            quota -= self.tell(trip, len(trip.stops) - 1, firm, target=target, event=event, opens=quota > 0)

    def _quota(self) -> int:
        """How many leads a mission brings: three leads in ten come from missions."""
        size = self.world.size
        return round(0.34 * size.leads / size.missions * self.chance.uniform(0.4, 1.6))

    def appoint(
        self, trip: Trip, which: int, firm: Firm, *, target: int, day: date, hour: tuple[int, int], status: str,
        level: str = "open", purpose: str = "Presentar la región y sus costos",
    ) -> Appointment:  # fmt: skip
        place, stop = trip.places[which], trip.stops[which]
        start = wall(day, *hour)
        appointment = self.add(
            Appointment(
                mission_id=trip.mission.pk,
                stop_id=stop.pk,
                target_id=target,
                company_id=firm.id,
                status=status,
                level=level,
                priority=self.chance.choice("AABBC"),
                purpose=purpose,
                place=f"Oficina de {firm.name}"[:200],
                zone=place.zone,
                local_start=start,
                local_end=start + timedelta(minutes=45),
                created_at=min(moment(day - timedelta(days=12), 9), self.world.midnight - timedelta(hours=8)),
            )
        )
        for contact in firm.contacts[:1]:
            self.add(Appointment.contacts.through(appointment_id=appointment.pk, contact_id=contact))
        for delegate in trip.delegates[:2]:
            self.add(Seat(appointment_id=appointment.pk, delegate_id=delegate.pk))
        return appointment

    def tell(
        self, trip: Trip, which: int, firm: Firm, *, target: int, appointment: Appointment | None = None,
        event: Event | None = None, opens: bool, by: Person | None = None, words: str = "", interest: str = "",
        stage: int | None = None,
    ) -> bool:  # fmt: skip
        """Log the meeting; a good one may open a lead, and then the answer is yes."""
        place, stop, chance = trip.places[which], trip.stops[which], self.chance
        start = appointment.local_start if appointment else wall(stop.arrives_on, chance.randint(10, 16))
        if event and not appointment:
            start = event.local_start + timedelta(hours=chance.randint(1, 7))
        occasion = Occasion(
            mission=trip.mission.pk,
            zone=place.zone,
            place=place.name,
            event=event.pk if event else None,
            event_ends=to_utc(event.local_end, event.zone) if event else None,
            appointment=appointment.pk if appointment else None,
        )
        came = appointment is None or appointment.status == "held"
        interest = interest or chance.one_of({"hot": 25, "warm": 45, "cold": 30}) if came else ""
        at, person = to_utc(start, place.zone), by or chance.choice(trip.crew)
        leads_on = came and opens and interest in {"hot", "warm"} and not firm.has_projects
        lead = None
        if leads_on:
            lead = self.pipeline.open(
                firm, at.date(), source="mission", occasion=occasion, target=target,
                owner=self.world.still_here(person, chance), stage=stage,
            )  # fmt: skip
        self.talks.log(
            firm, at, person, outcome="held" if came else "no_show", interest=interest, words=words,
            occasion=occasion, lead=lead.pk if lead else None, until=lead.closed_on if lead else None,
        )  # fmt: skip
        return bool(lead)
