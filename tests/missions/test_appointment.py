from datetime import datetime

import pytest
from django.test import Client

from config.staff.models import User
from missions.models import Appointment, Delegate, Stop
from tests.companies.factories import CompanyFactory, PositionFactory
from tests.missions.factories import (
    AppointmentFactory,
    DelegateFactory,
    MissionTargetFactory,
    SeatFactory,
    StopFactory,
)
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


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
    stop: Stop = StopFactory()
    return stop


@pytest.fixture
def ana(stop: Stop) -> Delegate:
    delegate: Delegate = DelegateFactory(mission=stop.mission, name="Ana Ruiz")
    return delegate


def planned(
    stop: Stop, *people: Delegate, start: datetime = datetime(2026, 11, 19, 10, 0), **facts: object
) -> Appointment:
    appointment: Appointment = AppointmentFactory(
        mission=stop.mission,
        stop=stop,
        zone=stop.zone,
        local_start=start,
        local_end=start.replace(hour=start.hour + 1),
        **facts,
    )
    for person in people:
        SeatFactory(appointment=appointment, delegate=person)
    return appointment


def typed(appointment: Appointment, **changes: object) -> dict[str, object]:
    appointment.refresh_from_db()
    return {
        "company": appointment.company.name,
        "company_id": appointment.company_id,
        "stop": appointment.stop_id,
        "local_start": f"{appointment.local_start:%Y-%m-%dT%H:%M}",
        "local_end": f"{appointment.local_end:%Y-%m-%dT%H:%M}",
        "delegates": [seat.delegate_id for seat in appointment.seats.all()],
        "level": "open",
        "status": appointment.status,
        "version": appointment.version,
        **changes,
    }


def address(appointment: Appointment) -> str:
    return f"/missions/{appointment.mission_id}/appointments/{appointment.pk}/"


def test_a_double_booking_is_told_as_a_sentence_and_keeps_what_was_typed(
    client: Client, stop: Stop, ana: Delegate
) -> None:
    planned(stop, ana, company__name="Moove It")
    later = planned(stop, ana, start=datetime(2026, 11, 19, 15, 0))

    page = client.post(
        address(later), typed(later, local_start="2026-11-19T10:30", local_end="2026-11-19T11:30", purpose="A purpose")
    ).content.decode()

    assert "Ana Ruiz is already with Moove It from 10:00 to 11:00." in page
    assert "A purpose" in page


def test_a_tentative_one_may_lie_over_another(client: Client, stop: Stop, ana: Delegate) -> None:
    planned(stop, ana)
    later = planned(stop, ana, start=datetime(2026, 11, 19, 15, 0))

    client.post(
        address(later),
        typed(later, local_start="2026-11-19T10:30", local_end="2026-11-19T11:30", tentative="on"),
    )

    later.refresh_from_db()
    assert (later.local_start.hour, later.tentative) == (10, True)


def test_a_stale_change_is_refused_and_shows_both(client: Client, stop: Stop, ana: Delegate) -> None:
    appointment = planned(stop, ana)
    opened = typed(appointment, place="Their office")
    client.post(address(appointment), typed(appointment, place="Our hotel"))

    page = client.post(address(appointment), opened).content.decode()

    appointment.refresh_from_db()
    assert appointment.place == "Our hotel"
    assert 'value="Their office"' in page
    assert ">Our hotel</td>" in page


def test_a_company_that_was_not_touched_follows_the_colleague(client: Client, stop: Stop, ana: Delegate) -> None:
    appointment = planned(stop, ana)
    form = client.get(address(appointment)).context["form"]
    opened = typed(appointment, place="Their office", seen=form["seen"].value())
    other = CompanyFactory(name="Globant")
    client.post(address(appointment), typed(appointment, company=other.name, company_id=other.pk))

    refused = client.post(address(appointment), opened).context["form"]
    client.post(address(appointment), refused.data)

    appointment.refresh_from_db()
    assert (appointment.company, appointment.place) == (other, "Their office")


def test_what_it_was_before_is_shown_with_who_changed_it(client: Client, stop: Stop, ana: Delegate) -> None:
    appointment = planned(stop)
    client.post(
        address(appointment),
        typed(
            appointment,
            local_start="2026-11-19T11:00",
            local_end="2026-11-19T12:00",
            delegates=[ana.pk],
            status="moved",
        ),
    )

    page = client.get(address(appointment))

    (change, first) = page.context["changes"]
    assert change.who == "Lucía Prado"
    assert ("status", "Proposed", "Moved") in change.fields
    assert change.joined == ["Ana Ruiz"]
    assert first.is_first


def test_the_person_of_the_target_is_invited(client: Client, stop: Stop) -> None:
    contact = PositionFactory().contact
    target = MissionTargetFactory(mission=stop.mission, contact=contact)

    client.post(
        f"/missions/{stop.mission_id}/appointments/new/",
        {
            "company": target.company.name,
            "company_id": target.company_id,
            "stop": stop.pk,
            "local_start": "2026-11-17T09:00",
            "local_end": "2026-11-17T09:45",
            "level": "open",
            "status": "proposed",
        },
    )

    assert list(Appointment.objects.get().contacts.all()) == [contact]


def test_their_people_are_chosen_among_those_who_work_there(client: Client, stop: Stop) -> None:
    position = PositionFactory()
    appointment = planned(stop, company=position.company)

    client.post(address(appointment), typed(appointment, contacts=[position.contact_id]))

    assert list(appointment.contacts.all()) == [position.contact]


def test_a_tap_that_cannot_be_says_why(client: Client, stop: Stop, ana: Delegate) -> None:
    cancelled = planned(stop, ana, status=Appointment.Status.CANCELLED)
    planned(stop, ana, company__name="Moove It")

    page = client.post(f"{address(cancelled)}status/", {"status": "confirmed"}, follow=True).content.decode()

    cancelled.refresh_from_db()
    assert cancelled.status == Appointment.Status.CANCELLED
    assert "Ana Ruiz is already with Moove It from 10:00 to 11:00." in page
