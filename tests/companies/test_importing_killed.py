"""A real worker is killed in the middle of the writing: the next one goes on, and no row becomes two records."""

import signal
import subprocess

import pytest
from django.db import connection

from companies.importing import steps
from companies.models import Company, Contact, ContactPoint, Import, Position
from companies.tasks import carry_on_imports
from config.embedded.processes import wait_until
from tests.companies.importing import checked
from tests.conftest import StartWorker

pytestmark = [pytest.mark.servers, pytest.mark.queue, pytest.mark.django_db(transaction=True)]

ROWS = 5_000  # five steps of the writing


def people() -> str:
    rows = (f"Person Number{n},Company {n % 700} Foods,person{n}@example.org" for n in range(ROWS))
    return "\n".join(["Name,Company,E-mail", *rows])


def test_a_killed_worker_loses_no_row_and_doubles_none(start_worker: StartWorker) -> None:
    an_import = checked(people(), "person")
    steps.go_on(an_import, Import.Status.RUNNING, from_=(Import.Status.CHECKED,))
    worker = start_worker()

    assert wait_until(lambda: some_are_written(an_import), patience=60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    # The server ends what the dead worker had open.
    assert wait_until(nobody_writes, patience=10)
    an_import.refresh_from_db()
    assert an_import.status == Import.Status.RUNNING
    assert 0 < Contact.objects.count() < ROWS

    finish(start_worker, an_import)

    assert Contact.objects.count() == ContactPoint.objects.count() == Position.objects.count() == ROWS
    assert Company.objects.count() == 700
    assert an_import.writes.filter(model="companies.Contact").count() == ROWS
    assert an_import.counts["written"] == ROWS


def some_are_written(an_import: Import) -> bool:
    return an_import.rows.filter(written_at__isnull=False).exists()


def nobody_writes() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()")
        return bool(cursor.fetchone() == (0,))


def finish(start_worker: StartWorker, an_import: Import) -> "subprocess.Popen[bytes]":
    """As the job of each minute does it."""
    worker = start_worker()
    carry_on_imports()

    def is_done() -> bool:
        an_import.refresh_from_db()
        return bool(an_import.status == Import.Status.DONE)

    assert wait_until(is_done, patience=90)
    return worker
