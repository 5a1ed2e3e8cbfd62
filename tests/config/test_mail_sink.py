import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(settings: Any, tmp_path: Path) -> str:
    """The demo's post box with one letter in it."""
    settings.DEMO, settings.MAIL_SINK = True, str(tmp_path / "mail")
    message = EmailMessage()
    message["Subject"], message["To"] = "Hoy: 3 promesas", "oficial@example.org"
    message.set_content("Llamar a TaskUs\nhttp://localhost/leads/1/")
    message.add_alternative("<h1 style='color:red'>Llamar</h1><script>alert(1)</script>", subtype="html")
    return mailbox.Maildir(tmp_path / "mail").add(message)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory())
    return client


def test_list_shows_what_was_sent(officer: Client, key: str) -> None:
    assert b"Hoy: 3 promesas" in officer.get("/demo/mail/").content


def test_letter_shows_its_text(officer: Client, key: str) -> None:
    assert b"Llamar a TaskUs" in officer.get(f"/demo/mail/{key}/").content


def test_html_is_shown_where_it_can_do_nothing(officer: Client, key: str) -> None:
    policy = officer.get(f"/demo/mail/{key}/html/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("wrong", ["nothing", "..", "%2e%2e"])
def test_letter_that_is_not_there(officer: Client, key: str, wrong: str) -> None:
    assert officer.get(f"/demo/mail/{wrong}/").status_code in {301, 302, 404}


def test_no_such_page_outside_the_demo(officer: Client, key: str, settings: Any) -> None:
    settings.DEMO = False
    assert officer.get("/demo/mail/").status_code == 404


def test_guest_sees_no_mail(client: Client, key: str) -> None:
    client.force_login(UserFactory(guest=True))
    assert client.get("/demo/mail/").status_code == 404


def test_stranger_is_asked_to_log_in(client: Client, key: str) -> None:
    assert client.get("/demo/mail/").status_code == 302
