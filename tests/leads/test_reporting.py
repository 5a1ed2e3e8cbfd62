"""The views for Metabase and Excel: complete, documented, and without restricted names."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from config.staff import clock
from leads import reporting
from leads.figures import secrecy
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ReadingFactory
from tests.leads.test_figures import country, moves, project

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def asked(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def secret() -> None:
    company = CompanyFactory(name="Hidden Harbour", origin_country=country("SE"))
    lead = project(company=company, named=True, title="Hidden plan")
    ReadingFactory(lead=lead, jobs=42)
    moves(lead, (1, NOW), (2, NOW))
    meeting = InteractionFactory(company=company, lead=lead)
    FollowUpFactory(company=company, lead=lead, text="Hidden promise")
    FollowUpFactory(company=company, interaction=meeting, text="Hidden promise")


def test_every_view_and_column_says_in_the_database_what_it_is() -> None:
    silent = asked(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        f" WHERE c.relnamespace = '{reporting.SCHEMA}'::regnamespace AND col_description(c.oid, a.attnum) IS NULL"
    )

    assert silent == []
    views = asked("SELECT table_name FROM information_schema.views WHERE table_schema = 'reporting'")
    assert {name for (name,) in views} == {view.name for view in reporting.VIEWS}


@pytest.mark.parametrize("view", [view.name for view in reporting.VIEWS if view.name != "companies"])
def test_no_view_names_a_restricted_lead_or_its_company(view: str) -> None:
    secret()
    secrecy.settle(at=NOW)

    rows = asked(f"SELECT * FROM {reporting.SCHEMA}.{view}")

    assert "Hidden" not in str(rows)
    assert "Ceiba" not in str(rows)


def test_a_restricted_project_is_a_row_without_what_would_tell_it_apart() -> None:
    secret()
    for _ in range(3):
        project("FR")
    secrecy.settle(at=NOW)

    columns = "lead_id, group_id, origin, decided_on, decided_year, layer, jobs"
    (row,) = asked(f"SELECT {columns} FROM reporting.projects WHERE is_reserved")

    assert row == (None, None, None, None, 2026, "announced", 42)


def test_before_its_box_is_settled_nothing_is_told_of_it() -> None:
    secret()

    assert asked("SELECT scope, decided_year, sector FROM reporting.leads WHERE is_reserved") == [(None, None, None)]


def test_the_views_count_what_the_figures_count() -> None:
    for place in range(4):
        ReadingFactory(lead=project("US", decided=date(2026, 3, 1)), jobs=10 * place)
    LeadFactory(parent=project("ES"))

    assert asked("SELECT count(DISTINCT lead_id), sum(jobs) FROM reporting.projects WHERE origin = 'US'") == [(4, 60)]
    assert asked("SELECT count(*) FROM reporting.leads") == [(5,)]


def test_who_reads_the_views_reads_no_table_and_writes_nothing() -> None:
    call_command("reporting_role")

    with transaction.atomic():
        asked_as_reader("SELECT count(*) FROM reporting.leads")
    for forbidden in (
        "SELECT title FROM leads_lead",
        "SELECT password FROM staff_user",
        "DELETE FROM reporting.companies",
        "SELECT * FROM leads_reserve",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            asked_as_reader(forbidden)


def asked_as_reader(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {reporting.ROLE}")
        cursor.execute(sql)
        cursor.execute("RESET ROLE")


def test_migrating_again_builds_the_views_anew() -> None:
    with connection.cursor() as cursor:
        reporting.clear(cursor)

    call_command("migrate", verbosity=0)

    assert asked("SELECT count(*) FROM reporting.leads") == [(0,)]
