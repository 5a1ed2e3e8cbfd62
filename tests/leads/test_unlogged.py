from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.staff import clock
from leads.models import FollowUp
from leads.on_mission.unlogged import ask_for_unlogged, close_answered
from missions.models import Appointment
from tests.leads.factories import InteractionFactory
from tests.missions.factories import AppointmentFactory, SeatFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# It ended at 11:00 in San Francisco.
ENDED = datetime(2026, 11, 19, 11, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)
EVENING = ENDED + timedelta(hours=6)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    with clock.set_to(EVENING):
        yield


def held(**fields: object) -> Appointment:
    made: Appointment = AppointmentFactory(**{"status": Appointment.Status.HELD, **fields})
    return made


def test_a_held_appointment_that_nobody_logged_is_asked_for_once() -> None:
    appointment = held()

    ask_for_unlogged(at=clock.now())
    ask_for_unlogged(at=clock.now())

    question = FollowUp.objects.get()
    assert (question.origin, question.appointment, question.company) == ("unlogged", appointment, appointment.company)
    assert question.due_on == date(2026, 11, 19)
    assert appointment.company.name not in question.text


@pytest.mark.parametrize("status", [status for status in Appointment.Status if status != "held"])
def test_only_held_ones_are_asked_for(status: Appointment.Status) -> None:
    held(status=status)

    assert ask_for_unlogged(at=clock.now()) == 0


def test_a_logged_one_is_not_asked_for() -> None:
    InteractionFactory(appointment=held())

    assert ask_for_unlogged(at=clock.now()) == 0


def test_there_is_time_to_write_it_down() -> None:
    held()

    assert ask_for_unlogged(at=ENDED + timedelta(minutes=119)) == 0
    assert ask_for_unlogged(at=ENDED + timedelta(minutes=121)) == 1


def test_long_gone_ones_are_left_alone() -> None:
    held()

    assert ask_for_unlogged(at=ENDED + timedelta(days=61)) == 0


def test_who_sat_there_is_asked() -> None:
    seat = SeatFactory(appointment=held())

    ask_for_unlogged(at=clock.now())

    assert FollowUp.objects.get().owner == seat.delegate.user


def test_the_mission_lead_is_asked_where_a_guest_sat_there() -> None:
    appointment = held()
    SeatFactory(appointment=appointment, delegate__user=UserFactory(guest=True))

    ask_for_unlogged(at=clock.now())

    assert FollowUp.objects.get().owner == appointment.mission.lead_officer


def test_logging_it_closes_the_question() -> None:
    appointment = held()
    ask_for_unlogged(at=clock.now())
    said = InteractionFactory(appointment=appointment)

    close_answered(at=clock.now())

    question = FollowUp.objects.get()
    assert (question.state, question.closed_by_interaction, question.in_time) == ("done", said, True)


def test_a_no_show_after_all_cancels_the_question() -> None:
    appointment = held()
    ask_for_unlogged(at=clock.now())
    Appointment.objects.filter(pk=appointment.pk).update(status=Appointment.Status.NO_SHOW)

    close_answered(at=clock.now())

    question = FollowUp.objects.get()
    assert (question.state, question.closed_with) == ("cancelled", "The appointment was not held.")
