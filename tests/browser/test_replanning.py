"""A mission is decided, moved and copied in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from config.staff.models import Role, User
from missions.models import Mission
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.missions.factories import AppointmentFactory, MissionFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss() -> User:
    user: User = UserFactory(name="Ana Ruiz", role=Role.MANAGER)
    return user


@pytest.fixture
def mission(boss: User) -> Mission:
    made: Mission = MissionFactory(name="California", target_meetings=20, target_leads=5)
    AppointmentFactory(mission=made, stop=StopFactory(mission=made))
    return made


def test_a_mission_is_decided_and_moved(page: Page, logged_in: LoggedIn, boss: User, mission: Mission) -> None:
    logged_in(page, boss).goto(f"/missions/{mission.pk}/decide/")

    page.get_by_label("Go", exact=True).check()
    page.get_by_label("On what ground").fill("Two firms asked for us")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".mission-case")).to_contain_text("Two firms asked for us")
    page.goto(f"/missions/{mission.pk}/move/")
    page.get_by_label("New first day").fill("2026-11-23")
    page.get_by_role("button", name="Move all of it").click()
    expect(page.locator(".toast-line")).to_contain_text("1 appointment went along")
    expect(page.locator("#day-2026-11-26")).to_contain_text("10:00")


def test_a_mission_is_copied_on_a_phone(phone: Page, logged_in: LoggedIn, boss: User, mission: Mission) -> None:
    logged_in(phone, boss).goto(f"/missions/{mission.pk}/copy/")

    phone.get_by_label("Name").fill("California 2027")
    phone.get_by_label("First day").fill("2027-11-15")
    phone.get_by_role("button", name="Copy it").tap()

    expect(phone.get_by_role("heading", name="California 2027")).to_be_visible()
    expect(phone.locator(".mission-case")).to_contain_text("Copied from")


@pytest.mark.parametrize("look", [(390, "es", "dark"), (1280, "en", "light")])
def test_planning_anew_stands_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, boss: User, mission: Mission, look: tuple[int, str, str]
) -> None:
    width, language, scheme = look
    User.objects.filter(pk=boss.pk).update(language=language)
    mission.partners.add(CompanyFactory(name="ProColombia", kind="institution"))
    mission.decide("go", by=boss, note="Two firms asked for us", seen_version=1)
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, boss)
    for address in ("", "decide/", "cancel/", "move/", "copy/", "edit/"):
        page.goto(f"/missions/{mission.pk}/{address}")
        assert not accessibility_faults(page)
        assert not too_wide(page)
