from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp
from missions.models import CostLine, Mission
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import InteractionFactory, ParticipantFactory, StageFactory
from tests.missions.factories import AppointmentFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mission() -> Mission:
    StageFactory()
    today = clock.agency_today()
    mission: Mission = MissionFactory(
        under_way=True,
        name="Misión comercial y de inversión a California",
        lead_officer=UserFactory(name="Ana Ruiz"),
        starts_on=today - timedelta(days=5),
        ends_on=today,
    )
    row = InteractionFactory(company=CompanyFactory(owner=None), mission=mission)
    ParticipantFactory(interaction=row, contact=ContactFactory(given_name="María", family_name="Peña"))
    AppointmentFactory(mission=mission, status="held")
    CostLine.objects.create(mission=mission, kind="travel", planned=100, rate_on=today)
    return mission


def test_a_mission_ends_in_one_confirmed_step(phone: Page, logged_in: LoggedIn, mission: Mission) -> None:
    logged_in(phone, mission.lead_officer).goto(mission.get_absolute_url())

    phone.get_by_role("link", name="End mission").tap()
    expect(phone.get_by_text("Meetings without interest")).to_be_visible()
    phone.get_by_role("button", name="End the mission").tap()
    expect(phone.locator(".toast-line", has_text="3 reviews were dated")).to_be_visible()
    expect(phone.get_by_role("button", name="Run it again")).to_be_visible()

    assert FollowUp.objects.filter(origin="review").count() == 3


@pytest.mark.parametrize("look", [(390, "es"), (1280, "en")])
def test_the_end_stands_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, mission: Mission, look: tuple[int, str]
) -> None:
    width, language = look
    User.objects.update(language=language)
    scheme = "dark" if language == "es" else "light"
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, mission.lead_officer).goto(f"/missions/{mission.pk}/end/")

    assert not accessibility_faults(page)
    assert not too_wide(page)
