"""The story that the demo tells: the mission to California, San Francisco behind it and Los Angeles to come."""

from datetime import date, timedelta

from companies.models import City
from config.sample.accounts import OFFICER
from config.sample.chance import moment
from config.sample.firms import Registry
from config.sample.opportunities import Pipeline
from config.sample.talks import Talks
from config.sample.trips import Agenda, Place, Trip
from config.sample.world import Firm, Person, World
from leads.models import FollowUp
from missions.models import Appointment, Delegate, Event, MissionTarget, Stop

SAN_FRANCISCO, LOS_ANGELES = 0, 1
HOSTS_NORTH = (
    ("Larkspur Voice", "software"), ("Presidio Ledger", "fintech"), ("Tule Fog Analytics", "kpo"),
    ("Golden Poppy Care", "bpo_contact"), ("Marin Cloud Kitchen", "platforms"), ("Redwood Claims", "bpo_back_office"),
    ("Alcove Robotics", "software"), ("Bayleaf Health", "health"), ("Cypress Data Works", "ito"),
    ("Fogline Games", "creative"), ("Embarcadero Payroll", "bpo_back_office"), ("Sutro Learning", "software"),
    ("Twin Peaks Support", "bpo_contact"), ("Ohlone Devices", "life_sciences"),
)  # fmt: skip
HOSTS_SOUTH = (
    ("Marisol Streaming", "creative"), ("Jacaranda Freight", "logistics"), ("Santa Ana Winds Energy", "energy"),
    ("Palisade Animation", "creative"), ("Figueroa Fintech", "fintech"), ("Topanga Wellness", "health"),
    ("Sepulveda CX", "bpo_contact"), ("Silver Lake Studios", "creative"), ("Long Beach Packaging", "manufacturing"),
    ("Arroyo Software", "software"),
)  # fmt: skip
FLOOR = (
    ("Quokka AI", "software"), ("Peregrine Voice", "software"), ("Lumen & Loom", "platforms"),
    ("Otter Ledger", "fintech"), ("Kelp Compute", "data_centres"), ("Nimbus Nurse", "health"),
    ("Paperbark Legal AI", "kpo"), ("Sandpiper Support", "bpo_contact"), ("Tern Logistics AI", "logistics"),
    ("Wren Studio", "creative"), ("Zephyr Payroll", "bpo_back_office"), ("Osprey Security", "ito"),
)  # fmt: skip
SAID = (
    "Quieren 80 agentes bilingües antes de junio. Preguntaron por rotación y por transporte nocturno.",
    "They compare Cali with Guadalajara; English at C1 for 30 engineers is the question.",
    "Buena reunión. El CFO pide costos laborales comparados, en USD y por cargo.",
    "Pilot of 20 people first, decision after their Series B closes. Very friendly 🙂",
    "No conocían Cali. Les interesó la hora compartida con la costa este.",
    "Want to talk to a company that already works here before they fly in.",
)


class California:
    def __init__(self, world: World, agenda: Agenda, talks: Talks, pipeline: Pipeline, registry: Registry) -> None:
        self.world, self.agenda, self.talks, self.pipeline = world, agenda, talks, pipeline
        self.registry, self.chance = registry, world.chance("california")
        self.officer = world.person(OFFICER.email)
        self.hosts: list[Firm] = []

    def tell(self, guest: int) -> Trip:
        trip = self._set_out(guest)
        self._san_francisco(trip, self._events(trip))
        self._los_angeles(trip)
        self._wanted(trip)
        self._promise_much(self.hosts)
        return trip

    def _set_out(self, guest: int) -> Trip:
        world, today = self.world, self.world.today
        trip = self.agenda.plan(
            "outward", today - timedelta(days=6), [self._place("San Francisco"), self._place("Los Angeles")],
            status="under_way", leader=self.officer,
        )  # fmt: skip
        mission = trip.mission
        mission.name = f"Misión California {today.year}"
        mission.objective = "Cuarenta reuniones con empresas de servicios y software; diez leads con próximo paso."
        mission.ends_on = today + timedelta(days=6)
        mission.target_meetings, mission.target_leads = 40, 10
        mission.started_at = moment(mission.starts_on, 8)
        first, second = trip.stops
        first.leaves_on, second.arrives_on = today - timedelta(days=2), today - timedelta(days=1)
        second.leaves_on = mission.ends_on
        for delegate in trip.delegates:
            delegate.leaves_on = mission.ends_on
        self._delegate(trip, "Delegada Ejemplo", "ProColombia", "Asesora de inversión", None)
        city = "Secretaría de Desarrollo Económico de Cali"
        self._delegate(trip, "Invitada Ejemplo", city, "Subsecretaria", guest)
        world.writer.add(type(mission).partners.through(mission_id=mission.pk, company_id=world.partners[city]))
        return trip

    def _place(self, name: str) -> Place:
        city = City.objects.get(name=name, country="US")
        return Place(city.pk, city.name, "US", city.zone)

    def _delegate(self, trip: Trip, name: str, organisation: str, role: str, user: int | None) -> None:
        self.world.writer.add(
            Delegate(
                mission_id=trip.mission.pk,
                name=name,
                organisation_id=self.world.partners[organisation],
                role=role,
                languages="es, en",
                user_id=user,
                arrives_on=trip.mission.starts_on,
                leaves_on=trip.mission.ends_on,
            )
        )

    def _events(self, trip: Trip) -> Event:
        today = self.world.today
        disrupt = self.agenda.event(
            trip, "TechCrunch Disrupt", SAN_FRANCISCO, first=today - timedelta(days=4), last=today - timedelta(days=2)
        )
        evening = today + timedelta(days=1)
        self.agenda.event(trip, "AI B2C Investors & Networking", LOS_ANGELES, first=evening, hours=(17, 21))
        return disrupt

    def _san_francisco(self, trip: Trip, disrupt: Event) -> None:
        """Held and logged, held and not yet logged, not held; then the floor of the fair."""
        days = self._weekdays(trip.stops[SAN_FRANCISCO])
        statuses = ["held"] * 9 + ["held, not logged"] * 3 + ["no_show"] * 2
        for number, ((name, sector), status) in enumerate(zip(HOSTS_NORTH, statuses, strict=True)):
            firm, target = self._host(trip, name, sector, "accepted")
            day, hour = days[number % len(days)], ((9, 0), (11, 0), (14, 0), (16, 0), (17, 30))[number // len(days) % 5]
            appointment = self.agenda.appoint(
                trip, SAN_FRANCISCO, firm, target=target.pk, day=day, hour=hour, status=status.split(",")[0]
            )
            if status in {"held", "no_show"}:
                self._meet(trip, firm, number, appointment=appointment, target=target)
        for number, (name, sector) in enumerate(FLOOR):
            firm, target = self._host(trip, name, sector, "replied")
            self._meet(trip, firm, number, event=disrupt, target=target)

    def _meet(
        self, trip: Trip, firm: Firm, number: int, *, target: MissionTarget, appointment: Appointment | None = None,
        event: Event | None = None,
    ) -> None:  # fmt: skip
        """The demo's officer logged most of it; every third meeting a colleague did."""
        by = self.officer if number % 3 else trip.crew[-1]
        interest = ("hot", "warm", "warm", "cold")[number % 4]
        self.agenda.tell(
            trip, SAN_FRANCISCO, firm, appointment=appointment, event=event, target=target.pk,
            opens=number in {0, 1, 4, 5, 8}, by=by, words=SAID[number % len(SAID)], interest=interest, stage=1,
        )  # fmt: skip

    def _los_angeles(self, trip: Trip) -> None:
        stop = trip.stops[LOS_ANGELES]
        days = [day for day in self._weekdays(stop) if day >= self.world.today]
        for number, (name, sector) in enumerate(HOSTS_SOUTH):
            firm, target = self._host(trip, name, sector, "accepted")
            day, hour = days[number % len(days)], ((9, 30), (11, 30), (14, 30), (16, 30))[number // len(days) % 4]
            status = ("confirmed", "confirmed", "proposed", "confirmed", "moved")[number % 5]
            self.agenda.appoint(
                trip, LOS_ANGELES, firm, target=target.pk, day=day, hour=hour, status=status,
                level="restricted" if number == 7 else "open",
            )  # fmt: skip

    def _weekdays(self, stop: Stop) -> list[date]:
        days = [
            stop.arrives_on + timedelta(days=number) for number in range((stop.leaves_on - stop.arrives_on).days + 1)
        ]
        return [day for day in days if day.weekday() < 5]

    def _host(self, trip: Trip, name: str, sector: str, status: str) -> tuple[Firm, MissionTarget]:
        entered = self.world.today - timedelta(days=60)
        firm = self.registry.open(country="US", sector=sector, name=name, created=entered)
        firm.owner = self.officer
        self.hosts.append(firm)
        while not firm.contacts:
            firm.contacts.append(self.registry.know(firm, firm.domain).pk)
        return firm, self.agenda.target(trip, firm, status, priority="A" if status == "accepted" else "B")

    def _wanted(self, trip: Trip) -> None:
        """The rest of the list: 220 companies, of whom 140 were asked."""
        chance = self.chance
        pool = [firm for firm in self.agenda.by_country["US"] if not firm.has_projects]
        wanted = min(len(pool), 220 - len(HOSTS_NORTH) - len(HOSTS_SOUTH) - len(FLOOR))
        for number, firm in enumerate(chance.sample(pool, wanted)):
            asked = chance.one_of({"sent": 50, "no_answer": 35, "replied": 4, "declined": 11})
            self.agenda.target(trip, firm, asked if number < wanted * 0.56 else "not_sent")

    def _promise_much(self, firms: list[Firm]) -> None:
        """So that every group of Today has something, and a mail arrives soon after the demo's first start."""
        today = self.world.today
        after = self.world.days.after
        plain = [
            ("Enviar costos laborales comparados", today - timedelta(days=3), ""),
            ("Presentar a dos universidades", today - timedelta(days=1), ""),
            ("Enviar el perfil de talento bilingüe", today, ""),
            ("Compartir el listado de oficinas disponibles", today, ""),
            ("Conectar con una empresa instalada", after(today, 1), ""),
            ("Enviar la guía de zonas francas", after(today, 2), ""),
            ("Preparar la agenda de visita a Cali", after(today, 3), ""),
            ("Recibir las cifras de contratación", after(today, 2), "Respuesta de la empresa"),
            ("Recibir el visto bueno para compartir el caso", today, "ProColombia"),
        ]
        for number, (text, due, waits) in enumerate(plain):
            self._promise(firms[number % len(firms)], text, due, waits, self.officer)
        self._promise(firms[0], "Confirmar por teléfono la reunión de mañana", today, "", self.officer, at_hour=True)

    def _promise(self, firm: Firm, text: str, due: date, waits: str, owner: Person, *, at_hour: bool = False) -> None:
        past = due < self.world.today
        self.world.writer.add(
            FollowUp(
                origin="promise" if not at_hour else "manual",
                kind="call" if at_hour else "material",
                text=text,
                owner_id=owner.id,
                company_id=firm.id,
                contact_id=firm.contacts[0],
                due_on=due,
                # The sample's midnight: past whenever the demo starts on its day.
                due_at=self.world.midnight if at_hour else None,
                waiting_for=waits,
                known_to_id=owner.id,
                reminded_of_day=due if past else None,
                escalated_for=due if past else None,
                created_by_id=owner.id,
                created_at=moment(self.world.today - timedelta(days=5), 20),
            )
        )
