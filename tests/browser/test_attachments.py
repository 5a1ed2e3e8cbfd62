"""Pictures, voice notes and cards on a phone, with the network and without it."""

import io
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import FilePayload, Page, expect

from companies.models import Contact
from config.embedded.processes import wait_until
from config.staff.models import User
from leads.models import Interaction, InteractionFile
from tests.browser.conftest import LoggedIn
from tests.browser.test_offline import appointment, floor, officer, send
from tests.companies.factories import CompanyFactory

__all__ = ["appointment", "floor", "officer"]

pytestmark = pytest.mark.django_db(transaction=True)

CARD = (
    "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8:Paz;Inés\nFN;CHARSET=UTF-8:Inés Paz\nORG:Kallpa;Ventas\nTITLE:CEO\n"
    "TEL;CELL:+51999555010\nEMAIL;INTERNET:ines@kallpa.example\nEND:VCARD"
)
# A tone in place of the microphone that this machine has not.
TONE = """navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return out.stream;
};"""


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def qr(text: str, encoding: str | None = None) -> FilePayload:
    drawn = io.BytesIO()
    segno.make(text, encoding=encoding).save(drawn, kind="png", scale=6)
    return {"name": "card.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def kept_names() -> list[str]:
    return sorted(InteractionFile.objects.values_list("file__name", flat=True))


def test_a_card_is_read_and_its_person_is_new(phone: Page, logged_in: LoggedIn, officer: User) -> None:
    page = logged_in(phone, officer)
    page.goto("/meetings/new/")

    page.locator("[data-card]").set_input_files(qr(CARD))
    expect(page.locator("#id_person")).to_have_value("Inés Paz")
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_text("Saved: Kallpa")).to_be_visible()

    contact = Contact.objects.get()
    points = set(contact.contact_points.values_list("value", flat=True))
    assert (contact.name, points) == ("Inés Paz", {"ines@kallpa.example", "+51999555010"})
    assert contact.legal_basis


def test_a_picture_and_a_voice_note_follow_their_meeting(phone: Page, logged_in: LoggedIn, officer: User) -> None:
    phone.add_init_script(TONE)
    page = logged_in(phone, officer)
    page.goto(f"/meetings/new/?company={CompanyFactory(name='Globant').pk}")

    page.get_by_label("Picture of a card or badge").set_input_files(qr("a badge"))
    expect(page.locator("[data-attached] li")).to_have_count(1)
    page.get_by_role("button", name="Voice note").tap()
    page.get_by_role("button", name="Stop").tap()
    expect(page.locator("[data-attached] li")).to_have_count(2)
    page.get_by_role("button", name="Save", exact=True).tap()

    assert wait_until(lambda: InteractionFile.objects.count() == 2, 10)
    assert kept_names()[1] == "card.jpg"
    page.reload()
    expect(page.locator("audio")).to_be_visible()
    expect(page.get_by_text("not yet sent")).to_be_hidden()


def test_pictures_of_a_meeting_without_a_network_are_sent_after_it(floor: Page) -> None:
    floor.goto("/meetings/new/")
    floor.locator("[data-card]").set_input_files(qr(CARD, "utf-8"))
    expect(floor.locator("#person")).to_have_value("Inés Paz")
    floor.get_by_label("Picture of a card or badge").set_input_files(qr("a badge"))
    expect(floor.locator("[data-attached] li")).to_have_count(1)
    floor.get_by_role("button", name="Save on this device").tap()
    expect(floor.locator("#state")).to_contain_text("2 not yet sent")

    send(floor)

    assert Interaction.objects.get().company.name == "Kallpa"
    assert wait_until(lambda: kept_names() == ["card.jpg"], 10)
