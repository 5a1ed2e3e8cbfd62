from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from config import health, heartbeat
from config.staff import clock
from config.staff.models import Heartbeat
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _both_live() -> None:
    heartbeat.record("worker")
    heartbeat.record("beat")


def test_alive_asks_no_database(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/livez").status_code == 200


@pytest.mark.usefixtures("_both_live")
def test_ready_when_everything_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


def test_not_ready_before_the_worker_was_seen(client: Client) -> None:
    heartbeat.record("beat")
    assert client.get("/healthz").status_code == 503


@pytest.mark.usefixtures("_both_live")
def test_not_ready_when_beat_fell_silent(client: Client) -> None:
    Heartbeat.objects.filter(name="beat").update(at=clock.now() - timedelta(seconds=61))
    assert client.get("/healthz").status_code == 503


@pytest.mark.usefixtures("_both_live")
def test_database_that_is_away_is_told_not_raised(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_now: object) -> health.Finding:
        raise OperationalError("server closed the connection")

    monkeypatch.setitem(health.CHECKS, "database", away)
    assert client.get("/healthz").status_code == 503


def test_whoever_is_logged_in_is_told_too_when_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(UserFactory())

    def away(*_words: object, **_more: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz").status_code == 503
    assert client.get("/livez").status_code == 200


@pytest.mark.usefixtures("_both_live")
def test_broker_that_is_away_is_told_not_raised(client: Client, settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    assert client.get("/healthz").status_code == 503


@pytest.mark.usefixtures("_both_live")
def test_staff_see_details(client: Client) -> None:
    client.force_login(UserFactory())
    assert set(client.get("/healthz").json()["checks"]) == {"database", "broker", "worker", "beat", "mail"}


@pytest.mark.usefixtures("_both_live")
def test_guest_sees_no_details(client: Client) -> None:
    client.force_login(UserFactory(guest=True))
    assert client.get("/healthz").content == b"ready\n"


def test_heartbeat_is_written_again_not_twice() -> None:
    heartbeat.record("worker")
    heartbeat.record("worker")
    assert Heartbeat.objects.count() == 1
