"""What calendars read, by another parser than the one that wrote it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus

from config.staff import clock
from config.staff.models import User
from missions.models import Appointment, CalendarFeed, Delegate, Mission, Seat
from missions.models.appointment import Level
from tests.companies.factories import ContactFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, EventFactory, MissionFactory, SeatFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

Status = Appointment.Status


@pytest.fixture(autouse=True)
def _before_the_mission() -> Iterator[None]:
    with clock.set_to(datetime(2026, 11, 10, 12, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def ana() -> Delegate:
    delegate: Delegate = DelegateFactory(user=UserFactory(language="en"), name="Ana Ruiz")
    return delegate


def seated(person: Delegate, **facts: Any) -> Appointment:
    appointment: Appointment = AppointmentFactory(mission=person.mission, **facts)
    SeatFactory(appointment=appointment, delegate=person)
    return appointment


def address_of(user: User | None, mission: Mission | None = None) -> str:
    assert user
    return f"/calendar/{CalendarFeed.make(user, mission).secret}.ics"


def read(client: Client, address: str, **headers: str) -> Any:
    return client.get(address, headers=headers)


def calendar_at(client: Client, address: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(read(client, address).content.decode())


def names(client: Client, address: str) -> list[str]:
    return sorted(str(event.summary) for event in calendar_at(client, address).events)


def test_an_appointment_stands_at_its_moment_in_its_zone(client: Client, ana: Delegate) -> None:
    appointment = seated(ana, company__name="Café Ñandú; Ltd, Inc.", place="Their office", purpose="Show\nthe region")
    appointment.contacts.add(ContactFactory(given_name="Marta", family_name="Ríos"))

    calendar = calendar_at(client, address_of(ana.user))

    (event,) = calendar.events
    assert (event.summary, event.location) == ("Café Ñandú; Ltd, Inc.", "Their office")
    assert event.start_datetime == datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
    assert isinstance(event.start, datetime)
    assert str(event.start.tzinfo) == "America/Los_Angeles"
    assert event.computed_duration == timedelta(hours=1)
    assert "Their people: Marta Ríos" in str(event.description)
    assert "Show\nthe region" in str(event.description)
    assert [zone.tz_id for zone in calendar.timezones] == ["America/Los_Angeles"]


def test_on_either_side_of_a_clock_change_the_hour_on_the_wall_is_the_same(client: Client, ana: Delegate) -> None:
    for day in (12, 13, 14, 15):  # clocks go forward in the night to the 14th
        start = datetime(2027, 3, day, 10, 0)
        seated(ana, local_start=start, local_end=start + timedelta(minutes=30))

    starts = sorted(event.start_datetime for event in calendar_at(client, address_of(ana.user)).events)

    assert [start.astimezone(UTC).hour for start in starts] == [18, 18, 17, 17]
    assert {start.astimezone(ZoneInfo("America/Los_Angeles")).hour for start in starts} == {10}


def test_a_change_raises_the_sequence_and_keeps_the_uid(client: Client, ana: Delegate) -> None:
    appointment, address = seated(ana), address_of(ana.user)
    (before,) = calendar_at(client, address).events

    appointment.become(Status.CONFIRMED)

    (after,) = calendar_at(client, address).events
    assert (after.uid, after.sequence, before.sequence) == (before.uid, 1, 0)
    assert (before.status, after.status) == (EventStatus.TENTATIVE, EventStatus.CONFIRMED)


def test_a_cancelled_one_is_told_as_cancelled(client: Client, ana: Delegate) -> None:
    seated(ana).become(Status.CANCELLED)

    (event,) = calendar_at(client, address_of(ana.user)).events

    assert (event.status, event.sequence) == (EventStatus.CANCELLED, 1)


def test_a_persons_calendar_holds_the_appointments_of_all_their_missions_and_of_nobody_else(
    client: Client, ana: Delegate
) -> None:
    seated(ana, company__name="Moove It")
    seated(DelegateFactory(user=ana.user), company__name="Globant", zone="Europe/Madrid")
    AppointmentFactory(mission=ana.mission, company__name="Of others")
    seated(ana, company__name="Long ago", local_start=datetime(2026, 2, 1, 9), local_end=datetime(2026, 2, 1, 10))

    assert names(client, address_of(ana.user)) == ["Globant", "Moove It"]


def test_who_takes_no_part_any_more_reads_it_no_more(client: Client, ana: Delegate) -> None:
    appointment, address = seated(ana, company__name="Moove It"), address_of(ana.user)
    Seat.objects.filter(appointment=appointment).delete()

    assert names(client, address) == []


def test_a_missions_calendar_holds_all_of_it_with_its_events(client: Client, ana: Delegate) -> None:
    seated(ana, company__name="Moove It")
    AppointmentFactory(mission=ana.mission, company__name="Globant")
    EventFactory(mission=ana.mission, name="Disrupt")
    AppointmentFactory(company__name="Of another mission")

    assert names(client, address_of(ana.user, ana.mission)) == ["Disrupt", "Globant", "Moove It"]


def test_a_cancelled_event_is_told_as_cancelled(client: Client, ana: Delegate) -> None:
    event = EventFactory(mission=ana.mission)
    event.cancelled_at = clock.now()
    event.save()

    (told,) = calendar_at(client, address_of(ana.user, ana.mission)).events

    assert (told.status, told.sequence) == (EventStatus.CANCELLED, 1)


def test_what_is_restricted_is_read_by_those_alone_who_may_see_it(client: Client, ana: Delegate) -> None:
    seated(ana, level=Level.RESTRICTED)

    assert len(names(client, address_of(ana.user, ana.mission))) == 1
    assert names(client, address_of(UserFactory(), ana.mission)) == []


def test_a_guest_reads_their_mission_without_what_is_restricted(client: Client) -> None:
    guest = DelegateFactory(user=UserFactory(guest=True))
    seated(guest, company__name="Moove It")
    seated(guest, company__name="Secret", level=Level.RESTRICTED, tentative=True)

    assert names(client, address_of(guest.user, guest.mission)) == ["Moove It"]
    assert names(client, address_of(guest.user)) == ["Moove It"]


def test_a_guest_reads_no_mission_that_they_do_not_travel_with(client: Client) -> None:
    guest = DelegateFactory(user=UserFactory(guest=True))
    address = address_of(guest.user, guest.mission)
    guest.delete()

    assert read(client, address).status_code == 410


def test_a_closed_account_reads_nothing(client: Client, ana: Delegate) -> None:
    address = address_of(ana.user)
    assert ana.user
    ana.user.close(at=clock.now())

    assert read(client, address).status_code == 410


def test_an_address_that_was_taken_back_reads_nothing(client: Client, ana: Delegate) -> None:
    assert ana.user
    first, second = address_of(ana.user), address_of(ana.user)
    assert (read(client, first).status_code, read(client, second).status_code) == (410, 200)

    CalendarFeed.revoke(ana.user, None)

    assert read(client, second).status_code == 410


def test_an_address_that_never_was_is_no_page(client: Client) -> None:
    assert read(client, f"/calendar/{'x' * 43}.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: Client, ana: Delegate) -> None:
    appointment, address = seated(ana), address_of(ana.user)
    tag = read(client, address).headers["ETag"]

    assert read(client, address, **{"If-None-Match": tag}).status_code == 304
    appointment.become(Status.CONFIRMED)
    assert read(client, address, **{"If-None-Match": tag}).status_code == 200


def test_whoever_asks_too_often_waits(client: Client, ana: Delegate) -> None:
    address = address_of(ana.user)

    answers = [read(client, address).status_code for _time in range(31)]

    assert (answers[29], answers[30]) == (200, 429)


def test_a_feed_costs_the_same_number_of_queries_whatever_it_holds(client: Client, ana: Delegate) -> None:
    address = address_of(ana.user, ana.mission)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            read(client, address)
        return len(asked)

    seated(ana).contacts.add(ContactFactory())
    before = queries()
    for hour in range(11, 17):
        start = datetime(2026, 11, 20, hour)
        seated(ana, local_start=start, local_end=start + timedelta(minutes=30)).contacts.add(ContactFactory())

    assert queries() == before


def test_an_address_is_made_shown_and_taken_back_on_its_page(client: Client) -> None:
    guest = DelegateFactory(user=UserFactory(guest=True, language="en"))
    assert guest.user
    client.force_login(guest.user)
    page = f"/missions/{guest.mission_id}/calendar/"

    client.post(page, {"of": "mission", "act": "make"})
    address = CalendarFeed.objects.live().get()
    assert f"/calendar/{address.secret}.ics" in client.get(page).content.decode()
    client.post(page, {"of": "mission", "act": "revoke"})

    assert not CalendarFeed.objects.live().exists()
    assert client.get(f"/missions/{MissionFactory().pk}/calendar/").status_code == 404


def test_nobody_sees_the_address_of_another(client: Client, ana: Delegate) -> None:
    address = address_of(ana.user, ana.mission)
    client.force_login(UserFactory())

    assert address not in client.get(f"/missions/{ana.mission_id}/calendar/").content.decode()
