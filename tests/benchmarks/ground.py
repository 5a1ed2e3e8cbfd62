"""What a benchmark stands on: embedded servers and the sample of one size, loaded once and kept."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg import sql

from config.embedded import postgres
from config.embedded.processes import Children
from config.embedded.servers import forget, held_state, start_servers
from config.embedded.state import database_url, redis_url, state_folder
from tests import template

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
# A database of its own each time, with nothing in it but what an agency begins with.
BARE = "bare"
SAMPLE = {"seed": 1, "today": NOW.date().isoformat()}


def prepare_environment(size: str) -> None:
    """What settings read; called before Django is."""
    os.environ["PUENTE_STATE"] = str(state_folder() / "benchmarks" / size)
    for name in ("DEBUG", "PUENTE_DEMO", "SITE_URL", "CSRF_TRUSTED_ORIGINS", "OIDC_SERVER_URL", "MAIL_SINK"):
        os.environ.pop(name, None)
    os.environ |= {
        # No second factor, no secure cookies, and static files by their plain names: nothing of it costs a query.
        "PUENTE_TESTING": "1",
        "SECRET_KEY": "a key for benchmarks alone",
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url(),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }


@contextmanager
def standing(size: str, *, fresh: bool) -> Iterator[Children]:
    with held_state("a benchmark") as children:
        (state_folder() / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it is missing
        if fresh or size == BARE:
            forget()
            _note().unlink(missing_ok=True)
        if size == BARE:
            _begin(children)
        else:
            start_servers(children)
            _load(size)
        yield children


def _begin(children: Children) -> None:
    import django  # noqa: PLC0415 - as below
    from django.core.management import call_command  # noqa: PLC0415

    template.use(children)
    start_servers(children)
    postgres.drop_database(postgres.DATABASE)
    with postgres.connect() as connection:
        names = sql.Identifier(postgres.DATABASE), sql.Identifier(template.NAME)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    django.setup()
    from config.staff import clock  # noqa: PLC0415

    with clock.set_to(NOW - timedelta(days=300)):  # a cadence that was there before any run begins
        call_command("load_first_data")


def _load(size: str) -> None:
    import django  # noqa: PLC0415 - settings speak to the servers that were just started
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    if _note().exists() and json.loads(_note().read_text()) == SAMPLE:
        return
    began = time.monotonic()
    sys.stderr.write(f"Loading the sample {size}, once …\n")
    call_command("load_first_data")
    call_command("load_sample", size=size, **SAMPLE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _note().write_text(json.dumps(SAMPLE))
    sys.stderr.write(f"Loaded in {time.monotonic() - began:.0f} s.\n")


def _note() -> Path:
    return state_folder() / "loaded.json"
