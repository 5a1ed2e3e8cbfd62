"""The agenda by hand: drag, refusal, two who move the same, undo; and the short form on a phone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from config.staff import clock
from config.staff.models import User
from missions.models import Appointment, Delegate, Stop
from tests.browser.conftest import LoggedIn, NewContext, Watch
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CityFactory, CompanyFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

TEN = datetime(2026, 11, 19, 10, 0)


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock.set_to(datetime(2026, 11, 19, 15, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def stop() -> Stop:
    stop: Stop = StopFactory(city=CityFactory(name="San Francisco"))
    return stop


@pytest.fixture
def ana(stop: Stop) -> Delegate:
    delegate: Delegate = DelegateFactory(mission=stop.mission, name="Ana Ruiz", user=None)
    return delegate


@pytest.fixture
def luis(stop: Stop) -> Delegate:
    delegate: Delegate = DelegateFactory(mission=stop.mission, name="Luis Mora", user=None)
    return delegate


def planned(stop: Stop, person: Delegate, name: str, start: datetime = TEN, **facts: Any) -> Appointment:
    appointment: Appointment = AppointmentFactory(
        mission=stop.mission,
        stop=stop,
        zone=stop.zone,
        company=CompanyFactory(name=name),
        local_start=start,
        local_end=start + timedelta(minutes=45),
        **facts,
    )
    SeatFactory(appointment=appointment, delegate=person)
    return appointment


def opened(page: Page, stop: Stop) -> Page:
    page.goto(f"/missions/{stop.mission_id}/agenda/")
    return page


def card(page: Page, appointment: Appointment, person: Delegate) -> Locator:
    return page.locator(f"#card-{appointment.pk}-{person.pk}")


def drag(page: Page, what: Locator, *, hours: float = 0, to: Locator | None = None) -> None:
    """Down the day by so many hours, and into another lane."""
    what.evaluate("card => card.scrollIntoView({block: 'center', behavior: 'instant'})")
    box, lane = what.bounding_box(), page.locator(".lane-cards").first.bounding_box()
    assert box
    assert lane
    hour = lane["height"] / page.locator(".agenda-hours li").count()
    aside = to.bounding_box() if to else box
    assert aside
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 8, steps=2)
    page.mouse.move(aside["x"] + aside["width"] / 2, y + hours * hour, steps=8)
    page.mouse.up()


def hours_of(appointment: Appointment) -> tuple[str, str]:
    appointment.refresh_from_db()
    return f"{appointment.local_start:%H:%M}", f"{appointment.local_end:%H:%M}"


def test_a_card_is_dragged_to_another_hour_and_person_and_back(
    page: Page, logged_in: LoggedIn, stop: Stop, ana: Delegate, luis: Delegate
) -> None:
    meeting = planned(stop, ana, "Moove It", status="confirmed")
    opened(logged_in(page, UserFactory()), stop)

    drag(page, card(page, meeting, ana), hours=2.25, to=page.get_by_role("region", name="Luis Mora"))

    expect(card(page, meeting, luis)).to_contain_text("12:15–13:00")
    expect(card(page, meeting, luis)).to_contain_text("Moved")
    expect(card(page, meeting, luis).get_by_role("link")).to_be_focused()
    assert hours_of(meeting) == ("12:15", "13:00")

    page.get_by_role("button", name="Undo").click()

    expect(card(page, meeting, ana)).to_contain_text("10:00–10:45")
    assert hours_of(meeting) == ("10:00", "10:45")


def test_a_drag_over_another_is_refused_in_words_and_the_card_goes_back(
    page: Page, logged_in: LoggedIn, stop: Stop, ana: Delegate, watch: Watch
) -> None:
    watch.expect("422")
    planned(stop, ana, "Moove It")
    later = planned(stop, ana, "Globant", TEN + timedelta(hours=3))
    opened(logged_in(page, UserFactory(language="es")), stop)

    drag(page, card(page, later, ana), hours=-2.75)

    expect(page.locator("#move-dialog")).to_contain_text("Ana Ruiz ya está con Moove It de 10:00 a 10:45.")
    assert not accessibility_faults(page)
    page.keyboard.press("Escape")
    expect(page.locator("#move-dialog")).to_be_hidden()
    expect(card(page, later, ana)).not_to_have_class("dragged")
    assert hours_of(later) == ("13:00", "13:45")


def test_of_two_who_move_the_same_one_the_second_sees_both(
    new_context: NewContext, logged_in: LoggedIn, stop: Stop, ana: Delegate, watch: Watch
) -> None:
    watch.expect("409")
    meeting = planned(stop, ana, "Moove It")
    first, second = (opened(logged_in(new_context().new_page(), UserFactory()), stop) for _person in range(2))

    drag(first, card(first, meeting, ana), hours=1)
    expect(card(first, meeting, ana)).to_contain_text("11:00")
    drag(second, card(second, meeting, ana), hours=4)

    dialog = second.locator("#move-dialog")
    expect(dialog).to_contain_text("A colleague was quicker")
    expect(dialog.locator("table")).to_contain_text("14:00")
    expect(dialog.locator("table")).to_contain_text("11:00")
    assert hours_of(meeting) == ("11:00", "11:45")
    dialog.get_by_role("button", name="Save").click()
    expect(card(second, meeting, ana)).to_contain_text("14:00–14:45")


def test_on_a_phone_the_days_stand_under_each_other_and_the_form_moves_one(
    phone: Page, logged_in: LoggedIn, stop: Stop, ana: Delegate, luis: Delegate
) -> None:
    meeting = planned(stop, luis, "Reimagined Pharmaceuticals International of Northern California")
    officer: User = UserFactory(language="es")
    opened(logged_in(phone, officer), stop)
    places = [phone.get_by_role("region", name=name).bounding_box() for name in ("Ana Ruiz", "Luis Mora")]

    assert places[0]
    assert places[1]
    assert places[0]["y"] < places[1]["y"]
    assert places[0]["x"] == places[1]["x"]
    assert not too_wide(phone)
    card(phone, meeting, luis).tap()
    dialog = phone.locator("#move-dialog")
    dialog.get_by_label("Empieza").fill("2026-11-19T16:00")
    dialog.get_by_label("Termina").fill("2026-11-19T16:30")
    dialog.get_by_role("button", name="Guardar").click()

    expect(card(phone, meeting, luis)).to_contain_text("16:00–16:30")
    assert hours_of(meeting) == ("16:00", "16:30")


@pytest.mark.parametrize("look", [(1280, "dark"), (390, "light")])
def test_no_screen_of_the_agenda_has_a_serious_fault(
    new_context: NewContext, logged_in: LoggedIn, stop: Stop, ana: Delegate, look: tuple[int, str]
) -> None:
    meeting = planned(stop, ana, "Moove It", town="Palo Alto")
    planned(stop, ana, "Globant", TEN + timedelta(hours=1), town="Oakland", tentative=True)
    planned(stop, ana, "Brex", TEN + timedelta(hours=4), status="cancelled")
    width, scheme = look
    page = new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    logged_in(page, UserFactory())
    faults = []
    mission = f"/missions/{stop.mission_id}"
    for path in (f"{mission}/agenda/", f"{mission}/travel/", f"{mission}/appointments/{meeting.pk}/"):
        page.goto(path)
        faults += [f"{path} {fault}" for fault in accessibility_faults(page)]
        faults += [f"{path} is too wide by {pixels}" for pixels in [too_wide(page)] if pixels]

    assert not faults
