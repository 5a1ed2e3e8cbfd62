from typing import Any

import pytest

from companies.models import Company, CompanyName, Contact, ContactPoint, Import, Position
from tests.companies.factories import (
    CompanyFactory,
    ContactFactory,
    CountryFactory,
    EmailFactory,
    PositionFactory,
    SectorFactory,
)
from tests.companies.importing import checked, imported, outcomes, row, run, undone

pytestmark = pytest.mark.django_db


def test_a_file_of_companies_becomes_companies() -> None:
    CountryFactory()

    done = imported("Company,Website,Country\nMoove It,https://www.moove-it.com/en,USA\nGlobant,globant.com,EEUU\n")

    assert done.status == Import.Status.DONE
    assert list(Company.objects.order_by("name").values_list("name", "domain", "origin_country")) == [
        ("Globant", "globant.com", "US"),
        ("Moove It", "moove-it.com", "US"),
    ]
    assert done.counts["written"] == 2


def test_a_dry_run_writes_nothing() -> None:
    an_import = checked("Company\nMoove It\nGlobant\n")

    assert outcomes(an_import) == ["create", "create"]
    assert not Company.objects.exists()


def test_a_known_company_is_updated_where_it_had_a_gap() -> None:
    company = CompanyFactory(name="Moove It, Inc.", description="Kept")

    an_import = imported("Company;Website;Description\nMOOVE-IT S.A.S.;moove-it.com;Other words\n")

    company.refresh_from_db()
    assert outcomes(an_import) == ["update"]
    assert (company.name, company.domain, company.description) == ("Moove It, Inc.", "moove-it.com", "Kept")


def test_where_the_file_is_right_what_stood_there_is_replaced() -> None:
    company = CompanyFactory(name="Moove It", description="Old words")

    imported("Company;Description\nMoove It;New words\n", overwrites=True)

    company.refresh_from_db()
    assert company.description == "New words"


def test_a_row_that_says_nothing_new_is_left_alone() -> None:
    CompanyFactory(name="Moove It", domain="moove-it.com", version=7)

    an_import = imported("Company,Website\nMoove It,moove-it.com\n")

    assert outcomes(an_import) == ["same"]
    assert Company.objects.get().version == 7


@pytest.mark.parametrize(
    ("stands", "says"),
    [
        ({"name": "Continental Logistics Group"}, "Continental Logsitics Group,"),
        ({"name": "Bancolombia", "domain": "group.example"}, "Nequi Digital,group.example"),
        ({"name": "Apollo", "domain": "apollo.io"}, "Apollo,apollo.com"),
    ],
)
def test_a_look_alike_is_asked_about_and_not_written(stands: dict[str, str], says: str) -> None:
    company = CompanyFactory(**stands)

    an_import = imported(f"Company,Website\n{says}\n")

    assert outcomes(an_import) == ["alike"]
    assert row(an_import, 2).company_alikes[0]["pk"] == company.pk
    assert Company.objects.get() == company


def test_the_same_company_twice_in_a_file_is_made_once() -> None:
    an_import = imported("Company,Website,Description\nMoove It Inc,,\nMoove-It,moove-it.com,They code\n")

    assert outcomes(an_import) == ["create", "double"]
    assert row(an_import, 3).double_of == 2
    company = Company.objects.get()
    assert (company.domain, company.description) == ("moove-it.com", "They code")


def test_one_name_with_two_websites_is_asked_about() -> None:
    an_import = checked("Company,Website\nApollo,apollo.io\nApollo,apollo.com\n")

    assert outcomes(an_import) == ["create", "alike"]
    assert row(an_import, 3).company_alikes == [{"row": 2}]


def test_people_come_with_their_company() -> None:
    SectorFactory()

    imported(
        "Name,Company,Job title,E-mail,Phone,Sector\n"
        "Ana Gómez Pérez,Moove It,CEO,Ana@Moove-it.com,+1 415 555 2671,Software\n"
        "Luis Pérez,Moove It,CTO,luis@moove-it.com,,\n",
        "person",
    )

    company = Company.objects.get()
    assert company.sector_id == "software"
    assert sorted(contact.name for contact in Contact.objects.all()) == ["Ana Gómez Pérez", "Luis Pérez"]
    assert set(Position.objects.values_list("company", "title")) == {(company.pk, "CEO"), (company.pk, "CTO")}
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {
        "ana@moove-it.com",
        "+14155552671",
        "luis@moove-it.com",
    }


def test_a_person_is_known_by_address_and_gets_the_new_position() -> None:
    ana = ContactFactory(given_name="Ana", family_name="Gómez")
    EmailFactory(contact=ana, value="ana@example.org")

    an_import = imported("Name,E-mail,Company,Cargo\nAna Gomez,ana@example.org,Globant,CEO\n", "person")

    assert outcomes(an_import) == ["update"]
    assert Contact.objects.get().positions.get().company.name == "Globant"


def test_somebody_of_the_same_name_elsewhere_is_asked_about() -> None:
    PositionFactory(contact=ContactFactory(given_name="Ana", family_name="Gómez"))

    an_import = checked("Name,Company\nAna Gómez,Globant\n", "person")

    assert outcomes(an_import) == ["alike"]


def test_undoing_takes_back_what_was_made_and_what_was_changed() -> None:
    company = CompanyFactory(name="Moove It")
    done = imported("Name,Company,Website,E-mail\nAna Gómez,Moove It,moove-it.com,a@b.co\nLuis,Globant,,\n", "person")
    assert Company.objects.count() == 2

    done = undone(done)

    company.refresh_from_db()
    assert (done.status, company.domain) == (Import.Status.UNDONE, "")
    assert list(Company.objects.all()) == [company]
    assert not Contact.objects.exists()
    assert not ContactPoint.objects.exists()
    assert not done.writes.exclude(state="undone").exists()


def test_undoing_leaves_what_somebody_changed_since() -> None:
    CompanyFactory(name="Moove It")
    done = imported("Company,Website,Description\nMoove It,moove-it.com,Code\nGlobant,,\nEndava,,\n")
    Company.objects.filter(name="Moove It").update(domain="other.example")
    Company.objects.filter(name="Globant").update(description="Met in Lisbon")

    done = undone(done)

    assert set(Company.objects.values_list("name", "domain", "description")) == {
        ("Moove It", "other.example", ""),
        ("Globant", "", "Met in Lisbon"),
    }
    assert set(done.writes.filter(state="left").values_list("why", flat=True)) == {"changed"}


def test_undoing_leaves_whole_what_others_built_on() -> None:
    done = imported("Name,Company,E-mail\nAna Gómez,Moove It,a@b.co\n", "person")
    PositionFactory(contact=Contact.objects.get())

    undone(done)

    assert Contact.objects.get().contact_points.count() == 1
    assert Contact.objects.get().positions.count() == 2
    assert Company.objects.filter(name="Moove It").exists()


def test_what_a_colleague_made_since_the_dry_run_is_not_made_twice() -> None:
    an_import = checked("Company,Website\nMoove It,moove-it.com\nContinental Logsitics Group,\n")
    CompanyFactory(name="Moove-It Inc.")
    CompanyFactory(name="Continental Logistics Group")

    an_import = run(an_import)

    assert outcomes(an_import) == ["update", "alike"]
    assert Company.objects.count() == 2


def test_other_names_become_names_of_the_company() -> None:
    imported("Company,Alias\nFoundever,Sitel\n")

    assert CompanyName.objects.get().name == "Sitel"


def test_history_says_who_and_which_import() -> None:
    done = imported("Company\nMoove It\n")

    company: Any = Company.objects.get()
    context: dict[str, Any] = company.history.get().pgh_context.metadata
    assert (context["user"], context["import"]) == (done.by_id, done.pk)
