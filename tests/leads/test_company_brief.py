"""The brief of a company: one sheet by the rights of its reader, restricted leads by their code names."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from companies.groups import move_under
from companies.models import Company
from config.staff.models import User
from leads.company_brief import brief_of, paper
from leads.models.choices import Level
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.missions.factories import DelegateFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user: User = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def company() -> Company:
    found: Company = CompanyFactory(name="Moove It", domain="moove-it.com", owner=UserFactory(name="Ana Holder"))
    person = ContactFactory(given_name="Luis", family_name="Pérez")
    EmailFactory(contact=person, value="luis@moove-it.com")
    PositionFactory(contact=person, company=found, title="Director")
    InteractionFactory(company=found, note="They look for sixty developers.")
    FollowUpFactory(company=found, text="Send the rent table")
    LeadFactory(company=found, title="Centre in Cali")
    return found


def page(client: Client, company: Company) -> str:
    return client.get(f"/companies/{company.pk}/brief/").content.decode()


def printed(client: Client, company: Company, language: str = "en") -> PdfReader:
    answer = client.get(f"/companies/{company.pk}/brief.pdf?language={language}")
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def test_it_answers_what_one_asks_before_a_meeting(client: Client, officer: User, company: Company) -> None:
    text = printed(client, company).pages[0].extract_text()

    for words in ("Ana Holder", "Luis", "luis@moove-it.com", "sixty developers", "rent table", "Centre in Cali"):
        assert words in text
        assert words in page(client, company)


def test_the_sheet_speaks_the_language_that_was_asked_for(client: Client, officer: User, company: Company) -> None:
    assert "Compromisos abiertos" in printed(client, company, "es").pages[0].extract_text()


def test_a_restricted_lead_goes_by_its_code_name_and_is_warned_of(
    client: Client, officer: User, company: Company
) -> None:
    LeadFactory(company=company, owner=officer, title="Plant in Yumbo", level=Level.NAMED, code_name="Proyecto Ceiba")

    for text in (page(client, company), printed(client, company).pages[0].extract_text()):
        assert "Proyecto Ceiba" in text
        assert "Plant in Yumbo" not in text
        assert "restricted lead" in text


def test_a_restricted_lead_of_others_leaves_no_trace(client: Client, officer: User, company: Company) -> None:
    before = page(client, company)
    secret = LeadFactory(company=company, title="Plant", level=Level.NAMED, code_name="Proyecto Ceiba")
    InteractionFactory(company=company, lead=secret, note="A secret word")
    FollowUpFactory(company=company, lead=secret, text="A secret promise")

    after = page(client, company)

    assert "Ceiba" not in after
    assert "secret" not in after
    assert len(before) == len(after)


def test_a_guest_gets_nothing(client: Client, company: Company) -> None:
    guest = UserFactory(guest=True)
    DelegateFactory(user=guest)
    client.force_login(guest)

    assert client.get(f"/companies/{company.pk}/brief/").status_code == 404
    assert client.get(f"/companies/{company.pk}/brief.pdf").status_code == 404


def test_it_fits_one_sheet_with_the_longest_words(officer: User) -> None:
    top, company = CompanyFactory(name="T" * 255), CompanyFactory(name="Wort " * 50, description="Worte " * 800)
    move_under(company, top)
    for number in range(12):
        move_under(CompanyFactory(name=f"{number} " + "Tochter " * 30), top)
        person = ContactFactory(given_name="Maria " * 20, family_name="Familienname " * 9)
        PositionFactory(contact=person, company=company, title="Directora " * 15)
        EmailFactory(contact=person, value=f"{'long' * 14}{number}@example.org")
        InteractionFactory(company=company, note="Viel gesagt " * 400)
        FollowUpFactory(company=company, text="Versprechen " * 24)
        LeadFactory(company=company, title="Zentrum " * 25)
    company = Company.objects.get(pk=company.pk)

    with translation.override("es"):
        content = paper(brief_of(company, officer))

    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_it_costs_the_same_queries_for_much_as_for_little(client: Client, officer: User, company: Company) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, company)
        return len(seen)

    few = asked()
    for _ in range(8):
        InteractionFactory(company=company)
        FollowUpFactory(company=company)
        LeadFactory(company=company)
        PositionFactory(company=company)

    assert asked() == few


def test_a_merged_company_leads_to_the_one_that_it_went_into(client: Client, officer: User, company: Company) -> None:
    gone = CompanyFactory(merged_into=company)

    answer = client.get(f"/companies/{gone.pk}/brief/")

    assert answer.headers["Location"] == f"/companies/{company.pk}/brief/"
