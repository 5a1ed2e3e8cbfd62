"""Shares of municipalities, rates of the day, phases, and what counts as FDI."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from companies.models import Municipality, Rate
from config.first_data.load import load_first_data
from config.staff.models import User
from leads.models import CountedType, InvestmentType, Lead, Reading, ReadingShare, ReportingScheme
from leads.pipeline.readings import add_reading
from tests.leads.factories import LeadFactory, ReadingFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

READING = {"layer": "announced", "dated_on": "2026-05-01", "currency": "USD", "source": "company"}
NO_ROWS = {"shares-TOTAL_FORMS": "2", "shares-INITIAL_FORMS": "0"}


@pytest.fixture
def officer(client: Client) -> User:
    all_stages()
    person: User = UserFactory()
    client.force_login(person)
    return person


def town(code: str) -> Municipality:
    return Municipality.objects.get_or_create(code=code, defaults={"name": f"Town {code}", "department": "Valle"})[0]


def check_now() -> None:
    """What the end of the transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def shares(*jobs: int) -> list[ReadingShare]:
    return [ReadingShare(municipality=town(f"7600{n}"), jobs=count) for n, count in enumerate(jobs)]


@transaction.atomic
def share_out(lead: Lead, *jobs: int) -> None:
    add_reading(lead, ReadingFactory.build(lead=None, jobs=100), by=lead.owner, shares=shares(*jobs))
    check_now()


@transaction.atomic
def change_jobs(jobs: int) -> None:
    Reading.objects.update(jobs=jobs)
    check_now()


def post(client: Client, lead: Lead, **typed: Any) -> Any:
    return client.post(reverse("leads:new_reading", args=[lead.pk]), READING | NO_ROWS | typed)


def test_shares_of_a_reading_add_up_to_its_jobs() -> None:
    share_out(LeadFactory(), 60, 40)

    assert list(ReadingShare.objects.order_by("pk").values_list("jobs", flat=True)) == [60, 40]


@pytest.mark.parametrize("jobs", [(60, 39), (100, 1), (0,)])
def test_the_database_refuses_shares_that_do_not_add_up(jobs: tuple[int, ...]) -> None:
    with pytest.raises(IntegrityError, match="shares_add_up_to_the_jobs"):
        share_out(LeadFactory(), *jobs)


def test_jobs_that_change_beneath_their_shares_are_refused() -> None:
    share_out(LeadFactory(), 60, 40)

    with pytest.raises(IntegrityError, match="shares_add_up_to_the_jobs"):
        change_jobs(90)


def test_a_reading_without_shares_is_of_one_place() -> None:
    ReadingFactory(jobs=100)
    check_now()


def test_shares_are_entered_with_the_figures(client: Client, officer: User) -> None:
    lead = LeadFactory()
    rows = {"shares-0-municipality": town("76001").pk, "shares-0-jobs": "60"}
    rows |= {"shares-1-municipality": town("76520").pk, "shares-1-jobs": "40"}

    assert post(client, lead, jobs="90", capex_unknown="on", **rows).status_code == 422
    assert post(client, lead, jobs="100", capex_unknown="on", **rows).status_code == 302
    page = client.get(lead.get_absolute_url()).text
    assert "Town 76520: 40" in page


@pytest.mark.parametrize(
    "rows",
    [
        {"shares-0-jobs": "100"},
        {"shares-0-municipality": "76001"},
        {"shares-0-municipality": "99999", "shares-0-jobs": "100"},
        {"shares-0-municipality": "76001", "shares-0-jobs": "9" * 30},
        {"shares-0-municipality": "76001", "shares-0-jobs": "50"}
        | {"shares-1-municipality": "76001", "shares-1-jobs": "50"},
    ],
)
def test_a_share_that_cannot_be_is_refused(client: Client, officer: User, rows: dict[str, str]) -> None:
    town("76001")

    assert post(client, LeadFactory(), jobs="100", capex_unknown="on", **rows).status_code == 422


def test_new_figures_begin_with_the_shares_of_the_old_ones(client: Client, officer: User) -> None:
    lead = LeadFactory()
    share_out(lead, 60, 40)
    page = client.get(reverse("leads:new_reading", args=[lead.pk]))

    assert [row["jobs"].value() for row in page.context["shares"]][:2] == [60, 40]


def test_a_figure_takes_the_stored_rate_of_its_day_and_keeps_it(client: Client, officer: User) -> None:
    rate = Rate.objects.create(currency="COP", day=date(2026, 4, 30), usd="0.00025")
    post(client, LeadFactory(), jobs="1", capex="4000000", currency="cop")
    rate.usd = Decimal("0.5")
    rate.save()

    reading = Reading.objects.get()
    assert (reading.usd_rate, reading.rate_on, reading.capex_usd) == (Decimal("0.00025"), rate.day, Decimal(1000))


def test_a_typed_rate_goes_before_the_stored_one(client: Client, officer: User) -> None:
    Rate.objects.create(currency="COP", day=date(2026, 4, 30), usd="0.00025")
    post(client, LeadFactory(), jobs="1", capex="1000", currency="COP", usd_rate="0.001")

    reading = Reading.objects.get()
    assert (reading.capex_usd, reading.rate_on) == (Decimal(1), date(2026, 5, 1))


def test_indirect_jobs_say_how_they_were_computed(client: Client, officer: User) -> None:
    lead = LeadFactory()

    assert post(client, lead, jobs="10", capex_unknown="on", jobs_indirect="30").status_code == 422
    post(client, lead, jobs="10", capex_unknown="on", jobs_indirect="30", indirect_method="Multiplier of 3")
    assert "Multiplier of 3" in client.get(lead.get_absolute_url()).text
    assert Lead.objects.with_amounts().values_list("jobs_now", flat=True).get() == 10


def test_a_phase_has_no_phases() -> None:
    project = LeadFactory()
    phase = LeadFactory(parent=project, company=project.company)
    for parent, child in [(phase, LeadFactory()), (LeadFactory(), project)]:
        with pytest.raises(IntegrityError, match="a_phase_has_no_phases"), transaction.atomic():
            Lead.objects.filter(pk=child.pk).update(parent=parent)


def test_the_page_of_a_project_tells_its_phases_and_counts_it_once(client: Client, officer: User) -> None:
    project = LeadFactory(jobs_estimate=150)
    for jobs in (80, 40):
        LeadFactory(parent=project, company=project.company, jobs_estimate=jobs)

    assert "The phases have 120 jobs in all, the project 150." in client.get(project.get_absolute_url()).text


def test_the_form_offers_no_phase_as_a_project(client: Client, officer: User) -> None:
    project = LeadFactory()
    phase = LeadFactory(parent=project, company=project.company)
    page = client.get(reverse("leads:edit", args=[LeadFactory(company=project.company).pk]))

    assert set(page.context["form"].fields["parent"].queryset) == {project}
    assert phase not in page.context["form"].fields["parent"].queryset


def test_each_scheme_says_what_counts(client: Client, officer: User) -> None:
    load_first_data()
    lead = LeadFactory(investment_type=InvestmentType.objects.get(code="acquisition"))
    page = client.get(lead.get_absolute_url()).text

    assert "fDi Markets no" in page
    assert "own count yes" in page
    assert lead.get_absolute_url() in client.get("/leads/?scheme=agency").text
    assert lead.get_absolute_url() not in client.get("/leads/?scheme=fdi_markets").text


def test_an_administrator_ticks_what_a_scheme_counts(client: Client) -> None:
    load_first_data()
    client.force_login(UserFactory(administrator=True))
    seen = [f"{row.scheme_id}:{row.investment_type_id}" for row in CountedType.objects.all()]
    kept = [word for word in seen if word != "agency:acquisition"]
    client.post("/leads/stages/schemes/", {"seen": seen, "counts": [*kept, "agency:creative", "agency:nonsense"]})

    agency = set(ReportingScheme.objects.get(code="agency").types.values_list("code", flat=True))
    assert "creative" in agency
    assert "acquisition" not in agency


def test_what_somebody_took_out_of_a_scheme_stays_out() -> None:
    load_first_data()
    CountedType.objects.all().delete()

    assert load_first_data() == 0


def test_a_manager_ticks_nothing(client: Client) -> None:
    client.force_login(UserFactory(manager_role=True))

    assert client.get("/leads/stages/schemes/").status_code == 200
    assert client.post("/leads/stages/schemes/", {"counts": ["agency:creative"]}).status_code == 403
