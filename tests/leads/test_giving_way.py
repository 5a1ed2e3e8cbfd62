from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from companies.merging import merge
from config.first_data.cadence import load_default_cadence
from config.staff import clock
from config.staff.models import Role
from leads.follow_ups.cadences import open_follow_ups_of
from leads.follow_ups.giving_way import give_way, give_way_after_merges
from leads.follow_ups.opening import open_due
from leads.models import Interaction
from leads.models.choices import Interest, Outcome
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.missions.factories import EventFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
THURSDAY = datetime(2026, 11, 12, 15, 0, tzinfo=BOGOTA)  # Monday the 16th is a holiday
IN = Interaction.Direction.IN


@pytest.fixture(autouse=True)
def _cadence_and_clock() -> Iterator[None]:
    load_default_cadence(at=datetime(2026, 1, 1, tzinfo=UTC))
    with clock.set_to(THURSDAY):
        yield


def exchange(of: Interaction | None = None, *, person: object = None, **fields: object) -> Interaction:
    """A hot meeting, or what was said an hour after another; its steps are opened."""
    first = {"company": of.company, "happened_at": of.happened_at + timedelta(hours=1)} if of else {}
    made: Interaction = InteractionFactory(**{"interest": Interest.HOT, **first, **fields})
    if person:
        ParticipantFactory(interaction=made, contact=person)
    made.refresh_from_db()
    open_follow_ups_of(made, at=clock.now())
    return made


def running(interaction: Interaction) -> int:
    return interaction.follow_ups.open().filter(origin="cadence").count()


def test_a_newer_meeting_takes_the_place_of_an_older_one() -> None:
    first = exchange()

    second = exchange(first, interest=Interest.COLD)

    assert (running(first), running(second)) == (0, 2)
    ended = first.follow_ups.first()
    assert ended
    assert (ended.state, ended.closed_by, bool(ended.closed_with)) == ("cancelled", None, True)


def test_what_was_logged_late_about_an_earlier_day_gives_way_to_what_runs() -> None:
    second = exchange()

    first = exchange(second, happened_at=second.happened_at - timedelta(days=2))

    assert (running(first), running(second)) == (0, 4)


def test_a_meeting_that_nobody_marked_stops_nothing() -> None:
    first = exchange()

    exchange(first, interest="")

    assert running(first) == 4


def test_a_promise_in_a_newer_meeting_takes_the_place_of_steps() -> None:
    first = exchange()
    second = exchange(first, interest="")
    promise = FollowUpFactory(origin="promise", interaction=second, company=second.company)

    give_way([first.company_id], at=clock.now())

    promise.refresh_from_db()
    assert (running(first), promise.state) == (0, "open")


@pytest.mark.parametrize("fields", [{"outcome": Outcome.NO_SHOW}, {"direction": Interaction.Direction.OUT}])
def test_who_did_not_come_or_was_only_written_to_has_not_answered(fields: dict[str, object]) -> None:
    first = exchange()

    exchange(first, **fields)

    assert running(first) == 4


def test_a_reply_stops_the_steps_and_asks_what_comes_next() -> None:
    person = ContactFactory()
    first = exchange(person=person)

    reply = exchange(first, interest="", kind="mail", direction=IN, person=person)

    question = reply.follow_ups.get()
    assert running(first) == 0
    assert (question.origin, question.owner, question.contact) == ("reply", first.logged_by, person)
    assert question.due_on == date(2026, 11, 13)


def test_a_reply_asks_once_however_often_it_is_looked_at() -> None:
    first = exchange()
    reply = exchange(first, interest="", kind="mail", direction=IN)

    open_follow_ups_of(first, at=clock.now())
    open_follow_ups_of(reply, at=clock.now())

    assert (running(first), reply.follow_ups.count()) == (0, 1)


def test_a_reply_before_the_event_is_over_is_found_when_its_steps_would_open() -> None:
    event = EventFactory(local_start=datetime(2026, 11, 12, 9), local_end=datetime(2026, 11, 13, 18))
    first = exchange(event=event)
    reply = exchange(first, interest="", kind="mail", direction=IN)
    assert reply.follow_ups.count() == 0

    with clock.set_to(THURSDAY + timedelta(days=3)):
        open_due(at=clock.now())

    assert (running(first), reply.follow_ups.count()) == (0, 1)


def test_promises_are_left_to_who_made_them() -> None:
    first = exchange()
    promise = FollowUpFactory(origin="promise", interaction=first, company=first.company)

    exchange(first)

    promise.refresh_from_db()
    assert promise.state == "open"


def test_other_people_of_the_same_house_are_another_matter() -> None:
    first = exchange(person=ContactFactory())

    exchange(first, person=ContactFactory())

    assert running(first) == 4


def test_another_lead_of_the_same_house_is_another_matter() -> None:
    lead = LeadFactory()
    other = LeadFactory(company=lead.company)
    first = exchange(lead=lead, company=lead.company)

    exchange(first, lead=other)

    assert running(first) == 4


def test_the_same_lead_is_one_matter_whoever_came() -> None:
    lead = LeadFactory()
    first = exchange(lead=lead, company=lead.company, person=ContactFactory())

    exchange(first, lead=lead, person=ContactFactory())

    assert running(first) == 0


def test_two_companies_that_become_one_keep_the_newer_steps() -> None:
    manager = UserFactory(role=Role.MANAGER)
    first, second = exchange(), exchange(happened_at=THURSDAY + timedelta(hours=1))
    merge(first.company, second.company, by=manager)
    assert (running(first), running(second)) == (4, 4)

    assert give_way_after_merges(at=clock.now()) == 4

    assert (running(first), running(second)) == (0, 4)
    assert give_way_after_merges(at=clock.now()) == 0


def test_two_records_of_one_person_keep_the_newer_steps() -> None:
    manager, house = UserFactory(role=Role.MANAGER), CompanyFactory()
    ana, double = ContactFactory(), ContactFactory()
    first = exchange(company=house, person=ana)
    second = exchange(first, person=double)
    merge(ana, double, by=manager)

    give_way_after_merges(at=clock.now())

    assert (running(first), running(second)) == (0, 4)


def test_what_runs_after_a_merge_moved_to_the_company_that_is_kept() -> None:
    manager = UserFactory(role=Role.MANAGER)
    kept, meeting = CompanyFactory(), exchange()

    merge(kept, meeting.company, by=manager)

    assert set(meeting.follow_ups.values_list("company", flat=True)) == {kept.pk}
