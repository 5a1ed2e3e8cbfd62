"""Companies and the people in them, with the dirt that a real address book has."""

from datetime import date, timedelta

from companies.models import Company, CompanyName, Contact, ContactPoint, LegalBasis, Position
from config.sample.chance import Chance, moment
from config.sample.staff import plain_letters
from config.sample.words import LEGAL_FORMS, TITLES, company_name, person_name
from config.sample.world import Firm, World

ORIGINS = {
    "US": 30, "ES": 10, "MX": 7, "FR": 6, "DE": 5, "BR": 5, "CL": 5, "GB": 4, "CH": 4, "SE": 2, "CA": 3, "IT": 2,
    "NL": 2, "JP": 1.5, "KR": 1, "CN": 2, "PE": 2, "EC": 1.5, "PA": 1, "AR": 2, "CR": 1, "IN": 2, "PT": 1, "IE": 1,
    "IL": 0.7, "AE": 0.4, "CO": 2,
}  # fmt: skip
SECTORS = {
    "bpo_contact": 14, "bpo_back_office": 6, "kpo": 6, "ito": 8, "software": 18, "shared_services": 5,
    "data_centres": 1, "platforms": 4, "creative": 4, "fintech": 4, "health": 4, "life_sciences": 3, "agro": 8,
    "logistics": 5, "manufacturing": 8, "energy": 3, "infrastructure": 3,
}  # fmt: skip
DIAL = {"US": "+1415555", "CO": "+57602555", "ES": "+34915550", "MX": "+52555550", "GB": "+44207555", "FR": "+33155500"}


class Registry:
    """Opens companies, with as many contacts as the size wants."""

    def __init__(self, world: World, room: str) -> None:
        self.world = world
        self.chance = world.chance(room)
        wanted = world.size.contacts / world.size.companies
        # One in 60 %, two or three in 30 %, four and more in 10 % of companies; a young agency knows nobody in some.
        self.nobody = max(0.0, 1 - wanted / 2.0)
        self.cities: dict[str, list[int]] = {}

    def open(
        self, *, country: str | None = None, sector: str | None = None, name: str = "", created: date | None = None,
        domain: str = "", parent: Firm | None = None, installed: date | None = None,
        rightly: bool = False,
    ) -> Firm:  # fmt: skip
        world, chance = self.world, self.chance
        country = country or chance.one_of(ORIGINS)
        sector = sector or chance.one_of(SECTORS)
        created = created or world.days.between(world.first_day - timedelta(days=200), world.yesterday, chance)
        bare = name or company_name(sector, world.names, chance)
        form = "" if name else chance.choice(LEGAL_FORMS.get(country, ("", "Ltd")))
        owned_by = world.forgotten(world.still_here(world.on_duty(created, chance), chance), chance)
        firm = Firm(0, f"{bare} {form}".strip() if chance.hits(0.4) else bare, country, sector, owned_by, created)
        company = self._company(firm, bare, form)
        company.installed_since = installed
        if parent:
            company.parent_id = company.ultimate_parent_id = parent.id
        company.domain = domain or f"{plain_letters(bare) or f'firma{len(world.firms)}'}"[:60] + ".example.com"
        mistaken = not name and not rightly and chance.hits(0.04)
        if mistaken:
            company.origin_country_id = chance.choice([other for other in ORIGINS if other != country])
        firm.id, firm.domain = world.writer.add(company).pk, company.domain
        if mistaken:
            world.label("wrong_country", firm.id, country)
        if form and chance.hits(0.15):
            self._also(firm, f"{bare} {form}", CompanyName.Kind.LEGAL)
        world.firms.append(firm)
        self._staff(firm, company.domain)
        return firm

    def _company(self, firm: Firm, bare: str, form: str) -> Company:
        chance = self.chance
        cities = self.cities.get(firm.country)
        return Company(
            name=firm.name,
            legal_name=f"{bare} {form}" if form and chance.hits(0.3) else "",
            tax_id=self._tax_id(firm.country),
            sector_id=firm.sector,
            origin_country_id=firm.country,
            seat_country_id=firm.country if chance.hits(0.8) else None,
            legal_country_id=firm.country if chance.hits(0.3) else None,
            city_id=chance.choice(cities) if cities and chance.hits(0.75) else None,
            owner_id=firm.owner.id if chance.hits(0.9) else None,
            created_by_id=firm.owner.id,
            created_at=moment(firm.created, chance.randint(8, 17), chance.randint(0, 59)),
        )

    def _tax_id(self, country: str) -> str:
        if country == "CO":
            return f"900{self.chance.randint(100_000, 999_999)}-{self.chance.randint(0, 9)}"
        return "N/A" if self.chance.hits(0.02) else ""

    def _staff(self, firm: Firm, domain: str) -> None:
        chance = self.chance
        if chance.hits(self.nobody):
            return
        count = chance.one_of({1: 60, 2: 18, 3: 12, 4: 4, 5: 2, 6: 1, 8: 1, 11: 1, 15: 1})
        for _number in range(count):
            firm.contacts.append(self.know(firm, domain).pk)

    def know(self, firm: Firm, domain: str, *, given: str = "", family: str = "", title: str = "") -> Contact:
        """Enters a person of this company, with a position and an address or a number."""
        world, chance = self.world, self.chance
        if not given:
            given, family, firm.language = person_name(firm.country, chance)
        entered = min(firm.created + timedelta(days=chance.randint(0, 200)), world.yesterday)
        contact = Contact(
            given_name=given,
            family_name=family,
            family_name_first=firm.language == "zh",
            language="es" if firm.language == "es" else "en",
            country_id=firm.country,
            legal_basis=(LegalBasis.PUBLIC if chance.hits(0.3) else LegalBasis.CONDUCT).value,
            legal_basis_on=entered,
            created_by_id=firm.owner.id,
            created_at=moment(entered, 12, chance.randint(0, 59)),
        )
        opted_out = chance.hits(0.03)
        if opted_out:
            contact.objected_at = moment(world.days.between(entered, world.yesterday, chance), 10)
            contact.objection_source = "Respondió al correo"
        world.writer.add(contact)
        self._position(firm, contact, entered, title or chance.choice(TITLES))
        self._reach(contact, given, family, firm.country, domain)
        return contact

    def _position(self, firm: Firm, contact: Contact, entered: date, title: str) -> None:
        """Eight in a hundred have moved here from somewhere else that we know too."""
        world, chance = self.world, self.chance
        moved = chance.hits(0.08) and len(world.firms) > 1
        if moved:
            former = chance.choice(world.firms)
            if former.id != firm.id:
                began = entered - timedelta(days=chance.randint(400, 1500))
                world.writer.add(
                    Position(
                        contact=contact,
                        company_id=former.id,
                        title=chance.choice(TITLES),
                        started_on=began,
                        ended_on=entered,
                    )
                )
        world.writer.add(
            Position(
                contact=contact, company_id=firm.id, title=title, started_on=entered if moved else None, ended_on=None
            )
        )

    def _reach(self, contact: Contact, given: str, family: str, country: str, domain: str) -> None:
        chance, add = self.chance, self.world.writer.add
        if chance.hits(0.92):
            address = f"{plain_letters(given)}.{plain_letters(family)}@{domain}"
            bounced = moment(self.world.yesterday - timedelta(days=chance.randint(1, 300)), 9)
            add(
                ContactPoint(
                    contact=contact,
                    kind="email",
                    value=address,
                    is_primary=True,
                    bounced_at=bounced if chance.hits(0.05) else None,
                )
            )
        if chance.hits(0.5):
            number = f"{DIAL.get(country, '+1305555')}{chance.randint(100, 9999):04}"
            add(ContactPoint(contact=contact, kind="phone", value=number, is_primary=True))

    def _also(self, firm: Firm, name: str, kind: CompanyName.Kind) -> None:
        self.world.writer.add(CompanyName(company_id=firm.id, name=name, kind=kind.value))

    def former_name(self, firm: Firm) -> str:
        """The company had another name before, and is still found by it."""
        old = company_name(firm.sector, self.world.names, self.chance)
        self._also(firm, old, CompanyName.Kind.FORMER)
        return old


def pick(firms: list[Firm], chance: Chance) -> Firm:
    """The firms that we have known for long are met more often."""
    return firms[int(len(firms) * chance.random() ** 1.6)]
