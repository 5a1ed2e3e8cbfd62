from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from config.staff.models import User
from tests.browser.conftest import LoggedIn, Watch
from tests.browser.looking import accessibility_faults, too_wide
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

STRANGERS = ["/login/", "/password/reset/", "/invitation/never-was/", "/nowhere/"]
STAFF = [
    "/style/",
    "/settings/",
    "/settings/people/",
    "/sessions/",
    "/password/change/",
    "/2fa/",
    "/2fa/webauthn/",
    "/admin/",
]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def administrator() -> User:
    return UserFactory(administrator=True, name="María-Fernanda Echeverri de Bohórquez-Santander")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_strangers_pages_are_sound(new_context: NewContext, watch: Watch, scheme: str, width: int) -> None:
    watch.expect("Failed to load resource")  # the pages that say 404 and 410
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()

    assert _faults(page, STRANGERS) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_staff_pages_are_sound(
    new_context: NewContext, logged_in: LoggedIn, administrator: User, scheme: str, width: int
) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    logged_in(page, administrator)

    assert _faults(page, STAFF) == {}


def _faults(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(address)
        faults = accessibility_faults(page)
        if wide := too_wide(page):
            faults.append(f"{wide} pixels too wide")
        if faults:
            found[address] = faults
    return found


def test_a_slash_goes_to_the_search(page: Page, logged_in: LoggedIn, administrator: User) -> None:
    logged_in(page, administrator).goto("/style/")

    page.keyboard.press("/")

    expect(page.get_by_role("combobox", name="Search companies")).to_be_focused()


def test_ctrl_k_goes_to_the_search_even_while_typing(page: Page, logged_in: LoggedIn, administrator: User) -> None:
    logged_in(page, administrator).goto("/style/")
    page.locator("#id_note").focus()

    page.keyboard.press("Control+k")

    expect(page.get_by_role("combobox", name="Search companies")).to_be_focused()


def test_letters_typed_into_a_field_are_only_letters(page: Page, logged_in: LoggedIn, administrator: User) -> None:
    logged_in(page, administrator).goto("/style/")
    note = page.locator("#id_note")

    note.press_sequentially("m/?jk")

    expect(note).to_have_value("m/?jk")


def test_a_question_mark_shows_the_keys_and_escape_puts_them_away(
    page: Page, logged_in: LoggedIn, administrator: User
) -> None:
    logged_in(page, administrator).goto("/style/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#keys")).to_be_hidden()


def test_j_and_k_walk_through_the_rows(page: Page, logged_in: LoggedIn, administrator: User) -> None:
    logged_in(page, administrator).goto("/style/")
    rows = page.locator("[data-rows] > li")

    for key in "jjk":
        page.keyboard.press(key)

    expect(rows.nth(0)).to_have_attribute("aria-current", "true")


def test_a_chosen_theme_wins_over_the_device(new_context: NewContext, logged_in: LoggedIn) -> None:
    page = new_context(color_scheme="light").new_page()
    logged_in(page, UserFactory(theme="dark")).goto("/style/")

    expect(page.locator("body")).to_have_css("background-color", "rgb(25, 24, 22)")


def test_the_menu_works_without_scripts(
    new_context: NewContext, logged_in: LoggedIn, administrator: User, watch: Watch
) -> None:
    watch.expect("/today/")  # where the way out leads; not what is tested here
    page = new_context(java_script_enabled=False).new_page()
    logged_in(page, administrator).goto("/settings/")

    page.locator(".top-tools summary").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/settings/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_form_sent_twice_goes_once(page: Page, logged_in: LoggedIn, administrator: User) -> None:
    logged_in(page, administrator).goto("/settings/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    page.get_by_role("button", name="Save").dblclick()
    expect(page.locator(".toast-line")).to_be_visible()

    assert len(sent) == 1


def test_thumbs_reach_the_log_button_in_the_middle(phone: Page, logged_in: LoggedIn) -> None:
    logged_in(phone, UserFactory()).goto("/settings/")

    box = phone.get_by_role("link", name="Log").bounding_box()

    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - 195) < 20
    assert box["y"] > 700


def test_a_guest_sees_the_agenda_alone(page: Page, logged_in: LoggedIn) -> None:
    logged_in(page, UserFactory(guest=True)).goto("/settings/")

    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(["Agenda"])
