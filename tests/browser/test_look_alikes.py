import pytest
from playwright.sync_api import Page, expect

from companies.look_alike_scan import scan
from companies.models import Company, Contact, NotTheSame
from config.staff.models import User
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, PositionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager() -> User:
    user: User = UserFactory(manager_role=True)
    for name in ("Acme", "Globant", "Compañía Ejemplar de Servicios Compartidos e Inteligencia de Negocios"):
        CompanyFactory(name=name, domain="one.example")
        CompanyFactory(name=f"{name} S.A.S.")
    scan(seconds=30)
    return user


def test_the_keys_skip_tell_apart_and_merge(page: Page, logged_in: LoggedIn, manager: User) -> None:
    logged_in(page, manager).goto("/look-alikes/")
    rows = page.locator("[data-rows] > li")
    expect(rows).to_have_count(3)
    first = rows.first.locator(".row-title").first.inner_text()

    page.keyboard.press("s")
    expect(rows).to_have_count(2)
    page.keyboard.press("n")
    expect(rows).to_have_count(1)
    page.keyboard.press("m")
    page.wait_for_url("**merges**")

    assert NotTheSame.objects.get().company_low.name != first


def test_the_key_2_keeps_the_second(page: Page, logged_in: LoggedIn, manager: User) -> None:
    logged_in(page, manager).goto("/look-alikes/")
    second = page.locator("[data-rows] > li").first.locator(".row-title").nth(1).inner_text()

    page.keyboard.press("2")
    page.wait_for_url("**merges**")

    expect(page.locator("thead th").nth(1)).to_contain_text(second)


def test_the_queue_is_worked_without_scripts(new_context: NewContext, logged_in: LoggedIn, manager: User) -> None:
    page = logged_in(new_context(java_script_enabled=False).new_page(), manager)
    page.goto("/look-alikes/")

    page.get_by_role("button", name="Not the same").first.click()

    expect(page.locator("[data-rows] > li")).to_have_count(2)
    assert NotTheSame.objects.count() == 1


def test_the_queue_fits_a_phone(phone: Page, logged_in: LoggedIn, manager: User) -> None:
    logged_in(phone, manager).goto("/look-alikes/")

    assert not too_wide(phone)
    assert accessibility_faults(phone) == []


def test_two_records_of_a_person_are_merged_out_of_the_queue(page: Page, logged_in: LoggedIn, manager: User) -> None:
    for given in ("María", "Maria"):
        PositionFactory(
            contact__given_name=given, contact__family_name="Ospina", company=Company.objects.earliest("pk")
        )
    scan(seconds=30)
    logged_in(page, manager).goto("/look-alikes/")

    page.get_by_role("link", name="People 1").click()
    expect(page.locator("[data-rows] > li")).to_contain_text("Same company")
    assert accessibility_faults(page) == []
    page.keyboard.press("m")
    page.get_by_role("button", name="Merge").click()

    expect(page.get_by_text("No two people look alike")).to_be_visible()
    assert Contact.objects.current().count() == 1
