"""Every screen with a whole agency behind it: sound in both languages, at both widths, in light and in dark.

With PUENTE_SCREENSHOTS=1 the pictures of the README are taken anew.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page

from companies.models import Company, Contact
from config.sample.accounts import DEMO_ACCOUNTS
from config.staff import clock
from config.staff.models import User
from leads.models import Interaction, Lead
from missions.models import Mission
from tests.browser.conftest import LoggedIn
from tests.browser.looking import accessibility_faults, too_wide

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

NewContext = Callable[..., BrowserContext]
PICTURES = Path(__file__).parent / "screenshots"


@pytest.fixture
def agency(db: None) -> dict[str, str]:
    """The address of every kind of page, with something on it."""
    call_command("load_first_data", verbosity=0)
    call_command("load_sample", size="regional-1y", seed=1, today=clock.agency_today().isoformat(), verbosity=0)
    busy = Interaction.objects.filter(lead=None).order_by("-happened_at")[0]
    company = Company.objects.filter(leads__status="active", interactions__isnull=False).order_by("pk")[0]
    mission = Mission.objects.under_way().get()
    lead = Lead.objects.filter(level="open", status="active", stage=3).order_by("pk")[0]
    contact = Contact.objects.filter(interactions__isnull=False).order_by("pk")[0]
    return {
        "today": "/today/",
        "companies": "/companies/",
        "company": company.get_absolute_url(),
        "company form": f"/companies/{company.pk}/edit/",
        "contact": contact.get_absolute_url(),
        "missions": "/missions/",
        "mission": mission.get_absolute_url(),
        "targets": f"/missions/{mission.pk}/targets/",
        "delegation": f"/missions/{mission.pk}/delegation/",
        "promises": f"/missions/{mission.pk}/promises/",
        "appointment": f"/missions/{mission.pk}/appointments/new/",
        "interactions": "/interactions/",
        "interaction": busy.get_absolute_url(),
        "log": "/meetings/new/",
        "leads": "/leads/",
        "board": "/leads/board/",
        "lead": lead.get_absolute_url(),
        "search": "/search/?q=moove",
        "inbox": "/inbox/",
        "deliveries": "/deliveries/",
    }


def of_role(role: str) -> User:
    emails = [email for _label, email, _password in DEMO_ACCOUNTS]
    user: User = User.objects.filter(email__in=emails, role=role).get()
    return user


def faults_of(page: Page, addresses: dict[str, str]) -> dict[str, list[str]]:
    found = {}
    for name, address in addresses.items():
        answer = page.goto(address)
        faults = accessibility_faults(page)
        if wide := too_wide(page):
            faults.append(f"{wide} pixels too wide")
        if answer is None or answer.status != 200:
            faults.append(f"answered {answer and answer.status}")
        if faults:
            found[name] = faults
    return found


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(390, "dark", "es"), (1280, "light", "en"), (1280, "dark", "es")]
)
def test_every_screen_is_sound(
    new_context: NewContext,
    logged_in: LoggedIn,
    agency: dict[str, str],
    *,
    width: int,
    scheme: str,
    language: str,
) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 844}).new_page()
    User.objects.update(language=language)

    logged_in(page, of_role("officer"))
    found = faults_of(page, agency)
    logged_in(page, of_role("manager"))
    found |= faults_of(page, {"dashboard": "/dashboard/", "origins": "/dashboard/origins/", "merges": "/merges/"})
    logged_in(page, of_role("guest"))
    found |= faults_of(page, {"agenda": agency["mission"]})

    assert found == {}


@pytest.mark.skipif("PUENTE_SCREENSHOTS" not in os.environ, reason="the pictures of the README are taken on demand")
def test_take_the_pictures_of_the_readme(new_context: NewContext, logged_in: LoggedIn, agency: dict[str, str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    User.objects.update(language="en")
    desk = new_context(color_scheme="light", viewport={"width": 1280, "height": 800}).new_page()
    phone = new_context(color_scheme="light", viewport={"width": 390, "height": 844}).new_page()
    shots = [
        (desk, "officer", agency["today"], "today"),
        (desk, "officer", agency["company"], "company"),
        (desk, "officer", agency["board"], "board"),
        (desk, "manager", "/dashboard/", "dashboard"),
        (phone, "officer", agency["log"], "log-phone"),
    ]

    for page, role, address, name in shots:
        logged_in(page, of_role(role))
        page.goto(address)
        page.screenshot(path=PICTURES / f"{name}.png")

    assert {path.stem for path in PICTURES.glob("*.png")} >= {name for *_rest, name in shots}
