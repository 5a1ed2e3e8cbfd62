from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, ParticipantFactory, StageFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Sociedad Internacional de Telecomunicaciones Aeronáuticas y Desarrollos Biotecnológicos del Pacífico S.A.S."


@pytest.fixture
def officer() -> User:
    StageFactory()
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def promise(officer: User) -> FollowUp:
    today = clock.today_for(officer)
    late: FollowUp = FollowUpFactory(owner=officer, text="Send the pack", due_on=today - timedelta(days=2))
    FollowUpFactory(owner=officer, text="Call them", due_on=today)
    return late


def full_day(officer: User) -> None:
    today = clock.today_for(officer)
    mission = MissionFactory(under_way=True, name="Misión comercial y de inversión a California")
    DelegateFactory(mission=mission, user=officer)
    company = CompanyFactory(name=LONG)
    now = clock.now().replace(tzinfo=None, microsecond=0)
    AppointmentFactory(
        mission=mission, company=company, zone="UTC", local_start=now, local_end=now + timedelta(minutes=30)
    )
    talk = InteractionFactory(company=company, mission=mission, logged_by=officer, note="They want 200 seats")
    position = PositionFactory(company=company, contact=ContactFactory(given_name="María Fernanda", family_name="Peña"))
    ParticipantFactory(interaction=talk, contact=position.contact, company_then=company)
    for days in (-4, -1, 0, 0, 3):
        FollowUpFactory(
            owner=officer,
            company=company,
            interaction=talk,
            due_on=today + timedelta(days=days),
            text="Enviar la carpeta",
        )
    FollowUpFactory(owner=officer, due_on=today, waiting_for="Oficina jurídica", text="Revisar el contrato")
    FollowUpFactory(owner=officer, due_on=today, text="Llamar").complete(by=officer)


def test_done_and_next_by_keyboard(page: Page, logged_in: LoggedIn, officer: User, promise: FollowUp) -> None:
    logged_in(page, officer).goto("/today/")

    page.keyboard.press("j")
    page.keyboard.press("d")
    page.get_by_label("What comes next").fill("Call about the pack")
    page.locator(".chip", has_text="In a week").click()
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator(f"#follow-up-{promise.pk}")).to_contain_text("Call about the pack")

    promise.refresh_from_db()
    assert promise.state == "done"
    assert FollowUp.objects.open().filter(text="Call about the pack").count() == 1


def test_undo_within_seconds(page: Page, logged_in: LoggedIn, officer: User, promise: FollowUp) -> None:
    logged_in(page, officer).goto("/today/")
    row = page.locator(f"#follow-up-{promise.pk}")

    row.get_by_role("button", name="Done").click()
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_role("button", name="Done")).to_be_visible()

    promise.refresh_from_db()
    assert promise.is_open


def test_snooze_by_keyboard(page: Page, logged_in: LoggedIn, officer: User, promise: FollowUp) -> None:
    logged_in(page, officer).goto("/today/")
    row = page.locator(f"#follow-up-{promise.pk}")

    page.keyboard.press("j")
    page.keyboard.press("s")
    row.get_by_role("button", name="Tomorrow morning").click()
    expect(row).to_contain_text("tomorrow")

    promise.refresh_from_db()
    assert promise.due_on == clock.today_for(officer) + timedelta(days=1)


def test_day_works_without_scripts(
    new_context: NewContext, logged_in: LoggedIn, officer: User, promise: FollowUp
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    logged_in(page, officer).goto("/today/")

    page.locator(f"#follow-up-{promise.pk}").get_by_role("button", name="Done").click()
    page.get_by_label("What comes next").fill("Call")
    page.locator(".chip", has_text="Tomorrow").click()
    page.get_by_role("button", name="Plan it").click()

    assert page.url.endswith("/today/")
    assert FollowUp.objects.open().filter(text="Call").exists()


def test_the_bell_keeps_its_count_until_the_person_says_so(
    page: Page, logged_in: LoggedIn, officer: User, promise: FollowUp
) -> None:
    promise.reminders.create(
        rule="due", person=officer, occurrence="1", due_at=clock.now() - timedelta(hours=1), created_at=clock.now()
    )
    logged_in(page, officer).goto("/inbox/")
    page.reload()
    expect(page.locator(".tool .count")).to_have_text("1")

    page.get_by_role("button", name="I have seen them all").click()
    expect(page.locator(".tool .count")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_screens_stand_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, officer: User, scheme: str, width: int
) -> None:
    full_day(officer)
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, officer)
    follow_up, talk = FollowUp.objects.open().first(), officer.interactions_logged.get()
    assert follow_up is not None
    faults = []
    for address in (
        "/today/",
        "/today/?group=overdue",
        "/today/?group=cleared",
        "/meetings/new/",
        f"/meetings/new/?company={talk.company_id}",
        "/interactions/",
        talk.get_absolute_url(),
        f"{talk.get_absolute_url()}edit/",
        follow_up.get_absolute_url(),
        "/inbox/",
    ):
        page.goto(address)
        for chip in page.locator(".promise-chip:visible").all()[:1]:
            chip.click()
        faults += [f"{address}: {fault}" for fault in accessibility_faults(page)]
        faults += [f"{address}: too wide"] * (too_wide(page) > 0)

    assert not faults, "\n".join(faults)


def test_a_promise_is_proved_by_two_keys(page: Page, logged_in: LoggedIn, officer: User) -> None:
    promise = FollowUpFactory(owner=officer, origin="promise", due_on=clock.today_for(officer))
    logged_in(page, officer).goto("/today/")

    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_label("What proves it")).to_be_focused()
    page.keyboard.type("Sent by courier")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What comes next")).to_be_visible()

    promise.refresh_from_db()
    assert (promise.state, promise.closed_with) == ("done", "Sent by courier")


def test_the_newest_since_is_chosen_so_that_enter_is_enough(page: Page, logged_in: LoggedIn, officer: User) -> None:
    promise = FollowUpFactory(owner=officer, origin="promise", due_on=clock.today_for(officer))
    talk = InteractionFactory(company=promise.company, happened_at=clock.now() + timedelta(minutes=1))
    logged_in(page, officer).goto("/today/")

    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator(".what-next").get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What comes next")).to_be_visible()

    promise.refresh_from_db()
    assert promise.closed_by_interaction == talk


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_team_is_walked_by_keyboard_and_fits(
    new_context: NewContext, logged_in: LoggedIn, officer: User, width: int, scheme: str
) -> None:
    manager = UserFactory(manager_role=True)
    User.objects.filter(pk=officer.pk).update(manager=manager, name="María Fernanda Echeverri de Bohórquez-Santander")
    full_day(officer)
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, manager).goto("/today/team/")
    assert (accessibility_faults(page), too_wide(page) > 0) == ([], False)

    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/today/?person={officer.pk}")
