"""While PostgreSQL or Redis is away a page says so calmly, and what was typed is kept."""

import logging
from collections.abc import Callable

import psycopg
import pytest
from django.core.cache import cache
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from config.staff.keeping import kept
from leads.models import FollowUp
from tests.leads.factories import FollowUpFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

HTML = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture
def reader() -> Client:
    """Answers as a server does, and raises nothing."""
    client = Client(raise_request_exception=False, headers=HTML)
    client.force_login(UserFactory(language="en"))
    return client


def raising(error: Exception) -> Callable[..., None]:
    def away(*_words: object, **_more: object) -> None:
        raise error

    return away


@pytest.fixture
def _database_away(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", raising(OperationalError("connection refused")))


@pytest.mark.usefixtures("_database_away")
def test_a_page_says_so_and_when_to_come_back(reader: Client) -> None:
    answer = reader.get("/companies/?q=acme")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert "does not answer for a moment" in answer.text
    assert 'href="/companies/?q=acme"' in answer.text


@pytest.mark.usefixtures("_database_away")
def test_it_speaks_the_language_of_the_browser(reader: Client) -> None:
    answer = reader.get("/companies/", headers={"accept-language": "es-CO,es;q=0.9"})

    assert '<html lang="es">' in answer.text
    assert "no responde por un momento" in answer.text


@pytest.mark.usefixtures("_database_away")
def test_what_was_typed_stands_in_the_page_to_be_sent_again(reader: Client) -> None:
    answer = reader.post("/follow-ups/new/", {"text": 'Send the "guide" <now>', "csrfmiddlewaretoken": "theirs"})

    assert answer.status_code == 503
    assert 'name="text" value="Send the &quot;guide&quot; &lt;now&gt;"' in answer.text
    assert 'name="csrfmiddlewaretoken" value="theirs"' in answer.text
    assert '<form method="post" action="/follow-ups/new/">' in answer.text


@pytest.mark.usefixtures("_database_away")
def test_a_password_is_never_written_into_it(reader: Client) -> None:
    answer = reader.post("/login/", {"login": "ana@example.org", "password": "a long password 1"})

    assert answer.status_code == 503
    assert "a long password 1" not in answer.text


@pytest.mark.usefixtures("_database_away")
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"accept": "application/json"}])
def test_a_part_and_a_machine_get_the_bare_sentence(reader: Client, headers: dict[str, str]) -> None:
    answer = reader.post("/follow-ups/1/done/", headers=headers)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.usefixtures("_database_away")
def test_it_is_still_told_in_the_log(reader: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "django.request"):
        reader.get("/companies/")

    assert any(record.exc_info and "connection refused" in str(record.exc_info[1]) for record in caplog.records)


def test_a_server_that_ends_while_the_page_is_made(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = OperationalError("terminating connection")
    ended.__cause__ = psycopg.errors.AdminShutdown()
    monkeypatch.setattr(FollowUp, "complete", raising(ended))
    row = FollowUpFactory()

    assert reader.post(f"/follow-ups/{row.pk}/done/").status_code == 503


@pytest.mark.parametrize(
    "error", [IntegrityError("a rule of the database"), InterfaceError("the cursor is closed"), ValueError("ours")]
)
def test_a_fault_of_ours_stays_one(reader: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(FollowUp, "complete", raising(error))

    assert reader.post(f"/follow-ups/{FollowUpFactory().pk}/done/").status_code == 500


def test_two_that_wait_for_each_other_are_a_fault_of_ours(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = psycopg.errors.DeadlockDetected()
    monkeypatch.setattr(FollowUp, "complete", raising(deadlock))

    assert reader.post(f"/follow-ups/{FollowUpFactory().pk}/done/").status_code == 500


def test_signing_in_waits_for_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts the tries, so nobody is let in uncounted."""
    for name in ("get", "set", "add", "incr"):
        monkeypatch.setattr(cache, name, raising(RedisAway("refused")))

    answer = Client(raise_request_exception=False, headers=HTML).post(
        "/login/", {"login": "a@b.example", "password": "x"}
    )

    assert answer.status_code == 503


def test_what_is_kept_for_speed_is_made_anew_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", raising(RedisAway("refused")))

    assert kept("some chart", 60, lambda: b"drawn") == b"drawn"
