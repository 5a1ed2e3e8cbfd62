from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from missions.models import Appointment, Delegate, Seat
from missions.models.seat import DoubleBooked
from missions.seats import settle_seats
from tests.companies.factories import CompanyFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, SeatFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 11, 19, 10, 0)
Status = Appointment.Status
# Two that write at the very same moment wait for each other, and the server ends one of them.
REFUSED = (IntegrityError, OperationalError)


def booked(delegate: Delegate, start: datetime = TEN, minutes: int = 30, **facts: Any) -> Appointment:
    facts = {"mission": delegate.mission, **facts}
    appointment = AppointmentFactory(local_start=start, local_end=start + timedelta(minutes=minutes), **facts)
    SeatFactory(appointment=appointment, delegate=delegate)
    return appointment


def is_refused(delegate: Delegate, start: datetime = TEN, **facts: Any) -> bool:
    try:
        with transaction.atomic():
            booked(delegate, start, **facts)
    except IntegrityError:
        return True
    return False


def test_nobody_sits_in_two_appointments_at_once() -> None:
    ana = DelegateFactory()
    booked(ana)

    assert is_refused(ana, TEN + timedelta(minutes=15))


def test_one_ends_where_the_next_begins() -> None:
    ana = DelegateFactory()
    booked(ana)

    assert not is_refused(ana, TEN + timedelta(minutes=30))


def test_a_person_with_an_account_is_the_same_in_another_mission() -> None:
    ana = UserFactory()
    booked(DelegateFactory(user=ana))

    assert is_refused(DelegateFactory(user=ana))


def test_a_person_without_an_account_is_known_by_name_and_organisation() -> None:
    chamber = CompanyFactory()
    booked(DelegateFactory(user=None, name="Ana Gómez", organisation=chamber))

    assert is_refused(DelegateFactory(user=None, name="ANA GOMEZ", organisation=chamber))
    assert not is_refused(DelegateFactory(user=None, name="Ana Gómez", organisation=CompanyFactory()))


def test_the_same_hour_in_another_zone_is_another_time() -> None:
    ana = DelegateFactory()
    booked(ana, zone="America/Los_Angeles")

    assert not is_refused(ana, zone="America/Bogota")
    assert is_refused(ana, TEN + timedelta(hours=3), zone="America/Bogota")


def test_a_tentative_one_lies_over_another() -> None:
    ana = DelegateFactory()
    booked(ana)

    assert not is_refused(ana, tentative=True)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW])
def test_what_did_not_happen_takes_nobodys_hour(status: Appointment.Status) -> None:
    ana = DelegateFactory()
    booked(ana, status=status)

    assert not is_refused(ana)


def test_moving_an_appointment_takes_its_seats_along() -> None:
    ana = DelegateFactory()
    booked(ana)
    later = booked(ana, TEN + timedelta(hours=2))

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=later.pk).update(local_start=TEN)


def test_a_seat_says_what_its_appointment_says_whatever_is_written_into_it() -> None:
    appointment = booked(DelegateFactory())

    appointment.seats.update(blocks=False, person="somebody else", during=None)

    assert appointment.seats.filter(blocks=True, during__isnull=False).exclude(person="somebody else").exists()


def test_two_delegates_who_turn_out_to_be_one_person_keep_both_appointments() -> None:
    ana = UserFactory()
    first = booked(DelegateFactory(user=ana))
    guest = DelegateFactory(user=None)
    second = booked(guest)

    Delegate.objects.filter(pk=guest.pk).update(user=ana)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.tentative, second.tentative, second.version) == (False, True, 2)


def test_a_cancelled_one_does_not_come_back_over_another() -> None:
    ana = DelegateFactory(name="Ana Ruiz")
    cancelled = booked(ana, status=Status.CANCELLED)
    booked(ana, company__name="Moove It")

    with pytest.raises(DoubleBooked) as refused:
        cancelled.become(Status.CONFIRMED)

    said = refused.value.said_to(UserFactory(), cancelled.zone)
    assert said == ["Ana Ruiz is already with Moove It from 10:00 to 10:30."]


def test_who_may_not_see_the_other_appointment_is_told_the_hour_alone() -> None:
    ana = DelegateFactory(name="Ana Ruiz")
    cancelled = booked(ana, status=Status.CANCELLED)
    booked(ana, level="restricted")

    with pytest.raises(DoubleBooked) as refused:
        cancelled.become(Status.CONFIRMED)

    said = refused.value.said_to(UserFactory(), "America/Bogota")
    assert said == ["Ana Ruiz is already taken from 13:00 to 13:30."]


def test_what_was_held_is_a_fact_even_over_another() -> None:
    ana = DelegateFactory()
    missed = booked(ana, status=Status.NO_SHOW)
    booked(ana)

    held = missed.become(Status.HELD)

    assert (held.status, held.tentative) == (Status.HELD, True)


def test_rows_written_past_the_triggers_are_settled() -> None:
    ana = DelegateFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE missions_seat DISABLE TRIGGER USER")
        first, second = booked(ana), booked(ana, TEN + timedelta(minutes=10))
        settle_seats()
        cursor.execute("ALTER TABLE missions_seat ENABLE TRIGGER USER")

    assert Seat.objects.get(appointment=first).blocks
    assert not Seat.objects.get(appointment=second).blocks


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_one_gets_the_hour() -> None:
    account = UserFactory()
    delegates = [DelegateFactory(user=account) for _number in range(50)]
    wanted = [AppointmentFactory(mission=one.mission, local_start=TEN) for one in delegates]

    def sit(number: int) -> bool:
        try:
            Seat.objects.create(appointment=wanted[number], delegate=delegates[number])
        except REFUSED:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(50) as writers:
        seated = list(writers.map(sit, range(50)))

    assert (sum(seated), Seat.objects.filter(blocks=True).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_move_to_one_hour_one_arrives() -> None:
    ana = DelegateFactory()
    wanted = [booked(ana, TEN + timedelta(days=number)) for number in range(1, 51)]

    def move(appointment: Appointment) -> bool:
        try:
            Appointment.objects.filter(pk=appointment.pk).update(local_start=TEN, local_end=TEN + timedelta(minutes=30))
        except REFUSED:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(50) as writers:
        moved = list(writers.map(move, wanted))

    assert (sum(moved), Appointment.objects.filter(local_start=TEN).count()) == (1, 1)
