import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies import search_statements
from companies.models import CompanyName, ContactPoint
from companies.search import find
from config.staff.models import User
from tests.companies.factories import (
    CompanyFactory,
    ContactFactory,
    CountryFactory,
    EmailFactory,
    PositionFactory,
)
from tests.leads.factories import LeadFactory, LeadPersonFactory
from tests.missions.factories import DelegateFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    user: User = UserFactory()
    return user


def labels(words: str, user: User, *kinds: str) -> list[str]:
    return [hit.label for group in find(words, user=user, kinds=kinds or ["company"]) for hit in group.hits]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Globant", "glo"),
        ("Globant", "globnt"),
        ("Globant", "gloabnt"),
        ("Globant S.A.", "GLOBANT, Inc."),
        ("Peñalosa & Núñez Ltda.", "penalosa nunez"),
        ("Moove It", "moove-it"),
        ("Grupo Éxito", "exito"),
        ("Grupo Éxito", "xito"),
        ("Globant", "lob"),
        ("Alto Valle Software", "alt vall sof"),
        ("Altoquildia CX", "altouidlia cx"),
        ("Foundever", "fundever"),
        ("株式会社ソニー", "ソニー"),
        ("Яндекс", "яндек"),
        ("3M", "3m"),
    ],
)
def test_a_company_is_found_by_its_name_with_typos_forgiven(officer: User, name: str, words: str) -> None:
    CompanyFactory(name=name)
    CompanyFactory(name="Alorica")

    assert labels(words, officer) == [name]


def test_a_company_is_found_by_a_former_name_which_is_shown(officer: User) -> None:
    CompanyName.objects.create(company=CompanyFactory(name="Foundever"), name="SYKES", kind=CompanyName.Kind.FORMER)

    [group] = find("sykes", user=officer, kinds=["company"])

    assert group.hits[0].label == "Foundever"
    assert "SYKES" in group.hits[0].matched


@pytest.mark.parametrize("words", ["moove-it.com", "https://www.moove-it.com/about", "moove-it.co", "ana@moove-it.com"])
def test_a_company_is_found_by_its_web_domain(officer: User, words: str) -> None:
    CompanyFactory(name="Blue Ocean", domain="moove-it.com")

    assert labels(words, officer) == ["Blue Ocean"]


def test_a_company_is_found_by_the_domain_of_its_peoples_addresses(officer: User) -> None:
    position = PositionFactory(company__name="Blue Ocean")
    EmailFactory(contact=position.contact, value="ana@sykes.example")

    assert labels("sykes", officer) == ["Blue Ocean"]


def test_an_address_finds_the_company_named_like_its_domain(officer: User) -> None:
    CompanyFactory(name="Globant")

    assert labels("ana@globant.example", officer) == ["Globant"]


def test_an_address_at_a_free_mail_service_says_nothing_about_the_company(officer: User) -> None:
    position = PositionFactory(company__name="Blue Ocean")
    EmailFactory(contact=position.contact, value="ana@gmail.com")

    assert labels("gmail", officer) == []


@pytest.mark.parametrize("words", ["+57 300 123 4567", "300-123-4567", "1234567"])
def test_people_and_companies_are_found_by_the_digits_of_a_number(officer: User, words: str) -> None:
    position = PositionFactory(company__name="Blue Ocean", contact__given_name="Ana", contact__family_name="Ruiz")
    ContactPoint.objects.create(contact=position.contact, kind=ContactPoint.Kind.PHONE, value="+573001234567")

    assert labels(words, officer) == ["Blue Ocean"]
    assert labels(words, officer, "contact") == ["Ana Ruiz"]


@pytest.mark.parametrize("words", ["hernandez", "maria hern", "hernandez maria", "hernndez"])
def test_a_person_is_found_without_accents_and_in_any_order(officer: User, words: str) -> None:
    ContactFactory(given_name="María", family_name="Hernández")
    ContactFactory(given_name="Bob", family_name="Smith")

    assert labels(words, officer, "contact") == ["María Hernández"]


def test_a_person_comes_with_their_company_of_today(officer: User) -> None:
    contact = ContactFactory(given_name="Ana", family_name="Ruiz")
    PositionFactory(contact=contact, company__name="Old House", ended_on="2025-01-01")
    today = PositionFactory(contact=contact, company__name="New House").company

    [group] = find("ruiz", user=officer, kinds=["contact"])

    assert (group.hits[0].company, group.hits[0].company_id) == ("New House", today.pk)


def test_the_exact_name_stands_before_longer_ones(officer: User) -> None:
    for name in ("Globant Foundation", "New Globant", "Globant"):
        CompanyFactory(name=name)

    assert labels("globant", officer) == ["Globant", "Globant Foundation", "New Globant"]


def test_likely_names_stand_last_and_only_where_few_others_are_found(officer: User) -> None:
    for name in ("Globand", "Globant"):
        CompanyFactory(name=name)

    assert labels("globant", officer) == ["Globant", "Globand"]
    for name in ("Globant Foundation", "New Globant"):
        CompanyFactory(name=name)
    assert "Globand" not in labels("globant", officer)


def test_where_a_name_is_spelled_as_typed_no_other_kind_is_guessed_at(officer: User) -> None:
    ContactFactory(given_name="Ana", family_name="Globans")
    assert labels("globant", officer, "company", "contact") == ["Ana Globans"]

    CompanyFactory(name="Globant")

    assert labels("globant", officer, "company", "contact") == ["Globant"]


def test_three_letters_find_the_words_that_begin_with_them_first(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_statements, "WITHIN_WORDS", 2)
    for name in ("Zalo Uno", "Zalo Dos", "Zalo Tres", "Grupo Alomia"):
        CompanyFactory(name=name)

    found = labels("alo", officer)

    assert found[0] == "Grupo Alomia"
    assert len(found) == 3


def test_three_letters_find_the_web_domain_that_begins_with_them(officer: User) -> None:
    CompanyFactory(name="Blue Ocean", domain="ibm.com")

    assert labels("ibm", officer) == ["Blue Ocean"]


def test_of_likely_names_the_nearest_stands_first(officer: User) -> None:
    for name in ("Cimania Systems Ltd", "Nimabia Systems", "Cimavia Systems"):
        CompanyFactory(name=name)

    assert labels("cimbavia systems", officer)[0] == "Cimavia Systems"
    assert labels("simavia sistems", officer)[0] == "Cimavia Systems"


def test_a_group_is_short(officer: User) -> None:
    for number in range(20):
        CompanyFactory(name=f"Globant {number}")

    assert len(labels("globant", officer)) == 8


def test_companies_merged_away_or_archived_are_left_out(officer: User) -> None:
    survivor = CompanyFactory(name="Globant")
    CompanyFactory(name="Globant SA", merged_into=survivor)
    CompanyFactory(name="Globant Old", archived_at="2026-01-01T00:00:00Z")

    assert labels("globant", officer) == ["Globant"]


@pytest.mark.parametrize("words", ["", " ", "a", "!!!", "\0", "\0glo\0", "x" * 10_000, "%", "__", "'; drop table"])
def test_odd_words_are_answered(client: Client, officer: User, words: str) -> None:
    client.force_login(officer)

    assert client.get("/search/", {"q": words}).status_code == 200
    assert client.get("/search/pick/", {"q": words, "kinds": "nothing"}).status_code == 200


def test_a_named_lead_is_found_only_by_those_named(officer: User) -> None:
    lead = LeadFactory(named=True, company__name="Globant", title="Secret campus", code_name="Proyecto Ceiba")
    named = LeadPersonFactory(lead=lead).user

    for words in ("secret campus", "ceiba", "globant"):
        assert labels(words, named, "lead") or words == "globant"
        assert labels(words, officer, "lead") == []


def test_the_page_never_reveals_a_hidden_lead(client: Client, officer: User) -> None:
    LeadFactory(named=True, company__name="Globant", title="Secret campus", code_name="Proyecto Ceiba")
    client.force_login(officer)

    for words in ("secret", "ceiba", "globant"):
        page = client.get("/search/", {"q": words}).content.decode()
        assert "Secret campus" not in page
        assert "Proyecto Ceiba" not in page


def test_open_leads_of_a_company_are_found_by_its_name(officer: User) -> None:
    lead = LeadFactory(company__name="Globant", title="Campus in Palmira")

    [companies, leads] = find("globant", user=officer)

    assert companies.hits[0].label == "Globant"
    assert leads.hits[0].pk == lead.pk


def test_missions_are_found(officer: User) -> None:
    MissionFactory(name="Misión a California")

    assert labels("mision cali", officer, "mission") == ["Misión a California"]


def test_a_guest_finds_nothing(client: Client) -> None:
    guest = UserFactory(guest=True)
    mission = DelegateFactory(user=guest, mission__name="Globant tour").mission
    CompanyFactory(name="Globant")
    client.force_login(guest)

    assert mission.name == "Globant tour"
    assert find("globant", user=guest) == []
    assert client.get("/search/", {"q": "globant"}).status_code == 404
    assert client.get("/search/pick/", {"q": "globant"}).status_code == 404


def test_a_hit_offers_to_log_a_meeting(client: Client, officer: User) -> None:
    position = PositionFactory(company__name="Globant", contact__given_name="Globina")
    client.force_login(officer)

    page = client.get("/search/", {"q": "glob"}).content.decode()

    assert f"/meetings/new/?company={position.company.pk}" in page
    assert f"/meetings/new/?contact={position.contact.pk}" in page


def test_a_picker_is_told_which_record_a_row_stands_for(client: Client, officer: User) -> None:
    position = PositionFactory(company__name="Globant", contact__given_name="Globina", contact__family_name="Ruiz")
    MissionFactory(name="Globant tour")
    client.force_login(officer)

    rows = client.get("/search/pick/", {"q": "glob", "kinds": "company,contact"}).content.decode()

    assert f'data-kind="company" data-id="{position.company.pk}" data-label="Globant"' in rows
    assert f'data-kind="contact" data-id="{position.contact.pk}" data-label="Globina Ruiz"' in rows
    assert f'data-company-id="{position.company.pk}"' in rows
    assert "tour" not in rows


def test_the_hits_alone_are_sent_while_somebody_types(client: Client, officer: User) -> None:
    CompanyFactory(name="Globant", origin_country=CountryFactory(code="AR", name_en="Argentina"))
    client.force_login(officer)

    part = client.get("/search/", {"q": "glob"}, headers={"HX-Request": "true"}).content.decode()

    assert "Argentina" in part
    assert "<html" not in part


def test_the_search_asks_no_more_often_for_many_than_for_few(officer: User) -> None:
    def asked(companies: int) -> int:
        for number in range(companies):
            position = PositionFactory(company__name=f"Globant {number}", contact__given_name=f"Globina {number}")
            LeadFactory(company=position.company)
        with CaptureQueriesContext(connection) as seen:
            find("globant", user=officer)
        return len(seen)

    few = asked(1)

    assert asked(20) <= few


def test_the_box_on_top_is_answered_with_links_and_all_hits(client: Client, officer: User) -> None:
    company = CompanyFactory(name="Globant")
    LeadFactory(named=True, company=company, title="Secret campus", code_name="Proyecto Ceiba")
    client.force_login(officer)

    part = client.get("/search/", {"q": "globant", "box": "1"}, headers={"HX-Request": "true"}).content.decode()

    assert f'href="{company.get_absolute_url()}"' in part
    assert 'href="/search/?q=globant"' in part
    assert "Secret campus" not in part
    assert "Ceiba" not in part


def test_the_group_with_the_best_hit_stands_first(officer: User) -> None:
    CompanyFactory(name="Maria Ospina Consulting Group")
    ContactFactory(given_name="Maria", family_name="Ospina")

    assert [group.kind.name for group in find("maria ospina", user=officer)] == ["contact", "company"]


def test_all_of_a_kind_are_a_link_away(client: Client, officer: User) -> None:
    for number in range(12):
        CompanyFactory(name=f"Globant {number}")
    client.force_login(officer)

    assert "/search/?q=globant&amp;kinds=company" in client.get("/search/", {"q": "globant"}).content.decode()
    [group] = client.get("/search/", {"q": "globant", "kinds": "company"}).context["groups"]
    assert len(group.hits) == 12
    assert not group.is_full


def test_all_of_a_kind_are_read_page_by_page(client: Client, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.views.search.ALL_OF_A_KIND", 5)
    made = {CompanyFactory(name=f"Globant {number}").pk for number in range(12)}
    # Twice by its names, and once in the list.
    CompanyName.objects.create(company_id=min(made), name="Globant Colombia", kind=CompanyName.Kind.ALIAS)
    client.force_login(officer)
    after, pages = "", list[list[int]]()
    while not pages or after:
        [group] = client.get("/search/", {"q": "globant", "kinds": "company", "after": after}).context["groups"]
        pages.append([hit.pk for hit in group.hits])
        after = group.mark

    assert [len(page) for page in pages] == [5, 5, 2]
    assert {pk for page in pages for pk in page} == made


def test_a_page_of_a_kind_is_filled_up_where_leads_are_hidden(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.views.search.ALL_OF_A_KIND", 2)
    for number in range(14):
        LeadFactory(title=f"Campus {number:02}", level="named", code_name=f"Ceiba {number}")
    seen = [LeadFactory(title=f"Campus {number:02}").pk for number in range(20, 25)]
    client.force_login(officer)
    after, pages = "", list[list[int]]()
    while not pages or after:
        [group] = client.get("/search/", {"q": "campus", "kinds": "lead", "after": after}).context["groups"]
        pages.append([hit.pk for hit in group.hits])
        after = group.mark

    assert pages == [seen[:2], seen[2:4], seen[4:]]


@pytest.mark.parametrize("after", ["nan", "x,1", "2.5", "2.5,x", "inf,-1", "1," + "9" * 30, "\0"])
def test_a_mark_that_nobody_wrote_finds_nothing(client: Client, officer: User, after: str) -> None:
    CompanyFactory(name="Globant")
    client.force_login(officer)

    assert client.get("/search/", {"q": "globant", "kinds": "company", "after": after}).context["groups"] == []
