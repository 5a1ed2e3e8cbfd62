"""A target is asked by mail in a real browser: the words, the draft, the preview, the decision."""

import pytest
from playwright.sync_api import Page, expect

from config.staff.models import User
from leads.models import Letter
from missions.models import MissionTarget
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory
from tests.missions.factories import MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def target() -> MissionTarget:
    contact = ContactFactory(given_name="María", language="es")
    EmailFactory(contact=contact, value="maria@example.org")
    mission = MissionFactory(name="California")
    one: MissionTarget = MissionTargetFactory(mission=mission, company=CompanyFactory(name="Moove It"), contact=contact)
    return one


@pytest.mark.parametrize("width", [390, 1280])
def test_a_target_is_asked_by_a_persons_decision(
    new_context: NewContext, logged_in: LoggedIn, officer: User, target: MissionTarget, width: int
) -> None:
    page: Page = new_context(viewport={"width": width, "height": 900}).new_page()
    logged_in(page, officer).goto(target.get_absolute_url())

    page.get_by_role("button", name="Write to them").click()
    page.get_by_label("Subject").fill("Una reunión en San Francisco")
    page.get_by_role("button", name="Save and see it").click()
    expect(page.locator(".letter")).to_contain_text("Hola, María")
    assert Letter.objects.get().state == "draft"
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator(".toast-line")).to_contain_text("maria@example.org")


@pytest.mark.parametrize("look", [(390, "es", "dark"), (1280, "en", "light")])
def test_the_words_of_an_invitation_stand_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, officer: User, target: MissionTarget, look: tuple[int, str, str]
) -> None:
    width, language, scheme = look
    User.objects.filter(pk=officer.pk).update(language=language)
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, officer)
    for address in (f"/missions/{target.mission_id}/invitation/", target.get_absolute_url()):
        page.goto(address)
        assert not accessibility_faults(page)
        assert not too_wide(page)
