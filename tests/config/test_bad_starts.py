"""A start that cannot be says why in one sentence, exits with 1 and leaves nothing running."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.embedded.servers import held_state
from tests.config.starting import alive, noted, refused, state_folder
from tests.conftest import url_of_the_test_database

pytestmark = pytest.mark.servers

NOWHERE = {"DATABASE_URL": "postgres://puente@127.0.0.1:1/puente", "REDIS_URL": "redis://127.0.0.1:1/0"}


@pytest.fixture
def state() -> Iterator[Path]:
    with state_folder() as folder:
        yield folder
        assert not alive(noted(folder))


@pytest.fixture
def taken() -> Iterator[str]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.fixture
def blind_database() -> Iterator[str]:
    """Its character type is C: trigrams drop every letter beyond ASCII."""
    name = f"puente_blind_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING UTF8 LOCALE_PROVIDER libc LOCALE 'C'")
    yield url_of_the_test_database().replace(str(connection.settings_dict["NAME"]), name)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_demo_on_a_port_that_is_taken(state: Path, taken: str) -> None:
    assert f"Port {taken} is taken" in refused("demo", "--port", taken, state=state)


def test_data_folder_that_is_not_writable(state: Path) -> None:
    (state / "file").touch()
    told = refused("demo", "--data-dir", str(state / "file" / "data"), state=state)
    assert "is not writable" in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_data_folder_of_somebody_else(state: Path) -> None:
    state.chmod(0o500)
    assert "is not writable" in refused("demo", state=state)
    state.chmod(0o700)


def test_second_start_on_the_same_data_folder(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUENTE_STATE", str(state))
    with held_state("http://localhost:8000"):
        told = refused("demo", state=state)
    assert f"already runs on the data folder {state}: process {os.getpid()}, http://localhost:8000." in told


def test_data_folder_of_another_major_version(state: Path) -> None:
    (state / "pgdata").mkdir()
    (state / "pgdata" / "PG_VERSION").write_text("13\n")
    assert "is of PostgreSQL 13, and this Puente brings PostgreSQL 18" in refused("demo", state=state)


def test_up_without_servers(state: Path) -> None:
    assert "DATABASE_URL and REDIS_URL must be set" in refused("up", state=state)


def test_up_with_two_kinds_of_servers(state: Path) -> None:
    assert "not both" in refused("up", "--embedded", state=state, environment=NOWHERE)


def test_up_on_a_port_that_is_taken(state: Path, taken: str) -> None:
    told = refused("up", "--bind", f"127.0.0.1:{taken}", state=state, environment=NOWHERE)
    assert f"Port {taken} is taken" in told


def test_up_for_others_without_an_address(state: Path) -> None:
    told = refused("up", "--bind", "0.0.0.0:8000", state=state, environment=NOWHERE)
    assert "SITE_URL must be set" in told


def test_up_on_a_database_that_is_not_there(state: Path) -> None:
    told = refused("up", "--bind", "127.0.0.1:0", state=state, environment=NOWHERE)
    assert "The database that DATABASE_URL names cannot be reached" in told


@pytest.mark.django_db(transaction=True)
def test_up_on_a_redis_that_is_not_there(state: Path) -> None:
    servers = NOWHERE | {"DATABASE_URL": url_of_the_test_database()}
    told = refused("up", "--bind", "127.0.0.1:0", state=state, environment=servers)
    assert "The Redis that REDIS_URL names cannot be reached" in told


@pytest.mark.django_db(transaction=True)
def test_up_on_a_database_that_is_blind(state: Path, blind_database: str) -> None:
    servers = {"DATABASE_URL": blind_database, "REDIS_URL": os.environ["REDIS_URL"]}
    told = refused("up", "--bind", "127.0.0.1:0", state=state, environment=servers)
    assert "locale blinds the search" in told
