from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from leads.reporting import GRANT, ROLE


class Command(BaseCommand):
    help = f"Makes the role {ROLE}, which may read the views of the schema reporting and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password-file", help="a file with the password; without one the role cannot log in")

    def handle(self, *, password_file: str | None, **_options: Any) -> None:
        role, words = sql.Identifier(ROLE), sql.SQL("NOLOGIN")
        if password_file:
            with open(password_file, encoding="utf-8") as file:  # noqa: PTH123 - a path of the administrator's
                words = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(file.read().strip()))  # type: ignore[assignment]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
                verb = sql.SQL("ALTER ROLE" if cursor.fetchone() is not None else "CREATE ROLE")
                limits = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 10")
                cursor.execute(sql.SQL(" ").join([verb, role, limits, words]))
                cursor.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role))
                cursor.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = '60s'").format(role))
                cursor.execute(GRANT)
        except ProgrammingError as refusal:
            raise CommandError(
                f"This account may not make roles: {refusal}. Let an administrator of the server run"
                f" `CREATE ROLE {ROLE} LOGIN PASSWORD '…'` and run this command again without a password."
            ) from refusal
        self.stdout.write(f"{ROLE} may read the schema reporting.")
