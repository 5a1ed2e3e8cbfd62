from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff import clock
from config.staff.models import User
from leads.models import Interaction
from leads.on_mission.now import floor_of, next_of
from missions.models import Appointment, Delegate, Mission
from missions.models.appointment import Level
from tests.companies.factories import CityFactory, CompanyFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# 10:00 in San Francisco, a Thursday.
NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission() -> Mission:
    mission: Mission = MissionFactory(under_way=True, name="California")
    StopFactory(mission=mission, city=CityFactory(name="San Francisco", zone="America/Los_Angeles"))
    return mission


@pytest.fixture
def delegate(mission: Mission, officer: User) -> Delegate:
    delegate: Delegate = DelegateFactory(mission=mission, user=officer)
    return delegate


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def at(mission: Mission, hour: int, name: str = "Globant", minute: int = 0, **facts: object) -> Appointment:
    appointment: Appointment = AppointmentFactory(
        mission=mission,
        company=CompanyFactory(name=name),
        local_start=datetime(2026, 11, 19, hour, minute),
        local_end=datetime(2026, 11, 19, hour + 1, minute),
        **facts,
    )
    appointment.refresh_from_db()
    return appointment


def test_the_clock_is_the_one_of_the_city(mission: Mission, officer: User) -> None:
    floor = floor_of(mission, officer)

    assert (floor.place, floor.now) == ("San Francisco", datetime(2026, 11, 19, 10, 0))


def test_between_two_cities_it_is_the_one_of_the_person(mission: Mission, officer: User) -> None:
    mission.stops.update(arrives_on=date(2026, 11, 25), leaves_on=date(2026, 11, 27))

    assert floor_of(mission, officer).zone == "America/Bogota"


@pytest.mark.parametrize(
    ("starts", "following"),
    [([(9, 45), (11, 0)], 0), ([(9, 0), (11, 0)], 1), ([(8, 0), (9, 0)], 1), ([], None)],
)
def test_the_next_one_is_still_to_come_or_has_just_begun(
    mission: Mission, starts: list[tuple[int, int]], following: int | None
) -> None:
    rows = [at(mission, hour, minute=minute) for hour, minute in starts]

    assert next_of(rows) == (None if following is None else rows[following])


def test_one_sees_what_one_sits_in(client: Client, mission: Mission, delegate: Delegate) -> None:
    SeatFactory(appointment=at(mission, 11, "Globant"), delegate=delegate)
    at(mission, 12, "Endava")

    shown = client.get(f"/missions/{mission.pk}/now/").content.decode()

    assert "Globant" in shown
    assert "Endava" not in shown


@pytest.mark.parametrize("travels", [True, False])
def test_the_whole_delegation_is_a_tap_away(client: Client, mission: Mission, officer: User, travels: bool) -> None:
    if travels:
        DelegateFactory(mission=mission, user=officer)
    at(mission, 12, "Endava")

    assert "Endava" in client.get(f"/missions/{mission.pk}/now/", {"who": "all"}).content.decode()


def test_who_does_not_travel_sees_all_at_once(client: Client, mission: Mission) -> None:
    at(mission, 12, "Endava")

    assert "Endava" in client.get(f"/missions/{mission.pk}/now/").content.decode()


def test_a_restricted_appointment_of_others_is_not_there(client: Client, mission: Mission) -> None:
    at(mission, 12, "Endava", level=Level.RESTRICTED)

    assert "Endava" not in client.get(f"/missions/{mission.pk}/now/").content.decode()


def test_tomorrow_is_not_now(client: Client, mission: Mission) -> None:
    AppointmentFactory(
        mission=mission,
        company=CompanyFactory(name="Endava"),
        local_start=datetime(2026, 11, 20, 9, 0),
        local_end=datetime(2026, 11, 20, 10, 0),
    )

    assert "Endava" not in client.get(f"/missions/{mission.pk}/now/").content.decode()


@pytest.mark.parametrize("status", ["held", "no_show", "moved", "confirmed"])
def test_one_tap_says_what_became_of_it(client: Client, mission: Mission, status: str) -> None:
    appointment = at(mission, 9)

    answer = client.post(f"/missions/{mission.pk}/now/{appointment.pk}/", {"status": status, "who": "all"})

    appointment.refresh_from_db()
    assert appointment.status == status
    assert answer.headers["Location"] == f"/missions/{mission.pk}/now/?who=all#appointment-{appointment.pk}"


def test_a_tap_says_nothing_else(client: Client, mission: Mission) -> None:
    appointment = at(mission, 9)

    client.post(f"/missions/{mission.pk}/now/{appointment.pk}/", {"status": "cancelled"})

    appointment.refresh_from_db()
    assert appointment.status == Appointment.Status.PROPOSED


def test_a_restricted_appointment_of_others_takes_no_tap(client: Client, mission: Mission) -> None:
    appointment = at(mission, 9, level=Level.RESTRICTED)

    assert client.post(f"/missions/{mission.pk}/now/{appointment.pk}/", {"status": "held"}).status_code == 404


def test_what_was_promised_here_for_today_stands_below(client: Client, mission: Mission, officer: User) -> None:
    said = InteractionFactory(mission=mission, company=CompanyFactory())
    for text, day, interaction in (
        ("Send the map", 19, said),
        ("Call the mayor", 20, said),
        ("Ask the bank", 19, InteractionFactory()),
    ):
        FollowUpFactory(text=text, owner=officer, due_on=date(2026, 11, day), interaction=interaction)

    shown = client.get(f"/missions/{mission.pk}/now/").content.decode()

    assert [text in shown for text in ("Send the map", "Call the mayor", "Ask the bank")] == [True, False, False]


def test_the_app_opens_at_the_mission_under_way(client: Client, mission: Mission, delegate: Delegate) -> None:
    assert client.get("/now/").headers["Location"] == f"/missions/{mission.pk}/now/"


def test_without_a_mission_the_app_opens_at_the_day(client: Client) -> None:
    assert client.get("/now/").headers["Location"] == "/today/"


def test_a_log_from_now_closes_its_appointment(client: Client, mission: Mission) -> None:
    appointment = at(mission, 9)

    shown = client.get(f"/missions/{mission.pk}/now/").content.decode()
    client.post(
        "/meetings/new/",
        {
            "appointment": appointment.pk,
            "kind": "meeting",
            "outcome": "held",
            "zone": "America/Los_Angeles",
            "save": "1",
        },
    )

    assert f'href="/meetings/new/?appointment={appointment.pk}"' in shown
    assert Interaction.objects.get().appointment == appointment


def test_many_appointments_cost_as_much_as_two(client: Client, mission: Mission, delegate: Delegate) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/missions/{mission.pk}/now/", {"who": "all"}).status_code == 200
        return len(asked)

    for hour in (9, 11):
        SeatFactory(appointment=at(mission, hour, f"Firm {hour}"), delegate=delegate)
    few = queries()
    for hour in range(12, 22):
        SeatFactory(appointment=at(mission, hour, f"Firm {hour}"), delegate=delegate)

    assert queries() == few
