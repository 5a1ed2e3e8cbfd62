"""The list of missions: filters in the address, columns, order, saved views, export, the way to the next."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff.models import User
from missions.models import Mission
from missions.models.appointment import Level
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user: User = UserFactory(exports="yes")
    client.force_login(user)
    return user


def names(client: Client, asked: str = "") -> list[str]:
    return [row.c_name for row in client.get(f"/missions/{asked}").context["page"].rows]


def make(name: str, day: date, **more: object) -> Mission:
    mission: Mission = MissionFactory(name=name, starts_on=day, ends_on=day, **more)
    return mission


def test_the_newest_stand_first_and_any_column_sorts(client: Client, officer: User) -> None:
    make("Berlin", date(2026, 3, 1), lead_officer=UserFactory(name="Zoe"))
    busy = make("Austin", date(2026, 5, 1), lead_officer=UserFactory(name="Ana"))
    MissionTargetFactory(mission=busy)

    assert names(client) == ["Austin", "Berlin"]
    assert names(client, "?sort=-lead") == ["Berlin", "Austin"]
    assert names(client, "?sort=-targets") == ["Austin", "Berlin"]


@pytest.mark.parametrize(
    "asked", ["?status=cancelled", "?q=berl", "?until=2026-04-01", "?kind=inward_group", "?since=x&q=Berlin"]
)
def test_filters_stand_in_the_address(client: Client, officer: User, asked: str) -> None:
    make("Berlin", date(2026, 3, 1), status=Mission.Status.CANCELLED, kind=Mission.Kind.INWARD_GROUP)
    make("Austin", date(2026, 5, 1))

    assert names(client, asked) == ["Berlin"]


def test_a_view_is_kept_and_opens_with_its_columns(client: Client, officer: User) -> None:
    make("Berlin", date(2026, 3, 1))
    query = "kind=outward&columns=goal_leads"

    client.post(f"/missions/views/new/?query={query}", {"name": "Ours", "sharing": "private", "query": query})
    page = client.get("/missions/").content.decode()

    assert "Ours" in page


def test_a_restricted_appointment_is_counted_for_those_who_see_it(client: Client, officer: User) -> None:
    leads_it = UserFactory()
    mission = make("Berlin", date(2026, 3, 1), lead_officer=leads_it)
    AppointmentFactory(mission=mission)
    AppointmentFactory(mission=mission, level=Level.RESTRICTED)

    def planned() -> int:
        [row] = client.get("/missions/").context["page"].rows
        return int(row.c_planned)

    assert planned() == 1
    client.force_login(leads_it)
    assert planned() == 2


def test_what_is_shown_is_exported(client: Client, officer: User) -> None:
    mission = make("Berlin", date(2026, 3, 1))
    AppointmentFactory(mission=mission)
    client.force_login(UserFactory(manager_role=True, exports="yes"))

    assert client.get("/missions/export/?columns=planned&columns=kind").status_code == 200


def test_the_way_goes_on_from_inside_a_mission(client: Client, officer: User) -> None:
    make("Berlin", date(2026, 3, 1))
    mission = make("Austin", date(2026, 5, 1))

    page = client.get(f"/missions/{mission.pk}/?list=").content.decode()

    assert "Berlin" in page


def test_a_guest_has_a_plain_list_of_their_own(client: Client) -> None:
    guest = UserFactory(guest=True)
    for name in ("Berlin", "Austin"):
        DelegateFactory(user=guest, mission=make(name, date(2026, 3, 1)))
    make("Chicago", date(2026, 3, 1))
    client.force_login(guest)

    page = client.get("/missions/").content.decode()

    assert "Berlin" in page
    assert "Chicago" not in page
    assert "Targets" not in page
    assert client.get("/missions/export/").status_code in {403, 404}
    assert client.get("/missions/views/").status_code == 404


def test_it_costs_the_same_queries_for_many_as_for_few(client: Client, officer: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            names(client)
        return len(seen)

    make("Berlin", date(2026, 3, 1))
    few = asked()
    for _ in range(8):
        MissionTargetFactory()

    assert asked() == few
