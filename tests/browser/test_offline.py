"""On the floor with the network cut, in a real Chromium. What the page says is read; no code of the page is called."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from companies.models import Company
from config.embedded.processes import wait_until
from config.staff import clock
from config.staff.models import User
from leads.models import Interaction
from missions.models import Appointment, Mission
from missions.wall_time import to_wall
from tests.browser.conftest import LoggedIn, NewContext, Watch
from tests.companies.factories import CompanyFactory
from tests.leads.factories import StageFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = "America/Los_Angeles"


@pytest.fixture
def officer() -> User:
    StageFactory()
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def appointment(officer: User) -> Appointment:
    today = clock.today_in(ZONE)
    days = {"starts_on": today - timedelta(days=2), "ends_on": today + timedelta(days=2)}
    mission: Mission = MissionFactory(under_way=True, name="California", **days)
    delegate = DelegateFactory(mission=mission, user=officer)
    StopFactory(mission=mission, arrives_on=days["starts_on"], leaves_on=days["ends_on"], zone=ZONE)
    noon = to_wall(clock.now(), ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    hours = {"local_start": noon, "local_end": noon + timedelta(hours=1), "zone": ZONE}
    row: Appointment = AppointmentFactory(mission=mission, company=CompanyFactory(name="Globant"), **hours)
    SeatFactory(appointment=row, delegate=delegate)
    return row


# Reads the browser's own database, as its developer tools would.
KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("puente");
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onerror = () => done(0);
  asked.onsuccess = () => {
    const rows = asked.result.transaction("kept").objectStore("kept").count();
    rows.onsuccess = () => { asked.result.close(); done(rows.result); };
  };
})"""


# A full disk as a page meets it: what is put into the database is taken back before it is written.
FILL = """() => {
  const { put } = IDBObjectStore.prototype;
  self.put = put;
  IDBObjectStore.prototype.put = function (...given) {
    const asked = put.apply(this, given);
    this.transaction.abort();
    return asked;
  };
}"""
FREE = "() => { IDBObjectStore.prototype.put = self.put; }"


@pytest.fixture
def floor(phone: Page, logged_in: LoggedIn, officer: User, appointment: Appointment, watch: Watch) -> Page:
    """A phone that has opened the mission once, and then lost the network."""
    watch.expect("ERR_")
    logged_in(phone, officer).goto(f"/missions/{appointment.mission_id}/now/")
    assert wait_until(lambda: bool(phone.evaluate("!!navigator.serviceWorker.controller && (" + KEPT + ")()")), 10)
    phone.context.set_offline(True)
    return phone


def log_somebody(page: Page, person: str, company: str) -> None:
    page.goto("/meetings/new/")
    page.locator("#find").fill(person)
    page.get_by_role("button", name="Add somebody new").tap()
    page.locator("#new_company").fill(company)
    page.get_by_role("button", name="Save on this device").tap()
    expect(page.get_by_text("Kept on this device.")).to_be_visible()


def let_the_page_send(page: Page) -> None:
    """The worker would send in the background as well, past the routes of a test."""
    page.add_init_script("Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })")


def send(page: Page) -> None:
    page.context.set_offline(False)
    page.goto("/offline/en/#queue")
    page.reload()
    expect(page.get_by_text("Nothing waits to be sent.")).to_be_visible(timeout=15_000)


def test_what_is_logged_without_a_network_is_sent_once_it_is_back(floor: Page, officer: User) -> None:
    for n in range(3):
        log_somebody(floor, f"Inés Paz {n}", f"Kallpa {n}")
    expect(floor.locator("#state")).to_contain_text("3 not yet sent")

    send(floor)

    logged = list(Interaction.objects.order_by("pk").values_list("company__name", "mission__name", "logged_by"))
    assert logged == [(f"Kallpa {n}", "California", officer.pk) for n in range(3)]


def test_the_programme_is_there_and_an_appointment_is_logged_from_it(floor: Page, appointment: Appointment) -> None:
    floor.goto("/now/")
    expect(floor.get_by_text("Globant")).to_be_visible()
    floor.get_by_role("link", name="Log", exact=True).tap()
    floor.get_by_role("button", name="Save on this device").tap()
    send(floor)

    assert Interaction.objects.get().appointment == appointment


def test_one_tap_says_that_nobody_came(floor: Page, appointment: Appointment) -> None:
    floor.goto("/now/")
    floor.get_by_role("button", name="No-show").tap()
    expect(floor.get_by_text("Logged on this device")).to_be_visible()
    send(floor)

    appointment.refresh_from_db()
    assert appointment.status == Appointment.Status.NO_SHOW


def test_an_answer_that_got_lost_doubles_nothing(floor: Page) -> None:
    let_the_page_send(floor)
    log_somebody(floor, "Inés Paz", "Kallpa")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    floor.route("**/meetings/captures/", lose)
    send(floor)

    assert set(lost) == {200}
    assert Interaction.objects.count() == 1


def test_a_bad_one_waits_with_its_reason_and_is_mended(floor: Page) -> None:
    log_somebody(floor, "Inés Paz", "Kallpa")
    floor.goto("/meetings/new/")
    floor.locator("#find").fill("Glob")
    floor.get_by_role("button", name="Globant").tap()
    floor.get_by_role("button", name="Save on this device").tap()
    expect(floor.locator("#state")).to_contain_text("2 not yet sent")
    Company.objects.filter(name="Globant").update(merged_into=CompanyFactory(name="Globant SA"))
    floor.context.set_offline(False)
    floor.goto("/offline/en/#queue")
    expect(floor.get_by_text("Say whom you met")).to_be_visible()
    assert [row.company.name for row in Interaction.objects.all()] == ["Kallpa"]

    floor.get_by_role("link", name="Mend it").tap()
    floor.get_by_role("button", name="Remove Globant").tap()
    floor.locator("#find").fill("Luis Mora")
    floor.get_by_role("button", name="Add somebody new").tap()
    floor.locator("#new_company").fill("Globant SA")
    floor.get_by_role("button", name="Save on this device").tap()

    expect(floor.get_by_text("Nothing waits to be sent.")).to_be_visible()
    assert Interaction.objects.filter(company__name="Globant SA").count() == 1


def test_an_expired_session_keeps_the_queue(floor: Page, logged_in: LoggedIn, officer: User) -> None:
    log_somebody(floor, "Inés Paz", "Kallpa")
    Session.objects.all().delete()
    floor.context.set_offline(False)
    floor.goto("/offline/en/#queue")
    expect(floor.locator("#state")).to_contain_text("You are signed out")

    logged_in(floor, officer)
    send(floor)

    assert Interaction.objects.get().logged_by == officer


def test_a_changed_password_keeps_the_queue(floor: Page, logged_in: LoggedIn, officer: User) -> None:
    log_somebody(floor, "Inés Paz", "Kallpa")
    officer.set_password("another one than before")
    officer.save()
    floor.context.set_offline(False)
    floor.goto("/offline/en/#queue")
    expect(floor.locator("#state")).to_contain_text("You are signed out")
    assert not Interaction.objects.exists()

    logged_in(floor, officer)
    send(floor)

    assert Interaction.objects.get().logged_by == officer


def test_two_devices_of_one_person_send_what_each_has_and_nothing_twice(
    floor: Page, new_context: NewContext, logged_in: LoggedIn, officer: User, appointment: Appointment
) -> None:
    """Both know the appointment; the first to be sent logs it, the other waits with its reason."""
    other = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    logged_in(other, officer).goto(f"/missions/{appointment.mission_id}/now/")
    assert wait_until(lambda: bool(other.evaluate("!!navigator.serviceWorker.controller && (" + KEPT + ")()")), 10)
    other.context.set_offline(True)
    for device, company in ((floor, "Kallpa"), (other, "Nuvola")):
        log_somebody(device, "Inés Paz", company)
        device.goto("/now/")
        device.get_by_role("link", name="Log", exact=True).tap()
        device.get_by_role("button", name="Save on this device").tap()
        expect(device.locator("#state")).to_contain_text("2 not yet sent")

    send(floor)
    other.context.set_offline(False)
    other.goto("/offline/en/#queue")
    expect(other.get_by_text("has logged this appointment already")).to_be_visible(timeout=15_000)

    logged = Interaction.objects.values_list("company__name", flat=True)
    assert sorted(logged) == ["Globant", "Kallpa", "Nuvola"]


def test_a_form_that_somebody_has_begun_is_not_emptied(floor: Page) -> None:
    """Going on to the form while the page before is still being drawn."""
    floor.goto("/offline/en/#agenda")
    for _n in range(5):
        floor.evaluate("location.hash = 'agenda'; location.hash = 'log'")
        floor.locator("#find").fill("Inés Paz")
        floor.wait_for_timeout(150)

        expect(floor.locator("#find")).to_have_value("Inés Paz")


def test_a_full_disk_is_said_and_what_was_typed_stays(floor: Page) -> None:
    """The form stays as it is, and is kept once there is room."""
    floor.goto("/meetings/new/")
    floor.locator("#find").fill("Inés Paz")
    floor.get_by_role("button", name="Add somebody new").tap()
    floor.locator("#new_company").fill("Kallpa")
    floor.evaluate(FILL)
    floor.get_by_role("button", name="Save on this device").tap()
    expect(floor.get_by_role("alert")).to_be_visible()
    expect(floor.locator("#new_company")).to_have_value("Kallpa")
    expect(floor.get_by_text("Kept on this device.")).to_be_hidden()

    floor.evaluate(FREE)
    floor.get_by_role("button", name="Save on this device").tap()
    expect(floor.get_by_text("Kept on this device.")).to_be_visible()
    send(floor)

    assert Interaction.objects.get().company.name == "Kallpa"


def test_nothing_goes_under_another_account(floor: Page, logged_in: LoggedIn, officer: User) -> None:
    log_somebody(floor, "Inés Paz", "Kallpa")
    other = UserFactory(name="Luz")
    logged_in(floor, other)
    floor.context.set_offline(False)
    floor.goto("/today/")
    floor.wait_for_load_state("networkidle")

    assert not Interaction.objects.exists()
    assert not floor.evaluate(KEPT)
    logged_in(floor, officer).goto("/today/")
    expect(floor.locator("#unsent")).to_be_hidden()
    floor.wait_for_load_state("networkidle")
    assert Interaction.objects.get().logged_by == officer


def test_signing_out_asks_first_and_takes_the_plan_along(floor: Page, watch: Watch) -> None:
    let_the_page_send(floor)
    log_somebody(floor, "Inés Paz", "Kallpa")
    floor.route("**/meetings/captures/", lambda route: route.abort())
    floor.context.set_offline(False)
    floor.goto("/today/")
    expect(floor.locator("#unsent")).to_contain_text("1 logged on this device and not yet sent")

    floor.get_by_label("Menu of Ana Ruiz").tap()
    floor.get_by_role("button", name="Sign out").tap()
    floor.get_by_role("button", name="Keep them here and sign out").tap()
    floor.wait_for_url("**/login/**")

    assert not floor.evaluate(KEPT)
    assert not Interaction.objects.exists()


def test_the_log_form_whose_answer_never_came_is_kept(floor: Page) -> None:
    floor.context.set_offline(False)
    floor.goto("/meetings/new/")
    floor.locator("#id_who").fill("Globant")
    floor.locator(".answer", has_text="Globant").first.tap()
    expect(floor.locator(".log-chosen")).to_contain_text("Globant")
    floor.locator("#id_note").fill("They want a site")
    floor.context.set_offline(True)
    floor.get_by_role("button", name="Save", exact=True).tap()
    expect(floor.locator("#state")).to_contain_text("1 not yet sent")

    send(floor)

    assert Interaction.objects.get().note == "They want a site"
