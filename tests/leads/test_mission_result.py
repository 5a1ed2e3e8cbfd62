from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from config.staff import clock
from leads.models.choices import Source
from leads.on_mission.result import paper, result_of, workbook
from missions.models import CostLine, Mission
from tests.companies.factories import CompanyFactory
from tests.leads.factories import InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def mission() -> Mission:
    mission: Mission = MissionFactory(
        name="California", status="ended", starts_on=date(2026, 1, 12), ends_on=date(2026, 1, 16)
    )
    CostLine.objects.create(mission=mission, kind="travel", planned=1000, actual=900, rate_on=date(2026, 1, 2))
    return mission


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(manager_role=True))
    return client


def met(mission: Mission, day: int, **facts: object) -> None:
    InteractionFactory(mission=mission, happened_at=datetime(2026, 1, day, 15, tzinfo=UTC), **facts)


def numbers(mission: Mission) -> dict[str, object]:
    return {told.measure.name: told.number.value for _title, group in result_of(mission).groups for told in group}


def test_the_trip_is_counted(mission: Mission) -> None:
    for status in ("held", "held", "no_show", "cancelled"):
        AppointmentFactory(mission=mission, status=status)

    told = numbers(mission)

    assert (told["planned"], told["held"], told["no_show"]) == (3, 2, 1)


def test_a_company_is_new_or_known_and_counted_once(mission: Mission) -> None:
    new, known = CompanyFactory(), CompanyFactory()
    InteractionFactory(company=known, kind="mail", happened_at=datetime(2025, 6, 1, tzinfo=UTC))
    for company in (new, known):
        for day in (13, 14):
            met(mission, day, company=company)

    told = numbers(mission)

    assert (told["new_companies"], told["known_companies"], told["meetings"]) == (1, 1, 4)


def test_money_is_told_against_the_budget_and_per_meeting(mission: Mission) -> None:
    for day in (13, 14):
        met(mission, day)
    LeadFactory(mission=mission, source=Source.MISSION)

    told = numbers(mission)

    assert (told["mission_budget"], told["mission_cost"]) == (1000, 900)
    assert (told["cost_per_meeting"], told["cost_per_lead"]) == (450, 900)


def test_what_is_not_over_yet_is_not_told(mission: Mission) -> None:
    (row, *_others) = result_of(mission).horizons

    assert [told is None for told in row.cells] == [False, False, True, True]


def test_it_is_compared_with_earlier_ones_of_its_kind(mission: Mission) -> None:
    MissionFactory(name="Madrid", starts_on=date(2025, 1, 12), ends_on=date(2025, 1, 16))
    MissionFactory(name="A fair", kind="exhibition", starts_on=date(2025, 1, 12), ends_on=date(2025, 1, 16))

    assert [row.name for row, _shown in result_of(mission).compared] == ["California", "Madrid"]


def test_the_page_opens_the_list_behind_every_figure(manager: Client, mission: Mission) -> None:
    page = manager.get(f"/missions/{mission.pk}/result/").content.decode()

    for _title, group in result_of(mission).groups:
        for told in group:
            address = f"/figures/{told.measure.name}/?{told.query}"
            assert address.replace("&", "&amp;") in page
            assert manager.get(address).status_code == 200


@pytest.mark.parametrize("language", ["es", "en", "x"])
def test_it_prints(manager: Client, mission: Mission, language: str) -> None:
    answer = manager.get(f"/missions/{mission.pk}/result/print/", {"language": language})

    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_is_one_page(mission: Mission, language: str) -> None:
    for year in range(2019, 2026):
        MissionFactory(starts_on=date(year, 1, 12), ends_on=date(year, 1, 16), name="Misión comercial " * 4)

    with translation.override(language):
        content = paper(result_of(mission))

    assert len(PdfReader(BytesIO(content)).pages) == 1


def test_the_workbook_says_the_same(mission: Mission) -> None:
    sheet = workbook(result_of(mission)).sheets[0]

    assert {row[1]: row[2] for row in sheet.rows}["Budget of missions"] == 1000.0


@pytest.mark.parametrize("who", ["officer", "guest"])
def test_it_is_for_managers(client: Client, mission: Mission, who: str) -> None:
    client.force_login(UserFactory(guest=True) if who == "guest" else UserFactory())

    assert client.get(f"/missions/{mission.pk}/result/").status_code == 404


def test_a_longer_mission_costs_no_more_queries(manager: Client, mission: Mission) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(f"/missions/{mission.pk}/result/").status_code == 200
        return len(asked)

    met(mission, 13)
    few = queries()
    for day in (13, 14, 15):
        met(mission, day)
        LeadFactory(mission=mission)

    assert queries() == few


def test_leads_stand_by_the_interest_said_of_them_last(mission: Mission) -> None:
    for said in (["hot"], ["hot", "cold"], []):
        lead = LeadFactory(mission=mission)
        for number, interest in enumerate(said):
            InteractionFactory(
                lead=lead, company=lead.company, interest=interest, happened_at=clock.now() - timedelta(days=9 - number)
            )
    told = {row.measure.name: row.number.value for _title, group in result_of(mission).groups for row in group}

    assert (told["mission_hot"], told["mission_warm"], told["mission_cold"]) == (1, 0, 1)
