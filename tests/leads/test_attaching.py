from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from companies.models import File
from config.staff import clock
from config.staff.models import User
from leads.interactions.capture import Said, log_interaction
from leads.models import Interaction, InteractionFile
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.leads.factories import StageFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CAPTURE, FILE = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer() -> User:
    StageFactory()
    user: User = UserFactory()
    return user


@pytest.fixture
def meeting(officer: User) -> Interaction:
    return log_interaction(
        CompanyFactory(), capture_id=CAPTURE, by=officer, said=Said(happened_at=clock.now(), zone="America/Bogota")
    )


def send(client: Client, user: User, *, capture: Any = CAPTURE, file: Any = FILE, name: str = "card.png") -> Any:
    client.force_login(user)
    data = {"user": user.pk, "content": SimpleUploadedFile(name, PNG)}
    return client.post(reverse("leads:capture_file", args=[capture, file]), data)


def test_a_picture_is_kept_with_its_meeting(client: Client, officer: User, meeting: Interaction) -> None:
    assert send(client, officer).json() == {"state": "stored", "reason": ""}

    assert [row.file.name for row in meeting.files.all()] == ["card.png"]


def test_a_picture_that_is_sent_again_is_kept_once(client: Client, officer: User, meeting: Interaction) -> None:
    send(client, officer)

    assert send(client, officer).json()["state"] == "stored"
    assert InteractionFile.objects.count() == File.objects.count() == 1


def test_a_picture_waits_for_a_meeting_that_has_not_come(client: Client, officer: User) -> None:
    assert send(client, officer, capture=uuid4()).json()["state"] == "unknown"

    assert not File.objects.exists()


def test_nobody_adds_to_the_meeting_of_somebody_else(client: Client, meeting: Interaction) -> None:
    assert send(client, UserFactory()).json()["state"] == "unknown"

    assert not meeting.files.exists()


def test_what_belongs_to_another_account_is_not_taken(client: Client, officer: User, meeting: Interaction) -> None:
    client.force_login(officer)
    data = {"user": officer.pk + 1, "content": SimpleUploadedFile("card.png", PNG)}

    answer = client.post(reverse("leads:capture_file", args=[CAPTURE, FILE]), data)

    assert answer.status_code == 409
    assert not meeting.files.exists()


def test_a_file_that_is_not_what_it_says_is_refused_with_a_reason(
    client: Client, officer: User, meeting: Interaction
) -> None:
    answer = send(client, officer, name="voice.mp3").json()

    assert answer["state"] == "refused"
    assert "What is in this file" in answer["reason"]


def test_the_door_says_which_meetings_have_come(client: Client, officer: User, meeting: Interaction) -> None:
    client.force_login(officer)

    door = client.get(reverse("leads:captures"), {"capture": [str(CAPTURE), str(uuid4())]}).json()

    assert door["stored"] == [str(CAPTURE)]


def test_a_capture_that_is_none_is_a_bad_question(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert client.get(reverse("leads:captures"), {"capture": "1; drop"}).status_code == 400


def test_without_scripts_files_go_with_the_form_and_bad_ones_are_named(client: Client, officer: User) -> None:
    client.force_login(officer)
    files = [SimpleUploadedFile("card.png", PNG), SimpleUploadedFile("tool.exe", b"MZ")]
    data = {"capture_id": CAPTURE, "kind": "meeting", "outcome": "held", "company": CompanyFactory().pk, "files": files}

    page = client.post(reverse("leads:log"), data, follow=True).content.decode()

    assert [row.file.name for row in Interaction.objects.get().files.all()] == ["card.png"]
    assert "These files could not be taken: tool.exe." in page


def test_a_card_of_somebody_we_know_picks_that_person(client: Client, officer: User) -> None:
    contact = ContactFactory(given_name="Inés", family_name="Paz")
    PositionFactory(contact=contact, company=CompanyFactory(name="Kallpa"))
    EmailFactory(contact=contact, value="ines@kallpa.example")
    client.force_login(officer)
    card = {"pick": "card", "person": "I. Paz", "new_company": "Kallpa Labs", "email": "Ines@Kallpa.example"}

    page = client.post(reverse("leads:log_who"), card, HTTP_HX_REQUEST="true").content.decode()

    assert f'name="contact" value="{contact.pk}"' in page
    assert 'name="is_new"' not in page


def test_a_card_of_a_stranger_fills_the_form(client: Client, officer: User) -> None:
    client.force_login(officer)
    card = {
        "pick": "card",
        "person": "Inés Paz",
        "new_company": "Kallpa",
        "email": "ines@kallpa.example",
        "title": "CEO",
    }

    page = client.post(reverse("leads:log_who"), card, HTTP_HX_REQUEST="true").content.decode()

    for value in ("Inés Paz", "Kallpa", "ines@kallpa.example", "CEO"):
        assert f'value="{value}"' in page
