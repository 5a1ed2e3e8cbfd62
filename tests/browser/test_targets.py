"""The target list in a real browser: moved by keyboard at a desk and by thumb on a phone."""

import pytest
from playwright.sync_api import Page, expect

from companies.models import SavedView
from config.staff.models import User
from missions import targeting
from missions.models import Mission, MissionTarget
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.missions.factories import MissionFactory, MissionTargetFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Sociedad Internacional de Telecomunicaciones Aeronáuticas y Desarrollos Biotecnológicos del Pacífico S.A.S."


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission(officer: User) -> Mission:
    made: Mission = MissionFactory(name="California", lead_officer=officer)
    StopFactory(mission=made)
    fit, *_rest = made.criteria.bulk_create(targeting.usual_criteria(made))
    told = {"mission": made, "caller": officer}
    MissionTargetFactory(company=CompanyFactory(name="Globant"), points={str(fit.pk): 3}, score=100, **told)
    MissionTargetFactory(company=CompanyFactory(name=LONG), status="declined", declined_because="Sin agenda", **told)
    MissionTargetFactory(company=CompanyFactory(name="Endava"), points={str(fit.pk): 1}, score=33, **told)
    return made


def test_targets_are_moved_by_keyboard(page: Page, logged_in: LoggedIn, officer: User, mission: Mission) -> None:
    logged_in(page, officer).goto(f"/missions/{mission.pk}/targets/")

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("4")
    expect(page.locator(".toast-line")).to_contain_text("2 companies were moved.")
    # One goes on where one was.
    expect(page.locator("tr[aria-current=true]")).to_contain_text("Globant")
    page.keyboard.press("p")
    page.wait_for_url("**/appointments/new/?target=*")
    expect(page.locator("input[name=company]")).to_have_value("Globant")

    assert set(mission.targets.filter(status="accepted").values_list("company__name", flat=True)) == {
        "Globant",
        "Endava",
    }


def test_a_target_declines_on_a_phone(phone: Page, logged_in: LoggedIn, officer: User, mission: Mission) -> None:
    logged_in(phone, officer).goto(f"/missions/{mission.pk}/targets/?q=Globant")

    phone.get_by_label("Select Globant").tap()
    # Without the reason nothing is sent.
    phone.get_by_role("button", name="Declined").tap()
    phone.get_by_placeholder("Why they declined").fill("No budget this year")
    phone.get_by_role("button", name="Declined").tap()
    expect(phone.locator("tbody")).to_contain_text("No budget this year")

    assert MissionTarget.objects.get(company__name="Globant").status == "declined"


def test_a_saved_view_fills_the_list_and_a_target_is_scored(
    page: Page, logged_in: LoggedIn, officer: User, mission: Mission
) -> None:
    CompanyFactory(name="Moove It", owner=officer)
    SavedView.objects.create(owner=officer, list="companies", name="Mine", query=f"owner={officer.pk}")
    logged_in(page, officer).goto(f"/missions/{mission.pk}/targets/add/")

    page.get_by_label("Saved view of companies").select_option("Mine")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Moove It").click()
    page.locator("label", has_text="2").first.click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("tr", has_text="Moove It")).to_contain_text("67")


@pytest.mark.parametrize("look", [(390, "es", "dark"), (1280, "en", "light")])
def test_the_target_list_stands_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, officer: User, mission: Mission, look: tuple[int, str, str]
) -> None:
    width, language, scheme = look
    User.objects.filter(pk=officer.pk).update(language=language)
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    target = mission.targets.first()
    assert target is not None
    logged_in(page, officer)
    for address in ("", "add/", "criteria/", f"{target.pk}/"):
        page.goto(f"/missions/{mission.pk}/targets/{address}")
        assert not accessibility_faults(page)
        assert not too_wide(page)
