"""The figures on the sample's history, whose United States row is known."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from config.sample.load import load_sample
from config.sample.sizes import TINY
from leads.figures import choices, tables
from leads.figures.answer import number_of
from leads.figures.catalogue import FIGURES
from leads.figures.filters import Filters, Scope
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_data")]
TODAY = date(2026, 11, 23)
ALL = Filters(TODAY, scope=Scope.ALL)


def test_the_united_states_row_is_the_seeds_and_opens_its_lists(client: Client) -> None:
    load_sample(TINY, seed=1, today=TODAY)
    table = tables.table("origin", ALL, choices.load(), tables.whole(ALL))
    row = next(row for row in table.rows if row.key == "US")

    assert (row.projects.value, row.companies.value) == (124, 77)
    assert (row.capex.known, row.jobs.known) == (124, 124)
    assert row.capex.value is not None
    assert row.capex.value > 700_000_000
    assert row.jobs.value is not None
    assert row.jobs.value > 9_000
    assert row.project_share is not None
    assert row.project_share > 25
    assert round(row.projects_per_company or 0, 2) == Decimal("1.61")
    assert 440 <= (table.total.projects.value or 0) <= 480

    client.force_login(UserFactory(manager_role=True))
    for name, value in (("projects", 124), ("companies", 77)):
        page = client.get(f"/figures/{name}/?{row.query}").content.decode()
        assert f'id="value">{value}<' in "".join(page.split())


def test_rows_add_up_to_the_total_but_for_distinct_companies() -> None:
    load_sample(TINY, seed=1, today=TODAY)
    whole = tables.whole(ALL)

    for dimension in tables.DIMENSIONS:
        rows = tables.table(dimension, ALL, choices.load(), whole).rows
        # A project stands in every municipality that has a part of it; its amounts are parted and add up.
        stands_once = dimension != "municipality"
        for name in ("projects", "capex", "jobs", "reinvestment"):
            parts = [row.cell[name] for row in rows]
            if stands_once:
                assert sum(part.of for part in parts) == whole[name].of, dimension
            if stands_once or name in {"capex", "jobs"}:
                assert sum(Decimal(part.total) for part in parts) == whole[name].total, dimension


def test_every_figure_can_be_asked_of_a_whole_agency() -> None:
    load_sample(TINY, seed=1, today=TODAY)

    silent = [name for name, figure in FIGURES.items() if number_of(figure, ALL).value is None]

    # So small an agency has no opportunity from its three missions, and nobody who reckoned indirect jobs.
    assert set(silent) <= {"jobs_indirect", "cost_per_qualified", "cost_per_project", "cost_per_job"}
