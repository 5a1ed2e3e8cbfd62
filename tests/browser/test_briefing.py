"""A briefing book is made while one looks on, and what is in it lies in the phone's own copy of the mission."""

import subprocess
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from config.embedded.processes import wait_until
from config.staff import clock
from config.staff.models import User
from leads.models import Booklet
from leads.on_mission import booklets
from missions.models import Mission
from missions.wall_time import to_wall
from tests.browser.conftest import LoggedIn, NewContext, Watch
from tests.browser.looking import accessibility_faults, too_wide
from tests.browser.test_offline import KEPT
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, StageFactory
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
def mission(officer: User) -> Mission:
    today = to_wall(clock.now(), ZONE)
    days = {"starts_on": today.date() - timedelta(days=1), "ends_on": today.date() + timedelta(days=2)}
    made: Mission = MissionFactory(under_way=True, name="California", **days)
    delegate = DelegateFactory(mission=made, user=officer, name="Ana Ruiz")
    StopFactory(mission=made, arrives_on=days["starts_on"], leaves_on=days["ends_on"], zone=ZONE)
    start = today.replace(hour=10, minute=0, second=0, microsecond=0)
    planned = AppointmentFactory(
        mission=made,
        company=CompanyFactory(name="Endava"),
        zone=ZONE,
        local_start=start,
        local_end=start + timedelta(hours=1),
        do_not_mention="The closed office",
    )
    SeatFactory(appointment=planned, delegate=delegate)
    FollowUpFactory(company=planned.company, text="Send the salary study")
    return made


def test_a_book_is_made_while_one_looks_on(
    page: Page, logged_in: LoggedIn, officer: User, mission: Mission, worker: "subprocess.Popen[bytes]"
) -> None:
    logged_in(page, officer).goto(f"/missions/{mission.pk}/briefing/")

    page.get_by_role("button", name="Make it").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="PDF").click(timeout=40_000)

    assert got.value.suggested_filename == "california-ana-ruiz.pdf"


def test_the_briefing_is_read_without_a_network(
    phone: Page, logged_in: LoggedIn, officer: User, mission: Mission, watch: Watch
) -> None:
    watch.expect("ERR_")
    logged_in(phone, officer).goto(f"/missions/{mission.pk}/now/")
    assert wait_until(lambda: bool(phone.evaluate("!!navigator.serviceWorker.controller && (" + KEPT + ")()")), 10)

    phone.context.set_offline(True)
    phone.goto("/now/#agenda")
    phone.get_by_text("Briefing", exact=True).tap()

    expect(phone.locator("details")).to_contain_text("The closed office")
    expect(phone.locator("details")).to_contain_text("Send the salary study")


@pytest.mark.parametrize("look", [(390, "es", "dark"), (1280, "en", "light")])
def test_briefing_books_stand_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, officer: User, mission: Mission, look: tuple[int, str, str]
) -> None:
    width, language, scheme = look
    User.objects.filter(pk=officer.pk).update(language=language)
    for delegate in (None, mission.delegates.get()):
        booklets.make_part(booklets.ask(mission, delegate=delegate, by=officer, language=language).pk)
    Booklet.objects.filter(delegate=None).update(state="making")
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, officer).goto(f"/missions/{mission.pk}/briefing/")

    assert not accessibility_faults(page)
    assert not too_wide(page)
