"""Whether a database has every migration of this code. Asked without a process of its own: it costs seconds."""

from typing import Any

import psycopg
from django.db.migrations.loader import MigrationLoader


def on_disk() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def pending(connection: "psycopg.Connection[Any]") -> bool:
    with connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if not found or found[0] is None:
            return True
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    return bool(on_disk() - applied)
