"""Odd spellings: what a rule proposes and what it leaves to people, and the change with its way back."""

from typing import Any

import pytest
from django.test import Client

from companies.models import BulkEdit, Company, Contact, ContactPoint
from companies.normalising import RULES
from companies.tidy_names import tidy_company, tidy_person
from companies.web_domains import bare_domain
from config.staff.models import User
from tests.companies.factories import (
    CityFactory,
    CompanyFactory,
    ContactFactory,
    CountryFactory,
    EmailFactory,
    PositionFactory,
)
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user: User = UserFactory(manager_role=True)
    client.force_login(user)
    return user


def proposed(name: str) -> dict[Any, Any]:
    return {each.record: each.after for each in RULES[name].proposals()}


def accept(client: Client, name: str) -> BulkEdit:
    keys = [key for key, *_words in client.get(f"/normalise/{name}/").context["shown"]]
    assert client.post(f"/normalise/{name}/", {"row": keys}).status_code == 302
    return BulkEdit.objects.latest("pk")


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("GLOBEX SERVICES S.A.S.", "Globex Services S.A.S."),
        ("globex services ltda.", "Globex Services Ltda."),
        ("  Globex   Services ", "Globex Services"),
        ("IBM DE COLOMBIA SAS", "IBM de Colombia SAS"),
        ("O'NEILL & HIJOS GMBH", "O'Neill & Hijos GmbH"),
        ("COCA-COLA FEMSA 24", "Coca-Cola Femsa 24"),
        ("ÁNDALE ESPAÑA", "Ándale España"),
        ("iFood eats", "iFood eats"),
    ],
)
def test_the_name_of_a_company_is_tidied(name: str, tidy: str) -> None:
    assert tidy_company(name) == tidy


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("MARÍA JOSÉ", "María José"),
        ("de la cruz", "de la Cruz"),
        ("O'NEILL", "O'Neill"),
        ("GARCÍA-MÁRQUEZ", "García-Márquez"),
        ("McDonald", "McDonald"),
    ],
)
def test_the_name_of_a_person_is_tidied(name: str, tidy: str) -> None:
    assert tidy_person(name) == tidy


@pytest.mark.parametrize(
    "address",
    [
        "https://www.Example.com/about?x=1",
        "http:example.com",
        "example.com.",
        "www.example.com",
        "me@example.com",
        "https://example.com:8080/",
    ],
)
def test_an_address_gives_its_domain(address: str) -> None:
    assert bare_domain(address) == "example.com"


def test_what_is_no_domain_is_left_to_people() -> None:
    CompanyFactory(domain="none")

    assert RULES["domain"].rows().count() == 1
    assert proposed("domain") == {}


def test_an_odd_country_is_the_one_its_name_means() -> None:
    CountryFactory()
    odd = CountryFactory(code="XU", name_en="EEUU", name_es="EEUU")
    unknown = CountryFactory(code="XQ", name_en="Atlantis", name_es="Atlántida")
    company = CompanyFactory(origin_country=odd)
    CompanyFactory(origin_country=unknown)

    assert proposed("origin") == {company: "US"}


def test_a_number_is_read_as_of_the_country_of_the_person_or_of_their_company() -> None:
    colombia, spain = CountryFactory(code="CO"), CountryFactory(code="ES")
    own = EmailFactory(kind="phone", value="602 485 1234", contact=ContactFactory(country=colombia))
    theirs = EmailFactory(kind="phone", value="912 345 678")
    PositionFactory(contact=theirs.contact, company=CompanyFactory(seat_country=spain))
    nobodys = EmailFactory(kind="phone", value="555 0100")
    abroad = EmailFactory(kind="phone", value="0049 30 901820")

    assert proposed("phone") == {own: "+576024851234", theirs: "+34912345678", abroad: "+4930901820"}
    assert nobodys in RULES["phone"].rows()


def test_what_is_ticked_is_changed_and_put_back(client: Client, manager: User) -> None:
    first, second = CompanyFactory(name="GLOBEX SERVICES"), CompanyFactory(name="acme industries")
    keys = [key for key, *_words in client.get("/normalise/company_name/").context["shown"]]

    client.post("/normalise/company_name/", {"row": keys[:1]})

    edit = BulkEdit.objects.get()
    assert (edit.status, edit.changed) == ("done", 1)
    assert list(Company.objects.order_by("pk").values_list("name", flat=True)) == ["Globex Services", "acme industries"]
    client.post(f"/bulk-edits/{edit.pk}/undo/")
    first.refresh_from_db()
    assert (first.name, second.name) == ("GLOBEX SERVICES", "acme industries")


def test_all_of_them_go_by_the_number_that_was_shown(client: Client, manager: User) -> None:
    for number in range(3):
        CompanyFactory(name=f"GLOBEX  NUMBER{number}")

    assert client.post("/normalise/company_name/", {"all": "1", "count": "2"}).status_code == 409
    assert client.post("/normalise/company_name/", {"all": "1", "count": "3"}).status_code == 302

    assert not RULES["company_name"].rows().exists()


def test_what_says_something_else_by_now_is_left(client: Client, manager: User) -> None:
    company = CompanyFactory(domain="www.example.com")
    keys = [key for key, *_words in client.get("/normalise/domain/").context["shown"]]
    Company.objects.filter(pk=company.pk).update(domain="www.example.org")

    answer = client.post("/normalise/domain/", {"row": keys})

    assert answer.status_code == 409
    assert Company.objects.get(pk=company.pk).domain == "www.example.org"


def test_whoever_set_it_since_has_the_last_word(client: Client, manager: User) -> None:
    company = CompanyFactory(domain="www.example.com")
    edit = accept(client, "domain")
    Company.objects.filter(pk=company.pk).update(domain="example.org")

    client.post(f"/bulk-edits/{edit.pk}/undo/")

    assert Company.objects.get(pk=company.pk).domain == "example.org"


def test_a_number_that_the_person_has_already_is_refused(client: Client, manager: User) -> None:
    contact = ContactFactory(country=CountryFactory(code="CO"))
    EmailFactory(kind="phone", value="+576024851234", contact=contact)
    double = EmailFactory(kind="phone", value="602 485 1234", contact=contact)

    edit = accept(client, "phone")

    assert (edit.changed, edit.left) == (0, 1)
    assert ContactPoint.objects.get(pk=double.pk).value == "602 485 1234"


def test_each_rule_changes_what_it_proposes(client: Client, manager: User) -> None:
    CountryFactory()
    odd = CountryFactory(code="XU", name_en="EEUU", name_es="EEUU")
    places: dict[str, Any] = {f"{name}_country": odd for name in ("origin", "seat", "legal")}
    CompanyFactory(name="GLOBEX SERVICES", domain="www.example.com", city=CityFactory(), **places)
    contact = ContactFactory(given_name="JUAN", family_name="pérez", country=odd)
    EmailFactory(kind="phone", value="415 555 2671", contact=ContactFactory(country=CountryFactory()))

    for name in RULES:
        assert accept(client, name).changed == 1, name

    assert Contact.objects.get(pk=contact.pk).name == "Juan Pérez"
    assert not any(rule.rows().exists() for rule in RULES.values())


def test_it_is_for_managers(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/normalise/").status_code == 404
    assert client.post("/normalise/domain/", {"all": "1", "count": "0"}).status_code == 404


@pytest.mark.parametrize("sent", [{"row": ["\0", "x" * 5000]}, {"all": "1", "count": "x"}, {}])
def test_nonsense_changes_nothing(client: Client, manager: User, sent: dict[str, Any]) -> None:
    CompanyFactory(domain="www.example.com")

    assert client.post("/normalise/domain/", sent).status_code == 409
    assert client.get("/normalise/nothing/").status_code == 404
