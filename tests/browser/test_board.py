"""The board by hand: drag, keys, menu, the short form of a gate, a stale move, undo."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from config.staff import clock
from config.staff.models import User
from leads.models import Lead, Stage
from leads.pipeline import moves as pipeline
from tests.browser.conftest import LoggedIn, NewContext, Watch
from tests.browser.looking import accessibility_faults, too_wide
from tests.leads.ready import ready_lead
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    person: User = UserFactory(name="Lucía Prado")
    return person


@pytest.fixture
def board(page: Page, logged_in: LoggedIn, officer: User) -> Page:
    return logged_in(page, officer)


def card(page: Page, lead: Lead) -> Locator:
    return page.locator(f"#card-{lead.pk}")


def column(page: Page, stage: int) -> Locator:
    return page.locator(f"#cards-{stage}")


def drag(page: Page, what: Locator, to: Locator) -> None:
    start, end = what.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] - 20, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=12)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 24, steps=3)
    page.mouse.up()


def test_a_card_is_dragged_to_another_column(board: Page, officer: User) -> None:
    lead = ready_lead(title="Service centre")
    board.goto("/leads/board/")
    drag(board, card(board, lead), column(board, 2))

    expect(column(board, 2).locator(f"#card-{lead.pk}")).to_be_visible()
    expect(board.locator("#head-2")).to_contain_text("1 of 1 known")
    expect(board.locator("#head-1")).to_contain_text("0 of 0 known")
    expect(board.locator("#toasts")).to_contain_text("Service centre is now at")
    lead.refresh_from_db()
    assert lead.stage_id == Stage.QUALIFIED


def test_a_move_is_undone_from_the_toast(board: Page) -> None:
    lead = ready_lead()
    board.goto("/leads/board/")
    drag(board, card(board, lead), column(board, 2))
    board.get_by_role("button", name="Undo").click()

    expect(board.locator("#head-2")).to_contain_text("0 of 0 known")
    expect(column(board, 1).locator(f"#card-{lead.pk}")).to_be_visible()
    lead.refresh_from_db()
    assert lead.stage_id == Stage.LEAD


def test_a_card_moves_by_keys_and_keeps_the_focus(board: Page) -> None:
    lead = ready_lead()
    board.goto("/leads/board/")
    card(board, lead).locator(".row-title").focus()
    board.keyboard.press("]")

    expect(column(board, 2).locator(f"#card-{lead.pk}")).to_be_visible()
    expect(card(board, lead).locator(".row-title")).to_be_focused()


def test_a_card_moves_by_its_menu(board: Page) -> None:
    lead = ready_lead()
    board.goto("/leads/board/")
    card(board, lead).locator("[data-move]").click()
    board.get_by_role("link", name="2. Stage 2").click()
    board.get_by_role("button", name="Move", exact=True).click()

    expect(column(board, 2).locator(f"#card-{lead.pk}")).to_be_visible()
    expect(board.locator("#move-dialog")).to_be_hidden()


def test_a_closed_gate_asks_and_escape_puts_the_card_back(board: Page, watch: Watch) -> None:
    watch.expect("422")
    lead = ready_lead(motives="")
    board.goto("/leads/board/")
    drag(board, card(board, lead), column(board, 2))
    expect(board.locator("#move-dialog")).to_contain_text("Say why they want to invest.")
    board.keyboard.press("Escape")

    expect(column(board, 1).locator(f"#card-{lead.pk}")).to_be_visible()
    lead.refresh_from_db()
    assert lead.stage_id == Stage.LEAD


def test_the_short_form_lets_the_card_through(board: Page, watch: Watch) -> None:
    watch.expect("422")
    lead = ready_lead(motives="")
    board.goto("/leads/board/")
    drag(board, card(board, lead), column(board, 2))
    board.get_by_label("motives").fill("Bilingual talent")
    board.get_by_role("button", name="Save and move").click()

    expect(board.locator("#move-dialog")).to_be_hidden()
    expect(column(board, 2).locator(f"#card-{lead.pk}")).to_be_visible()
    lead.refresh_from_db()
    assert lead.motives == "Bilingual talent"


def test_a_stale_move_says_who_was_quicker_and_can_be_tried_again(board: Page, watch: Watch) -> None:
    watch.expect("409")
    lead = ready_lead()
    board.goto("/leads/board/")
    pipeline.move_to(lead, Stage.QUALIFIED, by=UserFactory(name="Ana Ruiz"), seen_version=1)
    drag(board, card(board, lead), column(board, 3))
    dialog = board.locator("#move-dialog")

    expect(dialog).to_contain_text("A colleague was quicker")
    expect(dialog).to_contain_text("Ana Ruiz")
    board.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(board.locator("#toasts")).to_contain_text("is now at")
    expect(column(board, 3).locator(f"#card-{lead.pk}")).to_be_visible()


def test_an_enter_in_the_moment_a_part_shows_stays_on_the_board(board: Page, watch: Watch) -> None:
    watch.expect("409")
    lead = ready_lead()
    board.goto("/leads/board/")
    pipeline.move_to(lead, Stage.QUALIFIED, by=UserFactory(name="Ana Ruiz"), seen_version=1)
    board.evaluate(
        """() => new MutationObserver((_changes, watching) => {
            const form = document.querySelector("#move-dialog form");
            if (form) { watching.disconnect(); form.requestSubmit(); }
        }).observe(document.querySelector("#move-dialog"), {childList: true, subtree: true})"""
    )
    drag(board, card(board, lead), column(board, 3))

    expect(board.locator("#toasts")).to_contain_text("is now at")
    expect(board).to_have_url(re.compile("/leads/board/"))


def test_a_card_is_dragged_to_another_day(board: Page) -> None:
    lead = ready_lead()
    lead.follow_ups.update(due_on=clock.agency_today() - timedelta(days=2))
    board.goto("/leads/board/?by=step")
    drag(board, card(board, lead), board.locator("#cards-today"))
    expect(board.locator("#move-dialog")).to_contain_text("Send the information pack")
    board.get_by_role("button", name="Put it on this day").click()

    expect(board.locator("#cards-today").locator(f"#card-{lead.pk}")).to_be_visible()
    expect(board.locator("#head-today")).to_contain_text("1 of 1 known")
    assert lead.follow_ups.get().due_on == clock.agency_today()


def test_a_step_is_planned_from_its_card_by_keys_and_escape_leaves_it(board: Page) -> None:
    lead = ready_lead()
    lead.follow_ups.all().delete()
    board.goto("/leads/board/?by=step")
    card(board, lead).locator(".row-title").focus()
    board.keyboard.press("[")
    board.locator("#move-dialog").get_by_label("Next step").press("Escape")
    expect(board.locator("#cards-none").locator(f"#card-{lead.pk}")).to_be_visible()
    card(board, lead).get_by_text("No next step planned").click()
    board.locator("#move-dialog").get_by_label("Next step").fill("Call the plant manager")
    board.locator("#move-dialog").get_by_label("On which day").fill(clock.agency_today().isoformat())
    board.keyboard.press("Enter")

    expect(board.locator("#cards-today").locator(f"#card-{lead.pk}")).to_contain_text("Call the plant manager")
    expect(card(board, lead).locator(".row-title")).to_be_focused()


def test_the_board_works_without_scripts(new_context: NewContext, logged_in: LoggedIn, officer: User) -> None:
    lead = ready_lead()
    page = logged_in(new_context(java_script_enabled=False).new_page(), officer)
    page.goto("/leads/board/")
    card(page, lead).locator("[data-move]").click()
    page.get_by_role("link", name="2. Stage 2").click()
    page.get_by_role("button", name="Move", exact=True).click()

    expect(page.locator(".path .here")).to_contain_text("Stage 2")


def test_the_board_fits_a_phone(phone: Page, logged_in: LoggedIn, officer: User) -> None:
    ready_lead(title="Centro de servicios compartidos para investigaciones farmacoepidemiológicas")
    logged_in(phone, officer).goto("/leads/board/")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_of_a_lead_has_a_serious_accessibility_fault(
    new_context: NewContext, logged_in: LoggedIn, officer: User, watch: Watch, scheme: str
) -> None:
    watch.expect("422")
    lead = ready_lead(motives="", owner=officer, jobs_estimate=None)
    ready_lead(Stage.DECISION, verified_by=None)
    ready_lead(Stage.VISIT).follow_ups.all().delete()
    page = logged_in(new_context(color_scheme=scheme).new_page(), officer)
    address = f"/leads/{lead.pk}/"
    paths = ["/leads/board/", "/leads/board/?by=step", "/leads/", "/leads/new/", address]
    paths += [address + part for part in ("edit/", "step/", "access/", "status/?status=on_hold", "move/?stage=2")]
    paths += [address + part for part in ("figures/new/", "claims/new/", "follow-ups/new/")]
    faults = []
    for path in paths:
        page.goto(path)
        faults += [f"{path} {fault}" for fault in accessibility_faults(page)]
        faults += [f"{path} is too wide by {pixels}" for pixels in [too_wide(page)] if pixels]
    page.goto("/leads/board/")
    card(page, lead).locator(".row-title").focus()
    page.keyboard.press("]")
    expect(page.locator("#move-dialog form")).to_be_visible()
    assert not faults + accessibility_faults(page)
