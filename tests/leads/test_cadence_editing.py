from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.first_data.cadence import load_default_cadence
from config.staff import clock
from config.staff.models import User
from leads.follow_ups import cadence_editing
from leads.follow_ups.cadence_editing import (
    DraftChanged,
    NothingToDo,
    draft_of,
    mark_of,
    steps_to_edit,
    version_in_force,
)
from leads.follow_ups.cadences import open_follow_ups_of
from leads.models import Cadence, CadenceStep, CadenceVersion, EventCadence, Interaction
from leads.models.choices import Interest, Outcome
from tests.leads.factories import InteractionFactory, LeadFactory
from tests.missions.factories import EventFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2026, 11, 12, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_thursday() -> object:
    with clock.set_to(THURSDAY):
        yield


@pytest.fixture
def cadence() -> Cadence:
    load_default_cadence(at=datetime(2026, 1, 1, tzinfo=UTC))
    return Cadence.objects.get()


def a_step(**words: object) -> CadenceStep:
    given: dict[str, object] = {
        "trigger": "hot",
        "kind": "call",
        "offset": 2,
        "unit": "days",
        "text_en": "Ring them",
        "text_es": "Llamarlos",
        **words,
    }
    return CadenceStep(**given)


def write(cadence: Cadence, *steps: CadenceStep) -> CadenceVersion:
    return cadence_editing.write_draft(cadence, list(steps), seen=mark_of(steps_to_edit(cadence)))


def publish(draft: CadenceVersion) -> CadenceVersion:
    return cadence_editing.publish(draft, seen=mark_of(draft.steps.all()))


def hot_meeting(**words: object) -> Interaction:
    made: Interaction = InteractionFactory(**{"interest": Interest.HOT, **words})
    made.refresh_from_db()
    return made


def opened(meeting: Interaction) -> list[tuple[str, date]]:
    return [(row.text, row.due_on) for row in open_follow_ups_of(meeting, at=clock.now())]


# Draft and version


def test_a_draft_counts_for_nobody(cadence: Cadence) -> None:
    write(cadence, a_step())

    assert len(opened(hot_meeting())) == 4


def test_what_is_published_counts_from_then_on(cadence: Cadence) -> None:
    publish(write(cadence, a_step()))

    assert opened(hot_meeting()) == [("Ring them", date(2026, 11, 17))]


def test_what_runs_keeps_the_version_that_it_started_with(cadence: Cadence) -> None:
    running = hot_meeting()
    open_follow_ups_of(running, at=clock.now())
    publish(write(cadence, a_step(kind="other")))

    open_follow_ups_of(running, at=clock.now())

    assert set(running.follow_ups.values_list("step__version__number", flat=True)) == {1}


def test_there_is_one_draft_at_a_time(cadence: Cadence) -> None:
    assert write(cadence, a_step()) == write(cadence, a_step(offset=5))
    assert [step.offset for step in steps_to_edit(cadence)] == [5]


def test_a_draft_that_a_colleague_changed_is_not_overwritten(cadence: Cadence) -> None:
    seen = mark_of(steps_to_edit(cadence))
    write(cadence, a_step())

    with pytest.raises(DraftChanged):
        cadence_editing.write_draft(cadence, [a_step(offset=9)], seen=seen)
    assert [step.offset for step in steps_to_edit(cadence)] == [2]


def test_nobody_publishes_what_they_did_not_see(cadence: Cadence) -> None:
    draft = write(cadence, a_step())
    seen = mark_of(draft.steps.all())
    write(cadence, a_step(offset=9))

    with pytest.raises(DraftChanged):
        cadence_editing.publish(draft, seen=seen)


def test_publishing_twice_is_publishing_once(cadence: Cadence) -> None:
    draft = write(cadence, a_step())
    first = publish(draft)

    assert publish(draft).published_at == first.published_at
    assert cadence.versions.count() == 2


def test_a_version_without_steps_is_not_published(cadence: Cadence) -> None:
    with pytest.raises(NothingToDo):
        publish(write(cadence))


def test_a_draft_is_thrown_away_and_a_published_version_is_not(cadence: Cadence) -> None:
    draft, in_force = write(cadence, a_step()), version_in_force(cadence)
    assert in_force

    cadence_editing.discard(draft)
    cadence_editing.discard(in_force)

    assert list(cadence.versions.all()) == [in_force]


# Events and the default


def test_events_to_come_follow_the_new_version_and_past_ones_do_not(cadence: Cadence) -> None:
    version = cadence.versions.get()
    past = EventFactory(local_start=datetime(2026, 10, 1, 9), local_end=datetime(2026, 10, 2, 9))
    coming = EventFactory(local_start=datetime(2026, 12, 1, 9), local_end=datetime(2026, 12, 2, 9))
    for event in (past, coming):
        EventCadence.objects.create(event=event, version=version)

    publish(write(cadence, a_step()))

    numbers = dict(EventCadence.objects.values_list("event", "version__number"))
    assert numbers == {past.pk: 1, coming.pk: 2}


def test_there_is_one_default(cadence: Cadence) -> None:
    other = Cadence.objects.create(name="Roadshow")
    publish(write(other, a_step()))

    cadence_editing.make_default(other)

    assert [row.name for row in Cadence.objects.filter(is_default=True)] == ["Roadshow"]


def test_an_unpublished_cadence_is_no_default(cadence: Cadence) -> None:
    with pytest.raises(NothingToDo):
        cadence_editing.make_default(Cadence.objects.create(name="Empty"))


# Who does a step


@pytest.mark.parametrize("rule", ["lead", "company", "mission"])
def test_a_step_goes_to_whom_its_rule_names(cadence: Cadence, rule: str) -> None:
    person = UserFactory()
    lead = LeadFactory(owner=person)
    meeting = hot_meeting(
        company=lead.company,
        lead=lead if rule == "lead" else None,
        mission=MissionFactory(lead_officer=person) if rule == "mission" else None,
    )
    if rule == "company":
        lead.company.owner = person
        lead.company.save()
    publish(write(cadence, a_step(owner_rule=rule)))

    assert [row.owner for row in open_follow_ups_of(meeting, at=clock.now())] == [person]


@pytest.mark.parametrize("rule", ["lead", "company", "mission"])
def test_without_such_a_person_whoever_logged_does_it(cadence: Cadence, rule: str) -> None:
    publish(write(cadence, a_step(owner_rule=rule)))
    meeting = hot_meeting()

    assert [row.owner for row in open_follow_ups_of(meeting, at=clock.now())] == [meeting.logged_by]


def test_a_step_of_a_leaver_goes_to_the_deputy(cadence: Cadence) -> None:
    deputy = UserFactory()
    leaver = UserFactory(deputy=deputy)
    lead = LeadFactory(owner=leaver)
    leaver.close(at=clock.now())
    publish(write(cadence, a_step(owner_rule="lead")))

    meeting = hot_meeting(company=lead.company, lead=lead)
    assert [row.owner for row in open_follow_ups_of(meeting, at=clock.now())] == [deputy]


# The trial on past meetings


def test_the_trial_shows_now_and_by_the_draft(cadence: Cadence) -> None:
    hot_meeting(happened_at=THURSDAY)
    draft = write(cadence, a_step())

    (opening,) = cadence_editing.preview(draft, reader=UserFactory(manager_role=True), at=clock.now())

    assert len(opening.before) == 4
    assert [(step.text_en, day) for step, day in opening.after] == [("Ring them", date(2026, 11, 17))]
    assert opening.differs


def test_the_trial_knows_what_stays_the_same(cadence: Cadence) -> None:
    hot_meeting(happened_at=THURSDAY)
    draft = write(cadence, *version_in_force(cadence).steps.all())  # type: ignore[union-attr]

    assert [row.differs for row in cadence_editing.preview(draft, reader=UserFactory(), at=clock.now())] == [False]


def test_the_trial_shows_no_meeting_of_a_hidden_lead(cadence: Cadence) -> None:
    lead = LeadFactory(named=True)
    hot_meeting(company=lead.company, lead=lead, happened_at=THURSDAY)
    draft = write(cadence, a_step())

    assert cadence_editing.preview(draft, reader=UserFactory(manager_role=True), at=clock.now()) == []


def test_a_no_show_is_tried_by_its_own_steps(cadence: Cadence) -> None:
    InteractionFactory(outcome=Outcome.NO_SHOW, interest="", happened_at=THURSDAY - timedelta(days=1))
    draft = write(cadence, a_step(trigger="no_show", kind="reinvite"))

    (opening,) = cadence_editing.preview(draft, reader=UserFactory(), at=clock.now())
    assert [step.kind for step, _day in opening.after] == ["reinvite"]


# The screens


@pytest.fixture
def manager(client: Client) -> User:
    person: User = UserFactory(manager_role=True)
    client.force_login(person)
    return person


def typed(client: Client, cadence: Cadence, **changes: object) -> dict[str, object]:
    """What the browser sends when nothing is touched, with these changes."""
    page = client.get(f"/cadences/{cadence.pk}/draft/").context
    sent: dict[str, object] = {"seen": page["seen"]}
    formset = page["formset"]
    sent |= {f"steps-{name}": value for name, value in formset.management_form.initial.items()}
    for form in formset.forms:
        for field in form:
            value = field.value()
            if value not in (None, False):
                sent[field.html_name] = value.replace("\n", "\r\n") if isinstance(value, str) else value
    return sent | changes


@pytest.mark.usefixtures("manager")
def test_a_draft_saved_untouched_holds_the_same_steps(client: Client, cadence: Cadence) -> None:
    answer = client.post(f"/cadences/{cadence.pk}/draft/", typed(client, cadence))

    assert answer.status_code == 302
    in_force, draft = version_in_force(cadence), draft_of(cadence)
    assert in_force
    assert draft
    facts = ("trigger", "kind", "offset", "unit", "text_en", "owner_rule", "is_message", "body_es")
    assert list(draft.steps.values_list(*facts)) == list(in_force.steps.values_list(*facts))


@pytest.mark.usefixtures("manager")
def test_an_emptied_row_is_left_out(client: Client, cadence: Cadence) -> None:
    sent = typed(client, cadence, **{"steps-0-offset": "", "steps-0-text_en": "", "steps-0-text_es": ""})
    client.post(f"/cadences/{cadence.pk}/draft/", sent)

    assert len(steps_to_edit(cadence)) == 10


@pytest.mark.usefixtures("manager")
def test_two_steps_of_a_kind_are_told_and_kept(client: Client, cadence: Cadence) -> None:
    answer = client.post(f"/cadences/{cadence.pk}/draft/", typed(client, cadence, **{"steps-1-kind": "thank_you"}))

    assert answer.status_code == 422
    assert "There is a step of this kind already" in answer.content.decode()
    assert draft_of(cadence) is None


@pytest.mark.usefixtures("manager")
def test_a_stale_draft_is_refused_and_goes_through_when_sent_again(client: Client, cadence: Cadence) -> None:
    sent = typed(client, cadence, **{"steps-0-text_en": "Mine"})
    write(cadence, a_step())

    refused = client.post(f"/cadences/{cadence.pk}/draft/", sent)
    assert refused.status_code == 409
    client.post(f"/cadences/{cadence.pk}/draft/", {**sent, "seen": refused.context["seen"]})

    assert "Mine" in {step.text_en for step in steps_to_edit(cadence)}


@pytest.mark.usefixtures("manager")
def test_from_the_draft_over_the_trial_into_force(client: Client, cadence: Cadence) -> None:
    hot_meeting(interest=Interest.COLD, happened_at=THURSDAY)
    client.post(f"/cadences/{cadence.pk}/draft/", typed(client, cadence, **{"steps-0-text_en": "Write by hand"}))
    page = client.get(f"/cadences/{cadence.pk}/preview/")

    assert "Write by hand" in page.content.decode()
    client.post(f"/cadences/{cadence.pk}/publish/", {"seen": page.context["seen"]})
    assert "Write by hand" in client.get(f"/cadences/{cadence.pk}/").content.decode()


@pytest.mark.usefixtures("manager")
def test_an_event_is_given_a_cadence_and_back(client: Client, cadence: Cadence) -> None:
    event = EventFactory(local_start=datetime(2026, 12, 1, 9), local_end=datetime(2026, 12, 2, 9))
    client.post(f"/cadences/{cadence.pk}/event/", {"event": event.pk})
    assert EventCadence.objects.get().event == event

    client.post(f"/cadences/{cadence.pk}/event/", {"event": event.pk, "remove": "1"})
    assert not EventCadence.objects.exists()


def test_officers_do_not_write_cadences(client: Client, cadence: Cadence) -> None:
    client.force_login(UserFactory())
    assert {client.get(f"/cadences/{tail}").status_code for tail in ("", f"{cadence.pk}/", f"{cadence.pk}/draft/")} == {
        404
    }


@pytest.mark.usefixtures("manager")
def test_the_list_costs_no_more_for_many(
    client: Client, cadence: Cadence, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(5):
        publish(write(Cadence.objects.create(name=f"Cadence {n}"), a_step()))
    client.get("/cadences/")
    with django_assert_max_num_queries(8):
        client.get("/cadences/")
