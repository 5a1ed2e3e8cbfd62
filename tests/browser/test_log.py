"""Logging by thumb: the taps are counted, on a phone 390 pixels wide."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from companies.models import Company, Contact
from config.staff import clock
from config.staff.models import User
from config.staff.working_days import add_working_days
from leads.models import FollowUp, Interaction
from missions.models import Mission
from missions.wall_time import to_wall
from tests.browser.conftest import LoggedIn, NewContext
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import LeadFactory, StageFactory
from tests.missions.factories import DelegateFactory, EventFactory, MissionFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Thumb:
    """Counts what it taps; typing is free, but a box must have the focus already."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


@pytest.fixture
def officer() -> User:
    StageFactory()
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission(officer: User) -> Mission:
    today = clock.today_in("America/Los_Angeles")
    near = {"local_start": to_wall(clock.now() - timedelta(hours=3), "America/Los_Angeles")}
    near["local_end"] = near["local_start"] + timedelta(hours=6)
    days = {"starts_on": today - timedelta(days=2), "ends_on": today + timedelta(days=2)}
    mission: Mission = MissionFactory(under_way=True, name="California", **days)
    DelegateFactory(mission=mission, user=officer)
    StopFactory(mission=mission, arrives_on=days["starts_on"], leaves_on=days["ends_on"])
    EventFactory(mission=mission, name="TechCrunch Disrupt", **near)
    return mission


@pytest.fixture
def contact() -> Contact:
    contact: Contact = ContactFactory(given_name="Martín", family_name="Peña")
    PositionFactory(contact=contact, company=CompanyFactory(name="Globant"))
    return contact


@pytest.fixture
def thumb(phone: Page, logged_in: LoggedIn, officer: User, mission: Mission) -> Thumb:
    logged_in(phone, officer).goto("/today/")
    return Thumb(phone)


def chip(page: Page, words: str) -> Locator:
    return page.locator(".chip:visible", has_text=words)


def open_log(thumb: Thumb) -> None:
    thumb.tap(thumb.page.locator("[data-log]"))
    expect(thumb.page.locator("#id_who")).to_be_focused()


def test_known_person_takes_six_taps(thumb: Thumb, contact: Contact, mission: Mission, officer: User) -> None:
    page = thumb.page
    open_log(thumb)
    thumb.type("pen")
    thumb.tap(page.locator(".answer", has_text="Martín Peña"))
    thumb.tap(chip(page, "Hot"))
    page.get_by_label("What was said").fill("They want 200 seats")
    thumb.tap(chip(page, "I promised"))
    thumb.tap(chip(page, "In 3 working days"))
    thumb.tap(page.get_by_role("button", name="Save", exact=True))
    page.wait_for_url("**/interactions/*/**")

    interaction = Interaction.objects.get()
    assert thumb.taps == 6
    assert (interaction.outcome, interaction.interest, interaction.note) == ("held", "hot", "They want 200 seats")
    assert (interaction.mission, interaction.place, interaction.zone) == (
        mission,
        "San Francisco",
        "America/Los_Angeles",
    )
    assert interaction.participants.filter(contact=contact).exists()
    promise = FollowUp.objects.promises().get()
    assert (promise.owner, promise.due_on) == (officer, add_working_days(clock.today_for(officer), 3))


def test_unknown_person_takes_ten_taps_at_most(thumb: Thumb) -> None:
    page = thumb.page
    open_log(thumb)
    thumb.type("Zoe Quiroga")
    thumb.tap(page.locator(".log-add", has_text="Zoe Quiroga"))
    expect(page.locator("#id_new_company")).to_be_focused()
    thumb.type("Nuvola Labs")
    thumb.tap(chip(page, "Warm"))
    page.get_by_label("What was said").fill("A first talk")
    thumb.tap(chip(page, "I promised"))
    thumb.tap(chip(page, "In 3 working days"))
    thumb.tap(page.get_by_role("button", name="Save", exact=True))
    page.wait_for_url("**/interactions/*/**")

    assert thumb.taps <= 10
    assert Contact.objects.get().positions.get().company.name == "Nuvola Labs"


def test_company_like_one_we_have_is_shown_while_typing(thumb: Thumb) -> None:
    company = CompanyFactory(name="Moove It, Inc.")
    page = thumb.page
    open_log(thumb)
    thumb.type("Zoe Quiroga")
    thumb.tap(page.locator(".log-add", has_text="Zoe Quiroga"))
    expect(page.locator("#id_new_company")).to_be_focused()
    thumb.type("moove it sas")
    thumb.tap(page.locator("#log-likes .answer", has_text="Moove It, Inc."))
    expect(page.locator("input[name=company]")).to_have_value(str(company.pk))
    thumb.tap(page.get_by_role("button", name="Save", exact=True))
    page.wait_for_url("**/interactions/*/**")

    assert Company.objects.count() == 1


def test_a_tap_counts_though_more_answers_were_asked_for(thumb: Thumb, contact: Contact) -> None:
    """The answers to the last letters come after the tap on a name and before its own answer."""
    page = thumb.page
    LeadFactory(company=Company.objects.get(), title="Two hundred seats")
    held: dict[str, Route] = {}

    def hold(route: Route) -> None:
        tapped = "contact%3A" in (route.request.post_data or "") or 'name="pick"' in (route.request.post_data or "")
        held["tap" if tapped else "letters"] = route

    open_log(thumb)
    thumb.type("pen")
    answer = page.locator(".answer", has_text="Martín Peña")
    expect(answer).to_be_visible()
    page.route("**/meetings/new/who/", hold)
    with page.expect_request("**/meetings/new/who/"):
        thumb.type("a")
    with page.expect_request("**/meetings/new/who/"):
        thumb.tap(answer)
    held["letters"].continue_()
    page.wait_for_timeout(500)  # time for what must not come
    held["tap"].continue_()

    expect(page.locator("#log-lead")).to_contain_text("Two hundred seats")


def test_save_tapped_twice_is_one_interaction(thumb: Thumb, contact: Contact) -> None:
    page = thumb.page
    open_log(thumb)
    thumb.type("pen")
    thumb.tap(page.locator(".answer", has_text="Martín Peña"))
    expect(page.locator("input[name=contact]")).to_have_value(str(contact.pk))
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_url("**/interactions/*/**")

    assert Interaction.objects.count() == 1


def test_draft_survives_leaving_the_page(thumb: Thumb, contact: Contact) -> None:
    page = thumb.page
    open_log(thumb)
    thumb.type("pen")
    thumb.tap(page.locator(".answer", has_text="Martín Peña"))
    expect(page.locator("input[name=contact]")).to_have_value(str(contact.pk))
    page.get_by_label("What was said").fill("Half a sentence")
    page.goto("/today/")
    page.goto("/meetings/new/")

    expect(page.get_by_label("What was said")).to_have_value("Half a sentence")
    expect(page.locator("input[name=contact]")).to_have_value(str(contact.pk))


def test_session_that_ended_keeps_the_draft(thumb: Thumb, contact: Contact, logged_in: LoggedIn, officer: User) -> None:
    page = thumb.page
    open_log(thumb)
    thumb.type("pen")
    thumb.tap(page.locator(".answer", has_text="Martín Peña"))
    expect(page.locator("input[name=contact]")).to_have_value(str(contact.pk))
    page.get_by_label("What was said").fill("A long talk")
    page.context.clear_cookies(name="sessionid")
    thumb.tap(page.get_by_role("button", name="Save", exact=True))
    page.wait_for_url("**/login/**")
    logged_in(page, officer).goto("/meetings/new/")

    expect(page.get_by_label("What was said")).to_have_value("A long talk")
    expect(page.locator("input[name=contact]")).to_have_value(str(contact.pk))


def test_saved_draft_is_gone(thumb: Thumb, contact: Contact) -> None:
    page = thumb.page
    page.goto(f"/meetings/new/?contact={contact.pk}")
    page.get_by_label("What was said").fill("All of it")
    page.get_by_role("button", name="Save", exact=True).tap()
    page.wait_for_url("**/interactions/*/**")

    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('puente.draft.'))") == []


def test_signing_out_forgets_the_draft(thumb: Thumb) -> None:
    page = thumb.page
    page.goto("/meetings/new/")
    page.get_by_label("What was said").fill("For my eyes")
    page.goto("/today/")
    page.locator("details.menu summary[aria-label^=Menu]").tap()
    page.get_by_role("button", name="Sign out").tap()
    page.wait_for_url("**/login/**")

    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('puente.draft.'))") == []


def test_save_and_next_starts_anew_at_the_same_place(thumb: Thumb, contact: Contact) -> None:
    page = thumb.page
    page.goto(f"/meetings/new/?contact={contact.pk}")
    page.locator(".log-where summary").tap()
    page.get_by_label("Place").fill("Booth 12")
    page.get_by_role("button", name="Save and next").tap()
    page.wait_for_url("**saved=**")

    expect(page.locator("#log-draft")).to_be_hidden()
    expect(page.locator("input[name=contact]")).to_have_count(0)
    page.locator(".log-where summary").tap()
    expect(page.get_by_label("Place")).to_have_value("Booth 12")


def test_nothing_is_wider_than_the_phone(thumb: Thumb, contact: Contact) -> None:
    page = thumb.page
    page.goto(f"/meetings/new/?contact={contact.pk}")
    chip(page, "I promised").tap()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_works_without_scripts(
    new_context: NewContext, logged_in: LoggedIn, officer: User, mission: Mission, contact: Contact
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    logged_in(page, officer).goto("/meetings/new/")
    page.get_by_label("What was said").fill("They want 200 seats")
    page.locator("#id_who").fill("pena")
    page.get_by_role("button", name="Find").click()
    page.locator(".answer", has_text="Martín Peña").click()
    chip(page, "I promised").click()
    chip(page, "In 3 working days").click()
    page.get_by_role("button", name="Save", exact=True).click()

    interaction = Interaction.objects.get()
    assert (interaction.note, interaction.company.name) == ("They want 200 seats", "Globant")
    assert interaction.follow_ups.promises().count() == 1


def test_ctrl_enter_saves(page: Page, logged_in: LoggedIn, officer: User, contact: Contact) -> None:
    logged_in(page, officer).goto("/today/")
    page.keyboard.press("m")
    expect(page.locator("#id_who")).to_be_focused()
    page.keyboard.type("pen")
    expect(page.locator(".answer", has_text="Martín Peña")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=contact]")).to_have_value(str(contact.pk))
    page.get_by_label("What was said").fill("By keyboard")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/interactions/*/**")

    assert Interaction.objects.get().note == "By keyboard"


def test_hour_of_the_form_is_the_hour_there(thumb: Thumb) -> None:
    page = thumb.page
    page.goto("/meetings/new/")

    shown = datetime.fromisoformat(page.locator("#id_happened_at").input_value())
    assert abs(shown - to_wall(clock.now(), "America/Los_Angeles")) < timedelta(minutes=2)


def test_words_typed_before_the_scripts_came_are_looked_for(thumb: Thumb, contact: Contact) -> None:
    page = thumb.page

    def slowly(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/htmx*.js", slowly)
    open_log(thumb)
    thumb.type("pen")

    expect(page.locator(".answer", has_text="Martín Peña")).to_be_visible()
