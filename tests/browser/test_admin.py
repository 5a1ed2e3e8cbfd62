"""The admin under the strict policy, in a real browser: no console error, no serious fault of accessibility."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from companies.models import Company
from config.staff.models import User
from tests.browser.conftest import LoggedIn, NewContext, Watch
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory, SectorFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    user: User = UserFactory(administrator=True)
    return user


def addresses() -> list[str]:
    company = CompanyFactory(sector=SectorFactory(), owner=UserFactory())
    CompanyFactory(name=company.name)
    position = PositionFactory(company=company, contact=ContactFactory())
    EmailFactory(contact=position.contact)
    lead = LeadFactory(company=company)
    interaction = InteractionFactory(company=company, lead=lead)
    follow_up = FollowUpFactory(company=company, lead=lead)
    appointment = AppointmentFactory(company=company, mission=MissionFactory())
    return [
        "/admin/",
        "/admin/companies/company/",
        f"/admin/companies/company/{company.pk}/change/",
        f"/admin/companies/company/{company.pk}/history/",
        f"/admin/companies/company/{company.pk}/delete/",
        "/admin/companies/company/add/",
        f"/admin/companies/contact/{position.contact.pk}/change/",
        "/admin/leads/lead/",
        f"/admin/leads/lead/{lead.pk}/change/",
        f"/admin/leads/interaction/{interaction.pk}/change/",
        f"/admin/leads/followup/{follow_up.pk}/change/",
        f"/admin/missions/mission/{appointment.mission.pk}/change/",
        f"/admin/missions/appointment/{appointment.pk}/change/",
        f"/admin/staff/user/{follow_up.owner.pk}/change/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_admins_pages_are_sound(
    new_context: NewContext, logged_in: LoggedIn, watch: Watch, administrator: User, *, scheme: str, width: int
) -> None:
    context: BrowserContext = new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = logged_in(context.new_page(), administrator)
    found = {}
    for address in addresses():
        page.goto(address)
        faults = list(watch.faults)
        faults += accessibility_faults(page)
        watch.faults.clear()  # axe styles what it measures, which the policy refuses
        if wide := too_wide(page):
            faults.append(f"{wide} pixels too wide")
        if faults:
            found[address] = faults

    assert found == {}


def test_a_company_is_cleaned_up_by_hand(page: Page, logged_in: LoggedIn, administrator: User) -> None:
    company = CompanyFactory(name="Globnt")
    logged_in(page, administrator).goto(f"/admin/companies/company/{company.pk}/change/")

    page.get_by_label("Name:", exact=True).first.fill("Globant")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Company.objects.get(pk=company.pk).name == "Globant"
