"""Questions from outside: those that became leads, those that did not, and a few that still wait for an answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings

from config.sample.chance import moment
from config.sample.firms import ORIGINS, SECTORS
from config.sample.staff import plain_letters
from config.sample.words import company_name, person_name
from config.sample.world import Firm, World
from config.staff.working_hours import working_time_between
from leads.enquiring.enquiries import response_target
from leads.models import Enquiry

CHANNELS = {"form": 55, "mail": 30, "phone": 10, "other": 5}
NOISE = {
    "not_investment": 22, "seller": 24, "job_seeker": 18, "student": 14, "no_reply": 12, "elsewhere": 8, "spam": 2,
}  # fmt: skip
# Hours until a person answered; most agencies are slower than they believe.
HOURS = {(0, 2): 30, (2, 8): 40, (8, 24): 20, (24, 90): 10}
# Hours ago at which those came that nobody answered yet; the oldest are late.
WAITING = (1, 3, 5, 20, 70)
ASKS = {
    "es": (
        "Buscamos una ciudad para un centro de servicios con inglés. ¿Qué salarios paga un agente bilingüe en Cali?",
        "¿Qué incentivos hay para una planta en zona franca cerca del puerto de Buenaventura?",
        "Queremos visitar oficinas listas para ocupar, entre 600 y 900 m².",
    ),
    "en": (
        "We compare three cities for a support centre of 80 seats. Could you send labour costs and attrition?",
        "Is there a free-trade zone with space for light manufacturing, and how long do permits take?",
        "Who could show us coworking space for a team of 25 engineers next month?",
    ),
}
OTHERS = {
    "es": (
        "Ofrecemos pauta publicitaria para su feria.",
        "Adjunto mi hoja de vida.",
        "Escribo una tesis sobre la IED.",
    ),
    "en": ("We sell lead lists of investors.", "Please find my CV attached.", "I write a paper on FDI in Colombia."),
}


class Askers:
    def __init__(self, world: World) -> None:
        self.world, self.chance = world, world.chance("askers")

    def ask(self, firm: Firm, day: date) -> int:
        """Whoever became a lead on that day had asked shortly before."""
        answered = moment(day, 9)
        asked = answered - timedelta(hours=self.chance.randint(*self.chance.one_of(HOURS)))
        row = self._question(firm.name, firm.country, asked, ASKS)
        row.state, row.company_id = Enquiry.State.LEAD.value, firm.id
        row.contact_id = firm.contacts[0] if firm.contacts else None
        return self._answer(row, answered, firm.owner.id).pk

    def ask_in_vain(self) -> None:
        """Two of three questions bring nothing for the agency."""
        world, chance = self.world, self.chance
        for _number in range(world.size.leads // 4):
            day = world.days.between(world.first_day, world.today - timedelta(days=7), chance)
            row = self._question(self._new_name(), chance.one_of(ORIGINS), moment(day, chance.randint(7, 18)), OTHERS)
            because = chance.one_of(NOISE)
            row.state, row.closed_because = Enquiry.State.CLOSED.value, because
            hours = chance.randint(*chance.one_of(HOURS))
            self._answer(row, row.received_at + timedelta(hours=hours), world.on_duty(day, chance).id)

    def wait(self) -> None:
        for hours in WAITING:
            asked = self.world.midnight - timedelta(hours=hours)
            row = self._question(self._new_name(), self.chance.one_of(ORIGINS), asked, ASKS)
            # Whoever must know was told when it came, and again when it was late.
            row.told_at, row.told_late_at = asked, asked if row.respond_by < self.world.midnight else None
            self.world.writer.add(row)

    def _new_name(self) -> str:
        return company_name(self.chance.one_of(SECTORS), self.world.names, self.chance)

    def _question(self, company: str, country: str, asked: datetime, texts: Mapping[str, Sequence[str]]) -> Enquiry:
        chance = self.chance
        given, family, spoken = person_name(country, chance)
        language = "es" if spoken == "es" else "en"
        address = f"{plain_letters(given)}.{plain_letters(family)}@{plain_letters(company)[:40] or 'firma'}.example.com"
        return Enquiry(
            capture_id=chance.uuid(),
            channel=chance.one_of(CHANNELS),
            name=f"{given} {family}",
            email=address,
            company_name=company,
            country_id=country,
            language=language,
            text=chance.choice(texts[language]),
            received_at=asked,
            respond_by=response_target(asked),
        )

    def _answer(self, row: Enquiry, at: datetime, by: int) -> Enquiry:
        taken = working_time_between(row.received_at, at, zone=settings.AGENCY_ZONE, country=settings.AGENCY_COUNTRY)
        row.owner_id = row.answered_by_id = by
        row.answered_at, row.response_minutes = at, round(taken.total_seconds() / 60)
        row.told_at = row.received_at
        return self.world.writer.add(row)
