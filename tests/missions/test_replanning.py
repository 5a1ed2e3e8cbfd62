"""A mission decided, cancelled, moved and copied: what hangs on it goes along, and what was keeps its history."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from config.staff.models import Role, Stay, User
from missions import replanning
from missions.models import Appointment, CostLine, Criterion, Mission, MissionTarget
from missions.models.mission import OwnMission, WrongMoment
from missions.replanning import Wanted
from tests.companies.factories import CompanyFactory
from tests.missions.factories import (
    AppointmentFactory,
    DelegateFactory,
    EventFactory,
    MissionFactory,
    MissionTargetFactory,
    SeatFactory,
    StopFactory,
)
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

Status = Appointment.Status


@pytest.fixture
def mission() -> Mission:
    made: Mission = MissionFactory(starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 23))
    StopFactory(mission=made, arrives_on=date(2026, 10, 19), leaves_on=date(2026, 10, 23))
    return made


def appoint(mission: Mission, hour: int = 10, **more: object) -> Appointment:
    start = datetime(2026, 10, 20, hour, 0)
    one: Appointment = AppointmentFactory(
        mission=mission, local_start=start, local_end=start + timedelta(hours=1), stop=mission.stops.get(), **more
    )
    return one


def moved(mission: Mission, day: date) -> replanning.Moved:
    return replanning.move(mission, starts_on=day, seen_version=mission.version)


def test_a_go_confirms_a_mission(mission: Mission) -> None:
    boss = UserFactory(role=Role.MANAGER)

    mission = mission.decide("go", by=boss, note="", seen_version=1)

    assert (mission.status, mission.decided_by) == ("confirmed", boss)


def test_a_mission_does_not_start_after_a_no_go(mission: Mission) -> None:
    mission = mission.decide("no_go", by=UserFactory(role=Role.MANAGER), note="No budget", seen_version=1)

    with pytest.raises(WrongMoment):
        mission.start()


@pytest.mark.parametrize(("role", "version"), [(Role.OFFICER, 1), (Role.MANAGER, 0)])
def test_a_decision_is_a_managers_who_saw_the_last_version(mission: Mission, role: str, version: int) -> None:
    with pytest.raises(WrongMoment):
        mission.decide("go", by=UserFactory(role=role), note="", seen_version=version)


def test_a_no_go_says_why(client: Client, mission: Mission) -> None:
    client.force_login(UserFactory(role=Role.MANAGER))

    answer = client.post(f"/missions/{mission.pk}/decide/", {"decision": "no_go", "version": 1})

    assert answer.status_code == 422


def test_a_cancelled_mission_cancels_what_is_to_come(mission: Mission) -> None:
    ahead, missed = appoint(mission, status=Status.CONFIRMED), appoint(mission, status=Status.NO_SHOW)
    event = EventFactory(mission=mission)

    count = replanning.cancel(mission, because="No flights")

    for one in (ahead, missed, event, mission):
        one.refresh_from_db()
    assert (count, ahead.status, ahead.version, missed.status) == (1, Status.CANCELLED, 2, Status.NO_SHOW)
    assert event.cancelled_at is not None
    assert (mission.status, mission.cancelled_because) == ("cancelled", "No flights")


def test_a_cancelled_appointment_keeps_what_it_was_before(mission: Mission) -> None:
    one = appoint(mission, status=Status.CONFIRMED)

    replanning.cancel(mission, because="No flights")

    assert list(one.history.order_by("pgh_id").values_list("status", flat=True)) == ["confirmed", "cancelled"]  # type: ignore[attr-defined]


def test_a_mission_under_way_is_not_cancelled(client: Client) -> None:
    mission = MissionFactory(under_way=True)
    one = AppointmentFactory(mission=mission)
    client.force_login(UserFactory())

    client.post(f"/missions/{mission.pk}/cancel/", {"because": "x"})

    one.refresh_from_db()
    assert one.status == Status.PROPOSED


def test_a_moved_mission_takes_stops_events_and_delegates_along(mission: Mission) -> None:
    event = EventFactory(mission=mission)
    delegate = DelegateFactory(mission=mission, arrives_on=date(2026, 10, 18))

    moved(mission, date(2026, 11, 2))

    for one in (event, delegate, mission):
        one.refresh_from_db()
    stop = mission.stops.get()
    assert (mission.starts_on, mission.ends_on) == (date(2026, 11, 2), date(2026, 11, 6))
    assert (stop.arrives_on, stop.leaves_on) == (date(2026, 11, 2), date(2026, 11, 6))
    assert event.local_start == datetime(2026, 12, 2, 9, 0)
    assert delegate.arrives_on == date(2026, 11, 1)
    assert Stay.objects.get().starts_at == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def test_an_appointment_keeps_its_hour_over_the_end_of_summer_time(mission: Mission) -> None:
    one = appoint(mission, hour=10)
    before = one.history.count()  # type: ignore[attr-defined]

    moved(mission, date(2026, 11, 2))

    one.refresh_from_db()
    assert one.local_start == datetime(2026, 11, 3, 10, 0)
    assert one.starts_at == datetime(2026, 11, 3, 18, 0, tzinfo=UTC)  # 17:00 before the clocks were put back
    assert not one.tentative
    assert one.history.count() > before  # type: ignore[attr-defined]


def test_a_confirmed_appointment_is_moved_and_what_is_over_stays(mission: Mission) -> None:
    ahead, gone = appoint(mission, status=Status.CONFIRMED), appoint(mission, status=Status.CANCELLED)

    moved(mission, date(2026, 10, 26))

    for one in (ahead, gone):
        one.refresh_from_db()
    assert (ahead.status, gone.local_start) == (Status.MOVED, datetime(2026, 10, 20, 10, 0))


def test_a_person_of_two_days_is_moved_by_one(mission: Mission) -> None:
    """The second day's appointment leaves just as the first one's comes."""
    delegate = DelegateFactory(mission=mission)
    for number in range(2):
        one = appoint(mission)
        shift = timedelta(days=number)
        Appointment.objects.filter(pk=one.pk).update(
            local_start=one.local_start + shift, local_end=one.local_end + shift
        )
        SeatFactory(appointment=one, delegate=delegate)

    assert moved(mission, date(2026, 10, 20)) == replanning.Moved(2, 0)


def test_who_is_elsewhere_on_the_new_day_has_a_tentative_one(mission: Mission) -> None:
    person = UserFactory()
    free, taken = appoint(mission, hour=8), appoint(mission, hour=10)
    for one in (free, taken):
        SeatFactory(
            appointment=one, delegate=mission.delegates.first() or DelegateFactory(mission=mission, user=person)
        )
    other = AppointmentFactory(local_start=datetime(2026, 10, 27, 10, 30), local_end=datetime(2026, 10, 27, 11, 30))
    SeatFactory(appointment=other, delegate__user=person)

    found = moved(mission, date(2026, 10, 26))

    free.refresh_from_db()
    taken.refresh_from_db()
    assert (found, free.tentative, taken.tentative) == (replanning.Moved(2, 1), False, True)


def test_a_mission_that_a_colleague_changed_is_not_moved(mission: Mission) -> None:
    with pytest.raises(WrongMoment):
        replanning.move(mission, starts_on=date(2026, 11, 2), seen_version=0)


@pytest.mark.parametrize("day", ["", "0001-01-01", "9999-12-31", "x"])
def test_a_day_that_nobody_travels_on_is_refused(client: Client, mission: Mission, day: str) -> None:
    client.force_login(UserFactory())

    for verb in ("move", "copy"):
        sent = {"starts_on": day, "version": 1, "name": "Again"}
        assert client.post(f"/missions/{mission.pk}/{verb}/", sent).status_code == 422


def copied(mission: Mission, by: User, **wanted: bool) -> Mission:
    return replanning.copy(mission, name="Again", starts_on=date(2027, 10, 18), by=by, wanted=Wanted(**wanted))


def test_a_copy_has_the_case_and_the_stops_of_the_earlier_one(mission: Mission) -> None:
    by = UserFactory()
    Mission.objects.filter(pk=mission.pk).update(objective="Five leads", target_leads=5, status="ended")
    mission.refresh_from_db()
    EventFactory(mission=mission, stop=mission.stops.get())
    appoint(mission)

    made = copied(mission, by)

    assert (made.objective, made.target_leads, made.status, made.copied_from) == ("Five leads", 5, "planned", mission)
    assert made.stops.get().arrives_on == date(2027, 10, 18)
    assert made.events.get().stop == made.stops.get()
    assert not made.appointments.exists()


def test_a_copy_has_the_budget_and_no_actual_cost(mission: Mission) -> None:
    CostLine.objects.create(mission=mission, kind="travel", planned=900, actual=950, rate_on=date(2026, 9, 1))

    line = copied(mission, UserFactory()).cost_lines.get()

    assert line.planned == 900
    assert line.actual is None


def test_a_copy_gives_no_guest_a_view(mission: Mission) -> None:
    DelegateFactory(mission=mission, user=UserFactory(guest=True))

    assert copied(mission, UserFactory()).delegates.get().user is None


def test_a_copy_asks_the_targets_anew_with_their_scores(mission: Mission) -> None:
    fit = Criterion.objects.create(mission=mission, name="Fit", weight=2)
    MissionTargetFactory(mission=mission, status=MissionTarget.Status.ACCEPTED, points={str(fit.pk): 3}, score=100)

    target = copied(mission, UserFactory(), targets=True).targets.get()

    assert (target.status, target.score) == (MissionTarget.Status.NOT_SENT, 100)


def test_a_partner_is_added_and_taken_away(client: Client, mission: Mission) -> None:
    partner = CompanyFactory(kind="institution", name="ProColombia")
    client.force_login(mission.lead_officer)
    address = f"/missions/{mission.pk}/edit/"
    told = {"name": "X", "kind": "outward", "lead_officer": mission.lead_officer_id}
    told |= {"starts_on": "2026-10-19", "ends_on": "2026-10-23"}

    client.post(address, told | {"version": "1", "partner": "ProColombia", "partner_id": str(partner.pk)})
    added = list(mission.partners.all())
    client.post(address, told | {"version": "2"})

    assert added == [partner]
    assert not mission.partners.exists()


@pytest.mark.parametrize("whose", ["lead_officer", "created_by"])
def test_who_asked_for_a_mission_or_leads_it_does_not_decide_on_it(client: Client, whose: str) -> None:
    boss = UserFactory(role=Role.MANAGER)
    mission = MissionFactory(**{whose: boss})
    with pytest.raises(OwnMission):
        mission.decide("go", by=boss, note="", seen_version=1)

    client.force_login(boss)
    page = client.get(f"/missions/{mission.pk}/decide/", follow=True).content.decode()
    assert "Somebody else decides" in page
    assert f"/missions/{mission.pk}/decide/" not in page
    client.post(f"/missions/{mission.pk}/decide/", {"decision": "go", "version": 1})
    mission.refresh_from_db()
    assert mission.decision == ""
