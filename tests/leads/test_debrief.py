from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import ContactLookAlike, LookAlike, NotTheSame
from config.staff import clock
from config.staff.models import Role, User
from leads.models import DebriefMark, FollowUp, Interaction, Lead
from leads.on_mission.debrief import days_of, debrief_of, zone_on
from missions.models import Appointment, Mission
from missions.models.appointment import Level
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory, StageFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, SeatFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# 20:00 in San Francisco, a Thursday; in Bogotá it is 23:00, in UTC Friday has come.
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    StageFactory()
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission() -> Mission:
    mission: Mission = MissionFactory(under_way=True, name="California")
    StopFactory(mission=mission, city=CityFactory(name="San Francisco", zone="America/Los_Angeles"))
    return mission


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def met(mission: Mission, **facts: Any) -> Interaction:
    """At three in the afternoon."""
    wanted = {
        "company": facts.pop("company", None) or CompanyFactory(owner=UserFactory()),
        "happened_at": NOW - timedelta(hours=5),
        "zone": "America/Los_Angeles",
        "mission": mission,
    }
    row: Interaction = InteractionFactory(**(wanted | facts))
    return row


def complete(mission: Mission, **facts: Any) -> Interaction:
    row = met(mission, interest="hot", lead=LeadFactory(), **facts)
    FollowUpFactory(interaction=row, origin="promise")
    return row


def over(mission: Mission, **facts: Any) -> Appointment:
    row: Appointment = AppointmentFactory(mission=mission, **facts)
    row.refresh_from_db()
    return row


def address(row: Interaction) -> str:
    return f"/missions/{row.mission_id}/debrief/meetings/{row.pk}/"


def test_a_meeting_with_all_of_it_is_not_listed(mission: Mission, officer: User) -> None:
    complete(mission)

    assert debrief_of(mission, TODAY, reader=officer).is_done


@pytest.mark.parametrize(
    ("spoil", "lack"),
    [
        (lambda row: Interaction.objects.filter(pk=row.pk).update(interest=""), "lacks_interest"),
        (lambda row: Interaction.objects.filter(pk=row.pk).update(lead=None), "lacks_lead"),
        (lambda row: row.follow_ups.all().delete(), "lacks_promise"),
        (lambda row: type(row.company).objects.update(owner=None), "lacks_owner"),
        (lambda row: User.objects.filter(companies=row.company).update(is_active=False, closed_at=NOW), "lacks_owner"),
    ],
)
def test_whatever_one_lacks_is_told(mission: Mission, officer: User, spoil: Any, lack: str) -> None:
    spoil(complete(mission))

    (row,) = debrief_of(mission, TODAY, reader=officer).meetings

    lacks = ("lacks_interest", "lacks_lead", "lacks_promise", "lacks_owner")
    assert [name for name in lacks if getattr(row, name)] == [lack]


def test_of_a_cold_one_nobody_expects_a_promise_or_a_lead(mission: Mission, officer: User) -> None:
    met(mission, interest="cold")

    assert debrief_of(mission, TODAY, reader=officer).is_done


def test_the_steps_of_a_cadence_are_no_promise(mission: Mission, officer: User) -> None:
    row = complete(mission)
    row.follow_ups.all().delete()
    FollowUpFactory(interaction=row, origin="unlogged")

    assert debrief_of(mission, TODAY, reader=officer).meetings[0].lacks_promise


def test_a_day_is_the_day_of_the_place(mission: Mission, officer: User) -> None:
    row = met(mission, happened_at=NOW - timedelta(hours=1))

    assert debrief_of(mission, TODAY, reader=officer).meetings == [row]
    assert debrief_of(mission, TODAY + timedelta(days=1), reader=officer).meetings == []


def test_what_is_said_of_a_hidden_lead_is_not_asked_about(mission: Mission, officer: User) -> None:
    met(mission, lead=LeadFactory(named=True))

    assert debrief_of(mission, TODAY, reader=officer).is_done


@pytest.mark.parametrize("outcome", ["no_show", "cancelled", "rescheduled"])
def test_what_did_not_take_place_lacks_nothing(mission: Mission, officer: User, outcome: str) -> None:
    met(mission, outcome=outcome)

    assert debrief_of(mission, TODAY, reader=officer).is_done


def test_held_and_not_logged_is_asked_for(mission: Mission, officer: User) -> None:
    silent = over(mission, status="held")
    over(mission, status="no_show")
    InteractionFactory(appointment=over(mission, status="held"))

    assert debrief_of(mission, TODAY, reader=officer).unlogged == [silent]


def test_what_is_over_and_nobody_spoke_of_is_asked_for(mission: Mission, officer: User) -> None:
    silent = over(mission, status="confirmed")
    over(mission, local_start=datetime(2026, 11, 19, 21), local_end=datetime(2026, 11, 19, 22))

    assert debrief_of(mission, TODAY, reader=officer).unanswered == [silent]


def test_a_restricted_appointment_of_others_is_not_there(mission: Mission, officer: User) -> None:
    over(mission, status="held", level=Level.RESTRICTED)

    assert debrief_of(mission, TODAY, reader=officer).is_done


def test_one_may_see_only_ones_own(mission: Mission, officer: User) -> None:
    mine = met(mission, logged_by=officer)
    met(mission)
    seat = SeatFactory(
        appointment=over(mission, status="held"), delegate=DelegateFactory(mission=mission, user=officer)
    )
    over(mission, status="held")

    shown = debrief_of(mission, TODAY, reader=officer, only_mine=True)

    assert (shown.meetings, shown.unlogged) == ([mine], [seat.appointment])


def test_days_say_how_much_is_left(mission: Mission, officer: User) -> None:
    complete(mission)
    met(mission)
    over(mission, status="held")
    complete(mission, happened_at=NOW - timedelta(days=1, hours=5))

    found = [(day.day, day.left) for day in days_of(mission, officer)]

    assert found == [(date(2026, 11, 18), 0), (TODAY, 2)]


def test_between_two_cities_it_is_the_zone_of_the_last(mission: Mission) -> None:
    StopFactory(
        mission=mission,
        city=CityFactory(name="New York", zone="America/New_York"),
        arrives_on=date(2026, 11, 24),
        leaves_on=date(2026, 11, 27),
    )
    days = {date(2026, 11, 1): "Los_Angeles", date(2026, 11, 22): "Los_Angeles", date(2026, 11, 25): "New_York"}

    assert {day: zone_on(mission, day).partition("/")[2] for day in days} == days


def test_a_company_made_on_the_floor_that_looks_like_another_is_shown(mission: Mission, officer: User) -> None:
    old = CompanyFactory(name="Moove It")
    new = met(mission, interest="cold", company=CompanyFactory(name="MooveIT Inc.", owner=officer)).company
    type(old).objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=30))
    type(new).objects.filter(pk=new.pk).update(created_at=NOW - timedelta(hours=5))
    pair = LookAlike.objects.create(low=old, high=new, score=95, reasons=["name"], found_at=NOW)

    assert debrief_of(mission, TODAY, reader=officer).pairs == [pair]
    assert debrief_of(mission, TODAY - timedelta(days=1), reader=officer).pairs == []


def test_a_person_written_down_twice_is_shown(mission: Mission, officer: User) -> None:
    old, new = (
        ContactFactory(given_name="Ana", family_name="Mora"),
        ContactFactory(given_name="Ana", family_name="Mora"),
    )
    ParticipantFactory(interaction=met(mission, interest="cold"), contact=new)
    type(old).objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=30))
    type(new).objects.filter(pk=new.pk).update(created_at=NOW - timedelta(hours=5))
    pair = ContactLookAlike.objects.create(low=old, high=new, score=95, reasons=["name"], found_at=NOW)

    assert debrief_of(mission, TODAY, reader=officer).pairs == [pair]


def test_an_old_pair_that_was_not_met_is_not_shown(mission: Mission, officer: User) -> None:
    low, high = CompanyFactory(), CompanyFactory()
    LookAlike.objects.create(low=low, high=high, score=95, reasons=["name"], found_at=NOW)

    assert debrief_of(mission, TODAY, reader=officer).pairs == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
def test_only_a_manager_says_that_they_are_two(client: Client, officer: User, mission: Mission, role: str) -> None:
    User.objects.filter(pk=officer.pk).update(role=role)
    pair = LookAlike.objects.create(
        low=CompanyFactory(), high=CompanyFactory(), score=95, reasons=["name"], found_at=NOW
    )

    client.post(f"/missions/{mission.pk}/debrief/pairs/company/{pair.pk}/")

    assert NotTheSame.objects.exists() == (role == Role.MANAGER)


def test_one_form_adds_all_that_was_missing(client: Client, mission: Mission, officer: User) -> None:
    row = met(mission, company=CompanyFactory(name="Globant", owner=None), logged_by=officer)
    said = {
        "version": row.version,
        "interest": "hot",
        "promise": "Send the pack",
        "due": "three",
        "lead": "new",
        "owner": officer.pk,
    }

    shown = client.post(address(row), said, headers={"HX-Request": "true"}).content.decode()

    row.refresh_from_db()
    row.company.refresh_from_db()
    promise = FollowUp.objects.get()
    assert "Settled" in shown
    assert (row.interest, row.company.owner, row.lead) == ("hot", officer, Lead.objects.get())
    assert (promise.text, promise.origin, promise.interaction, promise.lead) == (
        "Send the pack",
        "promise",
        row,
        row.lead,
    )
    lead = Lead.objects.get()
    assert (lead.mission, lead.source, lead.owner) == (mission, "mission", officer)


def test_what_is_still_missing_stays_in_the_row(client: Client, mission: Mission) -> None:
    row = met(mission)

    said = {"version": row.version, "interest": "warm"}
    shown = client.post(address(row), said, headers={"HX-Request": "true"}).content.decode()

    assert 'name="promise"' in shown
    assert 'name="interest"' not in shown


def test_nothing_more_comes_of_it(client: Client, mission: Mission, officer: User) -> None:
    row = met(mission, interest="warm")

    client.post(address(row), {"version": row.version, "nothing_more": "1"})

    assert DebriefMark.objects.get(interaction=row).by == officer
    assert debrief_of(mission, TODAY, reader=officer).is_done


def test_the_interest_is_not_excused_by_it(mission: Mission, officer: User) -> None:
    DebriefMark.objects.create(interaction=met(mission), by=officer, at=NOW)

    (row,) = debrief_of(mission, TODAY, reader=officer).meetings

    assert (row.lacks_interest, row.lacks_promise) == (True, False)


def test_the_same_form_sent_twice_promises_once(client: Client, mission: Mission) -> None:
    row = met(mission)
    said = {"version": row.version, "promise": "Send the pack", "due": "tomorrow"}

    answers = [client.post(address(row), said).status_code for _twice in range(2)]

    assert answers == [302, 409]
    assert FollowUp.objects.count() == 1


def test_an_owner_who_came_first_stays(client: Client, mission: Mission, officer: User) -> None:
    row = met(mission)

    client.post(address(row), {"version": row.version, "owner": officer.pk})

    row.company.refresh_from_db()
    assert row.company.owner != officer


def test_it_may_belong_to_a_lead_that_is_there(client: Client, mission: Mission) -> None:
    row = met(mission, interest="hot")
    lead = LeadFactory(company=row.company)
    step = FollowUpFactory(interaction=row)

    client.post(address(row), {"version": row.version, "lead": lead.pk})

    row.refresh_from_db()
    step.refresh_from_db()
    assert (row.lead, step.lead) == (lead, lead)


@pytest.mark.parametrize("of", ["another", "hidden"])
def test_a_lead_that_is_not_offered_is_refused(client: Client, mission: Mission, of: str) -> None:
    row = met(mission, interest="hot")
    lead = LeadFactory() if of == "another" else LeadFactory(named=True, company=row.company)

    answer = client.post(address(row), {"version": row.version, "lead": lead.pk})

    assert answer.status_code == 422
    assert lead.code_name not in answer.content.decode() or not lead.code_name


@pytest.mark.parametrize(
    "typed",
    [
        {"promise": "Send it"},
        {"promise": "Send it", "day": "20000-01-01"},
        {"promise": "Send it", "day": "2026-01-01"},
        {"promise": "a\x00b", "due": "three"},
        {"interest": "boiling"},
        {"owner": "99999999999999999999"},
        {"lead": "7" * 30},
        {"version": "x"},
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_bad_input_is_told_in_its_row(client: Client, mission: Mission, typed: dict[str, str], htmx: bool) -> None:
    row = met(mission)
    headers = {"HX-Request": "true"} if htmx else {}

    answer = client.post(address(row), {"version": row.version, **typed}, headers=headers)

    assert answer.status_code == 422
    assert "error-words" in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_what_was_typed_is_kept(client: Client, mission: Mission) -> None:
    row = met(mission)

    shown = client.post(address(row), {"version": row.version, "promise": "Send the map", "day": "1999-01-01"})

    assert "Send the map" in shown.content.decode()


def test_a_meeting_of_another_mission_is_not_here(client: Client, mission: Mission) -> None:
    row = met(MissionFactory())

    assert client.post(f"/missions/{mission.pk}/debrief/meetings/{row.pk}/", {"version": 1}).status_code == 404


def test_a_held_appointment_is_logged_in_its_row(client: Client, mission: Mission, officer: User) -> None:
    colleague = UserFactory()
    plan = over(mission, status="held", place="Their office")
    for user in (officer, colleague):
        SeatFactory(appointment=plan, delegate=DelegateFactory(mission=mission, user=user))
    said = {"capture_id": uuid4(), "interest": "warm", "note": "They hire", "promise": "Call", "due": "tomorrow"}

    for _twice in range(2):
        client.post(f"/missions/{mission.pk}/debrief/appointments/{plan.pk}/", said)

    row = Interaction.objects.get()
    assert (row.appointment, row.mission, row.happened_at) == (plan, mission, plan.starts_at)
    assert (row.interest, row.note, row.place) == ("warm", "They hire", "Their office")
    assert set(row.participants.values_list("user", flat=True)) == {officer.pk, colleague.pk}
    assert FollowUp.objects.get().text == "Call"


def test_one_that_a_colleague_logged_meanwhile_is_not_doubled(client: Client, mission: Mission) -> None:
    plan = over(mission, status="held")
    InteractionFactory(appointment=plan)

    answer = client.post(f"/missions/{mission.pk}/debrief/appointments/{plan.pk}/", {"capture_id": uuid4()})

    assert answer.status_code == 409
    assert Interaction.objects.count() == 1


@pytest.mark.parametrize("status", ["held", "no_show", "cancelled"])
def test_one_tap_says_whether_they_came(client: Client, mission: Mission, status: str) -> None:
    plan = over(mission, status="confirmed")

    client.post(f"/missions/{mission.pk}/debrief/appointments/{plan.pk}/", {"status": status})

    plan.refresh_from_db()
    assert plan.status == status


def test_the_page_opens_on_the_last_day_that_had_anything(client: Client, mission: Mission) -> None:
    met(mission, company=CompanyFactory(name="Globant"))

    with clock.set_to(NOW + timedelta(days=40)):
        shown = client.get(f"/missions/{mission.pk}/debrief/").content.decode()

    assert "Globant" in shown


@pytest.mark.parametrize("day", ["x", "20000-01-01", "2026-02-30", "0001-01-01", "a\x00b"])
def test_a_day_that_is_none_shows_the_usual_one(client: Client, mission: Mission, day: str) -> None:
    assert client.get(f"/missions/{mission.pk}/debrief/", {"day": day}).status_code == 200


def test_a_guest_finds_no_debrief(mission: Mission) -> None:
    guest = UserFactory(guest=True)
    DelegateFactory(mission=mission, user=guest)
    client = Client()
    client.force_login(guest)

    assert client.get(f"/missions/{mission.pk}/debrief/").status_code == 404


def test_many_meetings_cost_as_much_as_two(client: Client, mission: Mission) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/missions/{mission.pk}/debrief/").status_code == 200
        return len(asked)

    for _number in range(2):
        met(mission, company=CompanyFactory())
        over(mission, status="held")
        over(mission)
    few = queries()
    for _number in range(8):
        met(mission, company=CompanyFactory())
        over(mission, status="held")
        over(mission)

    assert queries() == few
