from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp, Interaction, Lead
from missions.models import Mission
from missions.wall_time import to_wall
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import InteractionFactory, ParticipantFactory, StageFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = "America/Los_Angeles"
LONG = "Sociedad Internacional de Telecomunicaciones Aeronáuticas y Desarrollos Biotecnológicos del Pacífico S.A.S."


@pytest.fixture
def officer() -> User:
    StageFactory()
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission(officer: User) -> Mission:
    """An hour ago two meetings took place, and a third that nobody logged."""
    now = clock.now() - timedelta(hours=1)
    today = to_wall(now, ZONE)
    days = {"starts_on": today.date() - timedelta(days=2), "ends_on": today.date() + timedelta(days=2)}
    mission: Mission = MissionFactory(under_way=True, name="California", **days)
    delegate = DelegateFactory(mission=mission, user=officer)
    StopFactory(mission=mission, arrives_on=days["starts_on"], leaves_on=days["ends_on"], zone=ZONE)
    told = {"mission": mission, "zone": ZONE, "logged_by": officer}
    first = InteractionFactory(company=CompanyFactory(name="Globant"), happened_at=now, note="They hire", **told)
    ParticipantFactory(interaction=first, contact=ContactFactory(given_name="María", family_name="Peña"))
    later = now + timedelta(minutes=1)
    InteractionFactory(company=CompanyFactory(name=LONG, owner=officer), happened_at=later, interest="warm", **told)
    start = today.replace(second=0, microsecond=0) - timedelta(minutes=50)
    plan = AppointmentFactory(
        mission=mission,
        status="held",
        company=CompanyFactory(name="Endava"),
        zone=ZONE,
        local_start=start,
        local_end=start + timedelta(minutes=45),
    )
    SeatFactory(appointment=plan, delegate=delegate)
    return mission


def day_of(row: Interaction) -> str:
    return to_wall(row.happened_at, ZONE).date().isoformat()


def test_a_day_is_settled_by_keyboard(page: Page, logged_in: LoggedIn, officer: User, mission: Mission) -> None:
    first = Interaction.objects.get(company__name="Globant")
    logged_in(page, officer).goto(f"/missions/{mission.pk}/debrief/?day={day_of(first)}")

    for _row in range(2):
        page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.keyboard.type("Send the pack")
    page.locator(f"#lead-{first.pk}").select_option("new")
    page.locator(f"#owner-{first.pk}").select_option(str(officer.pk))
    page.locator(f"#owner-{first.pk}").press("Tab")
    page.keyboard.press("s")
    expect(page.locator(f"#meeting-{first.pk}")).to_contain_text("Settled")
    # The next row is at hand.
    page.keyboard.press("Escape")
    page.locator(".debrief-row[aria-current=true] button[name=nothing_more]").focus()
    page.keyboard.press("n")
    expect(page.locator("[data-unsettled]")).to_have_count(1)

    first.refresh_from_db()
    assert (first.interest, first.lead, first.company.owner) == ("hot", Lead.objects.get(), officer)
    assert FollowUp.objects.filter(text="Send the pack", interaction=first).exists()


def test_a_held_appointment_is_logged_on_a_phone(
    phone: Page, logged_in: LoggedIn, officer: User, mission: Mission
) -> None:
    first = Interaction.objects.get(company__name="Globant")
    logged_in(phone, officer).goto(f"/missions/{mission.pk}/debrief/?day={day_of(first)}")
    row = phone.locator(".debrief-row", has_text="Endava")

    row.locator(".chip", has_text="Cold").tap()
    row.get_by_label("What was said").fill("Not before 2028")
    row.get_by_role("button", name="Log", exact=True).tap()
    expect(row).to_contain_text("Owner of the company")

    assert Interaction.objects.get(company__name="Endava").note == "Not before 2028"


def test_a_day_is_settled_without_scripts(
    new_context: NewContext, logged_in: LoggedIn, officer: User, mission: Mission
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    first = Interaction.objects.get(company__name="Globant")
    logged_in(page, officer).goto(f"/missions/{mission.pk}/debrief/?day={day_of(first)}")
    row = page.locator(f"#meeting-{first.pk}")

    row.locator(".chip", has_text="Cold").click()
    row.get_by_role("button", name="Save").click()

    assert f"?day={day_of(first)}" in page.url
    expect(page.locator(f"#meeting-{first.pk}")).to_have_count(0)


@pytest.mark.parametrize("look", [(390, "es"), (1280, "es"), (390, "en"), (1280, "en")])
def test_the_debrief_stands_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, officer: User, mission: Mission, look: tuple[int, str]
) -> None:
    width, language = look
    User.objects.filter(pk=officer.pk).update(language=language)
    scheme = "dark" if language == "es" else "light"
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    first = Interaction.objects.get(company__name="Globant")
    logged_in(page, officer).goto(f"/missions/{mission.pk}/debrief/?day={day_of(first)}")

    assert not accessibility_faults(page)
    assert not too_wide(page)
