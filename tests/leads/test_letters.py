from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from companies import files
from companies.models import Contact, ContactPoint, File, Suppression
from companies.objections import address_hash, object_to_messages, suppress
from config.first_data.cadence import load_default_cadence
from config.staff import clock
from config.staff.models import User
from leads.enquiring.inbound import take
from leads.errors import StaleEdit
from leads.follow_ups.cadences import open_follow_ups_of
from leads.forms.cadence import StepForm
from leads.letters import writing
from leads.letters.posting import stop_address
from leads.letters.words import language_of, unknown_names
from leads.letters.writing import MayNotWrite, Written, decide, keep, propose, take_back
from leads.models import CadenceStep, Delivery, FollowUp, Interaction, Letter
from leads.models.choices import Interest
from leads.reminding import deliveries
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory, EmailFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.mail_servers import mail_server, no_server
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2026, 11, 12, 15, 0, tzinfo=ZoneInfo("America/Bogota"))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(deliveries, "TIMEOUT", 1)
    with clock.set_to(THURSDAY):
        yield


@pytest.fixture
def ana() -> Contact:
    contact: Contact = ContactFactory(given_name="Ana", family_name="Ruiz", language="en")
    EmailFactory(contact=contact, value="ana@example.org", is_primary=True)
    return contact


@pytest.fixture
def step(ana: Contact) -> FollowUp:
    """The thank-you after a hot meeting, which waits as a draft."""
    load_default_cadence(at=datetime(2026, 1, 1, tzinfo=UTC))
    meeting = InteractionFactory(interest=Interest.HOT, company=CompanyFactory(name="Globant"))
    ParticipantFactory(interaction=meeting, contact=ana)
    open_follow_ups_of(meeting, at=clock.now())
    found: FollowUp = meeting.follow_ups.get(kind="thank_you")
    return found


def draft(about: FollowUp, *, by: User | None = None, **said: str) -> Letter:
    assert about.contact
    words = {"subject": "Thank you", "body": "Dear Ana,\n\nthanks.", **said}
    written = Written(contact=about.contact, to="ana@example.org", language="en", **words)  # type: ignore[arg-type]
    return keep(about, written, by=by or about.owner, seen=getattr(writing.unsettled_of(about), "version", 0))


def go(letter: Letter) -> Letter:
    """Decided, and carried out by the worker."""
    letter = decide(letter, by=letter.writer, seen=letter.version)
    assert letter.delivery
    deliveries.send(letter.delivery.pk)
    letter.refresh_from_db()
    return letter


# The draft


def test_a_step_proposes_its_words_in_the_language_of_the_person(step: FollowUp) -> None:
    proposed = propose(step, by=step.owner)

    assert (proposed.to_address, proposed.language) == ("ana@example.org", "en")
    assert proposed.subject == "Thank you for the meeting"
    assert "Dear Ana," in proposed.body
    assert "Globant" in proposed.body
    assert step.owner.name in proposed.body
    assert "{" not in proposed.body


@pytest.mark.parametrize(
    ("language", "country", "written"),
    [("es", "US", "es"), ("de", "DE", "en"), ("", "MX", "es"), ("", "US", "en"), ("", None, "es")],
)
def test_the_language_is_theirs_or_what_is_spoken_there(language: str, country: str | None, written: str) -> None:
    home = CountryFactory(code=country) if country else None

    assert language_of(ContactFactory(language=language, country=home)) == written


def test_names_that_nobody_knows_are_found() -> None:
    assert unknown_names("Dear {given_name} of {planet}") == ["planet"]


def test_in_the_evening_of_its_reader_a_thank_you_waits_for_the_morning(step: FollowUp) -> None:
    with clock.set_to(THURSDAY.replace(day=THURSDAY.day, hour=23, minute=59)):
        letter = go(draft(step))

    assert letter.state == "sending"
    assert letter.delivery
    assert letter.delivery.next_try_at.hour == 12  # seven in Cali


def test_what_neither_asks_nor_thanks_goes_out_at_any_hour(step: FollowUp) -> None:
    FollowUp.objects.filter(pk=step.pk).update(kind="material")
    step.refresh_from_db()
    with clock.set_to(THURSDAY.replace(day=THURSDAY.day, hour=23, minute=59)):
        assert go(draft(step)).state == "sent"


def test_one_draft_a_follow_up_is_written_by_turns(step: FollowUp) -> None:
    draft(step)
    colleague = UserFactory()

    again = draft(step, by=colleague, subject="Better")

    assert (Letter.objects.count(), again.writer, again.version) == (1, colleague, 2)


def test_a_draft_that_a_colleague_changed_is_neither_overwritten_nor_sent(step: FollowUp) -> None:
    mine = draft(step)
    draft(step, by=UserFactory(), subject="Theirs")

    with pytest.raises(StaleEdit):
        decide(mine, by=step.owner, seen=mine.version)
    written = Written(contact=ContactFactory(), to="a@b.co", language="en", subject="x", body="y")
    with pytest.raises(StaleEdit):
        keep(step, written, by=step.owner, seen=mine.version)


# Sending


def test_a_mail_goes_out_by_a_persons_decision_and_closes_the_follow_up(step: FollowUp) -> None:
    letter = draft(step)
    for _turn in range(2):
        deliveries.plan(at=clock.now())
    assert not Delivery.objects.exists()

    letter = go(letter)

    (sent,) = mail.outbox
    step.refresh_from_db()
    assert (sent.to, sent.subject) == (["ana@example.org"], "Thank you")
    assert (letter.state, letter.sent_at) == ("sent", clock.now())
    assert (step.state, step.closed_by, step.closed_by_interaction) == ("done", step.owner, letter.interaction)
    assert letter.interaction
    assert (letter.interaction.kind, letter.interaction.direction) == ("mail", "out")
    assert list(letter.interaction.contacts.all()) == [step.contact]


def test_sending_twice_sends_once(step: FollowUp) -> None:
    letter = draft(step)
    decide(letter, by=step.owner, seen=letter.version)
    again = decide(letter, by=step.owner, seen=letter.version)

    for _turn in range(2):
        deliveries.send(again.delivery_id or 0)

    assert len(mail.outbox) == 1
    assert Delivery.objects.count() == 1


def test_it_answers_to_who_wrote_it_in_two_parts_with_a_way_to_object(step: FollowUp) -> None:
    letter = go(draft(step, body="Dear Ana,\n\n<b>thanks</b>"))

    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert parseaddr(sent.reply_to[0])[1] == step.owner.email
    assert step.owner.name in str(make_header(decode_header(sent.from_email)))
    assert sent.extra_headers["List-Unsubscribe"] == f"<{stop_address(letter)}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = sent.alternatives[0][0]
    assert "&lt;b&gt;thanks" in str(html)
    assert stop_address(letter) in str(html)
    assert stop_address(letter) in sent.body
    assert "<b>thanks</b>" in sent.body


def test_the_second_mail_of_a_talk_answers_the_first(step: FollowUp) -> None:
    first = go(draft(step))
    second_step = step.interaction.follow_ups.get(kind="material")  # type: ignore[union-attr]

    go(draft(second_step))

    assert first.delivery
    ids = [sent.extra_headers for sent in mail.outbox]
    assert "In-Reply-To" not in ids[0]
    assert ids[1]["In-Reply-To"] == ids[1]["References"] == f"<{first.delivery.message_id}>"


def test_another_lead_of_the_same_person_is_another_thread(ana: Contact) -> None:
    for _lead in range(2):
        lead = LeadFactory()
        go(draft(FollowUpFactory(contact=ana, lead=lead, company=lead.company)))

    assert "In-Reply-To" not in mail.outbox[1].extra_headers


def objected(contact: Contact) -> None:
    object_to_messages(contact, "By phone", at=clock.now())


def bounced(contact: Contact) -> None:
    contact.contact_points.update(bounced_at=clock.now())


def suppressed(_contact: Contact) -> None:
    suppress(["ANA@example.org "], "objection", at=clock.now())


def gone(contact: Contact) -> None:
    contact.contact_points.all().delete()


@pytest.mark.parametrize("happens", [objected, bounced, suppressed, gone])
def test_nobody_is_written_to_who_must_not_be(step: FollowUp, ana: Contact, happens: object) -> None:
    letter = draft(step)
    happens(ana)  # type: ignore[operator]

    with pytest.raises(MayNotWrite):
        decide(letter, by=step.owner, seen=letter.version)


@pytest.mark.parametrize("happens", [objected, bounced, suppressed, gone])
def test_it_is_asked_once_more_at_the_moment_of_sending(step: FollowUp, ana: Contact, happens: object) -> None:
    letter = draft(step)
    letter = decide(letter, by=step.owner, seen=letter.version)
    happens(ana)  # type: ignore[operator]

    deliveries.send(letter.delivery_id or 0)

    letter.refresh_from_db()
    step.refresh_from_db()
    assert (letter.state, bool(letter.because), mail.outbox) == ("stopped", True, [])
    assert (step.state, step.known_to) == ("open", None)
    assert Delivery.objects.get().state == "skipped"


def test_a_follow_up_that_was_closed_meanwhile_sends_nothing(step: FollowUp) -> None:
    letter = draft(step)
    letter = decide(letter, by=step.owner, seen=letter.version)
    step.cancel(by=step.owner, reason="Done by phone")

    deliveries.send(letter.delivery_id or 0)

    assert mail.outbox == []


def test_what_cannot_go_out_now_is_tried_again_and_can_be_taken_back(step: FollowUp) -> None:
    with no_server():
        letter = go(draft(step))
    assert letter.state == "sending"
    assert Delivery.objects.get().state == "failed"

    assert take_back(letter)

    letter.refresh_from_db()
    assert letter.is_draft
    with clock.set_to(THURSDAY.replace(hour=20)):
        for pk in deliveries.to_send(at=clock.now()):
            deliveries.send(pk)
    step.refresh_from_db()
    assert (mail.outbox, step.state) == ([], "open")


def test_what_is_sent_is_not_taken_back(step: FollowUp) -> None:
    letter = go(draft(step))

    assert not take_back(letter)


def test_a_worker_that_died_after_the_servers_yes_sends_no_second_one(step: FollowUp) -> None:
    with mail_server() as server:
        letter = go(draft(step))
        Delivery.objects.update(state="due", sent_at=None)
        Letter.objects.update(state="sending", sent_at=None, interaction=None)

        deliveries.send(letter.delivery_id or 0)

    assert len(server.taken) == 1
    assert letter.follow_up.interaction
    assert Interaction.objects.filter(company=letter.follow_up.company_id, kind="mail").count() == 1


def a_file(of: FollowUp) -> File:
    content = SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")
    about = {"name": "plan.pdf", "media_type": "application/pdf", "note": "", "by": of.owner}
    kept: File = files.keep(files.COMPANY, of.company, content, **about).file  # type: ignore[arg-type]
    return kept


def test_files_of_the_company_go_with_it(client: Client, step: FollowUp) -> None:
    file = a_file(step)
    client.force_login(step.owner)
    facts = {"to_address": "ana@example.org", "subject": "Hello", "body": "Dear Ana", "language": "en", "version": "0"}
    client.post(f"/follow-ups/{step.pk}/mail/", facts | {"attached": str(file.pk)})

    go(Letter.objects.get())

    assert mail.outbox[0].attachments == [("plan.pdf", b"%PDF-1.4 plan", "application/pdf")]


def test_a_file_that_was_removed_meanwhile_holds_the_mail(step: FollowUp) -> None:
    letter = draft(step)
    file = a_file(step)
    letter.files.set([file])
    file.remove(by=step.owner)

    with pytest.raises(MayNotWrite):
        decide(letter, by=step.owner, seen=letter.version)


def test_files_of_others_cannot_be_chosen(client: Client, step: FollowUp) -> None:
    a_file(step)
    other = a_file(FollowUpFactory())
    client.force_login(step.owner)
    facts = {"to_address": "ana@example.org", "subject": "Hello", "body": "Dear Ana", "language": "en", "version": "0"}

    assert client.post(f"/follow-ups/{step.pk}/mail/", facts | {"attached": str(other.pk)}).status_code == 422


# What comes back


def open_mail_of(person: User) -> FollowUp:
    return FollowUp.objects.open().get(owner=person, origin="manual")


def test_a_refused_address_is_marked_and_its_owner_is_told(step: FollowUp, ana: Contact) -> None:
    with mail_server(rcpt="550 No such person"):
        letter = go(draft(step))

    told = open_mail_of(step.owner)
    assert (letter.state, letter.because) == ("stopped", "550 No such person")
    assert ana.contact_points.get().bounced_at == clock.now()
    assert (told.contact, told.due_on.isoformat(), "Ana Ruiz" in told.text) == (ana, "2026-11-13", True)
    with pytest.raises(MayNotWrite):
        decide(draft(step), by=step.owner, seen=1)


def test_an_address_refused_after_the_words_is_marked_and_told_as_well(step: FollowUp, ana: Contact) -> None:
    with mail_server(data="550 5.1.1 No such person"):
        letter = go(draft(step))

    assert (letter.state, open_mail_of(step.owner).contact) == ("stopped", ana)
    assert ana.contact_points.get().bounced_at == clock.now()


def test_a_refused_message_says_nothing_of_the_address(step: FollowUp, ana: Contact) -> None:
    with mail_server(data="554 Looks like spam"):
        letter = go(draft(step))

    step.refresh_from_db()
    assert (letter.state, letter.because) == ("stopped", "554 Looks like spam")
    # It is to be done still, and news to its owner.
    assert (step.state, step.known_to) == ("open", None)
    assert ana.contact_points.get().bounced_at is None


def notice(letter: Letter, *, address: str = "ana@example.org", action: str = "failed", status: str = "5.1.1") -> bytes:
    assert letter.delivery
    return f"""From: MAILER-DAEMON@example.org
To: puente@localhost
Message-ID: <notice-{letter.pk}@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It did not arrive.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user

--x
Content-Type: text/rfc822-headers

Message-ID: <{letter.delivery.message_id}>
Subject: Thank you
--x--
""".encode()


def test_a_mail_that_comes_back_opens_its_follow_up_again(step: FollowUp, ana: Contact) -> None:
    letter = go(draft(step))

    for _copy in range(2):
        assert take(notice(letter), at=clock.now()).kind == "return"

    letter.refresh_from_db()
    step.refresh_from_db()
    assert (letter.state, "No such user" in letter.because, step.state) == ("returned", True, "open")
    assert ana.contact_points.get().bounced_at == clock.now()
    assert open_mail_of(step.owner).contact == ana


def test_a_mail_that_was_too_large_says_nothing_of_the_address(step: FollowUp, ana: Contact) -> None:
    letter = go(draft(step))

    take(notice(letter, status="5.3.4"), at=clock.now())

    letter.refresh_from_db()
    assert letter.state == "returned"
    assert ana.contact_points.get().bounced_at is None


@pytest.mark.parametrize(
    "words", [{"address": "somebody@else.org"}, {"action": "delayed"}, {"status": "4.2.2"}, {"action": "delivered"}]
)
def test_a_notice_of_something_else_marks_nothing(step: FollowUp, ana: Contact, words: dict[str, str]) -> None:
    letter = go(draft(step))
    EmailFactory(value="somebody@else.org")

    take(notice(letter, **words), at=clock.now())

    letter.refresh_from_db()
    assert letter.state == "sent"
    assert not ContactPoint.objects.exclude(bounced_at=None).exists()


def test_a_forged_notice_of_a_mail_that_we_never_sent_marks_nothing(step: FollowUp, ana: Contact) -> None:
    letter = decide(draft(step), by=step.owner, seen=1)

    take(notice(letter), at=clock.now())

    assert ana.contact_points.get().bounced_at is None


def test_the_mark_is_taken_off_by_whoever_knows_better(client: Client, ana: Contact) -> None:
    bounced(ana)
    client.force_login(UserFactory())
    point = ana.contact_points.get()
    assert "It works again" in client.get(ana.get_absolute_url()).content.decode()

    client.post(f"/contacts/{ana.pk}/points/{point.pk}/works/")

    point.refresh_from_db()
    assert point.bounced_at is None


# Who objects


def test_the_address_in_the_mail_changes_nothing_before_its_button(
    client: Client, step: FollowUp, ana: Contact
) -> None:
    path = stop_address(draft(step)).partition("/mail/")
    page = client.get(f"/mail/{path[2]}")
    ana.refresh_from_db()
    assert (page.status_code, ana.objected_at) == (200, None)

    # As a mail program does it: with no cookie and no token.
    assert Client(enforce_csrf_checks=True).post(f"/mail/{path[2]}").status_code == 200

    ana.refresh_from_db()
    assert ana.objected_at == clock.now()
    assert Suppression.objects.get().address_hash == address_hash("ana@example.org")


def test_a_forged_address_stops_nobody(client: Client, ana: Contact) -> None:
    assert client.post(f"/mail/stop/{ana.pk}:abc:def/").status_code == 404


# The screens


def test_writing_seeing_and_sending(client: Client, step: FollowUp) -> None:
    client.force_login(step.owner)
    page = client.get(f"/follow-ups/{step.pk}/mail/").content.decode()
    assert "Thank you for the meeting" in page

    facts = {"to_address": "ana@example.org", "subject": "Hello", "body": "Dear Ana", "language": "en", "version": "0"}
    assert client.post(f"/follow-ups/{step.pk}/mail/", facts).status_code == 302
    preview = client.get(f"/follow-ups/{step.pk}/mail/preview/").content.decode()
    assert "Dear Ana" in preview
    assert client.post(f"/follow-ups/{step.pk}/mail/send/", {"version": "1"}).status_code == 302

    assert Letter.objects.get().state == "sending"
    assert "ana@example.org" in client.get(step.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "Dear {given_name}"},
        {"subject": ""},
        {"to_address": "somebody@else.org"},
        {"body": "x" * 10_001},
        {"version": "x"},
    ],
)
def test_what_is_wrong_is_said_and_kept(client: Client, step: FollowUp, wrong: dict[str, str]) -> None:
    client.force_login(step.owner)
    facts = {
        "to_address": "ana@example.org",
        "subject": "Hello",
        "body": "Kept words",
        "language": "en",
        "version": "0",
    }

    answer = client.post(f"/follow-ups/{step.pk}/mail/", facts | wrong)

    assert answer.status_code == 422
    assert Letter.objects.count() == 0


def test_a_stale_form_shows_both(client: Client, step: FollowUp) -> None:
    draft(step, subject="Theirs")
    client.force_login(step.owner)
    facts = {"to_address": "ana@example.org", "subject": "Mine", "body": "Dear Ana", "language": "en", "version": "0"}

    answer = client.post(f"/follow-ups/{step.pk}/mail/", facts)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert client.post(f"/follow-ups/{step.pk}/mail/", facts | {"version": "1"}).status_code == 302


def test_who_may_not_see_the_lead_neither_reads_nor_sends(client: Client, ana: Contact) -> None:
    lead = LeadFactory(named=True)
    about = FollowUpFactory(contact=ana, lead=lead, company=lead.company, owner=lead.owner)
    draft(about)
    client.force_login(UserFactory())

    for page in ("", "preview/"):
        assert client.get(f"/follow-ups/{about.pk}/mail/{page}").status_code == 404
    for page in ("", "send/", "back/", "discard/"):
        assert client.post(f"/follow-ups/{about.pk}/mail/{page}").status_code == 404


def test_without_an_address_the_page_says_so(client: Client, step: FollowUp, ana: Contact) -> None:
    gone(ana)
    client.force_login(step.owner)

    assert "No address to write to" in client.get(f"/follow-ups/{step.pk}/mail/").content.decode()


def test_the_row_of_today_leads_to_the_draft(client: Client, step: FollowUp) -> None:
    client.force_login(step.owner)

    with clock.set_to(THURSDAY.replace(day=13)):
        assert f"/follow-ups/{step.pk}/mail/" in client.get("/today/").content.decode()


def test_a_mail_step_without_its_words_is_refused_by_the_editor(client: Client, step: FollowUp) -> None:
    assert step.step
    client.force_login(UserFactory(manager_role=True))
    words = {"trigger": "hot", "kind": "other", "offset": 1, "unit": "days", "text_en": "a", "text_es": "b"}
    form = StepForm(words | {"owner_rule": "logged", "channel": "mail", "subject_en": "Hi {planet}"})

    assert set(form.errors) == {"subject_es", "body_es", "body_en", "subject_en"}
    assert CadenceStep.objects.filter(channel="mail", is_message=False).count() == 0
