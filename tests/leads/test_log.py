from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kombu.exceptions import OperationalError

from companies.models import Company, Contact, PrivacyNotice
from companies.notices import publish
from config.staff import clock
from config.staff.models import User
from leads.interactions.capture import AlreadyLogged, NewPerson, Promise, Said, log_interaction
from leads.models import FollowUp, Interaction
from leads.models.choices import Outcome
from leads.tasks import open_follow_ups_of
from missions.models import Appointment, Mission
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory, StageFactory
from tests.missions.factories import (
    AppointmentFactory,
    DelegateFactory,
    EventFactory,
    MissionFactory,
    MissionTargetFactory,
    StopFactory,
)
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

# 10:00 in San Francisco, a Thursday.
NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    StageFactory()
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission(officer: User) -> Mission:
    mission: Mission = MissionFactory(under_way=True, name="California")
    DelegateFactory(mission=mission, user=officer)
    StopFactory(mission=mission)
    EventFactory(mission=mission, name="TechCrunch Disrupt")
    return mission


def form_data(**changes: Any) -> dict[str, Any]:
    data = {"capture_id": str(uuid4()), "kind": "meeting", "outcome": "held", "zone": "America/Bogota", "save": "1"}
    return data | changes


def said(**changes: Any) -> Said:
    words: dict[str, Any] = {"happened_at": NOW, "zone": "America/Bogota"}
    return Said(**words | changes)


# What is stored


def test_same_capture_again_returns_the_first(officer: User) -> None:
    company, capture_id = CompanyFactory(), uuid4()

    first = log_interaction(company, capture_id=capture_id, by=officer, said=said(note="One"))
    second = log_interaction(company, capture_id=capture_id, by=officer, said=said(note="Two"))

    assert (first, second.note, Interaction.objects.count()) == (second, "One", 1)


def test_same_capture_makes_no_second_company_or_person(officer: User) -> None:
    capture_id = uuid4()

    for _time in range(2):
        log_interaction("Nuvola", capture_id=capture_id, by=officer, said=said(new_person=NewPerson(given_name="Zoe")))

    assert (Company.objects.count(), Contact.objects.count()) == (1, 1)


def test_capture_id_of_another_person_is_another_capture(officer: User) -> None:
    company, capture_id = CompanyFactory(), uuid4()

    log_interaction(company, capture_id=capture_id, by=officer, said=said())
    log_interaction(company, capture_id=capture_id, by=UserFactory(), said=said())

    assert Interaction.objects.count() == 2


def test_participants_keep_the_team_and_house_of_that_day(officer: User) -> None:
    officer.team = TeamFactory(name="Services")
    officer.save()
    position = PositionFactory()

    interaction = log_interaction(
        position.company, capture_id=uuid4(), by=officer, said=said(contacts=[position.contact])
    )

    ours = interaction.participants.get(user=officer)
    theirs = interaction.participants.get(contact=position.contact)
    assert (ours.team_then, theirs.company_then) == (officer.team, position.company)


def test_guest_from_another_house_keeps_their_house(officer: User) -> None:
    elsewhere = PositionFactory()

    interaction = log_interaction(
        CompanyFactory(), capture_id=uuid4(), by=officer, said=said(contacts=[elsewhere.contact])
    )

    assert interaction.participants.get(contact=elsewhere.contact).company_then == elsewhere.company


def test_promise_becomes_a_follow_up_of_the_one_who_logs(officer: User) -> None:
    promise = Promise(text="Send the information pack", due_on=date(2026, 11, 24))

    interaction = log_interaction(CompanyFactory(), capture_id=uuid4(), by=officer, said=said(promises=[promise]))

    follow_up = interaction.follow_ups.get()
    assert (follow_up.origin, follow_up.owner, follow_up.due_on) == ("promise", officer, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.HELD, "held"),
        (Outcome.PASSING, "held"),
        (Outcome.NO_SHOW, "no_show"),
        (Outcome.CANCELLED, "cancelled"),
        (Outcome.RESCHEDULED, "moved"),
    ],
)
def test_outcome_tells_what_became_of_the_appointment(officer: User, outcome: Outcome, status: str) -> None:
    appointment = AppointmentFactory()

    log_interaction(
        appointment.company, capture_id=uuid4(), by=officer, said=said(appointment=appointment, outcome=outcome)
    )

    assert Appointment.objects.get(pk=appointment.pk).status == status


def test_logging_an_appointment_closes_what_asked_for_it(officer: User) -> None:
    appointment = AppointmentFactory()
    asked = FollowUpFactory(origin=FollowUp.Origin.UNLOGGED, appointment=appointment, company=appointment.company)

    interaction = log_interaction(
        appointment.company, capture_id=uuid4(), by=officer, said=said(appointment=appointment)
    )

    asked.refresh_from_db()
    assert (asked.state, asked.closed_by_interaction) == ("done", interaction)


def test_appointment_is_logged_once(officer: User) -> None:
    appointment = AppointmentFactory()
    log_interaction(appointment.company, capture_id=uuid4(), by=officer, said=said(appointment=appointment))

    with pytest.raises(AlreadyLogged):
        log_interaction(appointment.company, capture_id=uuid4(), by=UserFactory(), said=said(appointment=appointment))


def test_opened_lead_says_where_it_came_from(officer: User, mission: Mission) -> None:
    target = MissionTargetFactory(mission=mission)

    interaction = log_interaction(
        target.company, capture_id=uuid4(), by=officer, said=said(mission=mission, open_lead=True)
    )

    lead = interaction.lead
    assert lead is not None
    assert (lead.stage_id, lead.source, lead.mission, lead.target) == (1, "mission", mission, target)


def test_opened_lead_has_its_first_log_row(officer: User) -> None:
    interaction = log_interaction(CompanyFactory(), capture_id=uuid4(), by=officer, said=said(open_lead=True))

    assert interaction.lead is not None
    assert interaction.lead.stage_changes.get().stage_after_id == 1


def test_queue_that_is_down_does_not_fail_the_capture(
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_args: object, **_words: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(open_follow_ups_of, "apply_async", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        log_interaction(CompanyFactory(), capture_id=uuid4(), by=officer, said=said())

    assert "waits for the regular job" in caplog.text


# The form


def test_page_is_prefilled_with_the_mission_under_way(client: Client, officer: User, mission: Mission) -> None:
    client.force_login(officer)

    initial = client.get(reverse("leads:log")).context["form"].initial

    assert (initial["mission"], initial["place"], initial["zone"]) == (
        mission.pk,
        "San Francisco",
        "America/Los_Angeles",
    )


def test_event_that_runs_is_prefilled(client: Client, officer: User, mission: Mission) -> None:
    client.force_login(officer)

    assert client.get(reverse("leads:log")).context["where"].event.name == "TechCrunch Disrupt"


def test_event_of_a_city_left_behind_is_not_prefilled(client: Client, officer: User, mission: Mission) -> None:
    client.force_login(officer)
    mission.stops.update(city=CityFactory(name="Los Angeles"))
    with clock.set_to(NOW + timedelta(days=2)):
        assert client.get(reverse("leads:log")).context["where"].event is None


def test_saved_form_is_an_interaction(client: Client, officer: User, mission: Mission) -> None:
    position = PositionFactory()
    client.force_login(officer)

    answer = client.post(
        reverse("leads:log"),
        form_data(
            contact=position.contact.pk,
            interest="hot",
            note="They want 200 seats",
            mission=mission.pk,
            zone="America/Los_Angeles",
            happened_at="2026-11-19T09:30",
        ),
    )

    interaction = Interaction.objects.get()
    assert answer.status_code == 302
    assert interaction.company == position.company
    assert interaction.happened_at == datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def test_chip_counts_three_working_days(client: Client, officer: User) -> None:
    client.force_login(officer)

    client.post(
        reverse("leads:log"), form_data(company=CompanyFactory().pk, **{"p1-promised": "on", "p1-due": "three"})
    )

    # From Thursday over the weekend.
    assert FollowUp.objects.get().due_on == date(2026, 11, 24)


def test_promise_without_words_takes_the_first_of_the_list(client: Client, officer: User) -> None:
    client.force_login(officer)

    client.post(
        reverse("leads:log"), form_data(company=CompanyFactory().pk, **{"p1-promised": "on", "p1-due": "three"})
    )

    assert FollowUp.objects.get().text == "Send the information pack"


def test_promise_at_an_hour_keeps_the_hour_of_its_owner(client: Client, officer: User) -> None:
    client.force_login(officer)

    client.post(
        reverse("leads:log"),
        form_data(
            company=CompanyFactory().pk,
            **{"p1-promised": "on", "p1-due": "day", "p1-day": "2026-11-25", "p1-hour": "16:00"},
        ),
    )

    # 16:00 in Bogotá.
    assert FollowUp.objects.get().due_at == datetime(2026, 11, 25, 21, 0, tzinfo=UTC)


def test_promise_that_was_not_ticked_is_none(client: Client, officer: User) -> None:
    client.force_login(officer)

    client.post(reverse("leads:log"), form_data(company=CompanyFactory().pk, **{"p1-day": "nonsense"}))

    assert not FollowUp.objects.exists()


def test_promise_without_a_day_is_asked_for(client: Client, officer: User) -> None:
    client.force_login(officer)

    answer = client.post(reverse("leads:log"), form_data(company=CompanyFactory().pk, **{"p1-promised": "on"}))

    assert answer.status_code == 422
    assert b"Say by when you promised it." in answer.content


def test_form_sent_twice_is_one_interaction(client: Client, officer: User) -> None:
    client.force_login(officer)
    data = form_data(company=CompanyFactory().pk, **{"p1-promised": "on", "p1-due": "tomorrow"})

    addresses = {client.post(reverse("leads:log"), data)["Location"] for _time in range(2)}

    assert (len(addresses), FollowUp.objects.count()) == (1, 1)


def test_second_submission_is_harmless_even_where_its_words_are_wrong(client: Client, officer: User) -> None:
    client.force_login(officer)
    data = form_data(company=CompanyFactory().pk)
    first = client.post(reverse("leads:log"), data)

    again = client.post(reverse("leads:log"), data | {"outcome": "nonsense"})

    assert again["Location"] == first["Location"]


def test_save_and_next_keeps_mission_and_place(client: Client, officer: User, mission: Mission) -> None:
    client.force_login(officer)
    data = form_data(company=CompanyFactory().pk, mission=mission.pk, place="Booth 12", next="1")
    del data["save"]

    answer = client.post(reverse("leads:log"), data, follow=True)

    form = answer.context["form"]
    assert (form["mission"].value(), form["place"].value()) == (str(mission.pk), "Booth 12")


def test_wrong_input_keeps_what_was_typed(client: Client, officer: User) -> None:
    client.force_login(officer)

    answer = client.post(reverse("leads:log"), form_data(note="A long talk", zone="Mars/Olympus"))

    assert answer.status_code == 422
    assert b"A long talk" in answer.content


def test_nobody_chosen_is_told(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert b"Say whom you met" in client.post(reverse("leads:log"), form_data()).content


def test_new_person_at_a_new_company_is_made_with_the_capture(client: Client, officer: User) -> None:
    client.force_login(officer)

    client.post(
        reverse("leads:log"),
        form_data(is_new="1", person="Zoe Quiroga", new_company="Nuvola Labs", email="Zoe@Nuvola.example"),
    )

    contact = Contact.objects.get()
    assert (contact.name, contact.positions.get().company.name) == ("Zoe Quiroga", "Nuvola Labs")
    assert contact.contact_points.get().value == "zoe@nuvola.example"


def test_details_given_at_the_meeting_are_a_legal_basis(client: Client, officer: User) -> None:
    client.force_login(officer)

    client.post(
        reverse("leads:log"), form_data(is_new="1", person="Zoe", company=CompanyFactory().pk, gave_details="on")
    )

    assert Contact.objects.get().legal_basis == "conduct"


@pytest.fixture
def notice() -> PrivacyNotice:
    by = UserFactory(administrator=True)
    publish("Uno", "One", by=by)
    return publish("Dos", "Two", by=by)


NEW = {"is_new": "1", "person": "Zoe Paz", "gave_details": "on"}


def test_a_new_person_is_asked_about_with_the_notice_in_force_filled_in(
    client: Client, officer: User, notice: PrivacyNotice
) -> None:
    client.force_login(officer)
    page = client.post(reverse("leads:log_who"), {"pick": "new", "who": "Zoe Paz"}).content.decode()

    assert '<option value="2">Version 2</option><option value="1">Version 1</option>' in page
    assert '<option value="shown" selected>' in page


@pytest.mark.parametrize(
    ("said", "version", "words"),
    [
        ({"notice": "2", "notice_way": "code"}, "2", "By a code or a link on the spot"),
        ({"notice": "1", "notice_way": "paper"}, "1", "On paper"),
        ({"notice_way": "shown"}, "2", "In person"),
        ({"notice": "2", "notice_way": ""}, "", "Gave their details to"),
        ({"notice": "2", "notice_way": "code", "gave_details": ""}, "", ""),
    ],
    ids=["in force", "an earlier one", "from a device", "not told", "no details given"],
)
def test_the_notice_that_they_were_given_is_kept_with_the_way(
    client: Client, notice: PrivacyNotice, said: dict[str, str], version: str, words: str
) -> None:
    client.force_login(UserFactory())

    client.post(reverse("leads:log"), form_data(company=CompanyFactory().pk, **NEW | said))

    person = Contact.objects.get(given_name="Zoe")
    assert person.notice_version == version
    assert words in person.legal_basis_source


@pytest.mark.parametrize("said", [{"notice": "7"}, {"notice": "x" * 1000}, {"notice_way": "dreamt"}])
def test_a_notice_that_is_not_there_is_refused(client: Client, notice: PrivacyNotice, said: dict[str, str]) -> None:
    client.force_login(UserFactory())

    answer = client.post(reverse("leads:log"), form_data(company=CompanyFactory().pk, **NEW | said))

    assert answer.status_code == 422
    assert not Contact.objects.exists()


def test_without_any_notice_nothing_is_asked(client: Client, officer: User) -> None:
    client.force_login(officer)
    page = client.post(reverse("leads:log_who"), {"pick": "new", "who": "Zoe Paz"}).content.decode()

    assert "notice_way" not in page


def test_company_that_looks_like_one_we_have_is_asked_about(client: Client, officer: User) -> None:
    CompanyFactory(name="Moove It, Inc.")
    client.force_login(officer)

    answer = client.post(reverse("leads:log"), form_data(is_new="1", person="Zoe", new_company="Moove-It S.A.S."))

    assert answer.status_code == 422
    assert Company.objects.count() == 1


def test_a_new_person_like_one_of_the_company_is_asked_about_and_may_be_taken(client: Client, officer: User) -> None:
    held = PositionFactory(contact__given_name="Zoé", contact__family_name="Quiroga")
    client.force_login(officer)
    new = {"is_new": "1", "person": "Zoe Quiroga", "company": held.company_id}

    answer = client.post(reverse("leads:log"), form_data(**new))
    assert answer.status_code == 422
    assert f"same:{held.contact_id}" in answer.content.decode()
    taken = client.post(reverse("leads:log"), form_data(**new, pick=f"same:{held.contact_id}"))
    client.post(reverse("leads:log"), form_data(contact=held.contact_id))

    assert f'name="contact" value="{held.contact_id}"' in taken.content.decode()
    assert 'name="is_new"' not in taken.content.decode()
    assert Contact.objects.get() == held.contact


def test_a_new_person_with_an_address_that_somebody_has_is_asked_about(client: Client, officer: User) -> None:
    EmailFactory(value="zoe@gmail.com")
    client.force_login(officer)
    new = {"is_new": "1", "person": "Zoe Quiroga", "new_company": "Nuvola Labs", "email": "Zoe@gmail.com"}

    assert client.post(reverse("leads:log"), form_data(**new)).status_code == 422
    client.post(reverse("leads:log"), form_data(**new, another="on"))

    assert Contact.objects.count() == 2


def test_like_name_of_another_company_may_be_kept(client: Client, officer: User) -> None:
    CompanyFactory(name="Moove It, Inc.")
    client.force_login(officer)

    client.post(reverse("leads:log"), form_data(is_new="1", person="Zoe", new_company="Moove-It S.A.S.", another="on"))

    assert Company.objects.count() == 2


def test_lead_of_others_cannot_be_named(client: Client, officer: User) -> None:
    hidden = LeadFactory(named=True)
    client.force_login(officer)

    answer = client.post(reverse("leads:log"), form_data(company=hidden.company.pk, lead=hidden.pk))

    assert answer.status_code == 422
    assert not Interaction.objects.exists()


def test_colleague_who_logged_it_before_is_named(client: Client, officer: User) -> None:
    appointment = AppointmentFactory()
    before = InteractionFactory(appointment=appointment, company=appointment.company)
    client.force_login(officer)

    answer = client.post(reverse("leads:log"), form_data(appointment=appointment.pk))

    assert answer.status_code == 409
    assert before.logged_by.name in answer.content.decode()


def test_logging_from_a_follow_up_closes_it(client: Client, officer: User) -> None:
    follow_up = FollowUpFactory(owner=officer)
    client.force_login(officer)

    client.post(reverse("leads:log"), form_data(company=follow_up.company_id, fulfils=follow_up.pk))

    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.closed_by_interaction) == ("done", Interaction.objects.get())


def test_address_of_a_contact_prefills_the_person(client: Client, officer: User) -> None:
    position = PositionFactory()
    client.force_login(officer)

    who = client.get(reverse("leads:log"), {"contact": position.contact.pk}).context["who"]

    assert (who.contacts, who.company) == ([position.contact], position.company)


def test_address_of_an_appointment_prefills_its_hour(client: Client, officer: User) -> None:
    appointment = AppointmentFactory()
    client.force_login(officer)

    form = client.get(reverse("leads:log"), {"appointment": appointment.pk}).context["form"]

    assert form.initial["happened_at"] == appointment.local_start


def test_guest_may_not_log(client: Client) -> None:
    client.force_login(UserFactory(guest=True))

    assert client.get(reverse("leads:log")).status_code == 404


# The who box


def ask(client: Client, typed: str) -> str:
    return client.post(
        reverse("leads:log_who"), {"who": typed}, headers={"HX-Request": "true", "HX-Trigger-Name": "who"}
    ).content.decode()


def test_typing_finds_a_person(client: Client, officer: User) -> None:
    contact = PositionFactory(contact=ContactFactory(given_name="Martín", family_name="Peña")).contact
    client.force_login(officer)

    assert f'value="contact:{contact.pk}"' in ask(client, "pena")


def test_typing_a_company_offers_its_people(client: Client, officer: User) -> None:
    position = PositionFactory(company=CompanyFactory(name="Globant"))
    client.force_login(officer)

    assert f'value="contact:{position.contact.pk}"' in ask(client, "glob")


def test_already_met_shows_while_typing(client: Client, officer: User) -> None:
    position = PositionFactory(contact=ContactFactory(given_name="Martín", family_name="Peña"))
    met = InteractionFactory(company=position.company, happened_at=NOW - timedelta(days=30))
    ParticipantFactory(interaction=met, contact=position.contact)
    client.force_login(officer)

    assert f"Already met on Oct. 20, 2026 by {met.logged_by.name}" in ask(client, "pena")


def test_talk_about_a_hidden_lead_is_not_already_met(client: Client, officer: User) -> None:
    position = PositionFactory(contact=ContactFactory(given_name="Martín", family_name="Peña"))
    hidden = InteractionFactory(company=position.company, lead=LeadFactory(named=True, company=position.company))
    ParticipantFactory(interaction=hidden, contact=position.contact)
    client.force_login(officer)

    assert "Already met" not in ask(client, "pena")


def test_people_met_lately_are_offered_before_typing(client: Client, officer: User) -> None:
    met = ParticipantFactory(
        interaction=InteractionFactory(logged_by=officer), contact=ContactFactory(), company_then=CompanyFactory()
    )
    client.force_login(officer)

    assert [answer.contact_id for answer in client.get(reverse("leads:log")).context["answers"]] == [met.contact_id]


def test_appointments_of_today_are_offered_first(client: Client, officer: User, mission: Mission) -> None:
    appointment = AppointmentFactory(mission=mission)
    client.force_login(officer)

    answers = client.get(reverse("leads:log")).context["answers"]

    assert [answer.token for answer in answers] == [f"appointment:{appointment.pk}"]


def test_without_scripts_finding_keeps_what_was_typed(client: Client, officer: User) -> None:
    contact = PositionFactory(contact=ContactFactory(given_name="Martín", family_name="Peña")).contact
    client.force_login(officer)

    found = client.post(reverse("leads:log"), {"find": "1", "who": "pena", "note": "They want seats"})
    chosen = client.post(
        reverse("leads:log"), {"pick": f"contact:{contact.pk}", "who": "pena", "note": "They want seats"}
    )

    assert f'value="contact:{contact.pk}"' in found.content.decode()
    assert chosen.context["who"].contacts == [contact]
    assert "They want seats" in chosen.content.decode()


def test_dropping_the_person_starts_again(client: Client, officer: User) -> None:
    position = PositionFactory()
    client.force_login(officer)

    answer = client.post(
        reverse("leads:log"),
        {"contact": position.contact.pk, "company": position.company.pk, "drop": f"contact:{position.contact.pk}"},
    )

    assert answer.context["who"].is_empty


# Cost


def test_form_costs_the_same_however_much_there_is(client: Client, officer: User, mission: Mission) -> None:
    client.force_login(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as spent:
            client.get(reverse("leads:log"))
        return len(spent)

    def more() -> None:
        met = InteractionFactory(logged_by=officer)
        ParticipantFactory(interaction=met, contact=ContactFactory(), company_then=met.company)
        AppointmentFactory(mission=mission)

    more()
    few = queries()
    for _time in range(8):
        more()

    assert queries() == few


def test_typing_costs_the_same_however_much_is_found(client: Client, officer: User) -> None:
    client.force_login(officer)
    company = CompanyFactory(name="Globant")

    def queries() -> int:
        with CaptureQueriesContext(connection) as spent:
            ask(client, "glob")
        return len(spent)

    PositionFactory(company=company)
    few = queries()
    for _time in range(8):
        PositionFactory(company=company)
        CompanyFactory(name="Globant")

    assert queries() <= few


# Junk

JUNK = st.one_of(
    st.sampled_from(["", "0", "-1", "9" * 19, "9" * 40, "1e999", "20000-01-01", "2026-02-30", "a\x00b", "x" * 10_000]),
    st.sampled_from(["new", "contact:", "company:9", "contact:999999999999999999", "0001-01-01T00:00", "on", "day"]),
    st.text(max_size=30),
)
NAMES = st.sampled_from(
    [
        *("capture_id", "kind", "outcome", "interest", "note", "lead", "lead_title", "mission", "event", "place"),
        *("happened_at", "zone", "direction", "colleagues", "fulfils", "title", "email", "phone", "gave_details"),
        *("another", "who", "contact", "company", "appointment", "is_new", "person", "new_company"),
        *("p1-promised", "p1-words", "p1-text", "p1-due", "p1-day", "p1-hour", "p1-owner", "next"),
    ]
)


@pytest.mark.walk
@given(junk=st.dictionaries(NAMES, JUNK), step=st.sampled_from(["", "find", "pick", "drop"]), token=JUNK)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_is_answered_in_the_form(
    client: Client, officer: User, junk: dict[str, str], step: str, token: str
) -> None:
    client.force_login(officer)
    known = {"is_new": "1", "person": "Zoe", "new_company": "Nuvola", "p1-promised": "on"}
    data = form_data(**known) | junk | ({step: token} if step else {})

    answers = [client.post(reverse("leads:log"), data), client.post(reverse("leads:log_who"), data)]

    assert {answer.status_code for answer in answers} <= {200, 302, 422}


@pytest.mark.walk
@given(junk=st.dictionaries(NAMES, JUNK))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_in_the_address_opens_the_form(client: Client, officer: User, junk: dict[str, str]) -> None:
    client.force_login(officer)

    assert client.get(reverse("leads:log"), junk | {"follow_up": junk.get("lead", "")}).status_code == 200
