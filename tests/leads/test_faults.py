"""Real processes, real servers, and what befalls them: nothing is lost, and nothing goes out twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection, connections

from config.celery_app import app
from config.embedded.processes import wait_until
from config.staff import clock, mail_room
from leads.follow_ups.cadences import open_follow_ups_of
from leads.follow_ups.opening import open_due
from leads.models import Delivery, DeliveryItem, FollowUp, Reminder
from leads.reminding import deliveries
from leads.reminding.reminders import raise_due
from leads.tasks import send_due
from tests.conftest import url_of_the_test_database
from tests.leads.factories import FollowUpFactory, InteractionFactory
from tests.mail_servers import Server, mail_server, mute_server, no_server
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]

People = int


def waiting_mail(people: People = 1) -> list[FollowUp]:
    """Due today for so many people, at any hour at which the test may run."""
    now = clock.now()
    owners = [UserFactory(zone="UTC", morning_hour=0) for _number in range(people)]
    due: list[FollowUp] = [FollowUpFactory(owner=owner, known_to=owner, due_on=now.date()) for owner in owners]
    return due


def tick() -> None:
    at = clock.now()
    raise_due(at=at)
    deliveries.plan(at=at)


def planned(people: People = 1) -> list[int]:
    waiting_mail(people)
    tick()
    return list(Delivery.objects.values_list("pk", flat=True))


@contextmanager
def a_worker_on(server: Server, *, ready: Callable[[], Any]) -> Iterator["subprocess.Popen[bytes]"]:
    """A Celery worker of its own that sends through this server."""
    name = f"faults-{os.getpid()}-{time.monotonic_ns()}@localhost"
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "config.celery_app", "worker", "--pool", "solo"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
            *("--hostname", name),
        ],
        env={
            **os.environ,
            "DATABASE_URL": url_of_the_test_database(),
            "C_FORCE_ROOT": "1",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(server.port),
        },
        stdin=subprocess.DEVNULL,
    )
    try:
        ready()
        yield worker
    finally:
        worker.kill()
        worker.wait()


def state_is(*states: str) -> Callable[[], bool]:
    return lambda: set(Delivery.objects.values_list("state", flat=True)) == set(states)


def test_a_worker_killed_while_sending_loses_nothing_and_doubles_nothing() -> None:
    (pk,) = planned()
    with mail_server(wait=30) as slow:
        app.send_task("leads.tasks.send_delivery", (pk,))
        with a_worker_on(slow, ready=lambda: slow.asked.wait(60)) as worker:
            assert slow.asked.is_set()
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    assert state_is("claimed")()
    assert slow.taken == []

    with mail_server() as sound, clock.set_to(clock.now() + deliveries.LEASE):
        deliveries.send(pk)
        deliveries.send(pk)

    assert state_is("sent")()
    assert len(sound.taken) == 1
    assert Reminder.objects.get().state == "delivered"


def test_a_worker_killed_after_the_servers_yes_does_not_send_again() -> None:
    (pk,) = planned()
    killed_before_the_result = (
        "import django, os, signal; django.setup();"
        "from leads.models import Delivery; from leads.reminding import deliveries;"
        "Delivery.settle = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL);"
        f"deliveries.send({pk})"
    )
    with mail_server() as server:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": url_of_the_test_database(),
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(server.port),
        }
        died = subprocess.run([sys.executable, "-c", killed_before_the_result], env=environment, check=False)
        assert died.returncode == -signal.SIGKILL
        assert state_is("claimed")()

        with clock.set_to(clock.now() + deliveries.LEASE):
            deliveries.send(pk)

        assert len(server.taken) == 1
    assert state_is("sent")()


def test_a_database_that_is_away_after_the_servers_yes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    (pk,) = planned()
    speak = mail_room._speak

    def speak_and_lose_the_database(*words: Any) -> str:
        answer = speak(*words)
        with psycopg.connect(url_of_the_test_database().replace("postgres://", "postgresql://")) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        return answer

    with mail_server() as server:
        monkeypatch.setattr(mail_room, "_speak", speak_and_lose_the_database)
        deliveries.send(pk)

    assert len(server.taken) == 1
    assert state_is("sent")()


def test_two_workers_and_two_beats_send_everything_once() -> None:
    waiting_mail(12)
    with mail_server() as server:
        at_once(2, whole_round)
        at_once(2, whole_round)

    assert state_is("sent")()
    assert len(server.ids) == len(set(server.ids)) == 12
    assert DeliveryItem.objects.count() == Reminder.objects.count() == 12


def test_eight_hands_on_one_delivery_send_it_once() -> None:
    (pk,) = planned()
    with mail_server(wait=0.2) as server:
        at_once(8, lambda: deliveries.send(pk))

    assert len(server.taken) == 1


def test_two_beats_open_a_cadence_once() -> None:
    from config.first_data.cadence import load_default_cadence  # noqa: PLC0415 - for this test alone

    load_default_cadence(at=datetime(2020, 1, 1, tzinfo=UTC))
    meetings = [InteractionFactory(interest="hot") for _number in range(20)]

    at_once(4, lambda: open_due(at=clock.now()))
    at_once(4, lambda: open_follow_ups_of(meetings[0], at=clock.now()))

    assert FollowUp.objects.count() == 80


def test_a_redis_that_loses_everything_loses_no_mail() -> None:
    waiting_mail(3)
    tick()
    with mail_server() as server:
        send_due()
        queue = redis.Redis.from_url(settings.REDIS_URL)
        assert queue.dbsize()
        queue.flushdb()

        send_due()
        with a_worker_on(server, ready=lambda: wait_until(state_is("sent"), patience=60)):
            pass

    assert state_is("sent")()
    assert len(server.ids) == len(set(server.ids)) == 3


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(no_server, id="away"),
        pytest.param(mute_server, id="hangs"),
        pytest.param(lambda: mute_server(drip=b"2"), id="dribbles"),
        pytest.param(lambda: mail_server(rcpt="450 Busy"), id="4xx"),
        pytest.param(lambda: mail_server(data="451 Full"), id="4xx after the words"),
        pytest.param(lambda: mail_server(mail="550 Not from you"), id="5xx to us"),
    ],
)
def test_a_mail_server_in_trouble_loses_nothing(trouble: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "TIMEOUT", 0.5)
    pks = planned(3)

    with trouble():
        at_once(2, lambda: send_all(pks))
    assert state_is("failed")()
    with mail_server() as server, clock.set_to(clock.now() + timedelta(hours=2)):
        at_once(2, lambda: send_all(pks))

    assert len(server.ids) == len(set(server.ids)) == 3
    assert state_is("sent")()


def test_a_refusal_is_shown_and_its_reminders_stay_due() -> None:
    (pk,) = planned()
    with mail_server(rcpt="550 No such person") as server:
        deliveries.send(pk)
        deliveries.send(pk)

    assert state_is("refused")()
    assert Reminder.objects.get().state == "due"
    assert server.taken == []


def test_no_transaction_is_open_while_the_network_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    (pk,) = planned()
    open_then: list[bool] = []
    real = mail_room.send

    def look(*args: Any, **kwargs: Any) -> Any:
        open_then.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(mail_room, "send", look)
    with mail_server():
        deliveries.send(pk)

    assert open_then == [False]


def whole_round() -> None:
    tick()
    send_all(deliveries.to_send(at=clock.now()))


def send_all(pks: list[int]) -> None:
    for pk in pks:
        deliveries.send(pk)


def at_once(hands: int, work: Callable[[], Any]) -> None:
    """Each hand has a connection of its own, and all start together; a fault in one is a fault of the test."""
    faults: list[BaseException] = []
    start = threading.Barrier(hands)

    def hand() -> None:
        try:
            start.wait(10)
            work()
        except BaseException as fault:  # noqa: BLE001 - handed to the test below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand) for _number in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
