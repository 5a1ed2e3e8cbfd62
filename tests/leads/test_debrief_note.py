from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from config.staff import clock
from config.staff.models import User
from leads.models import Delivery
from leads.on_mission.debrief_note import evenings
from leads.reminding import deliveries
from missions.models import Mission
from tests.companies.factories import CityFactory, CompanyFactory
from tests.leads.factories import InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

PACIFIC = ZoneInfo("America/Los_Angeles")


def at(hour: int, minute: int = 0, day: int = 19) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PACIFIC).astimezone(UTC)


@pytest.fixture
def mission() -> Mission:
    mission: Mission = MissionFactory(
        under_way=True, name="California", started_at=at(8, day=16), lead_officer=UserFactory(name="Luz Mora")
    )
    StopFactory(mission=mission, city=CityFactory(name="San Francisco", zone="America/Los_Angeles"))
    return mission


@pytest.fixture
def officer(mission: Mission) -> User:
    user: User = UserFactory(name="Ana Ruiz", language="en")
    DelegateFactory(mission=mission, user=user)
    return user


def run(moment: datetime) -> None:
    with clock.set_to(moment):
        deliveries.plan(at=moment)
        for delivery_id in deliveries.to_send(at=moment):
            deliveries.send(delivery_id)


def letter_to(user: User) -> str:
    return str(next(letter.body for letter in mail.outbox if letter.to == [user.email]))


def test_it_comes_once_in_the_evening_of_the_place(mission: Mission, officer: User) -> None:
    InteractionFactory(mission=mission, happened_at=at(15), zone="America/Los_Angeles")

    run(at(18, 59))
    before = len(mail.outbox)
    for _again in range(3):
        run(at(19, 1))
    run(at(23, 0))

    assert before == 0
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([officer.email, mission.lead_officer.email])


def test_a_late_job_still_sends_that_evening(mission: Mission, officer: User) -> None:
    InteractionFactory(mission=mission, happened_at=at(15), zone="America/Los_Angeles")

    run(at(6, 0, day=20))

    assert {row.occasion for row in Delivery.objects.filter(kind="debrief")} == {f"{mission.pk}/2026-11-19"}


def test_every_evening_is_another_one(mission: Mission) -> None:
    days = [next(iter(evenings(at(20, day=day)))).day for day in (18, 19)]

    assert days == [date(2026, 11, 18), date(2026, 11, 19)]


@pytest.mark.parametrize(
    "changes",
    [{"status": "ended"}, {"status": "confirmed"}, {"started_at": at(20)}, {"ends_on": date(2026, 11, 18)}],
)
def test_there_is_none_where_the_mission_is_not_on_its_way(mission: Mission, changes: dict[str, object]) -> None:
    Mission.objects.filter(pk=mission.pk).update(**changes)

    assert not list(evenings(at(19, 30)))


def test_it_counts_the_day_and_says_what_is_left(mission: Mission, officer: User) -> None:
    for status in ("held", "held", "no_show"):
        AppointmentFactory(mission=mission, status=status)
    InteractionFactory(mission=mission, happened_at=at(15), zone="America/Los_Angeles", interest="hot")

    run(at(19, 1))

    words = letter_to(officer)
    assert "2 appointments held, 1 no-show, 1 meeting logged, 1 hot" in words
    assert "2 held, not logged" in words
    assert "1 meeting without a lead" in words
    assert f"/missions/{mission.pk}/debrief/?day=2026-11-19" in words


def test_it_says_how_tomorrow_begins(mission: Mission, officer: User) -> None:
    for hour, name, level in ((9, "Globant", "open"), (11, "Endava", "restricted")):
        AppointmentFactory(
            mission=mission,
            company=CompanyFactory(name=name),
            level=level,
            local_start=datetime(2026, 11, 20, hour),
            local_end=datetime(2026, 11, 20, hour + 1),
        )
    DelegateFactory(mission=mission, user=mission.lead_officer)

    run(at(19, 1))

    assert "Globant" in letter_to(officer)
    assert "09:00" in letter_to(officer)
    assert "A reserved appointment" in letter_to(mission.lead_officer) or "reservada" in letter_to(mission.lead_officer)
    assert not any("Endava" in letter.body for letter in mail.outbox)


def test_a_hidden_lead_is_not_counted_for_who_may_not_see_it(mission: Mission, officer: User) -> None:
    lead = LeadFactory(named=True)
    InteractionFactory(mission=mission, happened_at=at(15), zone="America/Los_Angeles", lead=lead)

    run(at(19, 1))

    assert not mail.outbox


def test_a_day_off_is_not_told_of(mission: Mission, officer: User) -> None:
    run(at(19, 1))

    assert not mail.outbox
    assert set(Delivery.objects.values_list("state", flat=True)) == {"skipped"}


def test_guests_get_none(mission: Mission) -> None:
    guest = UserFactory(guest=True)
    DelegateFactory(mission=mission, user=guest)
    InteractionFactory(mission=mission, happened_at=at(15), zone="America/Los_Angeles")

    run(at(19, 1))

    assert guest.email not in {letter.to[0] for letter in mail.outbox}


def test_across_a_change_of_clocks_it_comes_at_the_hour_of_the_wall() -> None:
    mission = MissionFactory(under_way=True, starts_on=date(2026, 10, 30), ends_on=date(2026, 11, 3))
    StopFactory(
        mission=mission,
        city=CityFactory(zone="America/Los_Angeles"),
        arrives_on=date(2026, 10, 30),
        leaves_on=date(2026, 11, 3),
    )
    hours = []
    for day in (date(2026, 10, 31), date(2026, 11, 1)):
        noon_after = datetime(day.year, day.month, day.day, 23, tzinfo=PACIFIC).astimezone(UTC)
        hours.append(next(iter(evenings(noon_after))).came_at)

    assert [moment.astimezone(PACIFIC).hour for moment in hours] == [19, 19]
    assert hours[1] - hours[0] == timedelta(hours=25)
