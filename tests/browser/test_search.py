"""The search box on top: type, choose by arrow, open by Enter."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LoggedIn
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_company_is_opened_from_the_box_by_keys(page: Page, logged_in: LoggedIn) -> None:
    company = CompanyFactory(name="Globant")
    page = logged_in(page, UserFactory())
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/companies/")
    page.keyboard.press("/")
    page.keyboard.type("globnt")
    expect(page.locator("#search-answers [role=option]").first).to_contain_text("Globant")

    assert accessibility_faults(page) == []
    assert too_wide(page) <= 0
    page.keyboard.press("Escape")
    expect(page.locator("#search-answers")).to_be_hidden()
    page.keyboard.press("Backspace")
    page.keyboard.type("t")
    expect(page.locator("#search-answers [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/companies/{company.pk}/$"))
