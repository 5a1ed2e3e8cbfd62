from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff import clock
from config.staff.models import User
from leads.models import Interaction
from missions.models import Appointment, Delegate, Mission, Stop
from missions.models.appointment import Level
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory
from tests.leads.factories import InteractionFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 11, 19, 10, 0)
Status = Appointment.Status


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock.set_to(datetime(2026, 11, 19, 15, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Lucía Prado")
    return user


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def stop() -> Stop:
    stop: Stop = StopFactory(city=CityFactory(name="San Francisco"))
    return stop


@pytest.fixture
def ana(stop: Stop) -> Delegate:
    delegate: Delegate = DelegateFactory(mission=stop.mission, name="Ana Ruiz", languages="es, en")
    return delegate


@pytest.fixture
def luis(stop: Stop) -> Delegate:
    delegate: Delegate = DelegateFactory(mission=stop.mission, name="Luis Mora", user=None, languages="es")
    return delegate


def planned(stop: Stop, *people: Delegate, start: datetime = TEN, minutes: int = 30, **facts: Any) -> Appointment:
    facts = {"stop": stop, "zone": stop.zone, "mission": stop.mission, **facts}
    appointment: Appointment = AppointmentFactory(
        local_start=start, local_end=start + timedelta(minutes=minutes), **facts
    )
    for person in people:
        SeatFactory(appointment=appointment, delegate=person)
    return appointment


def page(client: Client, mission: Mission, query: str = "") -> Any:
    return client.get(f"/missions/{mission.pk}/agenda/{query}")


def told(client: Client, mission: Mission) -> list[str]:
    return [words for _planned, lines in page(client, mission).context["told"] for words in lines]


def dropped(appointment: Appointment, *people: Delegate, start: datetime = TEN, **facts: object) -> dict[str, object]:
    appointment.refresh_from_db()
    long = appointment.local_end - appointment.local_start
    return {
        "local_start": f"{start:%Y-%m-%dT%H:%M}",
        "local_end": f"{start + long:%Y-%m-%dT%H:%M}",
        "delegates": [person.pk for person in people],
        "status": appointment.status,
        "version": appointment.version,
        **facts,
    }


def drop(client: Client, appointment: Appointment, values: dict[str, object], **headers: str) -> Any:
    return client.post(
        f"/missions/{appointment.mission_id}/agenda/{appointment.pk}/",
        values,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/x/?day=2026-11-19", **headers},
    )


def test_each_person_has_their_day_in_a_lane(client: Client, stop: Stop, ana: Delegate, luis: Delegate) -> None:
    planned(stop, ana, luis, company__name="Moove It")
    planned(stop, luis, start=TEN + timedelta(hours=2))

    lanes = page(client, stop.mission).context["agenda"].lanes

    assert [(lane.person.name, len(lane.cards)) for lane in lanes] == [("Ana Ruiz", 1), ("Luis Mora", 2)]


def test_it_opens_on_today_and_goes_to_another_day(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, ana, start=TEN + timedelta(days=1), company__name="Globant")

    assert b"Globant" not in page(client, stop.mission).content
    assert b"Globant" in page(client, stop.mission, "?day=2026-11-20").content


@pytest.mark.parametrize("day", ["x", "20000-01-01", "0001-01-01", "2026-13-40", "%00"])
def test_a_day_that_is_none_shows_one_that_is(client: Client, stop: Stop, day: str) -> None:
    assert page(client, stop.mission, f"?day={day}&q=%00&who=x").status_code == 200


def test_what_nobody_goes_to_stands_in_a_lane_of_its_own(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, company__name="Globant")

    (nobody, _ana) = page(client, stop.mission).context["agenda"].lanes

    assert nobody.person is None
    assert [str(one) for one in nobody.appointments] == ["Globant"]


def test_an_hour_taken_by_another_mission_is_marked(client: Client, stop: Stop, ana: Delegate) -> None:
    other = MissionFactory(name="Texas")
    SeatFactory(
        appointment=AppointmentFactory(mission=other, local_start=TEN, local_end=TEN + timedelta(hours=1)),
        delegate=DelegateFactory(mission=other, user=ana.user),
    )

    (card,) = page(client, stop.mission).context["agenda"].lanes[0].cards

    assert (card.elsewhere, card.start.hour, card.appointment) == ("Texas", 10, None)


def test_those_that_lie_over_each_other_stand_side_by_side(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, ana, minutes=60, company__name="Moove It")
    planned(stop, ana, start=TEN + timedelta(minutes=30), tentative=True)

    cards = page(client, stop.mission).context["agenda"].lanes[0].cards

    assert [(card.column, card.columns) for card in cards] == [(1, 2), (2, 2)]
    assert told(client, stop.mission) == ["At the same time with Moove It: Ana Ruiz."]


def test_the_time_between_two_towns_is_guessed_until_it_is_written_down(
    client: Client, stop: Stop, ana: Delegate
) -> None:
    planned(stop, ana, town="Palo Alto", company__name="Moove It")
    planned(stop, ana, start=TEN + timedelta(minutes=60), town="Oakland")
    (words,) = told(client, stop.mission)
    assert words == "30 min from Moove It (Palo Alto) to Oakland, about 60 needed: Ana Ruiz."

    client.post(
        f"/missions/{stop.mission_id}/travel/",
        {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-one": "Oakland",
            "form-0-other": "palo alto",
            "form-0-minutes": "25",
        },
    )

    assert told(client, stop.mission) == []


def test_on_line_nobody_travels(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, ana, town="Palo Alto")
    planned(stop, ana, start=TEN + timedelta(minutes=30), address="https://meet.example.org/x")

    assert told(client, stop.mission) == []


def test_a_language_that_nobody_of_ours_speaks_is_marked(client: Client, stop: Stop, luis: Delegate) -> None:
    meeting = planned(stop, luis)
    meeting.contacts.add(ContactFactory(language="en"))

    assert told(client, stop.mission) == ["They speak en, our people es."]


def test_one_who_speaks_their_language_is_enough(client: Client, stop: Stop, ana: Delegate, luis: Delegate) -> None:
    meeting = planned(stop, ana, luis)
    meeting.contacts.add(ContactFactory(language="en"))

    assert told(client, stop.mission) == []


def test_another_mission_that_meets_the_company_is_named(client: Client, stop: Stop, ana: Delegate) -> None:
    company = CompanyFactory()
    planned(stop, ana, company=company)
    other = AppointmentFactory(company=company, local_start=TEN + timedelta(days=9), local_end=TEN + timedelta(days=10))
    SeatFactory(appointment=other, delegate__name="Iván Soto", delegate__mission=other.mission)

    assert told(client, stop.mission) == ["Iván Soto meets them too, on 28 Nov 2026 at 10:00."]


def test_a_colleague_who_met_the_company_lately_is_named(client: Client, stop: Stop, ana: Delegate) -> None:
    meeting = planned(stop, ana)
    InteractionFactory(
        company=meeting.company,
        kind=Interaction.Kind.MEETING,
        logged_by=UserFactory(name="Iván Soto"),
        happened_at=datetime(2026, 11, 12, 15, 0, tzinfo=UTC),
    )

    assert told(client, stop.mission) == ["Iván Soto met them on 12 Nov 2026."]


def test_a_meeting_that_the_reader_may_not_see_is_not_told(client: Client, stop: Stop, ana: Delegate) -> None:
    company = CompanyFactory()
    planned(stop, ana, company=company)
    AppointmentFactory(company=company, level=Level.RESTRICTED)

    assert told(client, stop.mission) == []


def test_a_drag_to_another_hour_moves_it_and_offers_undo(client: Client, stop: Stop, ana: Delegate) -> None:
    meeting = planned(stop, ana, status=Status.CONFIRMED, company__name="Moove It")

    answer = drop(client, meeting, dropped(meeting, ana, start=TEN + timedelta(hours=1)))

    meeting.refresh_from_db()
    assert (meeting.local_start.hour, meeting.status, meeting.version) == (11, Status.MOVED, 2)
    assert answer.headers["HX-Retarget"] == "#agenda"
    assert "Moove It is now at 11:00." in answer.content.decode()

    drop(client, meeting, {**dict(answer.context["before"]), "delegates": [ana.pk], "version": 2})

    meeting.refresh_from_db()
    assert (meeting.local_start.hour, meeting.status) == (10, Status.CONFIRMED)


def test_a_drag_to_another_person_changes_who_goes(client: Client, stop: Stop, ana: Delegate, luis: Delegate) -> None:
    meeting = planned(stop, ana)

    drop(client, meeting, dropped(meeting, luis))

    assert [seat.delegate for seat in meeting.seats.all()] == [luis]


def test_a_drag_over_another_is_refused_with_the_reason(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, ana, company__name="Moove It")
    later = planned(stop, ana, start=TEN + timedelta(hours=3))

    answer = drop(client, later, dropped(later, ana, start=TEN + timedelta(minutes=15)))

    later.refresh_from_db()
    assert (answer.status_code, later.local_start.hour) == (422, 13)
    assert "Ana Ruiz is already with Moove It from 10:00 to 10:30." in answer.content.decode()


def test_a_stale_drag_is_refused_and_shows_both(client: Client, stop: Stop, ana: Delegate) -> None:
    meeting = planned(stop, ana)
    mine = dropped(meeting, ana, start=TEN + timedelta(hours=1))
    drop(client, meeting, dropped(meeting, ana, start=TEN + timedelta(hours=4)))

    answer = drop(client, meeting, mine)

    meeting.refresh_from_db()
    assert (answer.status_code, meeting.local_start.hour) == (409, 14)
    assert [(str(row.typed), str(row.stored)) for row in answer.context["form"].theirs] == [
        ("2026-11-19 11:00:00", "2026-11-19 14:00:00"),
        ("2026-11-19 11:30:00", "2026-11-19 14:30:00"),
    ]


def test_what_is_over_keeps_its_hour(client: Client, stop: Stop, ana: Delegate) -> None:
    meeting = planned(stop, ana, status=Status.HELD)

    answer = drop(client, meeting, dropped(meeting, ana, start=TEN + timedelta(hours=1)))

    assert (answer.status_code, "keeps its hour" in answer.content.decode()) == (422, True)


def test_without_scripts_the_short_form_moves_it(client: Client, stop: Stop, ana: Delegate) -> None:
    meeting = planned(stop, ana)
    address = f"/missions/{stop.mission_id}/agenda/{meeting.pk}/"
    assert b"Move an appointment" in client.get(address).content

    answer = client.post(address, dropped(meeting, ana, start=TEN + timedelta(hours=1)))

    assert answer.headers["Location"].endswith("/agenda/?day=2026-11-19")
    meeting.refresh_from_db()
    assert meeting.local_start.hour == 11


def guest_of(mission: Mission) -> Client:
    guest = UserFactory(guest=True)
    DelegateFactory(mission=mission, user=guest, name="Gloria Huésped")
    client = Client()
    client.force_login(guest)
    return client


def test_a_guest_sees_the_agenda_and_can_change_nothing(stop: Stop, ana: Delegate) -> None:
    meeting = planned(stop, ana, company__name="Moove It")
    client = guest_of(stop.mission)

    shown = page(client, stop.mission).content.decode()

    assert "Moove It" in shown
    assert "data-move" not in shown
    assert drop(client, meeting, dropped(meeting, ana)).status_code == 404


def test_a_guest_sees_no_trace_of_what_is_restricted_or_elsewhere(stop: Stop, ana: Delegate) -> None:
    planned(stop, ana, level=Level.RESTRICTED)
    other = MissionFactory(name="Texas")
    hours = {"local_start": TEN + timedelta(hours=2), "local_end": TEN + timedelta(hours=3)}
    SeatFactory(
        appointment=AppointmentFactory(mission=other, **hours),
        delegate=DelegateFactory(mission=other, user=ana.user),
    )

    shown = page(guest_of(stop.mission), stop.mission)

    assert not any(lane.cards for lane in shown.context["agenda"].lanes)
    assert sum(count for _day, count in shown.context["days"]) == 0


def test_a_guest_does_not_see_the_agenda_of_another_mission(stop: Stop) -> None:
    assert page(guest_of(MissionFactory()), stop.mission).status_code == 404


def test_a_mission_of_many_shows_first_who_has_something_that_day(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, ana)
    for number in range(20):
        DelegateFactory(mission=stop.mission, user=None, name=f"Person {number}")

    assert [lane.person.name for lane in page(client, stop.mission).context["agenda"].lanes] == ["Ana Ruiz"]
    assert len(page(client, stop.mission, "?who=all").context["agenda"].lanes) == 16
    found = page(client, stop.mission, "?who=all&q=person 19").context["agenda"].lanes
    assert [lane.person.name for lane in found] == ["Person 19"]


def test_the_agenda_costs_the_same_whatever_stands_in_it(client: Client, stop: Stop, ana: Delegate) -> None:
    def fill(number: int) -> None:
        person = DelegateFactory(mission=stop.mission, languages="es")
        first = planned(stop, person, start=TEN + timedelta(minutes=number), town="Palo Alto")
        planned(stop, person, start=TEN + timedelta(minutes=number + 40), town="Oakland", company=first.company)
        first.contacts.add(ContactFactory(language="en"))
        InteractionFactory(company=first.company, happened_at=datetime(2026, 11, 12, 15, 0, tzinfo=UTC))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, stop.mission)
        return len(asked)

    fill(0)
    before = queries()
    for number in range(1, 5):
        fill(number)

    assert queries() == before
