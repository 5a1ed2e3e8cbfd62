from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from config.first_data.cadence import load_default_cadence
from config.staff import clock
from leads.follow_ups.cadences import next_default, open_follow_ups_of, open_for
from leads.follow_ups.opening import follow_moved_events, open_due
from leads.follow_ups.stopping import pass_on_what_leavers_left, stop_messages_to_objectors, stop_steps_of_ended_leads
from leads.models import (
    Cadence,
    CadenceStep,
    CadenceVersion,
    EventCadence,
    FollowUp,
    Interaction,
    OpeningFault,
)
from leads.models.choices import Interest, Outcome, Status
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory, ReasonFactory
from tests.missions.factories import EventFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
THURSDAY = datetime(2026, 11, 12, 15, 0, tzinfo=BOGOTA)  # Monday the 16th is a holiday


@pytest.fixture(autouse=True)
def _cadence_and_clock() -> Iterator[None]:
    load_default_cadence(at=datetime(2026, 1, 1, tzinfo=UTC))
    with clock.set_to(THURSDAY):
        yield


def meeting(**fields: object) -> Interaction:
    made: Interaction = InteractionFactory(**{"interest": Interest.HOT, **fields})
    made.refresh_from_db()
    return made


def opened(interaction: Interaction) -> list[tuple[str, date]]:
    made = open_follow_ups_of(interaction, at=clock.now())
    return [(follow_up.kind, follow_up.due_on) for follow_up in made]


HOT = [
    ("thank_you", date(2026, 11, 13)),
    ("material", date(2026, 11, 18)),
    ("call", date(2026, 11, 19)),
    ("check", date(2026, 12, 14)),  # the 12th is a Saturday
]


def test_a_hot_meeting_opens_its_steps_by_working_days_and_days() -> None:
    assert opened(meeting()) == HOT


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"interest": Interest.WARM}, ["thank_you", "material", "call", "check"]),
        ({"interest": Interest.COLD}, ["thank_you", "check"]),
        ({"interest": ""}, []),
        ({"outcome": Outcome.NO_SHOW, "interest": ""}, ["reinvite"]),
        ({"outcome": Outcome.NO_SHOW, "interest": Interest.HOT}, ["reinvite"]),
        ({"outcome": Outcome.CANCELLED}, []),
        ({"outcome": Outcome.RESCHEDULED}, []),
        ({"outcome": Outcome.PASSING}, ["thank_you", "material", "call", "check"]),
    ],
)
def test_outcome_and_interest_choose_the_steps(fields: dict[str, object], kinds: list[str]) -> None:
    assert [kind for kind, _day in opened(meeting(**fields))] == kinds


def test_a_second_run_adds_nothing() -> None:
    interaction = meeting()

    assert len(opened(interaction)) == 4
    assert opened(interaction) == []


def test_the_database_refuses_a_step_twice() -> None:
    (first, *_rest) = open_follow_ups_of(meeting(), at=clock.now())
    first.pk = None

    with pytest.raises(IntegrityError, match="one_follow_up_an_interaction_and_step"):
        first.save(force_insert=True)


def test_steps_carry_where_they_come_from() -> None:
    lead = LeadFactory()
    interaction = meeting(lead=lead, company=lead.company)

    step = open_follow_ups_of(interaction, at=clock.now())[0]

    assert (step.origin, step.owner, step.lead, step.company) == ("cadence", interaction.logged_by, lead, lead.company)
    assert step.anchor_at == interaction.happened_at


@pytest.mark.parametrize(("language", "words"), [("es", "Enviar el agradecimiento"), ("en", "Send the thank-you")])
def test_words_are_in_the_owners_language(language: str, words: str) -> None:
    interaction = meeting(logged_by=UserFactory(language=language))

    assert open_follow_ups_of(interaction, at=clock.now())[0].text == words


# Working days of two countries


@pytest.mark.parametrize(
    ("country", "thank_you", "call"),
    [
        ("US", date(2026, 11, 13), date(2026, 11, 19)),
        # Friday and Saturday are their weekend, Sunday is ours, and Monday the 16th is our holiday.
        ("SA", date(2026, 11, 17), date(2026, 11, 19)),
        # Thanksgiving, a fortnight later, is tested below.
        ("", date(2026, 11, 13), date(2026, 11, 19)),
    ],
)
def test_a_step_waits_for_a_day_when_both_are_at_work(country: str, thank_you: date, call: date) -> None:
    home = CountryFactory(code=country) if country else None
    interaction = meeting()
    ParticipantFactory(interaction=interaction, contact=ContactFactory(country=home))

    days = dict(opened(interaction))

    assert (days["thank_you"], days["call"]) == (thank_you, call)


def test_the_country_of_the_company_counts_where_the_persons_is_unknown() -> None:
    company = CompanyFactory(origin_country=CountryFactory(code="SA"))

    assert dict(opened(meeting(company=company)))["thank_you"] == date(2026, 11, 17)


def test_their_holiday_moves_a_step_on() -> None:
    # A week before Thanksgiving, Thursday the 26th; the call would be due on that day.
    with clock.set_to(THURSDAY + timedelta(days=7)):
        company = CompanyFactory(origin_country=CountryFactory(code="US"))
        assert dict(opened(meeting(company=company)))["call"] == date(2026, 11, 27)


# Events


def test_steps_wait_until_the_event_has_ended_in_its_own_zone() -> None:
    # Over at 18:00 in San Francisco, which is 21:00 in Bogotá.
    event = EventFactory(local_start=datetime(2026, 11, 12, 9), local_end=datetime(2026, 11, 12, 18))
    interaction = meeting(event=event)

    with clock.set_to(datetime(2026, 11, 12, 20, 59, tzinfo=BOGOTA)):
        assert open_due(at=clock.now()) == 0
    with clock.set_to(datetime(2026, 11, 12, 21, 0, tzinfo=BOGOTA)):
        assert open_due(at=clock.now()) == 4

    assert set(interaction.follow_ups.values_list("anchor_at", flat=True)) == {
        datetime(2026, 11, 12, 18, tzinfo=ZoneInfo("America/Los_Angeles"))
    }


def test_a_cancelled_event_keeps_nobody_waiting() -> None:
    event = EventFactory(cancelled_at=clock.now())

    assert opened(meeting(event=event)) == HOT


def test_days_are_counted_from_the_end_of_the_event() -> None:
    event = EventFactory()  # ends on Friday the 20th, 18:00 in San Francisco
    interaction = meeting(event=event)

    with clock.set_to(datetime(2026, 11, 21, 8, tzinfo=BOGOTA)):
        days = dict(opened(interaction))

    assert days["thank_you"] == date(2026, 11, 23)
    assert days["call"] == date(2026, 11, 27)


def test_a_late_sync_of_one_meeting_leaves_the_others_alone() -> None:
    event = EventFactory()
    meeting(event=event)
    with clock.set_to(datetime(2026, 11, 21, 8, tzinfo=BOGOTA)):
        open_due(at=clock.now())
        late = meeting(event=event)

        assert open_due(at=clock.now()) == 4
        assert late.follow_ups.count() == 4
        assert FollowUp.objects.count() == 8


def test_open_steps_move_with_their_event() -> None:
    event = EventFactory()
    interaction = meeting(event=event)
    with clock.set_to(datetime(2026, 11, 21, 8, tzinfo=BOGOTA)):
        open_due(at=clock.now())
        follow_moved_events(at=clock.now())
        done = interaction.follow_ups.get(kind="thank_you")
        done.complete(by=interaction.logged_by, note="Sent")
        FollowUp.objects.update(known_to=interaction.logged_by)

        event.local_end = datetime(2026, 11, 24, 18)
        event.save()
        assert follow_moved_events(at=clock.now()) == 3
        assert follow_moved_events(at=clock.now()) == 0

    days = dict(interaction.follow_ups.values_list("kind", "due_on"))
    assert days["thank_you"] == date(2026, 11, 23)
    assert days["material"] == date(2026, 11, 27)
    assert days["call"] == date(2026, 12, 1)
    assert set(interaction.follow_ups.open().values_list("known_to", flat=True)) == {None}


def test_a_moved_event_leaves_the_day_that_a_person_chose() -> None:
    event = EventFactory()
    interaction = meeting(event=event)
    with clock.set_to(datetime(2026, 11, 21, 8, tzinfo=BOGOTA)):
        open_due(at=clock.now())
        call = interaction.follow_ups.get(kind="call")
        call.snooze(date(2026, 12, 10), by=call.owner, seen_version=call.version)

        event.local_end = datetime(2026, 11, 24, 18)
        event.save()
        follow_moved_events(at=clock.now())

    call.refresh_from_db()
    assert call.due_on == date(2026, 12, 10)


def test_an_edited_time_moves_the_open_steps() -> None:
    interaction = meeting()
    open_follow_ups_of(interaction, at=clock.now())

    interaction.happened_at += timedelta(days=1)
    interaction.save()
    open_follow_ups_of(interaction, at=clock.now())

    assert dict(interaction.follow_ups.values_list("kind", "due_on"))["call"] == date(2026, 11, 20)


def test_an_edited_interest_changes_the_steps_without_repeating_what_was_done() -> None:
    interaction = meeting(interest=Interest.COLD)
    thank_you, check = open_follow_ups_of(interaction, at=clock.now())
    thank_you.complete(by=interaction.logged_by, note="Sent")

    interaction.interest = Interest.HOT
    interaction.save()

    assert [kind for kind, _day in opened(interaction)] == ["material", "call", "check"]
    check.refresh_from_db()
    assert (check.state, check.closed_with) == ("cancelled", "The meeting was marked anew, so other steps follow.")


def test_an_interest_put_back_takes_its_steps_up_again() -> None:
    interaction = meeting(interest=Interest.HOT)
    first = open_follow_ups_of(interaction, at=clock.now())
    for interest in (Interest.COLD, Interest.HOT):
        Interaction.objects.filter(pk=interaction.pk).update(interest=interest)
        open_follow_ups_of(interaction, at=clock.now())

    assert [step.pk for step in interaction.follow_ups.open().order_by("pk")] == [step.pk for step in first]


def test_a_step_that_a_person_cancelled_stays_cancelled() -> None:
    interaction = meeting(interest=Interest.HOT)
    call = next(step for step in open_follow_ups_of(interaction, at=clock.now()) if step.kind == "call")
    call.cancel(by=interaction.logged_by, reason="They asked for quiet")

    assert opened(interaction) == []


def test_a_meeting_that_did_not_take_place_after_all_has_no_steps() -> None:
    interaction = meeting()
    open_follow_ups_of(interaction, at=clock.now())

    interaction.revise({"outcome": Outcome.CANCELLED}, seen_version=1)
    open_due(at=clock.now())

    assert not interaction.follow_ups.open().exists()


def test_an_edit_is_looked_at_by_the_regular_job_where_the_queue_was_down() -> None:
    interaction = meeting(interest=Interest.COLD)
    open_follow_ups_of(interaction, at=clock.now())

    interaction.revise({"interest": Interest.HOT}, seen_version=1)
    open_due(at=clock.now())

    assert set(interaction.follow_ups.open().values_list("step__trigger", flat=True)) == {"hot"}


# Versions


def test_an_event_may_have_a_cadence_of_its_own() -> None:
    version = CadenceVersion.objects.create(cadence=Cadence.objects.create(name="Fair"), number=1)
    CadenceStep.objects.create(version=version, trigger="hot", kind="call", offset=2, unit="days", text_en="Call now")
    event = EventFactory(local_start=datetime(2026, 11, 12, 9), local_end=datetime(2026, 11, 12, 11))
    EventCadence.objects.create(event=event, version=version)

    assert opened(meeting(event=event)) == [("call", date(2026, 11, 17))]


def test_what_runs_keeps_its_version() -> None:
    interaction = meeting()
    open_follow_ups_of(interaction, at=clock.now())
    cadence = Cadence.objects.get(is_default=True)
    newer = CadenceVersion.objects.create(cadence=cadence, number=2, published_at=clock.now())
    CadenceStep.objects.create(version=newer, trigger="hot", kind="other", offset=1, unit="days", text_en="Anew")

    assert opened(interaction) == []
    assert [kind for kind, _day in opened(meeting())] == ["other"]


def test_a_version_that_is_not_published_opens_nothing() -> None:
    cadence = Cadence.objects.get(is_default=True)
    draft = CadenceVersion.objects.create(cadence=cadence, number=2)
    CadenceStep.objects.create(version=draft, trigger="hot", kind="other", offset=1, unit="days", text_en="Draft")

    assert opened(meeting()) == HOT


# Late ones


def test_past_steps_of_a_meeting_logged_late_come_due_at_once() -> None:
    late = meeting(happened_at=THURSDAY - timedelta(days=8))

    assert opened(late) == [
        ("thank_you", date(2026, 11, 12)),
        ("material", date(2026, 11, 12)),
        ("call", date(2026, 11, 12)),
        ("check", date(2026, 12, 4)),
    ]


def test_of_a_cadence_that_is_over_only_the_last_step_opens() -> None:
    assert opened(meeting(happened_at=THURSDAY - timedelta(days=60))) == [("check", date(2026, 11, 12))]


def test_history_opens_nothing() -> None:
    old = meeting(happened_at=THURSDAY - timedelta(days=400))

    assert open_due(at=clock.now()) == 0

    old.refresh_from_db()
    assert old.follow_ups_opened_at == THURSDAY


# Stops


@pytest.mark.parametrize(
    ("status", "goes_on"),
    [(status, status not in {"lost", "dead", "disqualified", "merged", "handed_over"}) for status in Status],
)
def test_steps_stop_with_the_end_of_the_lead(status: Status, goes_on: bool) -> None:
    lead = LeadFactory()
    interaction = meeting(lead=lead, company=lead.company)
    open_follow_ups_of(interaction, at=clock.now())
    type(lead).objects.filter(pk=lead.pk).update(
        status=status, reason=ReasonFactory(), review_on=date(2027, 1, 1), decided_on=date(2026, 11, 1)
    )

    stop_steps_of_ended_leads(at=clock.now())

    states = {(step.state, step.closed_with) for step in interaction.follow_ups.all()}
    assert states == ({("open", "")} if goes_on else {("cancelled", "The lead has ended.")})


def test_a_promise_outlives_the_lead() -> None:
    lead = LeadFactory(status=Status.DEAD, reason=ReasonFactory())
    promise = FollowUpFactory(lead=lead, origin=FollowUp.Origin.PROMISE)

    stop_steps_of_ended_leads(at=clock.now())

    promise.refresh_from_db()
    assert promise.is_open


def test_a_meeting_about_an_ended_lead_opens_no_steps() -> None:
    assert opened(meeting(lead=LeadFactory(status=Status.DEAD, reason=ReasonFactory()))) == []


def test_messages_to_who_objected_stop_and_internal_steps_go_on() -> None:
    interaction = meeting()
    contact = ContactFactory()
    ParticipantFactory(interaction=interaction, contact=contact)
    open_follow_ups_of(interaction, at=clock.now())
    type(contact).objects.filter(pk=contact.pk).update(objected_at=clock.now())

    stop_messages_to_objectors(at=clock.now())

    assert dict(interaction.follow_ups.values_list("kind", "state")) == {
        "thank_you": "cancelled",
        "material": "cancelled",
        "call": "open",
        "check": "open",
    }


def test_messages_go_on_to_the_participant_who_did_not_object() -> None:
    interaction = meeting()
    objector, other = ContactFactory(), ContactFactory()
    ParticipantFactory(interaction=interaction, contact=objector)
    ParticipantFactory(interaction=interaction, contact=other)
    open_follow_ups_of(interaction, at=clock.now())
    type(objector).objects.filter(pk=objector.pk).update(objected_at=clock.now())

    stop_messages_to_objectors(at=clock.now())

    thank_you = interaction.follow_ups.get(kind="thank_you")
    assert (thank_you.state, thank_you.contact) == ("open", other)


def test_who_objected_before_gets_no_message() -> None:
    interaction = meeting()
    ParticipantFactory(interaction=interaction, contact=ContactFactory(objected_at=clock.now()))

    assert [kind for kind, _day in opened(interaction)] == ["call", "check"]


def test_what_a_leaver_left_goes_to_deputy_then_manager() -> None:
    manager = UserFactory()
    deputy = UserFactory(is_active=False, closed_at=clock.now(), manager=manager)
    leaver = UserFactory(is_active=False, closed_at=clock.now(), deputy=deputy)
    left = FollowUpFactory(owner=leaver, known_to=leaver)

    assert pass_on_what_leavers_left(at=clock.now()) == 1

    left.refresh_from_db()
    assert (left.owner, left.known_to) == (manager, None)


def test_steps_of_a_meeting_logged_by_a_leaver_open_for_the_stand_in() -> None:
    manager = UserFactory()
    leaver = UserFactory(is_active=False, closed_at=clock.now(), manager=manager)

    assert open_follow_ups_of(meeting(logged_by=leaver), at=clock.now())[0].owner == manager


# The regular job


def test_a_poisoned_meeting_is_set_aside_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned, sound = meeting(), meeting()

    def poisonous(interactions: list[Interaction], *, at: datetime) -> list[FollowUp]:
        if poisoned in interactions:
            raise ValueError("poison")
        return open_for(interactions, at=at)

    monkeypatch.setattr("leads.follow_ups.opening.open_for", poisonous)
    monkeypatch.setattr("leads.follow_ups.cadences.open_for", poisonous)

    assert open_due(at=clock.now()) == 4
    assert sound.follow_ups.count() == 4
    fault = OpeningFault.objects.get(interaction=poisoned)
    assert (fault.tries, fault.error) == (1, "ValueError: poison")
    assert open_due(at=clock.now()) == 0

    monkeypatch.undo()
    with clock.set_to(fault.next_try_at):
        assert open_due(at=clock.now()) == 4
    assert not OpeningFault.objects.exists()


def test_twenty_meetings_cost_as_many_queries_as_two() -> None:
    def queries(count: int) -> int:
        event = EventFactory(local_start=datetime(2026, 11, 12, 9), local_end=datetime(2026, 11, 12, 11))
        for _number in range(count):
            ParticipantFactory(interaction=meeting(event=event), contact=ContactFactory())
        with CaptureQueriesContext(
            connection,
        ) as spent:
            assert open_due(at=clock.now()) == 4 * count
        return len(spent)

    assert queries(2) == queries(20)


# What next


def test_done_proposes_the_next_step_of_the_cadence() -> None:
    thank_you, *others = open_follow_ups_of(meeting(), at=clock.now())
    for other in others:
        other.cancel(by=other.owner, reason="Not now")

    assert next_default(thank_you) == ("material", "Send the material", date(2026, 11, 17))


def test_nothing_is_proposed_where_steps_stand_open() -> None:
    thank_you, *_others = open_follow_ups_of(meeting(), at=clock.now())

    assert next_default(thank_you) is None


def test_nothing_follows_the_last_step() -> None:
    (reinvite,) = open_follow_ups_of(meeting(outcome=Outcome.NO_SHOW), at=clock.now())

    assert next_default(reinvite) is None


def test_a_promise_of_material_proposes_a_call() -> None:
    promise = FollowUpFactory(kind=CadenceStep.Kind.MATERIAL, interaction=meeting())

    proposal = next_default(promise)

    assert proposal
    assert (proposal.kind, proposal.day) == ("call", date(2026, 11, 13))
