from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.first_data.load import load_first_data
from config.staff import clock
from config.staff.models import Stay, User
from leads.follow_ups.opening import keep_up
from leads.models import FollowUp, Lead
from leads.on_mission.ending import missing
from leads.on_mission.reviews import keep_reviews
from missions.models import CostLine, Mission
from missions.models.appointment import Level
from missions.stays import write_stays
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory, StageFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, EventFactory, MissionFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# The evening of the last day in San Francisco.
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _last_evening() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission(officer: User) -> Mission:
    mission: Mission = MissionFactory(under_way=True, name="California", lead_officer=officer)
    StopFactory(mission=mission, city=CityFactory(name="San Francisco", zone="America/Los_Angeles"), leaves_on=LAST)
    CostLine.objects.create(mission=mission, kind="travel", planned=100, actual=90, rate_on=FIRST)
    return mission


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def end(client: Client, mission: Mission) -> None:
    assert client.post(f"/missions/{mission.pk}/end/").status_code == 302
    mission.refresh_from_db()


def met(mission: Mission, **facts: Any) -> Any:
    wanted = {"mission": mission, "happened_at": NOW - timedelta(days=2), "zone": "America/Los_Angeles"}
    return InteractionFactory(**(wanted | {"company": CompanyFactory(owner=UserFactory())} | facts))


def lacks(mission: Mission, reader: User) -> dict[str, int]:
    return {one.name: one.count for one in missing(mission, reader)}


def reviews(mission: Mission) -> list[tuple[int | None, date, str]]:
    rows = FollowUp.objects.filter(mission=mission, origin="review").order_by("review_after")
    return [(row.review_after, row.due_on, row.state) for row in rows]


IN_TIME = [(6, date(2027, 5, 27), "open"), (12, date(2027, 11, 27), "open"), (24, date(2028, 11, 27), "open")]


def test_of_a_finished_mission_nothing_is_missing(mission: Mission, officer: User) -> None:
    row = met(mission, interest="hot", lead=LeadFactory())
    FollowUpFactory(interaction=row, origin="promise")

    assert lacks(mission, officer) == {}


def test_what_is_missing_is_counted(mission: Mission, officer: User) -> None:
    AppointmentFactory(mission=mission)
    AppointmentFactory(mission=mission, status="held")
    AppointmentFactory(mission=mission, local_start=datetime(2026, 11, 29, 9), local_end=datetime(2026, 11, 29, 10))
    met(mission)
    unowned = CompanyFactory(owner=None)
    for _twice in range(2):
        met(mission, interest="cold", company=unowned)
    mission.cost_lines.update(actual=None)

    assert lacks(mission, officer) == {
        "ahead": 1,
        "unanswered": 1,
        "unlogged": 1,
        "interest": 1,
        "promise": 1,
        "lead": 1,
        "owner": 1,
        "actuals": 1,
    }


def test_a_budget_that_was_never_written_is_missing(mission: Mission, officer: User) -> None:
    mission.cost_lines.all().delete()

    assert lacks(mission, officer) == {"budget": 1}


def test_people_without_a_company_are_named(client: Client, mission: Mission, officer: User) -> None:
    row = met(mission, interest="cold")
    loose = ContactFactory(given_name="María", family_name="Peña")
    for contact in (loose, PositionFactory().contact):
        ParticipantFactory(interaction=row, contact=contact)

    assert lacks(mission, officer) == {"people": 1}
    assert "María Peña" in client.get(f"/missions/{mission.pk}/end/").content.decode()


def test_what_the_reader_may_not_see_is_not_counted(mission: Mission, officer: User) -> None:
    reader = UserFactory()
    AppointmentFactory(mission=mission, status="held", level=Level.RESTRICTED)
    met(mission, lead=LeadFactory(named=True))

    assert lacks(mission, reader) == {}


def test_ending_opens_the_steps_of_the_meetings(client: Client, mission: Mission) -> None:
    load_first_data()
    met(mission, interest="hot")

    end(client, mission)

    assert mission.status == Mission.Status.ENDED
    assert FollowUp.objects.filter(origin="cadence", interaction__mission=mission).exists()


def test_run_again_it_adds_only_what_is_new(client: Client, mission: Mission) -> None:
    load_first_data()
    met(mission, interest="hot")
    end(client, mission)
    before = set(FollowUp.objects.values_list("pk", flat=True))

    end(client, mission)
    again = set(FollowUp.objects.values_list("pk", flat=True))
    late = met(mission, interest="hot")
    end(client, mission)

    new = FollowUp.objects.exclude(pk__in=before)
    assert again == before
    assert set(new.values_list("interaction", flat=True)) == {late.pk}


def test_the_engine_opens_nothing_twice_after_it(client: Client, mission: Mission) -> None:
    load_first_data()
    met(mission, interest="hot")
    end(client, mission)
    before = FollowUp.objects.count()

    keep_up(at=clock.now())

    assert FollowUp.objects.count() == before


def test_meetings_of_an_event_that_goes_on_wait(client: Client, mission: Mission) -> None:
    load_first_data()
    event = EventFactory(mission=mission, local_end=datetime(2026, 11, 29, 18))
    met(mission, interest="hot", event=event)

    page = client.get(f"/missions/{mission.pk}/end/").content.decode()
    end(client, mission)

    assert "1 meeting waits for the end of its event" in page
    assert not FollowUp.objects.filter(origin="cadence").exists()


def test_the_outcome_is_reviewed_three_times(client: Client, mission: Mission, officer: User) -> None:
    end(client, mission)
    end(client, mission)

    assert reviews(mission) == IN_TIME
    assert set(FollowUp.objects.values_list("owner", flat=True)) == {officer.pk}


def test_the_day_of_a_review_reaches_today(client: Client, mission: Mission) -> None:
    end(client, mission)

    with clock.set_to(datetime(2027, 5, 27, 15, tzinfo=UTC)):
        shown = client.get("/today/").content.decode()

    assert "Outcome review after 6 months" in shown
    assert f'href="/missions/{mission.pk}/' in shown


def test_the_reviews_of_a_leaver_go_to_who_stands_in(client: Client, mission: Mission, officer: User) -> None:
    deputy = UserFactory()
    User.objects.filter(pk=officer.pk).update(is_active=False, closed_at=NOW, deputy=deputy)
    Mission.objects.filter(pk=mission.pk).update(status="ended", ended_at=NOW)

    keep_reviews(at=NOW)

    assert set(FollowUp.objects.values_list("owner", flat=True)) == {deputy.pk}


def test_a_mission_that_moved_moves_its_reviews(client: Client, mission: Mission) -> None:
    end(client, mission)
    Mission.objects.filter(pk=mission.pk).update(ends_on=date(2026, 12, 31))

    keep_reviews(at=NOW)

    assert [day for _months, day, _state in reviews(mission)] == [
        date(2027, 6, 30),
        date(2027, 12, 31),
        date(2028, 12, 31),
    ]


def test_one_that_was_put_off_stays_where_it_was_put(client: Client, mission: Mission, officer: User) -> None:
    end(client, mission)
    row = FollowUp.objects.get(review_after=6)
    row.snooze(date(2027, 6, 15), by=officer, seen_version=row.version)

    keep_reviews(at=NOW)
    end(client, mission)

    row.refresh_from_db()
    assert row.due_on == date(2027, 6, 15)


def test_taken_up_again_it_has_no_outcome_yet(client: Client, mission: Mission) -> None:
    end(client, mission)
    client.post(f"/missions/{mission.pk}/reopen/")

    keep_reviews(at=NOW)
    rested = reviews(mission)
    end(client, mission)

    assert {state for _months, _day, state in rested} == {"cancelled"}
    assert reviews(mission) == IN_TIME


def test_what_a_person_closed_stays_closed(client: Client, mission: Mission, officer: User) -> None:
    end(client, mission)
    FollowUp.objects.get(review_after=6).complete(by=officer)
    FollowUp.objects.get(review_after=12).cancel(by=officer, reason="Not needed")
    Mission.objects.filter(pk=mission.pk).update(ends_on=date(2026, 12, 31))

    keep_reviews(at=NOW)
    end(client, mission)

    assert [state for _months, _day, state in reviews(mission)] == ["done", "cancelled", "open"]


def test_the_regular_job_dates_what_a_broken_run_left(mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(status="ended", ended_at=NOW)

    for _twice in range(2):
        keep_reviews(at=NOW)

    assert reviews(mission) == IN_TIME


def test_a_mission_of_old_files_opens_only_what_is_to_come(mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(
        status="ended", starts_on=date(2025, 9, 1), ends_on=date(2025, 9, 30), ended_at=NOW
    )

    keep_reviews(at=NOW)

    assert reviews(mission) == [(12, date(2026, 11, 27), "open"), (24, date(2027, 9, 30), "open")]


def test_postgres_holds_one_review_a_month(mission: Mission, officer: User) -> None:
    facts = {"origin": "review", "mission": mission, "review_after": 6, "company": None, "owner": officer}
    FollowUpFactory(**facts)

    with pytest.raises(IntegrityError, match="one_review_a_mission_and_month"):
        FollowUpFactory(**facts)


@pytest.mark.parametrize("facts", [{"company": None}, {"review_after": 6}])
def test_postgres_holds_what_a_follow_up_is_about(facts: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        FollowUpFactory(**facts)


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_only_a_mission_under_way_ends(client: Client, mission: Mission, status: str) -> None:
    Mission.objects.filter(pk=mission.pk).update(status=status)

    end(client, mission)

    assert mission.status == status
    assert not FollowUp.objects.exists()


def test_after_the_end_nobody_travels_any_more(client: Client, mission: Mission, officer: User) -> None:
    DelegateFactory(mission=mission, user=officer)
    write_stays(mission)

    end(client, mission)

    assert Stay.objects.filter(user=officer).exists()  # they were there
    assert not Mission.objects.of(officer).under_way().exists()


def test_next_after_a_review_is_about_the_mission(client: Client, mission: Mission, officer: User) -> None:
    end(client, mission)
    row = FollowUp.objects.get(review_after=6)

    client.post(f"/follow-ups/{row.pk}/done/")
    client.post(f"/follow-ups/{row.pk}/next/", {"text": "Ask the city", "due": "tomorrow"})

    assert FollowUp.objects.get(text="Ask the city").mission == mission
    assert client.get(f"/follow-ups/{row.pk}/").status_code == 200


def test_more_to_mend_costs_no_more_queries(client: Client, mission: Mission) -> None:
    StageFactory()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/missions/{mission.pk}/end/").status_code == 200
        return len(asked)

    for _number in range(2):
        met(mission)
        AppointmentFactory(mission=mission)
    few = queries()
    for _number in range(8):
        met(mission)
        AppointmentFactory(mission=mission)

    assert queries() == few
    assert not Lead.objects.exists()
