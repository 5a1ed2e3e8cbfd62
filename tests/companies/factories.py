import factory

from companies.models import City, Company, Contact, ContactPoint, Country, Position, Sector
from tests.making import Made


class CountryFactory(Made[Country]):
    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = "US"
    name_en = "United States"
    name_es = "Estados Unidos"


class CityFactory(Made[City]):
    class Meta:
        model = City
        django_get_or_create = ("country", "name")

    name = "San Francisco"
    country = factory.SubFactory(CountryFactory)
    zone = "America/Los_Angeles"


class SectorFactory(Made[Sector]):
    class Meta:
        model = Sector
        django_get_or_create = ("code",)

    code = "software"
    name_en = "Software"
    name_es = "Software"


class CompanyFactory(Made[Company]):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Company {n}")


class ContactFactory(Made[Contact]):
    class Meta:
        model = Contact

    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")


class PositionFactory(Made[Position]):
    class Meta:
        model = Position

    contact = factory.SubFactory(ContactFactory)
    company = factory.SubFactory(CompanyFactory)


class EmailFactory(Made[ContactPoint]):
    class Meta:
        model = ContactPoint

    contact = factory.SubFactory(ContactFactory)
    kind = ContactPoint.Kind.EMAIL
    value = factory.Sequence(lambda n: f"contact{n}@example.org")
