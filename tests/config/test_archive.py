import hashlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from tests.companies.factories import ContactFactory
from tests.conftest import url_of_the_test_database
from tests.leads.factories import InteractionFactory

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

FRESH = "puente_restored"


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    (tmp_path / "files" / "cards").mkdir(parents=True)
    (tmp_path / "files" / "cards" / "ñandú.jpg").write_bytes(os.urandom(5000))
    return tmp_path / "files"


@pytest.fixture
def backup(files: Path, tmp_path: Path) -> Path:
    ContactFactory(given_name="Ximena", family_name="Москва")
    InteractionFactory()
    call_command("backup", str(tmp_path / "puente.backup"))
    return tmp_path / "puente.backup"


@pytest.fixture
def fresh() -> Iterator[str]:
    """Another database, empty; its address."""
    name = f"{FRESH}_{os.getpid()}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with connection.cursor() as cursor:
        cursor.execute(drop.as_string())
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)).as_string())
    yield url_of_the_test_database().replace(str(connection.settings_dict["NAME"]), name)
    with connection.cursor() as cursor:
        cursor.execute(drop.as_string())


def restore(backup: Path, database: str, files: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(backup), *options],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database, "MEDIA_ROOT": str(files)},
        capture_output=True,
        text=True,
        check=False,
    )


def contents(database: str) -> dict[str, object]:
    """Rows and a checksum of every table."""
    with psycopg.connect(database.replace("postgres://", "postgresql://")) as asked:
        tables = asked.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        question = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        return {table: asked.execute(sql.SQL(question).format(sql.Identifier(table))).fetchone() for (table,) in tables}


def checksums(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_what_was_saved_comes_back(backup: Path, fresh: str, files: Path, tmp_path: Path) -> None:
    done = restore(backup, fresh, tmp_path / "other")
    assert done.returncode == 0, done.stderr
    assert contents(fresh) == contents(url_of_the_test_database())
    assert checksums(tmp_path / "other") == checksums(files)

    refused = restore(backup, fresh, tmp_path / "other")
    assert refused.returncode == 1
    assert "There is data already" in refused.stderr

    forced = restore(backup, fresh, tmp_path / "other", "--force")
    assert forced.returncode == 0, forced.stderr
    assert contents(fresh) == contents(url_of_the_test_database())


def test_cut_off_archive_changes_nothing(backup: Path, files: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:20_000])
    before = contents(url_of_the_test_database())
    with pytest.raises(CommandError, match="is cut off"):
        call_command("restore", str(backup), force=True)
    assert contents(url_of_the_test_database()) == before
    assert checksums(files)


def test_other_file_is_no_backup(files: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w"):
        pass
    with pytest.raises(CommandError, match="is not a backup"):
        call_command("restore", str(tmp_path / "x.tar"), force=True)


def test_newer_backup_is_refused(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.archive.on_disk", lambda: {("staff", "0001_records")})
    with pytest.raises(CommandError, match="made by a newer Puente"):
        call_command("restore", str(backup), force=True)


def test_place_that_cannot_be_written_is_told(files: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(tmp_path / "nowhere" / "x.backup"))
