"""Backup and restore: the database and the files in one archive, so that neither is ever without the other."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.embedded import postgres
from config.embedded.problem import StartProblem
from config.migrations import on_disk
from config.staff import clock
from leads.reporting import GRANT

DUMP, NOTE, FILES = "database.dump", "backup.json", "files"


def write(target: Path) -> None:
    """The database first: a file that arrives meanwhile is in the archive too much, never too little."""
    half = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        with tarfile.open(half, "w") as archive:
            _add_text(archive, NOTE, json.dumps(_note()))
            archive.add(dump, DUMP)
            if Path(settings.MEDIA_ROOT).is_dir():
                archive.add(settings.MEDIA_ROOT, FILES)
    half.chmod(0o600)
    half.replace(target)


def read(source: Path, *, force: bool) -> None:
    files = Path(settings.MEDIA_ROOT)
    if not force and (not _database_is_empty() or (files.is_dir() and any(files.iterdir()))):
        raise StartProblem("There is data already: `--force` replaces it by the backup's.")
    files.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=files.parent) as name:
        folder = Path(name)
        _unpack(source, folder)
        _refuse_a_newer_one(folder)
        _run("pg_restore", "--list", str(folder / DUMP), speak=False)  # whole, before anything is dropped
        _empty_the_database()
        _run(
            *("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
            *(f"--dbname={connection.settings_dict['NAME']}", str(folder / DUMP)),
        )
        with connection.cursor() as cursor:
            cursor.execute(GRANT)  # an archive holds nobody's rights
        shutil.rmtree(files, ignore_errors=True)
        (folder / FILES).mkdir(exist_ok=True)
        (folder / FILES).replace(files)


def _note() -> dict[str, Any]:
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {"made_at": clock.now().isoformat(), "migrations": applied}


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError) as fault:
        raise StartProblem(f"{source} is not a backup of Puente, or is cut off: {fault}.") from fault
    except OSError as fault:
        raise StartProblem(f"{source} cannot be read: {fault.strerror}.") from fault
    if not ((folder / NOTE).is_file() and (folder / DUMP).is_file()):
        raise StartProblem(f"{source} is not a backup of Puente.")


def _refuse_a_newer_one(folder: Path) -> None:
    kept = {tuple(key) for key in json.loads((folder / NOTE).read_text())["migrations"]}
    unknown = kept - on_disk()
    if unknown:
        raise StartProblem(
            f"The backup was made by a newer Puente: this one does not know {'.'.join(sorted(unknown)[0])}."
        )


def _database_is_empty() -> bool:
    return not connection.introspection.table_names()


def _empty_the_database() -> None:
    """Of its extensions' schemas too, and of `reporting`: the archive brings all of them back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$|^public$'"
        )
        for (schema,) in cursor.fetchall():
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        # Its usual owner, or a later backup would hold the schema too and fit into no fresh database.
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
    connection.close()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    archive.addfile(entry, io.BytesIO(text.encode()))


def _run(program: str, *arguments: str, speak: bool = True) -> None:
    done = subprocess.run(  # noqa: S603
        [_program(program), *arguments],
        env={**os.environ, **(_address() if speak else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise StartProblem(f"{program} failed: {last}")


def _program(name: str) -> str:
    """The machine's own where it is not older than the server, or else the wheel's, which speaks no TLS."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10000
    for found in _programs(name):
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        if told.split() and int(told.split()[2].partition(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz")) >= server:
            return found
    raise StartProblem(f"No {name} for PostgreSQL {server} on this machine: install postgresql-client-{server}.")


def _programs(name: str) -> Iterator[str]:
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    in_wheel = postgres.program_folder(None) / name
    if in_wheel.exists():
        yield str(in_wheel)


def _address() -> dict[str, str]:
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
    parameters = connection.get_connection_params()
    return {names[key]: str(value) for key, value in parameters.items() if key in names and value}
