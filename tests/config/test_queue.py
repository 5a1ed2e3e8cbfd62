import subprocess

import pytest

from config.celery_app import app


@pytest.mark.queue
def test_worker_answers(worker: "subprocess.Popen[bytes]") -> None:
    assert worker.poll() is None
    assert app.control.inspect(timeout=1).ping()
