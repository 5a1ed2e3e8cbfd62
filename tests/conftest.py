import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from config.celery_app import app
from config.embedded.processes import wait_until
from config.first_data.load import load_first_data
from tests import template

StartWorker = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture(autouse=True)
def _empty_cache_and_queue() -> None:
    """Rate limits and messages of one test must not reach the next: both lie in this process's own Redis database."""
    cache.clear()


@pytest.fixture(autouse=True)
def _reader_of_english() -> None:
    """A request leaves its reader's language and zone behind; no test may live on another one's."""
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The embedded server holds a migrated database, which is copied instead of migrated again."""
    if not os.environ.get("TEST_DATABASE_URL"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template.NAME


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A page that has just closed may leave a request under way; the database is dropped all the same."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are called, and their faults are the caller's."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture
def first_data(db: None) -> None:
    """Stages, reasons, sectors, places and the default cadence."""
    load_first_data()


def url_of_the_test_database() -> str:
    """The database of this test process, as another process must be told it."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[StartWorker]:
    """Starts real Celery workers on the test database, and stops those that still run."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "config.celery_app", "worker", "--pool", "solo"),
                *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
                *("--hostname", f"tests{len(started)}-{os.getpid()}@localhost"),
            ],
            env={**os.environ, "DATABASE_URL": url_of_the_test_database(), "C_FORCE_ROOT": "1"},
            stdin=subprocess.DEVNULL,
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.terminate()
    for worker in started:
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


@pytest.fixture
def worker(start_worker: StartWorker) -> "subprocess.Popen[bytes]":
    """A real worker that has answered."""
    process = start_worker()
    name = f"tests0-{os.getpid()}@localhost"
    answered = wait_until(lambda: bool(app.control.ping(destination=[name], timeout=0.5)), patience=30)
    assert answered, f"the Celery worker did not answer on {settings.CELERY_BROKER_URL}"
    return process
