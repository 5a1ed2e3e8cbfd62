"""The pytest plugin that brings the servers; `-p tests.services` loads it before Django reads its settings.

One PostgreSQL and one Valkey serve the whole run. Each xdist worker has a database of its own (by pytest-django),
a Valkey database and a cache prefix. TEST_DATABASE_URL and TEST_REDIS_URL name servers that run already.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from config.embedded import postgres, valkey
from config.embedded.problem import StartProblem
from config.embedded.processes import end_leftovers
from config.embedded.servers import held_state
from config.embedded.state import database_url, redis_url, server_folder, socket_folder
from tests import template

XDIST_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
FOLDER_PREFIX = "puente-tests"
VENDOR = Path(__file__).resolve().parent.parent / ".state" / "vendor"

servers = pytest.StashKey[contextlib.ExitStack]()


def prepare_environment() -> None:
    """What settings read. The controller chooses the folder, and its workers inherit it."""
    if not XDIST_WORKER:
        os.environ["PUENTE_STATE"] = str(new_state_folder())
    for name in ("DEBUG", "PUENTE_DEMO", "SITE_URL", "CSRF_TRUSTED_ORIGINS", "OIDC_SERVER_URL", "MAIL_SINK"):
        os.environ.pop(name, None)
    number = int(XDIST_WORKER.removeprefix("gw")) + 1 if XDIST_WORKER else 0
    os.environ |= {
        "PUENTE_TESTING": "1",
        "SECRET_KEY": "a key for tests alone",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or database_url(),
        "REDIS_URL": numbered(os.environ.get("TEST_REDIS_URL") or redis_url(), number),
        "CACHE_PREFIX": f"tests{number}",
        # A thread of the live server must not keep the test database from being dropped.
        "DATABASE_CONN_MAX_AGE": "0",
    }


def new_state_folder() -> Path:
    for old in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}-*"):
        with contextlib.suppress(FileNotFoundError):  # another run may be about to clear it away too
            if old.stat().st_uid == os.geteuid() and not _runs(int(old.name.split("-")[2])):
                remove_state_folder(old)
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}-{os.getpid()}-"))
    folder.chmod(0o711)  # root's PostgreSQL runs as another user, who must get in
    for name in ("static", "files"):
        (folder / name).mkdir()
    # The screens' packages are fetched once a checkout, by the first browser test.
    (folder / "vendor").symlink_to(VENDOR)
    return folder


def remove_state_folder(folder: Path) -> None:
    end_leftovers(folder / "run-all")
    shutil.rmtree(folder, ignore_errors=True)


def numbered(url: str, number: int) -> str:
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={number}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def running_servers() -> Iterator[None]:
    with held_state("tests") as children:
        if not os.environ.get("TEST_DATABASE_URL"):
            with contextlib.suppress(OSError):  # a checkout that is not writable goes without
                template.use(children)
            postgres.start(children, hasty=True)
        if not os.environ.get("TEST_REDIS_URL"):
            valkey.start(children)
        yield


def pytest_configure(config: pytest.Config) -> None:
    if XDIST_WORKER or config.option.collectonly or config.option.help:
        return
    stack = config.stash[servers] = contextlib.ExitStack()
    try:
        stack.enter_context(running_servers())
    except StartProblem as problem:
        raise pytest.UsageError(str(problem)) from problem


def pytest_unconfigure(config: pytest.Config) -> None:
    if XDIST_WORKER:
        return
    if servers in config.stash:
        config.stash[servers].close()
    for folder in (server_folder(), socket_folder().parent, Path(os.environ["PUENTE_STATE"])):
        remove_state_folder(folder)


prepare_environment()
