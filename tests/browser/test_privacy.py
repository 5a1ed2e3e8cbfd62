from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from companies.models import DataRequest, Incident
from config.staff import clock
from config.staff.models import User
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator() -> User:
    user: User = UserFactory(administrator=True)
    return user


def test_a_file_is_added_opened_and_removed_without_scripts(
    new_context: NewContext, logged_in: LoggedIn, administrator: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    company = CompanyFactory()
    page = logged_in(new_context(java_script_enabled=False).new_page(), administrator)
    page.goto(company.get_absolute_url())

    page.get_by_text("Add a file").click()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "Brief.txt", "mimeType": "text/plain", "buffer": b"What they want"}
    )
    page.get_by_label("What it is").fill("For the board")
    page.get_by_role("button", name="Keep the file").click()
    with page.expect_download() as download:
        page.locator("#files").get_by_role("link", name="Brief.txt").click()
    assert download.value.path().read_bytes() == b"What they want"
    page.goto(f"{company.get_absolute_url()}files/")
    page.get_by_role("button", name="Remove Brief.txt").click()

    expect(page.get_by_role("button", name="Take Brief.txt back")).to_be_visible()


def test_the_register_fits_a_phone(phone: Page, logged_in: LoggedIn, administrator: User) -> None:
    today = clock.agency_today()
    contact = ContactFactory()
    asked = DataRequest.objects.create(
        kind="deletion", contact=contact, asked_by="Ana, by mail", received_on=today, due_on=today
    )
    Incident.objects.create(what="A lost phone", found_on=today, whose="Two people")
    logged_in(phone, administrator)

    pages = ("/privacy/", "/privacy/requests/new/", asked.get_absolute_url(), "/privacy/incidents/")
    for address in (*pages, f"/privacy/people/{contact.pk}/", f"/contacts/{contact.pk}/files/"):
        phone.goto(address)
        assert not too_wide(phone), address
        assert accessibility_faults(phone) == [], address
