"""The quality board: counts that are those of the lists behind them, a trend by week, and what leavers left."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads import quality
from leads.follow_ups.handing_over import leftovers
from leads.models import FollowUp, Lead, QualityCount
from leads.models.choices import Level
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory, CountryFactory, EmailFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture
def manager(client: Client) -> User:
    user: User = UserFactory(manager_role=True)
    client.force_login(user)
    return user


def gone() -> User:
    person: User = UserFactory(is_active=False, closed_at=clock.now())
    return person


def counted(name: str, reader: User) -> int:
    return quality.MEASURES[name].count(reader)


def make_dirt() -> None:
    leaver = gone()
    CountryFactory()
    odd = CountryFactory(code="XU", name_en="EEUU", name_es="EEUU")
    seat = CountryFactory(code="MX", name_en="Mexico", name_es="México")
    CompanyFactory(owner=leaver)
    CompanyFactory(origin_country=odd, domain="https://www.example.com/about")
    CompanyFactory(name="GLOBEX  SERVICES", seat_country=seat, city=CityFactory())
    met = CompanyFactory()
    InteractionFactory(company=met, happened_at=clock.now() - timedelta(days=500))
    ContactFactory(given_name="JUAN", family_name="PÉREZ", country=odd)
    EmailFactory(bounced_at=clock.now())
    EmailFactory(kind="phone", value="602 555 01 00")
    LeadFactory(owner=leaver)


@pytest.mark.parametrize("name", quality.MEASURES)
def test_a_count_is_that_of_the_list_it_opens(client: Client, manager: User, name: str) -> None:
    make_dirt()
    measure = quality.MEASURES[name]

    page = client.get(measure.url)

    assert measure.count(manager) == len(page.context["page"].rows) > 0


@pytest.mark.parametrize(
    ("name", "is_odd"),
    [
        ("GLOBEX SERVICES", True),
        ("globex services", True),
        ("Globex  Services", True),
        ("Globex Services", False),
        ("IBM", False),
        ("NVIDIA", False),
        ("SAP SE", False),
        ("شركة المثال للبرمجيات", False),
    ],
)
def test_a_name_is_odd_where_it_is_shouted_whispered_or_full_of_blanks(manager: User, name: str, is_odd: bool) -> None:
    CompanyFactory(name=name)

    assert counted("odd_name", manager) == is_odd


@pytest.mark.parametrize(
    ("domain", "is_odd"),
    [
        ("example.com", False),
        ("sub.example.co.uk", False),
        ("", False),
        ("www.example.com", True),
        ("https://example.com", True),
        ("example.com/contact", True),
        ("Example.com", True),
        ("example", True),
    ],
)
def test_a_domain_is_odd_where_it_is_more_or_less_than_one(manager: User, domain: str, is_odd: bool) -> None:
    CompanyFactory(domain=domain)

    assert counted("odd_domain", manager) == is_odd


@pytest.mark.usefixtures("first_data")
def test_no_country_of_the_world_is_spelled_oddly(manager: User) -> None:
    CompanyFactory(origin_country_id="TR")
    CompanyFactory(origin_country_id="TW")

    assert counted("odd_country", manager) == 0


def test_the_trend_keeps_the_last_count_of_each_week(manager: User) -> None:
    company = CompanyFactory(owner=None)
    quality.note(at=WEDNESDAY - timedelta(days=7))
    quality.note(at=WEDNESDAY)
    Company.objects.filter(pk=company.pk).update(owner=manager)
    quality.note(at=WEDNESDAY + timedelta(days=1))

    weeks = quality.board(manager, today=date(2026, 11, 27)).line("owner").weeks

    assert list(weeks[-3:]) == [None, 1, 0]
    assert QualityCount.objects.filter(measure="owner").count() == 2


def test_the_trend_counts_no_restricted_lead(manager: User) -> None:
    LeadFactory(owner=gone(), level=Level.NAMED, code_name="Proyecto Ceiba")
    LeadFactory(owner=gone())

    quality.note(at=WEDNESDAY)

    assert QualityCount.objects.get(measure="lead_left").count == 1


def test_what_leavers_left_is_told_by_person(client: Client, manager: User) -> None:
    leaver = gone()
    FollowUpFactory(owner=leaver)
    FollowUpFactory(owner=leaver, state=FollowUp.State.DONE, closed_at=clock.now())
    CompanyFactory(owner=leaver)
    FollowUpFactory(owner=manager)

    [left] = client.get("/quality/").context["leftovers"]

    assert left.person == leaver
    assert [(str(count.label), count.count) for count in left.counts] == [("Follow-ups", 1), ("Companies", 1)]


def test_of_a_restricted_lead_only_an_administrator_hears_a_number(manager: User) -> None:
    LeadFactory(owner=gone(), level=Level.NAMED, code_name="Proyecto Ceiba")

    assert leftovers(manager) == []
    [left] = leftovers(UserFactory(administrator=True))
    assert [count.count for count in left.counts] == [1]


def test_the_board_costs_the_same_queries_for_many_as_for_few(client: Client, manager: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/quality/").status_code == 200
        return len(seen)

    make_dirt()
    few = asked()
    for _ in range(10):
        FollowUpFactory(owner=gone())
        LeadFactory(owner=gone())
    assert Lead.objects.count() > 10

    assert asked() == few


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """An agency so large that its counts are prepared; holds how often they were asked for."""
    asked: list[None] = []
    monkeypatch.setattr(quality, "is_large", lambda: True)
    monkeypatch.setattr(quality, "ask_for_counts", lambda: asked.append(None))
    return asked


def test_a_large_board_says_how_old_its_counts_are_and_asks_for_new_ones(
    client: Client, manager: User, large: list[None]
) -> None:
    CompanyFactory(owner=None)
    quality.note(at=clock.now() - timedelta(minutes=5))
    CompanyFactory(owner=None)

    page = client.get("/quality/")

    assert page.context["board"].line("owner").count == 1
    assert "As of " in page.content.decode()
    assert "counted anew" in page.content.decode()
    assert len(large) == 1


def test_a_large_board_with_fresh_counts_counts_nothing(client: Client, manager: User, large: list[None]) -> None:
    quality.note(at=clock.now())

    with CaptureQueriesContext(connection) as seen:
        page = client.get("/quality/")

    assert "counted anew" not in page.content.decode()
    assert not [query for query in seen if "COUNT(*) AS" in query["sql"] and "companies_company" in query["sql"]]
    assert large == []


def test_a_waiting_board_opens_anew_once_all_is_counted(client: Client, manager: User, large: list[None]) -> None:
    assert "HX-Refresh" not in client.get("/quality/age/").headers

    quality.note(at=clock.now())

    assert client.get("/quality/age/").headers["HX-Refresh"] == "true"


def test_many_readers_at_once_are_counted_for_once(manager: User, large: list[None]) -> None:
    assert quality.note(at=WEDNESDAY) == len(quality.MEASURES)
    assert quality.note(at=WEDNESDAY + timedelta(seconds=30)) == 0
    assert quality.note(at=WEDNESDAY + timedelta(seconds=90)) == len(quality.MEASURES)


def test_the_board_is_for_managers(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/quality/").status_code == 404
    assert client.get("/quality/owner.svg").status_code == 404


def test_the_trend_is_drawn(client: Client, manager: User) -> None:
    CompanyFactory()
    quality.note(at=clock.now())

    picture = client.get("/quality/owner.svg")

    assert picture.status_code == 200
    assert picture["Content-Type"] == "image/svg+xml"
    assert client.get("/quality/nothing.svg").status_code == 404
