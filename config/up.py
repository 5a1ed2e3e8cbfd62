"""The start for real: an agency's own PostgreSQL and Redis, or the embedded ones where it says so."""

import os
from dataclasses import dataclass

import psycopg
import redis
from django.conf import settings
from django.db import connection

from config.demo import secret_key
from config.embedded.postgres import major_version
from config.embedded.problem import StartProblem
from config.embedded.servers import held_state, start_servers
from config.embedded.state import state_folder
from config.migrations import pending
from config.running import BEAT, Group, Say, is_free, until_interrupted, web, worker

OLDEST_POSTGRES = 15
NEEDED = ("DATABASE_URL", "REDIS_URL")
HERE_ALONE = ("127.0.0.1", "localhost")
EMBEDDED = (
    f"PostgreSQL {major_version()} and Valkey run as children of this command, out of PyPI packages: one machine, no"
    " standby, no tuning. Take backups with `manage.py backup`, and move to servers of your own when people rely on it."
)


@dataclass(frozen=True)
class Wish:
    embedded: bool
    only: str | None
    bind: str
    web_processes: int
    worker_processes: int

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> str:
        return self.bind.rpartition(":")[2]

    def runs(self, part: str) -> bool:
        return self.only in {None, part}


def run(say: Say, wish: Wish) -> None:
    check_words(wish)
    with until_interrupted(), held_state(wish.bind, part=wish.only or "all") as children:
        group = Group(children, environment(wish, say))
        if wish.embedded:
            say(EMBEDDED)
            start_servers(children)
        check_database()
        check_redis()
        prepare(group, wish)
        start(group, wish)
        if wish.runs("worker"):
            group.fetch_fonts(say)
        part = f"The {wish.only} of Puente" if wish.only else "Puente"
        say(f"{part} runs for {group.environment['SITE_URL']}. Ctrl-C stops it.")
        group.watch()


def check_words(wish: Wish) -> None:
    """What can be said before anything is started."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if wish.embedded and (os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")):
        raise StartProblem("Either --embedded or DATABASE_URL and REDIS_URL, not both.")
    if wish.embedded and wish.only:
        raise StartProblem("--embedded is for one machine that runs everything: leave out --only.")
    if not wish.embedded and missing:
        raise StartProblem(
            f"{' and '.join(missing)} must be set (see .env.example), or give --embedded to run the servers here."
        )
    if wish.only and not os.environ.get("SECRET_KEY"):
        raise StartProblem("SECRET_KEY must be set, the same for every part.")
    if not wish.port.isdigit():
        raise StartProblem(f"--bind takes an address and a port, such as 127.0.0.1:8000, not {wish.bind}.")
    if wish.runs("web"):
        if not os.environ.get("SITE_URL") and wish.host not in HERE_ALONE:
            raise StartProblem(f"SITE_URL must be set where others than this machine may come in by {wish.bind}.")
        if not is_free(int(wish.port), wish.host):
            raise StartProblem(f"Port {wish.port} is taken: choose another with --bind.")


def environment(wish: Wish, say: Say) -> dict[str, str]:
    chosen = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if not chosen.get("SECRET_KEY"):
        chosen["SECRET_KEY"] = secret_key()
        say(f"SECRET_KEY is not set: this machine's own, in {state_folder() / 'secret_key'}, is used.")
    if not chosen.get("SITE_URL"):
        chosen["SITE_URL"] = f"http://localhost:{wish.port}"
        chosen.setdefault("SECURE_COOKIES", "0")
        say("SITE_URL is not set: only this machine comes in, and without TLS.")
    return chosen


def check_database() -> None:
    try:
        with _database() as asked:
            version = asked.info.server_version // 10000
            if version < OLDEST_POSTGRES:
                raise StartProblem(f"DATABASE_URL names PostgreSQL {version}; Puente needs {OLDEST_POSTGRES} or newer.")
            asked.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            found = asked.execute("SELECT show_trgm('Ж')").fetchone()
    except psycopg.OperationalError as fault:
        reason = str(fault).splitlines()[0]
        raise StartProblem(f"The database that DATABASE_URL names cannot be reached: {reason}") from fault
    except psycopg.Error as fault:
        reason = str(fault).splitlines()[0]
        raise StartProblem(f"The database that DATABASE_URL names cannot be prepared: {reason}") from fault
    if not found or not found[0]:
        raise StartProblem(
            "The database's locale blinds the search: it sees no letter beyond ASCII. Make it anew with"
            " `createdb --template=template0 --encoding=UTF8 --locale=C --lc-ctype=C.UTF-8 NAME`."
        )


def check_redis() -> None:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as fault:
        raise StartProblem(f"The Redis that REDIS_URL names cannot be reached: {fault}") from fault


def prepare(group: Group, wish: Wish) -> None:
    if wish.runs("web"):
        group.manage("assets", "--collect")
    with _database() as asked:
        lacks = pending(asked)
    if wish.only is None:
        if lacks:
            group.manage("migrate", "--skip-checks")
        group.manage("load_first_data")
    elif lacks:
        raise StartProblem(
            "The database lacks migrations: run `manage.py migrate` and `manage.py load_first_data` once, then start"
            " the parts."
        )


def start(group: Group, wish: Wish) -> None:
    if wish.runs("web"):
        group.start("web", web(wish.bind, workers=wish.web_processes))
    if wish.runs("worker"):
        group.start("worker", worker(wish.worker_processes))
    if wish.runs("beat"):
        group.start("beat", BEAT)
    if wish.only is None:
        group.wait_until_ready(f"http://localhost:{wish.port}")
        group.manage("first_administrator")


def _database() -> "psycopg.Connection[tuple[object, ...]]":
    parameters = connection.get_connection_params() | {"connect_timeout": 5}
    wanted = {name: value for name, value in parameters.items() if name not in {"cursor_factory", "context"}}
    return psycopg.connect(**wanted, autocommit=True)
