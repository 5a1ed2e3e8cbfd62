import pytest

from companies.look_alikes import look_alikes
from companies.models import Company, CompanyName
from config.staff import clock
from tests.companies.factories import CompanyFactory

pytestmark = pytest.mark.django_db


def names(name: str, domain: str = "") -> list[str]:
    return [company.name for company in look_alikes(name, domain)]


@pytest.mark.parametrize(
    ("here", "typed"),
    [
        ("Moove It, Inc.", "moove-it sas"),
        ("Moove It", "MooveIT"),
        ("Compañía Exámple", "Compania Example"),
        ("Continental Logistics", "Continental Logsitics"),
    ],
)
def test_a_company_is_found_under_another_spelling(here: str, typed: str) -> None:
    CompanyFactory(name=here)
    CompanyFactory(name="Something Else")

    assert names(typed) == [here]


def test_a_former_name_finds_it() -> None:
    CompanyName.objects.create(company=CompanyFactory(name="Foundever"), name="Sitel", kind="former")

    assert names("Sitel Group") == ["Foundever"]


def test_a_web_domain_finds_it() -> None:
    CompanyFactory(name="Globant", domain="globant.example")

    assert names("Anything", "Globant.example") == ["Globant"]


def test_no_domain_finds_nobody_without_one() -> None:
    CompanyFactory(name="Globant")

    assert names("Anything") == []


def test_the_likeliest_stands_first_and_only_so_many() -> None:
    for n in range(8):
        CompanyFactory(name=f"Acme Partners {n}")
    exact: Company = CompanyFactory(name="Acme Partners")

    found = look_alikes("ACME Partners")

    assert found[0] == exact
    assert len(found) == 5


def test_archived_and_merged_companies_are_left_out() -> None:
    CompanyFactory(name="Acme", archived_at=clock.now())
    CompanyFactory(name="Acme", merged_into=CompanyFactory(name="Other"))

    assert names("Acme") == []


@pytest.mark.parametrize("typed", ["", "\x00", "%", "x" * 3000, "שלום", "???"])
def test_odd_names_are_answered(typed: str) -> None:
    CompanyFactory(name="Acme")

    assert names(typed, typed) == []


@pytest.mark.parametrize("typed", ["Moove It", "Qubika"])
def test_a_name_that_names_two_is_found_by_either(typed: str) -> None:
    CompanyFactory(name="Qubika (ex Moove-it)")

    assert names(typed) == ["Qubika (ex Moove-it)"]
