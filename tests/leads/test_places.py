"""Projects in several municipalities: each is credited its own jobs, and the list behind says the same."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from companies.models import Municipality
from leads.figures.answer import number_of, numbers_by
from leads.figures.behind import listing
from leads.figures.catalogue import FIGURES
from leads.figures.choices import load
from leads.figures.filters import Filters
from leads.figures.tables import table, whole
from leads.models import Lead, ReadingShare, Stage
from leads.models.choices import Layer, Status
from tests.leads.factories import LeadFactory, ReadingFactory, StageFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
ALL = Filters(date(2026, 11, 23))


@pytest.fixture
def cali() -> Municipality:
    return Municipality.objects.create(name="Cali", code="76001")


@pytest.fixture
def palmira() -> Municipality:
    return Municipality.objects.create(name="Palmira", code="76520")


@transaction.atomic
def project(home: Municipality, shares: dict[Municipality, int] | None = None, **facts: object) -> Lead:
    stage = StageFactory(number=Stage.DECISION, probability="0.900")
    decided = {"stage": stage, "status": Status.WON, "decided_on": date(2026, 3, 1), "municipality": home}
    lead: Lead = LeadFactory(**decided | facts)
    shares = shares or {}
    jobs = sum(shares.values()) or 50
    reading = ReadingFactory(
        lead=lead, layer=Layer.ANNOUNCED, jobs=jobs, capex=Decimal(1_000_000), jobs_safeguarded=jobs
    )
    ReadingShare.objects.bulk_create(
        ReadingShare(reading=reading, municipality=place, jobs=jobs) for place, jobs in shares.items()
    )
    return lead


def by_place(name: str) -> dict[str, object]:
    return {key: number.value for key, number in numbers_by("municipality", FIGURES[name], ALL).items()}


def test_each_municipality_has_its_own_jobs_and_the_investment_in_the_same_parts(
    cali: Municipality, palmira: Municipality
) -> None:
    project(cali, {cali: 30, palmira: 90})
    project(cali)
    here, there = str(cali.pk), str(palmira.pk)

    assert by_place("projects") == {here: 2, there: 1}
    assert by_place("jobs") == {here: 80, there: 90}
    assert by_place("jobs_safeguarded") == {here: 80, there: 90}
    assert by_place("capex") == {here: 1_250_000, there: 750_000}
    assert number_of(FIGURES["projects"], ALL).value == 2
    assert number_of(FIGURES["jobs"], ALL).value == 170
    assert number_of(FIGURES["capex"], ALL).value == 2_000_000


def test_where_the_seat_has_no_part_the_project_does_not_stand_there(cali: Municipality, palmira: Municipality) -> None:
    project(cali, {palmira: 40})

    assert by_place("jobs") == {str(palmira.pk): 40}


def test_shares_of_another_layer_say_nothing_of_this_one(cali: Municipality, palmira: Municipality) -> None:
    lead = project(cali, {palmira: 40})
    ReadingFactory(lead=lead, layer=Layer.VERIFIED, jobs=25)
    verified = numbers_by("municipality", FIGURES["jobs"], ALL.but(layer=Layer.VERIFIED))

    assert {key: number.value for key, number in verified.items()} == {str(cali.pk): 25}


@pytest.mark.parametrize("name", ["projects", "jobs", "capex", "jobs_median", "companies", "jobs_safeguarded"])
def test_every_row_says_what_its_filter_and_the_list_behind_it_say(
    cali: Municipality, palmira: Municipality, name: str
) -> None:
    for shares in ({cali: 30, palmira: 90}, {palmira: 7, cali: 3}, None):
        project(cali, shares)
    viewer, figure = UserFactory(manager_role=True), FIGURES[name]
    for key, number in numbers_by("municipality", figure, ALL).items():
        filters = ALL.but(municipality=key)
        assert number_of(figure, filters) == number
        found = listing(figure, filters, viewer)  # type: ignore[arg-type]
        lines = found.lines(found.rows.order_by(*found.keys), viewer)
        assert len(lines) == number.of
        if name in {"jobs", "capex", "jobs_safeguarded"}:
            assert sum(line.counted for line in lines) == number.value


def test_the_split_of_a_restricted_project_is_not_told(cali: Municipality, palmira: Municipality) -> None:
    project(cali, {cali: 30, palmira: 90}, named=True)

    assert by_place("jobs") == {"reserved": 120}


def test_the_seeds_table_goes_by_places_and_adds_up(cali: Municipality, palmira: Municipality) -> None:
    project(cali, {cali: 30, palmira: 90})
    made = table("municipality", ALL, load(), whole(ALL))

    assert [(row.name, row.projects.value, row.jobs.value) for row in made.rows] == [
        ("Cali", 1, 30),
        ("Palmira", 1, 90),
    ]
    assert (made.total.projects.value, made.total.jobs.value) == (1, 120)


def test_the_pages_say_that_projects_do_not_add_up(client: Client, cali: Municipality, palmira: Municipality) -> None:
    project(cali, {cali: 30, palmira: 90})
    client.force_login(UserFactory(manager_role=True))

    assert "the projects do not add up" in client.get("/dashboard/by/municipality/?period=ever&scope=all").text
    page = client.get("/figures/projects/?period=ever&scope=all&by=municipality").text
    assert "a project in several municipalities stands in each" in page
