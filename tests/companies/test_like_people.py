import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.look_alike_scan import PEOPLE, scan, scan_some
from companies.merging import merge
from companies.models import (
    Company,
    Contact,
    ContactLookAlike,
    ContactPoint,
    LookAlikeWalk,
    NotTheSameContact,
    Position,
)
from companies.unmerging import undo
from config.staff import clock
from config.staff.models import User
from leads.models.choices import Level
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Company:
    company: Company = CompanyFactory(name="Acme")
    return company


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(manager_role=True))
    return client


def person(name: str, company: Company | None = None, *points: str) -> Contact:
    given, _space, family = name.partition(" ")
    contact: Contact = ContactFactory(given_name=given, family_name=family)
    if company:
        PositionFactory(contact=contact, company=company)
    for value in points:
        ContactPoint.objects.create(contact=contact, kind="email" if "@" in value else "phone", value=value)
    return contact


def pairs() -> list[tuple[str, str]]:
    scan(seconds=30)
    return [(pair.low.name, pair.high.name) for pair in ContactLookAlike.objects.open().order_by("pk")]


def reasons() -> list[str]:
    scan(seconds=30)
    return ContactLookAlike.objects.get().reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("María Ospina", "Maria Ospina"),
        ("María Ospina", "Ospina María"),
        ("María Ospina", "María Ospina Lozano"),
        ("María Ospina", "M. Ospina"),
        ("Sebastián Echeverri", "Sebastian Echevery"),
    ],
)
def test_a_colleague_entered_twice_is_found(acme: Company, one: str, other: str) -> None:
    person(one, acme)
    person(other, acme)

    assert pairs() == [(one, other)]


@pytest.mark.parametrize(("one", "other"), [("María Ospina", "Carlos Ospina"), ("Ana Ruiz", "Bob Smith")])
def test_two_colleagues_are_left_alone(acme: Company, one: str, other: str) -> None:
    person(one, acme, "+576025550100")
    person(other, acme, "+576025550100")

    assert pairs() == []


def test_two_given_names_that_many_people_bear_are_two_peoples(acme: Company) -> None:
    for given in ("Paola", "Pablo"):
        for _n in range(3):
            ContactFactory(given_name=given)
        person(f"{given} Hinestroza", acme)

    assert pairs() == []


def test_a_name_alone_makes_nobody_the_same() -> None:
    person("María García", CompanyFactory(name="Blue Ocean"))
    person("María García", CompanyFactory(name="Red Mountain"))

    assert pairs() == []


@pytest.mark.parametrize(("point", "reason"), [("maria@gmail.com", "email"), ("+573001234567", "phone")])
def test_an_address_or_a_number_in_common_makes_them_likely(point: str, reason: str) -> None:
    person("María Ospina", CompanyFactory(name="Blue Ocean"), point)
    person("Maria Ospina", CompanyFactory(name="Red Mountain"), point)

    assert reasons() == ["name", reason]


def test_people_of_one_group_are_compared(acme: Company) -> None:
    child = CompanyFactory(name="Acme Colombia", parent=acme, ultimate_parent=acme)
    person("María Ospina", acme)
    person("Maria Ospina", child)

    assert reasons() == ["name", "group"]


def test_people_of_companies_that_look_alike_are_compared() -> None:
    person("María Ospina", CompanyFactory(name="Moove It, Inc."))
    person("Maria Ospina", CompanyFactory(name="MOOVE-IT S.A.S."))

    assert reasons() == ["name", "alike"]


def test_whoever_left_and_came_back_is_found(acme: Company) -> None:
    old = person("María Ospina", acme)
    Position.objects.filter(contact=old).update(ended_on="2025-01-01")
    person("Maria Ospina", acme)

    assert pairs() == [("María Ospina", "Maria Ospina")]


def test_merged_and_anonymised_people_are_left_out(acme: Company) -> None:
    person("María Ospina", acme)
    Contact.objects.filter(pk=person("Maria Ospina", acme).pk).update(merged_into=person("Bob Smith"))
    Contact.objects.filter(pk=person("Maria Ospina", acme).pk).update(anonymised_at=clock.now())

    assert pairs() == []


def test_those_said_to_be_two_are_not_found_again(manager: Client, acme: Company) -> None:
    one, other = person("María Ospina", acme), person("Maria Ospina", acme)
    scan(seconds=30)

    manager.post(f"/look-alikes/people/{ContactLookAlike.objects.get().pk}/not-the-same/?of=contact")
    one.save()

    assert pairs() == []
    said = NotTheSameContact.objects.get()
    assert (said.contact_low, said.contact_high) == (one, other)


def test_what_was_said_of_a_merged_record_holds_for_its_survivor(acme: Company) -> None:
    one, other, third = (person("María Ospina", acme) for _n in range(3))
    NotTheSameContact.objects.create(contact_low=one, contact_high=other, said_by=UserFactory(), said_at=clock.now())
    merge(third, other, by=UserFactory())

    assert pairs() == []


def test_a_pair_goes_with_its_merge_and_comes_back_with_its_undo(acme: Company) -> None:
    one, other = person("María Ospina", acme), person("Maria Ospina", acme)
    scan(seconds=30)
    done = merge(one, other, by=UserFactory())
    assert pairs() == []

    undo(done, by=UserFactory())

    assert len(pairs()) == 1


def test_more_people_cost_no_more_queries(acme: Company) -> None:
    def queries() -> int:
        LookAlikeWalk.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            scan_some(search=PEOPLE)
        return len(captured)

    for name in ("María Ospina", "Maria Ospina"):
        person(name, acme)
    once = queries()
    for _n in range(10):
        person("Maria Ospina", acme)
    assert queries() == once


def test_the_queue_tells_who_they_are_and_why(manager: Client, acme: Company) -> None:
    person("María Ospina", acme, "maria@acme.example")
    person("Maria Ospina", acme)
    scan(seconds=30)

    page = manager.get("/look-alikes/?of=contact").content.decode()

    assert "maria@acme.example" in page
    assert "Acme" in page
    assert "Same company" in page
    assert "/merges/new/contact/?" in page


def test_the_queue_of_people_costs_a_fixed_number_of_queries(manager: Client, acme: Company) -> None:
    def queries() -> int:
        scan(seconds=30)
        with CaptureQueriesContext(connection) as captured:
            manager.get("/look-alikes/?of=contact")
        return len(captured)

    for name in ("María Ospina", "Maria Ospina"):
        person(name, acme, f"x{Contact.objects.count()}@acme.example")
    once = queries()
    for number in range(5):
        person("Maria Ospina", acme, f"y{number}@acme.example")
    assert queries() == once


@pytest.mark.parametrize("role", [{}, {"guest": True}])
def test_the_queue_of_people_is_for_managers(client: Client, acme: Company, role: dict[str, bool]) -> None:
    client.force_login(UserFactory(**role))
    person("María Ospina", acme)
    person("Maria Ospina", acme)
    scan(seconds=30)

    assert client.get("/look-alikes/?of=contact").status_code == 404
    pair = ContactLookAlike.objects.get()
    assert client.post(f"/look-alikes/people/{pair.pk}/not-the-same/").status_code == 404
    assert not NotTheSameContact.objects.exists()


def test_the_queue_and_the_merge_of_people_tell_nothing_of_a_restricted_lead(manager: Client, acme: Company) -> None:
    one, other = person("María Ospina", acme), person("Maria Ospina", acme)
    lead = LeadFactory(company=acme, contact=other, level=Level.NAMED, title="zqsecret", code_name="Ceiba")
    FollowUpFactory(company=acme, contact=other, lead=lead, owner=lead.owner, text="zqsecret")
    scan(seconds=30)

    queue = manager.get("/look-alikes/?of=contact").content.decode()
    side_by_side = manager.get(f"/merges/new/contact/?record={one.pk}&record={other.pk}").content.decode()

    assert "Maria Ospina" in queue
    for text in (queue, side_by_side):
        assert "zqsecret" not in text
        assert "Ceiba" not in text
    assert "1 leads" not in side_by_side
    assert "1 follow-ups" not in side_by_side


def an_officer(client: Client) -> User:
    user: User = UserFactory()
    client.force_login(user)
    return user


def test_an_address_that_somebody_has_asks_first(client: Client, acme: Company) -> None:
    an_officer(client)
    person("María Ospina", acme, "maria@acme.example")
    other = person("Maria Ospina", acme)
    sent = {"kind": "email", "value": "Maria@Acme.example"}

    asked = client.post(f"/contacts/{other.pk}/points/new/", sent)
    assert "Is it one of these?" in asked.content.decode()
    assert "Maria@Acme.example" in asked.content.decode()
    assert not other.contact_points.exists()

    client.post(f"/contacts/{other.pk}/points/new/", sent | {"another": "1"})
    assert other.contact_points.get().value == "maria@acme.example"
