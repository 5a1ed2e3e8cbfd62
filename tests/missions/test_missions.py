from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff.models import Stay
from leads.models import FollowUp
from missions.models import Appointment, Mission
from missions.models.appointment import Level
from missions.models.mission import WrongMoment
from missions.stays import write_stays
from tests.companies.factories import CityFactory, CompanyFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory
from tests.missions.factories import (
    AppointmentFactory,
    DelegateFactory,
    EventFactory,
    MissionFactory,
    SeatFactory,
    StopFactory,
)
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_appointment_keeps_the_wall_time_of_its_place() -> None:
    appointment = AppointmentFactory(
        zone="America/Los_Angeles", local_start=datetime(2026, 7, 1, 10, 0), local_end=datetime(2026, 7, 1, 11, 0)
    )

    appointment.refresh_from_db()

    assert appointment.starts_at == datetime(2026, 7, 1, 17, 0, tzinfo=UTC)


def test_a_changed_zone_moves_the_moment_and_not_the_wall_time() -> None:
    appointment = AppointmentFactory(zone="America/Los_Angeles")

    Appointment.objects.filter(pk=appointment.pk).update(zone="America/Bogota")

    appointment.refresh_from_db()
    assert appointment.local_start == datetime(2026, 11, 19, 10, 0)
    assert appointment.starts_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)


def test_starting_a_mission_twice_changes_nothing_the_second_time() -> None:
    mission = MissionFactory()
    started = mission.start()

    assert mission.start().version == started.version


@pytest.mark.parametrize("status", [Mission.Status.ENDED, Mission.Status.CANCELLED])
def test_a_mission_that_is_over_does_not_start(status: Mission.Status) -> None:
    with pytest.raises(WrongMoment):
        MissionFactory(status=status).start()


def test_a_mission_that_was_not_started_does_not_end() -> None:
    with pytest.raises(WrongMoment):
        MissionFactory().end()


def test_a_delegate_lives_in_the_zone_of_the_stop() -> None:
    stop = StopFactory()
    account = UserFactory(zone="America/Bogota")
    DelegateFactory(mission=stop.mission, user=account)

    write_stays(stop.mission)

    assert account.zone_at(datetime(2026, 11, 18, 12, tzinfo=UTC)) == "America/Los_Angeles"
    assert account.zone_at(datetime(2026, 11, 25, 12, tzinfo=UTC)) == "America/Bogota"


def test_stays_are_written_once() -> None:
    stop = StopFactory()
    DelegateFactory(mission=stop.mission)

    write_stays(stop.mission)
    write_stays(stop.mission)

    assert Stay.objects.count() == 1


def test_a_cancelled_mission_keeps_nobody_in_its_zone() -> None:
    stop = StopFactory()
    DelegateFactory(mission=stop.mission)
    write_stays(stop.mission)

    write_stays(stop.mission.cancel())

    assert not Stay.objects.exists()


def test_the_programme_shows_the_time_of_the_place(client: Client) -> None:
    stop = StopFactory()
    AppointmentFactory(mission=stop.mission, stop=stop, company__name="Moove It")
    client.force_login(UserFactory())

    page = client.get(stop.mission.get_absolute_url()).content.decode()

    assert "Moove It" in page
    assert "10:00" in page


def test_a_guest_sees_the_agenda_of_their_mission(client: Client) -> None:
    appointment = AppointmentFactory(company__name="Moove It")
    guest = UserFactory(guest=True)
    DelegateFactory(mission=appointment.mission, user=guest)
    client.force_login(guest)

    assert "Moove It" in client.get(appointment.mission.get_absolute_url()).content.decode()


def test_a_guest_does_not_see_a_restricted_appointment(client: Client) -> None:
    appointment = AppointmentFactory(company__name="Moove It", level=Level.RESTRICTED)
    guest = UserFactory(guest=True)
    DelegateFactory(mission=appointment.mission, user=guest)
    client.force_login(guest)

    assert "Moove It" not in client.get(appointment.mission.get_absolute_url()).content.decode()


def test_a_guest_does_not_see_another_mission(client: Client) -> None:
    guest = UserFactory(guest=True)
    DelegateFactory(user=guest)
    client.force_login(guest)

    assert client.get(MissionFactory().get_absolute_url()).status_code == 404


def test_an_officer_who_sits_in_a_restricted_appointment_sees_it() -> None:
    officer = UserFactory()
    SeatFactory(appointment__level=Level.RESTRICTED, delegate__user=officer)

    assert Appointment.objects.visible_to(officer).exists()
    assert not Appointment.objects.visible_to(UserFactory()).exists()


@pytest.mark.parametrize("tab", ["targets", "meetings", "leads", "promises", "delegation"])
def test_every_tab_opens_for_staff_and_for_no_guest(client: Client, tab: str) -> None:
    mission = MissionFactory()
    guest = UserFactory(guest=True)
    DelegateFactory(mission=mission, user=guest)
    address = f"{mission.get_absolute_url()}{tab}/"

    client.force_login(UserFactory())
    assert client.get(address).status_code == 200
    client.force_login(guest)
    assert client.get(address).status_code == 404


def test_an_appointment_is_planned_in_the_zone_of_its_stop(client: Client) -> None:
    stop = StopFactory(city=CityFactory(name="Madrid", zone="Europe/Madrid"))
    company = CompanyFactory()
    client.force_login(UserFactory())

    client.post(
        f"/missions/{stop.mission.pk}/appointments/new/",
        {
            "company": company.name,
            "company_id": company.pk,
            "stop": stop.pk,
            "local_start": "2026-11-17T09:00",
            "local_end": "2026-11-17T09:45",
            "level": "open",
            "status": "confirmed",
        },
    )

    assert Appointment.objects.get().starts_at == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


def test_a_name_typed_without_scripts_finds_its_company(client: Client) -> None:
    mission, company = MissionFactory(), CompanyFactory(name="Peña & Núñez S.A.S.")
    client.force_login(UserFactory())

    client.post(
        f"/missions/{mission.pk}/targets/new/",
        {"company": "pena nunez", "priority": "A", "wave": "1", "status": "not_sent"},
    )

    assert mission.targets.get().company == company


def test_a_name_of_two_companies_asks_which(client: Client) -> None:
    mission = MissionFactory()
    CompanyFactory(name="Moove It")
    CompanyFactory(name="Moove-It Inc.")
    client.force_login(UserFactory())

    answer = client.post(
        f"/missions/{mission.pk}/targets/new/",
        {"company": "moove it", "priority": "A", "wave": "1", "status": "not_sent"},
    )

    assert answer.status_code == 200
    assert answer.content.decode().count('type="radio"') == 2


def test_no_appointment_outside_the_days_of_its_stop(client: Client) -> None:
    stop, company = StopFactory(), CompanyFactory()
    client.force_login(UserFactory())

    answer = client.post(
        f"/missions/{stop.mission.pk}/appointments/new/",
        {
            "company": company.name,
            "company_id": company.pk,
            "stop": stop.pk,
            "local_start": "2027-01-17T09:00",
            "local_end": "2027-01-17T09:45",
            "level": "open",
            "status": "confirmed",
        },
    )

    assert "The stop in San Francisco lasts from" in answer.content.decode()


def test_one_tap_says_that_they_came(client: Client) -> None:
    appointment = AppointmentFactory()
    client.force_login(UserFactory())

    client.post(f"/missions/{appointment.mission.pk}/appointments/{appointment.pk}/status/", {"status": "held"})

    appointment.refresh_from_db()
    assert appointment.status == Appointment.Status.HELD


def test_the_programme_costs_the_same_whatever_its_length(client: Client) -> None:
    stop = StopFactory()
    client.force_login(UserFactory())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(stop.mission.get_absolute_url())
        return len(captured)

    AppointmentFactory(mission=stop.mission, stop=stop)
    EventFactory(mission=stop.mission, stop=stop)
    first = queries()
    for n in range(8):
        SeatFactory(
            appointment=AppointmentFactory(
                mission=stop.mission,
                stop=stop,
                local_start=datetime(2026, 11, 17, 8 + n),
                local_end=datetime(2026, 11, 17, 9 + n),
            )
        )

    assert queries() == first


def test_a_mission_is_planned_by_form(client: Client) -> None:
    officer = UserFactory()
    client.force_login(officer)

    client.post(
        "/missions/new/",
        {
            "name": "California",
            "kind": "outward",
            "lead_officer": officer.pk,
            "starts_on": "2027-03-01",
            "ends_on": "2027-03-08",
        },
    )

    assert Mission.objects.get().starts_on == date(2027, 3, 1)


def test_a_mission_that_ends_before_it_starts_is_told_so(client: Client) -> None:
    officer = UserFactory()
    client.force_login(officer)

    answer = client.post(
        "/missions/new/",
        {
            "name": "California",
            "kind": "outward",
            "lead_officer": officer.pk,
            "starts_on": "2027-03-08",
            "ends_on": "2027-03-01",
        },
    )

    assert "A mission cannot end before it starts." in answer.content.decode()
    assert not Mission.objects.exists()


def test_what_is_to_be_done_about_a_restricted_appointment_is_as_restricted() -> None:
    follow_up = FollowUpFactory(appointment=AppointmentFactory(level=Level.RESTRICTED), origin="unlogged")

    assert FollowUp.objects.visible_to(follow_up.owner).exists()
    assert not FollowUp.objects.visible_to(UserFactory(administrator=True)).exists()


@pytest.mark.parametrize("show", ["planned", "to_come", "held", "no_show", "unlogged"])
def test_each_number_of_the_strip_opens_as_many_appointments(client: Client, show: str) -> None:
    mission = MissionFactory()
    status = Appointment.Status
    for state in (status.CONFIRMED, status.HELD, status.HELD, status.NO_SHOW, status.CANCELLED):
        AppointmentFactory(mission=mission, status=state)
    InteractionFactory(mission=mission, appointment=mission.appointments.filter(status=status.HELD)[0])
    client.force_login(UserFactory())
    page = client.get(mission.get_absolute_url(), {"show": show})

    assert sum(len(day.appointments) for day in page.context["days"]) == page.context["strip"][show] > 0
