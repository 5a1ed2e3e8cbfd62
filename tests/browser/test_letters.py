from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from config.first_data.cadence import load_default_cadence
from config.staff import clock
from leads.follow_ups.cadences import open_follow_ups_of
from leads.models import FollowUp, Letter
from leads.models.choices import Interest
from leads.on_mission import outreach
from leads.reminding import deliveries
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory
from tests.leads.factories import InteractionFactory, ParticipantFactory, StageFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thank_you() -> FollowUp:
    StageFactory()
    load_default_cadence(at=datetime(2026, 1, 1, tzinfo=UTC))
    officer, ana = UserFactory(name="Lucía Gómez"), ContactFactory(given_name="Ana", family_name="Ruiz", language="en")
    EmailFactory(contact=ana, value="ana@example.org", is_primary=True)
    company = CompanyFactory(name="Globant Technologies")
    # A week ago, so that the thank-you is due whatever day it is.
    week_ago = clock.now() - timedelta(days=7)
    meeting = InteractionFactory(logged_by=officer, company=company, interest=Interest.HOT, happened_at=week_ago)
    ParticipantFactory(interaction=meeting, contact=ana)
    open_follow_ups_of(meeting, at=clock.now())
    found: FollowUp = meeting.follow_ups.get(kind="thank_you")
    FollowUp.objects.filter(pk=found.pk).update(due_on=clock.today_for(officer))
    return found


@pytest.fixture
def _at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their working hours are always now."""
    monkeypatch.setattr(outreach, "next_opening", lambda at, zone, country: at)


@pytest.mark.usefixtures("_at_any_hour")
def test_a_draft_is_written_seen_and_sent(page: Page, logged_in: LoggedIn, thank_you: FollowUp) -> None:
    logged_in(page, thank_you.owner).goto("/today/")
    page.locator(f"#follow-up-{thank_you.pk}").get_by_role("link", name="Write").click()
    expect(page.get_by_label("Subject")).to_have_value("Thank you for the meeting")
    page.get_by_label("Subject").fill("Good to meet you")
    page.get_by_role("button", name="Save and see it").click()
    expect(page.locator(".letter")).to_contain_text("Globant Technologies")
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator("main")).to_contain_text("Good to meet you")

    letter = Letter.objects.get()
    deliveries.send(letter.delivery_id or 0)
    page.reload()

    expect(page.locator("main")).to_contain_text("Done")
    expect(page.locator("main").get_by_role("link", name="Good to meet you")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_screens_of_mails_stand_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, thank_you: FollowUp, scheme: str, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, thank_you.owner)
    path, faults = thank_you.get_absolute_url(), []
    for step in (path, f"{path}mail/", "save", path, f"{path}mail/preview/"):
        if step == "save":
            page.get_by_role("button", name="Save and see it").click()
        else:
            page.goto(step)
        faults += [f"{step}: {fault}" for fault in accessibility_faults(page)]
        faults += [f"{step}: too wide"] * (too_wide(page) > 0)

    assert not faults, "\n".join(faults)
