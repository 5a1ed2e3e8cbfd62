"""Starts of the app as a person makes them: commands in processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.embedded.state import _private_name
from tests.services import FOLDER_PREFIX


@contextmanager
def state_folder() -> Iterator[Path]:
    """An empty one that PostgreSQL's own account may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}-{os.getpid()}-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    for elsewhere in ("/var/tmp", tempfile.gettempdir()):  # noqa: S108
        shutil.rmtree(Path(elsewhere) / _private_name(folder), ignore_errors=True)


def clean_environment(**more: str) -> dict[str, str]:
    """A person's, without what the test run itself needs."""
    ours = ("PUENTE_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CACHE_PREFIX", "DJANGO_", "PYTEST_", "TEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def begin(*command: str, state: Path, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=clean_environment(PUENTE_STATE=str(state), **(environment or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(*command: str, state: Path, environment: Mapping[str, str] | None = None) -> str:
    """What a start that cannot be says: one sentence, and exit code 1."""
    process = begin(*command, state=state, environment=environment)
    try:
        _output, told = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        raise
    assert process.returncode == 1, told
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) == 1
    return told


def noted(state: Path) -> list[int]:
    """The processes that a start has noted in its folder."""
    return [int(note.read_text().split()[0]) for note in state.glob("run-*/*.pid")]


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]
