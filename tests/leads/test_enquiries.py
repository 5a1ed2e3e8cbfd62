from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from companies import notices
from companies.models import Contact, PrivacyNotice
from config.staff import clock
from config.staff.models import User
from leads.enquiring import enquiries
from leads.enquiring.enquiries import Turned
from leads.errors import ReasonMissing, StaleEdit
from leads.interactions.capture import Said, log_interaction
from leads.models import Delivery, Enquiry, Interaction, Lead
from leads.models.choices import Outcome, Source
from leads.reminding import deliveries
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.leads.factories import StageFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)  # ten in the morning in Bogotá


@pytest.fixture(autouse=True)
def _a_tuesday() -> Iterator[None]:
    with clock.set_to(TUESDAY):
        yield


@pytest.fixture
def officer(client: Client) -> User:
    person: User = UserFactory()
    client.force_login(person)
    return person


def asked(**facts: Any) -> Enquiry:
    given = {"name": "Ana Ruiz", "email": "ana@moove-it.example", "text": "Do you have bilingual talent?", **facts}
    return enquiries.receive(uuid4(), **given)


def form(**changes: object) -> dict[str, object]:
    return {
        "capture_id": str(uuid4()),
        "name": "Ana Ruiz",
        "email": "ana@moove-it.example",
        "text": "Do you have bilingual talent?",
        **changes,
    }


# The public form


def test_a_stranger_asks_and_the_clock_starts(client: Client) -> None:
    answer = client.post("/enquiry/", form(company_name="Moove It"), follow=True)

    assert "Thank you" in answer.content.decode() or "Gracias" in answer.content.decode()
    enquiry = Enquiry.objects.get()
    assert (enquiry.company_name, enquiry.state) == ("Moove It", "waiting")
    assert enquiry.respond_by == TUESDAY + timedelta(days=1)


def test_a_form_sent_twice_is_one_enquiry(client: Client) -> None:
    typed = form()
    client.post("/enquiry/", typed)
    client.post("/enquiry/", typed)

    assert Enquiry.objects.count() == 1


def test_a_machine_is_thanked_and_not_heard(client: Client) -> None:
    assert client.post("/enquiry/", form(homepage="https://spam.example")).status_code == 302
    assert not Enquiry.objects.exists()


def test_a_flood_is_slowed_down(client: Client) -> None:
    codes = {client.post("/enquiry/", form()).status_code for _turn in range(12)}

    assert codes == {302, 429}
    assert Enquiry.objects.count() == 10


def test_what_was_typed_is_kept_where_something_is_missing(client: Client) -> None:
    answer = client.post("/enquiry/", form(email="no address", text="Kept words"))

    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()


# Its way


def test_the_first_answer_stops_the_clock_and_a_second_does_not_move_it() -> None:
    enquiry, officer = asked(), UserFactory()
    clock.advance(hours=2)
    enquiries.answer(enquiry, by=officer, note="Sent the pack")
    clock.advance(hours=5)

    again = enquiries.answer(enquiry, by=UserFactory())

    assert (again.answered_by, again.answer_note) == (officer, "Sent the pack")
    assert again.response_time == timedelta(hours=2)


def test_a_lead_of_it_knows_where_it_came_from() -> None:
    StageFactory()
    enquiry, officer = asked(company_name="Moove It"), UserFactory()

    lead = enquiries.turn_into_lead(enquiry, Turned("Moove It", "Delivery centre"), by=officer)

    assert (lead.enquiry, lead.source, lead.owner) == (enquiry, Source.ENQUIRY, officer)
    assert lead.contact
    assert (lead.contact.name, lead.contact.legal_basis) == ("Ana Ruiz", "contract")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answered_by) == ("lead", officer)


def test_turned_twice_is_one_lead() -> None:
    StageFactory()
    enquiry, officer = asked(), UserFactory()
    turned = Turned(CompanyFactory(), "Delivery centre")

    assert enquiries.turn_into_lead(enquiry, turned, by=officer) == enquiries.turn_into_lead(
        enquiry, turned, by=officer
    )
    assert Lead.objects.count() == 1


def test_a_person_whom_we_know_is_not_made_again() -> None:
    StageFactory()
    ana = ContactFactory()
    ana.contact_points.create(kind="email", value="ana@moove-it.example")
    company = PositionFactory(contact=ana).company

    lead = enquiries.turn_into_lead(asked(), Turned(company, "Delivery centre"), by=UserFactory())

    assert lead.contact == ana


def test_closing_asks_for_a_reason_of_the_list() -> None:
    with pytest.raises(ReasonMissing):
        enquiries.close(asked(), "because", by=UserFactory())


def test_spam_is_closed_without_an_answer_and_opened_again() -> None:
    enquiry = enquiries.close(asked(), Enquiry.Closed.SPAM, by=UserFactory())
    assert (enquiry.state, enquiry.answered_at) == ("closed", None)

    assert enquiries.reopen(enquiry).state == "waiting"


def test_two_who_take_it_at_once_hear_of_each_other() -> None:
    enquiry = asked()
    enquiries.assign(enquiry, UserFactory(), seen_version=1)

    with pytest.raises(StaleEdit):
        enquiries.assign(enquiry, UserFactory(), seen_version=1)


# Who hears of it


def told() -> list[tuple[str, str]]:
    deliveries.plan(at=clock.now())
    for delivery_id in deliveries.to_send(at=clock.now()):
        deliveries.send(delivery_id)
    sent = [(message.to[0], str(message.subject)) for message in mail.outbox]
    mail.outbox.clear()
    return sent


def test_managers_hear_of_what_nobody_owns() -> None:
    manager = UserFactory(manager_role=True)
    UserFactory()
    asked()

    assert [to for to, _subject in told()] == [manager.email]
    assert told() == []


def test_the_new_owner_hears_of_it() -> None:
    UserFactory(manager_role=True)
    enquiry, officer = asked(), UserFactory()
    told()
    enquiries.assign(enquiry, officer, seen_version=1)

    assert [to for to, _subject in told()] == [officer.email]


def test_a_late_one_is_told_once_more_to_owner_and_manager() -> None:
    manager = UserFactory(manager_role=True)
    officer = UserFactory(manager=manager)
    asked(owner=officer)
    told()
    clock.advance(days=2)

    late = told()
    assert {to for to, _subject in late} == {officer.email, manager.email}
    assert all("still waits" in subject for _to, subject in late)
    assert told() == []


def test_nobody_is_woken_at_night() -> None:
    UserFactory(manager_role=True)
    with clock.set_to(TUESDAY.replace(hour=7)):  # two at night in Bogotá
        asked()
        assert told() == []
    with clock.set_to(TUESDAY):
        assert len(told()) == 1


def test_what_was_answered_before_is_not_mailed_any_more() -> None:
    UserFactory(manager_role=True)
    enquiry = asked()
    deliveries.plan(at=clock.now())
    enquiries.answer(enquiry, by=UserFactory())

    assert told() == []
    assert Delivery.objects.get().state == Delivery.State.SKIPPED


# The screens


def test_today_tells_what_waits(client: Client, officer: User) -> None:
    asked()
    asked(owner=UserFactory())

    assert client.get("/today/").context["enquiries"] == 1


def test_the_list_shows_the_most_pressing_first(client: Client, officer: User) -> None:
    later, sooner = asked(name="Later"), asked(name="Sooner", received_at=TUESDAY - timedelta(days=3))

    assert list(client.get("/enquiries/").context["page"].rows) == [sooner, later]


def test_a_new_company_that_looks_like_one_we_have_asks_first(client: Client, officer: User) -> None:
    StageFactory()
    CompanyFactory(name="Moove It")
    enquiry = asked(company_name="Moove-It S.A.S.")
    typed = {"new_company": "Moove-It S.A.S.", "title": "Delivery centre"}

    assert client.post(f"/enquiries/{enquiry.pk}/lead/", typed).status_code == 422
    assert not Lead.objects.exists()
    client.post(f"/enquiries/{enquiry.pk}/lead/", {**typed, "anyway": "1"})
    assert Lead.objects.get().company.name == "Moove-It S.A.S."


def test_an_enquiry_is_typed_in(client: Client, officer: User) -> None:
    typed = form(channel="phone", language="en", received_at="2026-11-10T09:30", owner=officer.pk)

    assert client.post("/enquiries/new/", typed).status_code == 302
    enquiry = Enquiry.objects.get()
    assert enquiry.received_at == datetime(2026, 11, 10, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/enquiries/", "/enquiries/new/"])
def test_a_guest_sees_none(client: Client, path: str) -> None:
    client.force_login(UserFactory(guest=True))
    assert client.get(path).status_code == 404


def test_the_page_answers_by_its_buttons(client: Client, officer: User) -> None:
    enquiry = asked()
    client.post(f"/enquiries/{enquiry.pk}/assign/", {"owner": officer.pk, "version": 1})
    client.post(f"/enquiries/{enquiry.pk}/answer/", {"note": "Called them"})
    client.post(f"/enquiries/{enquiry.pk}/close/", {"because": "student"})

    enquiry.refresh_from_db()
    assert (enquiry.owner, enquiry.answer_note, enquiry.state) == (officer, "Called them", "closed")
    client.post(f"/enquiries/{enquiry.pk}/reopen/")
    enquiry.refresh_from_db()
    assert enquiry.state == "answered"


# The first human answer


def logged(enquiry: Enquiry, *, contact: Contact | None = None, by: User | None = None, **said: Any) -> None:
    """A colleague logs what was said with somebody, an hour later."""
    contact = contact or ContactFactory()
    facts = {"happened_at": clock.now(), "zone": "America/Bogota", "contacts": [contact], **said}
    log_interaction(CompanyFactory(), capture_id=uuid4(), by=by or UserFactory(), said=Said(**facts))
    enquiry.refresh_from_db()


def asker() -> Contact:
    contact: Contact = ContactFactory()
    EmailFactory(contact=contact, value="ana@moove.example")
    return contact


def test_what_a_colleague_logs_with_them_is_the_first_answer() -> None:
    enquiry, officer = asked(email="Ana@moove.example"), UserFactory()
    Enquiry.objects.filter(pk=enquiry.pk).update(email="ana@moove.example")
    clock.advance(hours=2)

    logged(enquiry, contact=asker(), by=officer, note="Sent them the pack")

    assert (enquiry.state, enquiry.answered_by, enquiry.response_minutes) == ("answered", officer, 120)
    assert "Sent them the pack" in enquiry.answer_note


def test_the_person_of_an_enquiry_counts_whatever_their_address() -> None:
    contact = ContactFactory()
    enquiry = asked(contact=contact)

    logged(enquiry, contact=contact)

    assert enquiry.state == "answered"


@pytest.mark.parametrize(
    "said", [{"direction": Interaction.Direction.IN}, {"outcome": Outcome.NO_SHOW}, {"contacts": []}]
)
def test_what_is_no_answer_of_ours_leaves_the_clock_running(said: dict[str, Any]) -> None:
    contact = ContactFactory()
    enquiry = asked(contact=contact)

    logged(enquiry, **({"contact": contact} | said))

    assert enquiry.is_waiting


def test_what_was_said_before_they_asked_answers_nothing() -> None:
    contact = ContactFactory()
    enquiry = asked(contact=contact)

    logged(enquiry, contact=contact, happened_at=clock.now() - timedelta(hours=1))

    assert enquiry.is_waiting


# What they are told of their data


def test_an_enquiry_keeps_the_notice_that_its_writer_read(client: Client) -> None:
    first = notices.publish("Primera", "First", by=UserFactory())
    typed = form(notice=str(first.pk))
    assert "First" in client.get("/enquiry/", headers={"Accept-Language": "en"}).content.decode()
    assert "Primera" in client.get("/enquiry/", headers={"Accept-Language": "es"}).content.decode()
    second = notices.publish("Segunda", "Second", by=UserFactory())

    client.post("/enquiry/", typed)
    client.post("/enquiry/", form(notice="999999"))
    client.post("/enquiry/", form())

    assert [row.notice for row in Enquiry.objects.order_by("pk")] == [first, second, second]


def test_only_administrators_publish_a_notice_and_each_is_a_new_version(client: Client) -> None:
    words = {"text_es": "Hola", "text_en": "Hello"}
    client.force_login(UserFactory(manager_role=True))
    assert client.post("/privacy/notice/", words).status_code in {403, 404}

    client.force_login(UserFactory(administrator=True))
    for _turn in range(2):
        assert client.post("/privacy/notice/", words).status_code == 302
    client.post("/privacy/notice/", words | {"text_en": "Hello there"})

    assert list(PrivacyNotice.objects.values_list("number", "text_en")) == [(2, "Hello there"), (1, "Hello")]
    assert client.post("/privacy/notice/", {"text_es": "", "text_en": "x"}).status_code == 422


def test_a_person_who_asked_carries_the_version_that_they_read() -> None:
    StageFactory()
    notice = notices.publish("Hola", "Hello", by=UserFactory())
    enquiry = asked(notice=notice, email="new@moove.example")

    lead = enquiries.turn_into_lead(enquiry, Turned("Moove It", "Centre"), by=UserFactory())

    assert lead.contact
    assert lead.contact.notice_version == "1"
