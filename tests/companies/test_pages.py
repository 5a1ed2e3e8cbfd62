from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Company, Contact, ContactPoint
from config.staff import clock
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory())
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_company_without_a_promise_says_so_loudly(officer: Client) -> None:
    assert "No promise is planned for this company." in text(officer, CompanyFactory().get_absolute_url())


def test_the_next_promise_stands_in_the_header(officer: Client) -> None:
    company = FollowUpFactory(text="Send the pack").subject

    page = text(officer, company.get_absolute_url())

    assert "Send the pack" in page
    assert "No promise is planned" not in page


def test_the_timeline_mixes_what_was_said_and_what_was_done(officer: Client) -> None:
    company = InteractionFactory(note="They want a second site").company
    FollowUpFactory(company=company, text="Sent the pack", state="done", closed_at=clock.now())

    page = text(officer, company.get_absolute_url())

    assert "They want a second site" in page
    assert "Sent the pack" in page


def test_the_timeline_goes_on_below_the_first_page(officer: Client) -> None:
    company = CompanyFactory()
    for n in range(35):
        InteractionFactory(company=company, note=f"said-{n:02}", happened_at=clock.now() - timedelta(days=n))

    first = text(officer, company.get_absolute_url())
    assert "said-29" in first
    assert "said-30" not in first
    older = first.split("&amp;before=")[1].split("#")[0]
    assert "said-30" in text(officer, f"{company.get_absolute_url()}?kind=&before={older}")


def test_a_company_page_costs_the_same_whatever_hangs_on_it(officer: Client) -> None:
    company = CompanyFactory()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(officer, company.get_absolute_url())
        return len(captured)

    def fill() -> None:
        contact = PositionFactory(company=company).contact
        ParticipantFactory(interaction=InteractionFactory(company=company), contact=contact)
        FollowUpFactory(company=company)
        LeadFactory(company=company)
        CompanyFactory(parent=company)

    fill()
    once = queries()
    for _n in range(5):
        fill()
    assert queries() == once


def test_a_contact_page_shows_what_was_said_with_them(officer: Client) -> None:
    contact = ContactFactory()
    ParticipantFactory(interaction=InteractionFactory(note="Prefers Cali"), contact=contact)

    assert "Prefers Cali" in text(officer, contact.get_absolute_url())


def test_the_list_shows_the_last_touch_and_the_next_promise(officer: Client) -> None:
    company = InteractionFactory(company__name="Moove It").company
    FollowUpFactory(company=company, due_on=clock.agency_today() - timedelta(days=3))

    page = text(officer, "/companies/")

    assert "Moove It" in page
    assert 'class="late"' in page


@pytest.mark.parametrize(
    ("relation", "names"),
    [("installed", {"Installed"}), ("lead", {"With lead"}), ("contact", {"Met"}), ("new", {"Installed", "With lead"})],
)
def test_the_list_filters_by_relation(officer: Client, relation: str, names: set[str]) -> None:
    CompanyFactory(name="Installed", installed_since=clock.agency_today())
    LeadFactory(company__name="With lead")
    InteractionFactory(company__name="Met")

    rows = officer.get(f"/companies/?relation={relation}").context["page"].rows

    assert {row.c_name for row in rows} == names


def test_the_list_finds_a_typo(officer: Client) -> None:
    CompanyFactory(name="Alorica")
    CompanyFactory(name="Encora")

    rows = officer.get("/companies/?q=alroica").context["page"].rows

    assert [row.c_name for row in rows] == ["Alorica"]


def saved(company: Company, **changes: object) -> dict[str, object]:
    return {"name": company.name, "kind": "investor", "version": company.version, **changes}


def test_renaming_keeps_the_old_name(officer: Client) -> None:
    company = CompanyFactory(name="Sitel")

    officer.post(f"/companies/{company.pk}/edit/", saved(company, name="Foundever"))

    company.refresh_from_db()
    assert company.name == "Foundever"
    assert [name.name for name in company.names.all()] == ["Sitel"]


def test_a_stale_edit_is_refused_and_keeps_what_was_typed(officer: Client) -> None:
    company = CompanyFactory(name="Sitel")
    opened = saved(company, name="Typed")
    officer.post(f"/companies/{company.pk}/edit/", saved(company, name="Theirs"))

    page = officer.post(f"/companies/{company.pk}/edit/", opened).content.decode()

    company.refresh_from_db()
    assert company.name == "Theirs"
    assert 'value="Typed"' in page
    assert "Theirs" in page


def test_a_new_company_that_looks_like_one_we_have_asks_first(officer: Client) -> None:
    CompanyFactory(name="Moove It")

    page = officer.post("/companies/new/", {"name": "Moove-It S.A.S.", "kind": "investor"}).content.decode()

    assert "Is it one of these?" in page
    assert Company.objects.count() == 1


def test_it_is_another_company_if_one_says_so(officer: Client) -> None:
    CompanyFactory(name="Moove It")

    officer.post("/companies/new/", {"name": "Moove-It S.A.S.", "kind": "investor", "another": "1"})

    assert Company.objects.count() == 2


def test_a_company_does_not_become_its_own_grandparent(officer: Client) -> None:
    top = CompanyFactory(name="Top")
    child = CompanyFactory(name="Child", parent=top)

    page = officer.post(f"/companies/{top.pk}/edit/", saved(top, parent="Child", parent_id=child.pk)).content.decode()

    assert "A company cannot stand above its own parent." in page


def test_whoever_moves_keeps_their_history(officer: Client) -> None:
    held = PositionFactory()
    there = CompanyFactory()

    officer.post(
        f"/contacts/{held.contact.pk}/positions/new/",
        {"company": there.name, "company_id": there.pk, "title": "CTO", "ends_others": "on"},
    )

    assert [position.company for position in held.contact.positions.current()] == [there]
    assert held.contact.positions.count() == 2


@pytest.mark.parametrize(("typed", "stored"), [("602 555 0100", "+576025550100"), ("+1 415 555 0123", "+14155550123")])
def test_a_phone_number_is_kept_in_e164(officer: Client, typed: str, stored: str) -> None:
    contact = ContactFactory()

    officer.post(f"/contacts/{contact.pk}/points/new/", {"kind": "phone", "value": typed})

    assert ContactPoint.objects.get().value == stored


def test_what_is_no_phone_number_is_told_so(officer: Client) -> None:
    contact = ContactFactory()

    page = officer.post(f"/contacts/{contact.pk}/points/new/", {"kind": "phone", "value": "call me"}).content.decode()

    assert "This is no phone number." in page


def test_an_objection_is_recorded_once(officer: Client) -> None:
    contact = ContactFactory()
    officer.post(f"/contacts/{contact.pk}/objection/", {"source": "By mail"})
    contact.refresh_from_db()
    first = contact.objected_at

    officer.post(f"/contacts/{contact.pk}/objection/", {"source": "Again"})

    contact.refresh_from_db()
    assert (contact.objected_at, contact.objection_source) == (first, "By mail")


@pytest.mark.parametrize(
    ("given", "family", "asked"),
    [("Maria", "Ospina Gil", True), ("Ospina", "María", True), ("Juan", "Ospina", False)],
)
def test_a_new_contact_who_is_like_one_we_have_asks_first(
    officer: Client, given: str, family: str, *, asked: bool
) -> None:
    known = ContactFactory(given_name="María", family_name="Ospina")
    page = officer.post("/contacts/new/", {"given_name": given, "family_name": family, "version": 1})

    assert (page.status_code == 200 and known.get_absolute_url() in page.content.decode()) is asked


def test_another_person_of_the_same_name_is_added_when_one_says_so(officer: Client) -> None:
    ContactFactory(given_name="María", family_name="Ospina")
    officer.post("/contacts/new/", {"given_name": "María", "family_name": "Ospina", "version": 1, "another": "1"})

    assert Contact.objects.filter(family_name="Ospina").count() == 2


def test_the_filter_keeps_the_country_that_was_chosen(officer: Client) -> None:
    CountryFactory(code="XI", name_en="Ice & Land", name_es="Ice & Land")

    assert '<option value="XI" selected>Ice &amp; Land</option>' in text(officer, "/companies/?country=XI")
