"""Questions by mail: taken once, from wherever they come; colleagues' answers stop the clock; machines open nothing."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, override_settings

from config.staff import clock
from config.staff.models import User
from leads.enquiring import enquiries, postbox
from leads.enquiring.inbound import take
from leads.models import Enquiry, InboundMail
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("America/Bogota"))  # a Tuesday
SECRET = "a long secret"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def colleague() -> User:
    made: User = UserFactory(name="Ana Ruiz", email="ana@agency.example")
    return made


def letter(text: str = "How many engineers can we hire with you in Cali?", **headers: str) -> EmailMessage:
    message = EmailMessage()
    facts = {"From": "John Doe <John@Acme.example>", "Subject": "A question", "Message-ID": "<1@acme.example>"}
    for name, value in (facts | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    message.set_content(text)
    return message


def taken(message: EmailMessage) -> str:
    return take(message.as_bytes(), at=NOON).kind


def question() -> Enquiry:
    return Enquiry.objects.get()


# A question


def test_a_mail_becomes_an_enquiry_whose_clock_runs() -> None:
    assert taken(letter()) == "enquiry"

    enquiry = question()
    assert (enquiry.name, enquiry.email, enquiry.channel) == ("John Doe", "john@acme.example", "mail")
    assert enquiry.text == "A question\n\nHow many engineers can we hire with you in Cali?"
    assert (enquiry.language, enquiry.is_waiting) == ("en", True)
    assert enquiry.respond_by == enquiries.response_target(NOON)


def test_the_same_mail_again_changes_nothing() -> None:
    taken(letter())
    enquiries.answer(question(), by=UserFactory())

    assert taken(letter()) == "enquiry"
    assert not question().is_waiting


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    message = letter()
    del message["Message-ID"]
    taken(message)
    taken(message)

    assert Enquiry.objects.count() == 1


def test_a_spanish_mail_is_answered_in_spanish() -> None:
    taken(letter("Queremos saber si una empresa como la nuestra puede instalarse en Cali. Gracias"))

    assert question().language == "es"


def test_a_mail_of_html_alone_is_read_as_text() -> None:
    message = letter()
    message.set_content("<p>How &amp; <b>where</b>?</p><script>x</script>", subtype="html")
    taken(message)

    assert "How & where?" in question().text
    assert "<" not in question().text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\0\0",
        b"From: \xff\xfe\n\n\xff",
        b"From: x\nSubject: =?utf-8?b?////?=\nContent-Type: text/plain; charset=nowhere\n\nhi",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n--x--",
        b"Subject: " + b"x" * 100_000 + b"\n\n" + b"y" * 100_000,
        b"From: a@b.example\nMessage-ID: " + b"z" * 5000 + b"\n\nhi",
    ],
)
def test_a_broken_mail_is_taken_all_the_same(raw: bytes) -> None:
    take(raw, at=NOON)

    assert question().is_waiting


# What colleagues send


def test_a_forwarded_mail_is_the_question_of_whoever_wrote_it(colleague: User) -> None:
    text = "FYI\n\n------ Forwarded message -----\nFrom: Jane Roe <jane@roe.example>\nDate: Monday\n\nHow big is it?"
    taken(letter(text, From="Ana Ruiz <ana@agency.example>", Subject="Fwd: A question"))

    assert (question().name, question().email) == ("Jane Roe", "jane@roe.example")


def test_a_mail_forwarded_as_an_attachment_is_opened(colleague: User) -> None:
    outer = letter("See below", From="ana@agency.example", Message_ID="<2@agency.example>")
    outer.add_attachment(letter())
    taken(outer)

    assert (question().name, question().text.startswith("A question")) == ("John Doe", True)


def test_a_colleagues_answer_with_a_copy_stops_the_clock(colleague: User) -> None:
    taken(letter())
    sent = {
        "From": "Ana Ruiz <ANA@agency.example>",
        "To": "John Doe <john@acme.example>",
        "Message_ID": "<3@x.example>",
    }

    assert taken(letter("Dear John, 200.", **sent, Cc="questions@agency.example", Subject="Re: A question")) == "answer"
    assert (question().answered_by, question().answer_note) == (colleague, "Re: A question")


def test_a_strangers_answer_stops_no_clock() -> None:
    taken(letter())

    assert (
        taken(letter("Dear John", From="x@evil.example", To="john@acme.example", Message_ID="<4@e.example>"))
        == "enquiry"
    )
    assert Enquiry.objects.waiting().count() == 2


# Machines and loops


@pytest.mark.parametrize(
    "sign",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.example>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@acme.example"},
    ],
)
def test_what_a_machine_wrote_opens_nothing(sign: dict[str, str]) -> None:
    assert taken(letter(**sign)) == "automatic"
    assert not Enquiry.objects.exists()


@override_settings(MAIL_DOMAIN="puente.example", DEFAULT_FROM_EMAIL="Puente <puente@agency.example>")
@pytest.mark.parametrize("sign", [{"From": "puente@agency.example"}, {"Message_ID": "<9@puente.example>"}])
def test_our_own_mail_that_comes_back_opens_nothing(sign: dict[str, str]) -> None:
    assert taken(letter(**sign)) == "ours"
    assert not Enquiry.objects.exists()


# The door


def post(client: Client, body: bytes, *, secret: str = SECRET, at: datetime = NOON, stamp: str = "") -> Any:
    stamp = stamp or str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Puente-Timestamp": stamp, "X-Puente-Signature": signature}
    return client.post("/enquiry/mail/", body, content_type="message/rfc822", headers=headers)


@override_settings(INBOUND_SECRET=SECRET)
def test_a_signed_mail_is_taken_without_an_account() -> None:
    client = Client(enforce_csrf_checks=True)

    assert post(client, letter().as_bytes()).json() == {"taken": "enquiry"}
    assert post(client, letter().as_bytes()).json() == {"taken": "enquiry"}
    assert InboundMail.objects.get().enquiry == question()


@override_settings(INBOUND_SECRET=SECRET)
@pytest.mark.parametrize(
    "words",
    [
        {"secret": "another"},
        {"at": NOON - timedelta(minutes=6)},
        {"at": NOON + timedelta(minutes=6)},
        {"stamp": "²"},
        {"stamp": "9" * 5000},
    ],
)
def test_a_mail_that_is_not_signed_or_not_fresh_is_refused(client: Client, words: dict[str, Any]) -> None:
    assert post(client, letter().as_bytes(), **words).status_code == 403
    assert not Enquiry.objects.exists()


@override_settings(INBOUND_SECRET=SECRET, INBOUND_MOST=1000)
def test_a_mail_that_is_too_large_is_refused(client: Client) -> None:
    assert post(client, b"x" * 1001).status_code == 413


def test_without_a_secret_there_is_no_door(client: Client) -> None:
    assert post(client, letter().as_bytes()).status_code == 404


# The mailbox


class Box:
    """As much of a mailbox as is asked."""

    def __init__(self, mails: list[EmailMessage]) -> None:
        self.mails, self.flags = {str(n): mail for n, mail in enumerate(mails)}, dict[str, str]()

    def uids(self, _criteria: Any) -> list[str]:
        return [uid for uid in self.mails if uid not in self.flags]

    def fetch(self, criteria: Any, **_words: Any) -> Iterator[Any]:
        mail = self.mails[str(criteria).rpartition(" ")[2].rstrip(")")]
        yield type("Message", (), {"obj": mail, "size_rfc822": len(mail.as_bytes())})

    def flag(self, uid: str, flag: str, value: bool) -> None:
        self.flags[uid] = flag


def fetched(mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch) -> Box:
    box = Box(mails)

    @contextmanager
    def opened() -> Iterator[Box]:
        yield box

    monkeypatch.setattr(postbox, "_opened", opened)
    with override_settings(INBOUND_IMAP_HOST="imap.example", INBOUND_MOST=5000):
        postbox.fetch(at=NOON)
        postbox.fetch(at=NOON)
    return box


def test_the_mailbox_is_emptied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    box = fetched([letter(), letter(Message_ID="<2@acme.example>")], monkeypatch)

    assert Enquiry.objects.count() == 2
    assert set(box.flags.values()) == {"\\Seen"}


def test_a_mail_that_cannot_be_taken_is_flagged_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    box = fetched([letter("x" * 9000), letter(Message_ID="<2@acme.example>")], monkeypatch)

    assert Enquiry.objects.count() == 1
    assert box.flags == {"0": "\\Flagged", "1": "\\Seen"}


def test_without_a_mailbox_nothing_is_asked() -> None:
    assert postbox.fetch(at=NOON) == 0


def test_an_enquiry_typed_before_is_answered_by_mail_too(colleague: User) -> None:
    enquiries.receive(uuid4(), name="John", email="john@acme.example", text="?", received_at=NOON)

    assert taken(letter("Dear John", From="ana@agency.example", To="john@acme.example")) == "answer"
