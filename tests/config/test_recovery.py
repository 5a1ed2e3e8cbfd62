"""After a kill -9 of anything, the next start recovers by itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded.processes import wait_until
from tests.config.starting import alive, clean_environment, noted, state_folder

pytestmark = pytest.mark.servers

# A parent that starts the two servers and waits, as the demo does.
PARENT = """
import time
from config.embedded.servers import held_state, start_servers
with held_state() as children:
    start_servers(children, hasty=True)
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def state() -> Iterator[Path]:
    with state_folder() as folder:
        yield folder


def started(state: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=settings.BASE_DIR,
        env=clean_environment(PUENTE_STATE=str(state)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGINT) -> None:
    process.send_signal(number)
    process.communicate(timeout=30)


def test_parent_killed(state: Path) -> None:
    """Its children go with it, and the next start finds the folder free."""
    process = started(state)
    children = noted(state)
    assert len(children) == 2
    end(process, signal.SIGKILL)
    end(started(state))
    assert wait_until(lambda: not alive(children), patience=10)


def test_everything_killed(state: Path) -> None:
    process = started(state)
    children = noted(state)
    for pid in (*children, process.pid):
        os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=30)
    end(started(state))


def test_interrupted_first_start(state: Path) -> None:
    (state / "pgdata.init").mkdir()
    (state / "pgdata.init" / "half a cluster").touch()
    end(started(state))
    assert not (state / "pgdata.init").exists()


def test_note_of_a_process_that_is_another_one_now(state: Path) -> None:
    """A number that was used again is not ended."""
    (state / "run-all").mkdir()
    (state / "run-all" / "worker.pid").write_text(f"{os.getpid()} 1 15")
    end(started(state))


def test_long_path_with_spaces(state: Path) -> None:
    """Longer than a socket's address may be."""
    deep = state / ("a long name " * 8).strip()
    deep.mkdir()
    deep.chmod(0o711)
    end(started(deep))


def test_private_home_of_root(state: Path) -> None:
    """PostgreSQL's account cannot enter it, and nothing opens it."""
    state.chmod(0o700)
    process = started(state)
    assert state.stat().st_mode & 0o777 == 0o700
    end(process)
