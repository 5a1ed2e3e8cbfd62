import subprocess

import pytest

from config.celery_app import app
from config.embedded.processes import wait_until
from config.staff.models import Heartbeat


@pytest.mark.queue
def test_worker_answers_and_leaves_its_heartbeat(worker: "subprocess.Popen[bytes]") -> None:
    assert app.control.inspect(timeout=1).ping()
    assert wait_until(lambda: Heartbeat.objects.filter(name="worker").exists(), patience=10)
    assert worker.poll() is None
