import pytest
from django.test import Client

from companies.models import Company
from tests.companies.factories import CompanyFactory, SectorFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory())
    return client


def address(company: Company, name: str) -> str:
    return f"/companies/{company.pk}/facts/{name}/"


def test_a_fact_is_edited_where_it_stands(officer: Client) -> None:
    company, sector = CompanyFactory(), SectorFactory()

    answer = officer.post(address(company, "sector"), {"sector": sector.pk, "version": 1}, headers=PART)

    company.refresh_from_db()
    assert (company.sector, company.version) == (sector, 2)
    assert sector.name_en in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_without_scripts_a_fact_has_a_page_of_its_own(officer: Client) -> None:
    company = CompanyFactory()

    assert "<html" in officer.get(address(company, "domain")).content.decode()
    answer = officer.post(address(company, "domain"), {"domain": "https://www.acme.example/x", "version": 1})

    company.refresh_from_db()
    assert answer.headers["Location"] == company.get_absolute_url()
    assert company.domain == "acme.example"


def test_a_stale_fact_shows_both_and_keeps_what_was_typed(officer: Client) -> None:
    company = CompanyFactory(domain="old.example")
    officer.post(address(company, "domain"), {"domain": "theirs.example", "version": 1})

    answer = officer.post(address(company, "domain"), {"domain": "mine.example", "version": 1}, headers=PART)

    company.refresh_from_db()
    assert answer.status_code == 422
    assert company.domain == "theirs.example"
    assert 'value="mine.example"' in answer.content.decode()
    assert "theirs.example" in answer.content.decode()


def test_a_change_elsewhere_leaves_other_facts_as_they_are(officer: Client) -> None:
    company = CompanyFactory(legal_name="Acme S.A.S.", owner=UserFactory())
    owner = company.owner
    officer.post(address(company, "tax_id"), {"tax_id": "900", "version": 1})

    company.refresh_from_db()
    assert (company.legal_name, company.owner, company.tax_id) == ("Acme S.A.S.", owner, "900")


def test_a_parent_that_would_close_a_circle_is_told_in_a_sentence(officer: Client) -> None:
    top = CompanyFactory(name="Top")
    child = CompanyFactory(name="Child", parent=top)

    page = officer.post(address(top, "parent"), {"parent": "Child", "parent_id": child.pk, "version": 1})

    assert "A company cannot stand above its own parent." in page.content.decode()


@pytest.mark.parametrize("name", ["name", "version", "ultimate_parent", "nothing"])
def test_only_facts_are_edited_so(officer: Client, name: str) -> None:
    assert officer.get(address(CompanyFactory(), name)).status_code == 404


def test_leaving_the_form_shows_the_fact_again(officer: Client) -> None:
    company = CompanyFactory(domain="acme.example")

    part = officer.get(f"{address(company, 'domain')}?shown", headers=PART).content.decode()

    assert 'href="https://acme.example"' in part
    assert "<form" not in part
