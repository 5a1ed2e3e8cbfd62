from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from config.migrations import QuickExecutor
from leads import reporting

migrate.MigrationExecutor = QuickExecutor  # type: ignore[attr-defined]  # the one place where the command names it


class Command(migrate.Command):
    """Django's own. The views for reports read the tables, which Postgres does not let it alter beneath them."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            reporting.clear(cursor)
        super().handle(*args, **options)
        executor = QuickExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            with connection.cursor() as cursor:
                reporting.build(cursor)
