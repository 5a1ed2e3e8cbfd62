"""A migrated database, made once for these migrations: to copy it takes a tenth of a second, to migrate takes many.

It is kept as a whole data folder in the checkout's state folder, and each test run starts from a copy.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.embedded import postgres
from config.embedded.npm import one_at_a_time
from config.embedded.problem import StartProblem
from config.embedded.processes import Account, Children
from config.embedded.state import database_url

ROOT = Path(__file__).resolve().parent.parent
NAME = "puente_template"


def use(children: Children) -> None:
    """Puts the data folder in place, before PostgreSQL starts."""
    kept = ROOT / ".state" / f"test-database-{fingerprint()}"
    with one_at_a_time(kept.with_name("test-database")):
        if not kept.exists():
            _make(children)
            for old in kept.parent.glob("test-database-*"):
                shutil.rmtree(old)
            _copy(postgres.data_folder(), kept)
            return
        _copy(kept, postgres.data_folder())


def fingerprint() -> str:
    told = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for migration in sorted(ROOT.glob("*/**/migrations/*.py")):
        told.update(migration.name.encode() + migration.read_bytes())
    return told.hexdigest()[:16]


def _make(children: Children) -> None:
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
