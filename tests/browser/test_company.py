"""A company by hand: facts edited in their place, the head of the page on a phone."""

import pytest
from playwright.sync_api import Page, expect

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from tests.browser.conftest import LoggedIn
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, SectorFactory
from tests.leads.factories import AccountPlanFactory, FollowUpFactory, InteractionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    person: User = UserFactory(name="Lucía Prado", language="en")
    return person


@pytest.fixture
def company(officer: User) -> Company:
    known: Company = CompanyFactory(name="Acme Nova", owner=officer, domain="acme.example", sector=SectorFactory())
    InteractionFactory(company=known, logged_by=officer)
    FollowUpFactory(company=known, owner=officer, text="Send the pack")
    return known


def test_enter_saves_a_fact_where_it_stands(page: Page, logged_in: LoggedIn, officer: User, company: Company) -> None:
    logged_in(page, officer)
    page.goto(company.get_absolute_url())
    page.get_by_role("link", name="Edit: tax id (NIT)").click()
    expect(page.locator(".fact-form input[name=tax_id]")).to_be_focused()
    page.keyboard.type("900123")
    page.keyboard.press("Enter")

    expect(page.locator(".facts")).to_contain_text("900123")
    expect(page.locator(".fact-form")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit: tax id (NIT)")).to_be_focused()
    company.refresh_from_db()
    assert company.tax_id == "900123"


def test_esc_leaves_a_fact_as_it_was(page: Page, logged_in: LoggedIn, officer: User, company: Company) -> None:
    logged_in(page, officer)
    page.goto(company.get_absolute_url())
    page.get_by_role("link", name="Edit: web domain").click()
    expect(page.locator(".fact-form input[name=domain]")).to_be_focused()
    assert accessibility_faults(page) == []
    page.keyboard.type("elsewhere.example")
    page.keyboard.press("Escape")

    expect(page.locator(".fact-form")).to_have_count(0)
    expect(page.locator(".facts")).to_contain_text("acme.example")


def test_the_owner_is_changed_in_the_head(page: Page, logged_in: LoggedIn, officer: User, company: Company) -> None:
    UserFactory(name="Renata Gil")
    logged_in(page, officer)
    page.goto(company.get_absolute_url())
    page.get_by_role("link", name="Edit the owner").click()
    page.get_by_label("Owner", exact=True).select_option(label="Renata Gil")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Edit: owner")).to_be_focused()
    expect(page.locator("#fact-owner")).to_contain_text("Renata Gil")


def test_a_phone_answers_without_scrolling(phone: Page, logged_in: LoggedIn, officer: User, company: Company) -> None:
    logged_in(phone, officer)
    phone.goto(company.get_absolute_url())

    for words in ("Owner", "Last touch", "Next promise"):
        expect(phone.locator(".stat-label", has_text=words)).to_be_in_viewport()
    assert not too_wide(phone)


def test_the_account_plan_reads_well(phone: Page, logged_in: LoggedIn, officer: User, company: Company) -> None:
    AccountPlanFactory(company=company, owner=officer, next_visit_on=clock.agency_today())
    company.headcounts.create(counted_on=clock.agency_today(), jobs=320)
    logged_in(phone, officer)
    for address in (f"/companies/{company.pk}/account/", "/companies/installed/", f"/companies/{company.pk}/group/"):
        phone.goto(address)
        assert accessibility_faults(phone) == []
        assert not too_wide(phone)
