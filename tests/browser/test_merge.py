import pytest
from playwright.sync_api import Page, expect

from companies.models import Company, MergeLog
from tests.browser.conftest import LoggedIn
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def three() -> str:
    companies = [CompanyFactory(name=name, domain=domain) for name, domain in WHO]
    return "/merges/new/company/?" + "&".join(f"record={company.pk}" for company in companies)


WHO = [("Acme", "acme.example"), ("Acme Inc", ""), ("ACME", "acme.test")]


def test_a_choice_fills_the_result_and_typing_wins(page: Page, logged_in: LoggedIn) -> None:
    logged_in(page, UserFactory(manager_role=True)).goto(three())
    result = page.locator("[name=own_domain]")
    page.locator("[name=pick_domain]").nth(2).check()
    expect(result).to_have_value("acme.test")
    result.fill("typed.example")
    expect(page.locator("[name=pick_domain][value=own]")).to_be_checked()

    page.get_by_role("button", name="Merge", exact=True).click()

    expect(page.get_by_text("were merged into")).to_be_visible()
    assert Company.objects.get(name="Acme").domain == "typed.example"
    assert MergeLog.objects.count() == 2


def test_the_comparison_fits_a_phone(phone: Page, logged_in: LoggedIn) -> None:
    logged_in(phone, UserFactory(manager_role=True)).goto(three())

    assert not too_wide(phone)
    assert accessibility_faults(phone) == []
