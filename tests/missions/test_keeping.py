from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from companies.models import City
from config.staff import clock
from config.staff.models import Stay
from missions.keeping import keep_wall_times
from missions.models import Appointment, Event, Stop
from tests.companies.factories import CityFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, EventFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _before_the_mission() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def at_stop(stop: Stop, **facts: object) -> Appointment:
    appointment: Appointment = AppointmentFactory(mission=stop.mission, stop=stop, zone=stop.zone, **facts)
    return appointment


def forget_the_rules(table: str) -> None:
    """As if the moments had been worked out by rules that were in force before: an hour off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for column in ("starts_at", "ends_at"):
            cursor.execute(f"ALTER TABLE {table} ALTER {column} DROP EXPRESSION")
            cursor.execute(f"UPDATE {table} SET {column} = {column} + interval '1 hour'")  # noqa: S608
        # What a generated column does whenever a row is written.
        cursor.execute(
            "CREATE FUNCTION pg_temp.work_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " NEW.starts_at := timezone(NEW.zone, NEW.local_start);"
            " NEW.ends_at := timezone(NEW.zone, NEW.local_end); RETURN NEW; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER a_work_out BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.work_out()"
        )


def test_an_appointment_keeps_its_hour_when_the_zone_of_its_city_is_put_right() -> None:
    stop = StopFactory(city=CityFactory(zone="America/Los_Angeles"))
    appointment = at_stop(stop)
    City.objects.filter(pk=stop.city_id).update(zone="America/Denver")

    keep_wall_times(at=NOW)

    appointment.refresh_from_db()
    assert (appointment.zone, appointment.local_start.hour) == ("America/Denver", 10)
    assert appointment.starts_at == datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    assert appointment.version == 2


def test_the_days_of_a_delegate_follow_the_city_too() -> None:
    stop = StopFactory(city=CityFactory(zone="America/Los_Angeles"))
    DelegateFactory(mission=stop.mission)
    City.objects.filter(pk=stop.city_id).update(zone="America/Denver")

    keep_wall_times(at=NOW)

    assert Stay.objects.get().zone == "America/Denver"


def test_what_was_held_stays_the_moment_it_was() -> None:
    stop = StopFactory(city=CityFactory(zone="America/Los_Angeles"))
    appointment = at_stop(stop, status=Appointment.Status.HELD)
    City.objects.filter(pk=stop.city_id).update(zone="America/Denver")

    keep_wall_times(at=NOW)

    appointment.refresh_from_db()
    assert appointment.zone == "America/Los_Angeles"


def test_a_stop_that_becomes_another_city_takes_its_plans_along(client: Client) -> None:
    stop = StopFactory(city=CityFactory(zone="America/Los_Angeles"))
    appointment = at_stop(stop)
    event = EventFactory(mission=stop.mission, stop=stop, city=stop.city, zone=stop.zone)
    client.force_login(UserFactory())

    madrid = CityFactory(name="Madrid", zone="Europe/Madrid")
    client.post(
        f"/missions/{stop.mission_id}/stops/{stop.pk}/",
        {"city": madrid.pk, "arrives_on": stop.arrives_on, "leaves_on": stop.leaves_on},
    )

    appointment.refresh_from_db()
    event.refresh_from_db()
    assert (appointment.zone, appointment.starts_at.hour) == ("Europe/Madrid", 9)
    assert (event.city, event.zone, event.local_start.hour) == (madrid, "Europe/Madrid", 9)


def test_an_appointment_keeps_its_hour_when_the_rules_of_its_zone_change() -> None:
    appointment = AppointmentFactory()
    forget_the_rules("missions_appointment")

    assert keep_wall_times(at=NOW) == 1

    appointment.refresh_from_db()
    assert appointment.starts_at == datetime(2026, 11, 19, 18, 0, tzinfo=UTC)


def test_an_event_keeps_its_hour_when_the_rules_of_its_zone_change() -> None:
    event = EventFactory(zone="America/Los_Angeles")
    forget_the_rules("missions_event")

    assert keep_wall_times(at=NOW) == 1

    event.refresh_from_db()
    assert Event.objects.get().starts_at == datetime(2026, 11, 18, 17, 0, tzinfo=UTC)


def test_where_plans_agree_with_their_zones_nothing_is_written() -> None:
    stop = StopFactory()
    appointment = at_stop(stop)

    assert keep_wall_times(at=NOW) == 0

    appointment.refresh_from_db()
    assert appointment.version == 1


def test_who_would_be_in_two_places_by_the_new_zone_keeps_both_and_one_is_tentative() -> None:
    stop, other = StopFactory(city=CityFactory(zone="America/Los_Angeles")), StopFactory()
    ana = UserFactory()
    moved = SeatFactory(appointment=at_stop(stop), delegate=DelegateFactory(mission=stop.mission, user=ana)).appointment
    hour = moved.local_start - timedelta(hours=1)
    kept = AppointmentFactory(mission=other.mission, local_start=hour, local_end=moved.local_start)
    SeatFactory(appointment=kept, delegate=DelegateFactory(mission=other.mission, user=ana))
    City.objects.filter(pk=stop.city_id).update(zone="America/Denver")

    keep_wall_times(at=NOW)

    moved.refresh_from_db()
    assert (moved.zone, moved.tentative) == ("America/Denver", True)
