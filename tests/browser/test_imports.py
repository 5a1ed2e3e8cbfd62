from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from companies.importing import steps
from companies.models import Company, Import
from config.staff.models import User
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, CountryFactory
from tests.companies.importing import checked, read, uploaded
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

FILE = (
    "Company;Website;Country;Installed since\nMoove It;moove-it.com;EEUU;03/04/2015\nApollo;apollo.com;Yanquilandia;\n"
)


@pytest.fixture
def manager() -> User:
    CountryFactory()
    CompanyFactory(name="Apollo", domain="apollo.io")
    user: User = UserFactory(manager_role=True)
    return user


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "ferias.csv"
    place.write_text(FILE)
    return place


def walk(page: Page, file: Path) -> None:
    """From the list of companies to the writing, a look-alike decided on the way."""
    page.goto("/companies/")
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("link", name="Import a file").click()
    page.get_by_role("link", name="Companies", exact=True).last.click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Day first").check()
    page.get_by_label("Yanquilandia").select_option("US")
    page.get_by_role("button", name="Check every row").click()
    page.get_by_role("link", name="Apollo").click()
    page.get_by_label("No, it is a new one").check()
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("button", name="Write 2 rows").click()
    expect(page.get_by_text("2 rows were written.")).to_be_visible()


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_goes_all_the_way(
    new_context: NewContext, logged_in: LoggedIn, manager: User, file: Path, *, scripts: bool
) -> None:
    page = logged_in(new_context(java_script_enabled=scripts).new_page(), manager)

    walk(page, file)

    assert set(Company.objects.values_list("name", "domain", "origin_country")) == {
        ("Apollo", "apollo.io", None),
        ("Apollo", "apollo.com", "US"),
        ("Moove It", "moove-it.com", "US"),
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_fits_a_phone(phone: Page, logged_in: LoggedIn, manager: User, language: str) -> None:
    User.objects.filter(pk=manager.pk).update(language=language)
    logged_in(phone, manager)
    first = uploaded(FILE, by=manager)
    second = read(uploaded(FILE, by=manager))
    third = checked("Company;Website\nMoove It;no address\nApollo;apollo.com\n", by=manager)
    places = [f"/imports/{first.pk}/columns/", f"/imports/{second.pk}/values/", f"/imports/{third.pk}/"]
    places += [f"/imports/{third.pk}/rows/{number}/" for number in (2, 3)]

    for place in ("/imports/", "/imports/new/", "/imports/new/company/", *places):
        phone.goto(place)

        assert not too_wide(phone), place
        assert accessibility_faults(phone) == [], place


def test_the_page_goes_on_by_itself(page: Page, logged_in: LoggedIn, manager: User) -> None:
    an_import = read(uploaded(FILE, by=manager))
    an_import.status = Import.Status.CHECKING
    an_import.save()
    logged_in(page, manager).goto(f"/imports/{an_import.pk}/")
    expect(page.get_by_role("progressbar")).to_be_visible()

    steps.carry_on(an_import.pk, seconds=60)

    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
