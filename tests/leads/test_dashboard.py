import io
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from config.staff import clock
from config.staff.models import User
from leads.figures import secrecy
from leads.figures.catalogue import FIGURES
from leads.figures.tables import DIMENSIONS
from leads.models import Stage
from leads.models.choices import Status
from tests.companies.factories import CompanyFactory, CountryFactory
from tests.leads.factories import FollowUpFactory, LeadFactory, ReadingFactory, StageFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TABLES = [f"/dashboard/by/{dimension}/" for dimension in DIMENSIONS]
PAGES = ["/dashboard/", "/dashboard/origins/", "/figures/", *TABLES, *(f"/figures/{name}/" for name in FIGURES)]
ALL = "period=ever&scope=all"


@pytest.fixture(autouse=True)
def _still_clock() -> object:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(manager_role=True)


def agency(size: int) -> None:
    """So many projects of so many origins, open leads, overdue follow-ups of so many people, and missions."""
    decided = StageFactory(number=Stage.DECISION)
    for place in range(size):
        origin = CountryFactory(code=f"A{place}", name_en=f"Country {place}", name_es=f"País {place}")
        company = CompanyFactory(origin_country=origin)
        won = LeadFactory(company=company, stage=decided, status=Status.WON, decided_on=date(2026, 2, 1))
        ReadingFactory(lead=won)
        opened = LeadFactory(qualified_on=date(2026, 2, 1), stage=StageFactory(number=1 + place % 5), named=True)
        FollowUpFactory(lead=opened, company=opened.company, due_on=date(2026, 11, 1))
        MissionFactory()


@pytest.mark.parametrize("trait", [{}, {"guest": True}])
def test_whoever_does_not_manage_is_told_that_there_is_no_such_page(client: Client, trait: dict[str, bool]) -> None:
    client.force_login(UserFactory(**trait))

    assert {client.get(path).status_code for path in PAGES} == {404}


@pytest.mark.walk
@pytest.mark.parametrize("trait", ["manager_role", "administrator"])
def test_managers_and_administrators_read_every_figure(client: Client, trait: str) -> None:
    agency(2)
    client.force_login(UserFactory(**{trait: True}))

    assert {client.get(f"{path}?{query}").status_code for path in PAGES for query in ("", ALL)} == {200}


def test_an_agency_without_any_record_has_a_dashboard(client: Client, manager: User) -> None:
    client.force_login(manager)

    page = client.get("/dashboard/").content.decode()

    assert "No lead is open." in page
    assert "Nothing is overdue." in page


def test_a_figure_of_no_such_name_is_not_found(client: Client, manager: User) -> None:
    client.force_login(manager)

    assert client.get("/figures/happiness/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *("since=20000", "since=abc", "until=-3", "since=2026&until=2020", "scope=secret", "layer=%00", "stage=99"),
        *(
            "period=2026-13",
            "period=2026-02-30",
            "period=%00",
            "period=..",
            "within=5",
            "by=%00",
            "quiet=x",
            "since=1990",
        ),
        *(
            "origin=%00",
            f"sector={'x' * 10_000}",
            "mission=999999999999999999999",
            "officer=me",
            "after=%00",
            "before=!",
        ),
    ],
)
@pytest.mark.parametrize(
    "path", ["/dashboard/", "/dashboard/origins/", "/figures/projects/", "/figures/cost_per_lead/"]
)
def test_bad_filters_are_answered_and_never_break_the_page(
    client: Client, manager: User, path: str, query: str
) -> None:
    client.force_login(manager)

    assert client.get(f"{path}?{query}").status_code == 200


def test_a_filter_that_makes_no_sense_is_named(client: Client, manager: User) -> None:
    client.force_login(manager)

    page = client.get("/dashboard/?since=2026&until=2020").content.decode()

    assert "The end comes before the beginning." in page


@pytest.mark.parametrize("path", ["/dashboard/", "/dashboard/origins/", "/figures/projects/", "/figures/overdue/"])
def test_a_page_costs_as_many_queries_with_twenty_records_as_with_two(
    client: Client, manager: User, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(manager)
    agency(4)
    with django_assert_max_num_queries(40) as few:
        client.get(f"{path}?{ALL}")
    for _ in range(4):
        agency(5)
    with django_assert_max_num_queries(40) as many:
        client.get(f"{path}?{ALL}")

    assert len(many) <= len(few)


def test_the_dashboard_asks_little_of_the_database(
    client: Client, manager: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    agency(6)
    client.force_login(manager)

    with django_assert_max_num_queries(20):
        client.get("/dashboard/")


@pytest.mark.walk
@pytest.mark.parametrize("page", ["/dashboard/", "/dashboard/by/year/", "/figures/capex/", "/figures/cost_per_lead/"])
def test_every_number_says_the_same_as_the_page_it_opens(client: Client, manager: User, page: str) -> None:
    agency(5)
    secrecy.settle(at=NOW)
    client.force_login(manager)
    found = client.get(f"{page}?{ALL}").content.decode()
    links = re.findall(r'<a href="(/figures/[a-z_]+/\?[^"]+)">([^<]+)</a>', found)
    links = [(path, shown) for path, shown in links if shown != "All figures"]

    assert links
    for path, shown in links:
        opened = client.get(path.replace("&amp;", "&")).content.decode()
        value = re.search(r'id="value">\s*(.*?)\s*</p>', opened, re.DOTALL)
        assert value is not None
        assert re.sub(r"<[^>]+>", "", value.group(1)) == shown, path


def test_a_stranger_reads_reserved_projects_without_their_names(client: Client, manager: User) -> None:
    company = CompanyFactory(name="Hidden Harbour", origin_country=CountryFactory())
    for named in (True, False, False):
        owner = UserFactory()
        lead = {"company": company} if named else {"company": CompanyFactory(origin_country=CountryFactory())}
        LeadFactory(
            stage=StageFactory(number=6),
            status=Status.WON,
            decided_on=date(2026, 2, 1),
            named=named,
            owner=owner,
            **lead,
        )
    client.force_login(manager)

    for name in ("projects", "companies", "jobs", "capex"):
        page = client.get(f"/figures/{name}/?{ALL}").content.decode()
        assert "Reserved project" in page
        assert "Hidden" not in page
        assert "Ceiba" not in page


def test_a_figure_is_drawn_under_the_filters_of_its_page(client: Client, manager: User) -> None:
    agency(2)
    client.force_login(manager)
    page = client.get(f"/figures/projects/?by=origin&{ALL}").content.decode()
    address = re.search(r'<img src="([^"]+)"', page)

    assert address is not None
    drawn = client.get(address.group(1).replace("&amp;", "&"))
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert "Country 1" in drawn.content.decode()


@pytest.mark.parametrize("query", ["", "by=nothing", "by=stage&stage=99", "by=origin&w=%00&theme=x"])
def test_a_chart_of_nothing_is_not_found_and_never_breaks(client: Client, manager: User, query: str) -> None:
    client.force_login(manager)

    assert client.get(f"/figures/pipeline/chart.svg?{query}").status_code in {200, 404}


def test_an_export_holds_the_number_the_table_and_the_list_with_real_numbers(client: Client) -> None:
    agency(2)
    client.force_login(UserFactory(manager_role=True))

    answer = client.post(f"/figures/capex/export/?by=origin&{ALL}", {"format": "xlsx"})

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Definition", "By origin", "Investment"]
    assert [cell.value for cell in book["By origin"][4]][1:] == [2_000_000, 2, 2]
    assert book["Investment"]["F2"].value == 1_000_000
