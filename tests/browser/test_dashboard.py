from datetime import date

import pytest
from playwright.sync_api import Page, expect

from config.staff.models import User
from leads.models import Stage
from leads.models.choices import Status
from tests.browser.conftest import LoggedIn
from tests.companies.factories import CompanyFactory, CountryFactory
from tests.leads.factories import FollowUpFactory, LeadFactory, ReadingFactory, StageFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ALL = "since=&until=&scope=all"


@pytest.fixture
def manager() -> User:
    """With five projects of long-named companies from two countries, and something in every part of the page."""
    MissionFactory(name="Misión comercial y de inversión a la costa oeste de los Estados Unidos de América")
    decided = StageFactory(number=Stage.DECISION)
    for place, code in enumerate(["US", "US", "US", "DE", "DE"]):
        origin = CountryFactory(code=code, name_en=f"Country {code}", name_es=f"País {code}")
        company = CompanyFactory(
            name=f"Telecomunicaciones Aeronáuticas del Pacífico {place} S.A.S.", origin_country=origin
        )
        won = LeadFactory(company=company, stage=decided, status=Status.WON, decided_on=date(2020, 2, 1))
        ReadingFactory(lead=won)
        opened = LeadFactory(stage=StageFactory(number=Stage.VISIT), capex_estimate_usd="2500000.00")
        FollowUpFactory(lead=opened, company=opened.company, due_on=date(2020, 1, 1))
    made: User = UserFactory(manager_role=True)
    return made


def test_a_number_opens_a_list_of_as_many_rows(page: Page, manager: User, logged_in: LoggedIn) -> None:
    logged_in(page, manager).goto(f"/dashboard/?{ALL}")

    page.locator("#origin-US").get_by_role("link", name="3", exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    expect(page.locator("#value")).to_have_text("3")
    expect(page.locator("#behind tbody tr")).to_have_count(3)


def test_a_tile_opens_its_list(page: Page, manager: User, logged_in: LoggedIn) -> None:
    logged_in(page, manager).goto(f"/dashboard/?{ALL}")

    page.locator("#tile-overdue").click()

    expect(page.locator("#value")).to_have_text("5")
    expect(page.locator("#behind tbody tr")).to_have_count(5)


def test_filters_are_chosen_in_the_bar_and_stand_in_the_address(page: Page, manager: User, logged_in: LoggedIn) -> None:
    logged_in(page, manager).goto("/dashboard/")
    page.get_by_label("Period").select_option("2020")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("#tile-projects .stat-value")).to_have_text("5")
    assert "period=2020" in page.url


@pytest.mark.parametrize("path", ["/dashboard/", "/dashboard/origins/", "/figures/projects/", "/figures/overdue/"])
def test_a_phone_never_scrolls_the_page_sideways(phone: Page, manager: User, logged_in: LoggedIn, path: str) -> None:
    logged_in(phone, manager).goto(f"{path}?{ALL}")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
