import time

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives

from config.staff import mail_room
from config.staff.mail_room import Mail, MailDelayed, MailRefused
from config.staff.models import MailAttempt
from tests.mail_servers import mail_server, mute_server, no_server

pytestmark = pytest.mark.django_db

MESSAGE_ID = "one@puente.example"


def letter(to: str = "ana@example.org") -> Mail:
    headers = {"Message-ID": f"<{MESSAGE_ID}>"}
    message = EmailMultiAlternatives("Hola", "Texto", "Puente <puente@example.org>", [to], headers=headers)
    message.attach_alternative("<p>Texto</p>", "text/html")
    return Mail(message_id=MESSAGE_ID, to=to, kind="morning", message=message)


def attempt() -> tuple[str, str]:
    (row,) = MailAttempt.objects.all()
    assert (row.message_id, row.address, row.kind) == (MESSAGE_ID, "ana@example.org", "morning")
    return row.outcome, row.answer


def test_the_servers_yes_is_kept_in_its_own_words() -> None:
    with mail_server() as server:
        answer = mail_room.send(letter(), timeout=5)

    assert answer.text == "250 Kept as 42"
    assert server.ids == [f"<{MESSAGE_ID}>"]
    assert attempt() == ("accepted", "250 Kept as 42")


def test_both_parts_arrive() -> None:
    with mail_server() as server:
        mail_room.send(letter(), timeout=5)

    kinds = [part.get_content_type() for part in server.taken[0].walk()]
    assert kinds[1:] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"rcpt": "550 No such person"}, "address"),
        ({"rcpt": "550 5.2.1 Mailbox closed"}, "address"),
        ({"rcpt": "550 5.7.1 We do not like you"}, "refused"),
        ({"rcpt": "554 Relay access denied"}, "refused"),
        ({"data": "554 Looks like spam"}, "refused"),
        ({"data": "550 Not this message"}, "refused"),
        ({"data": "550 5.7.1 Not from you"}, "refused"),
        ({"data": "552 5.3.4 Too big"}, "refused"),
        # Servers that look for the mailbox only when they have the words.
        ({"data": "550 5.1.1 No such person"}, "address"),
        ({"data": "550 5.2.1 Mailbox closed"}, "address"),
        ({"rcpt": "450 Come back later"}, "delayed"),
        ({"data": "451 Out of space"}, "delayed"),
        ({"mail": "421 Going down"}, "delayed"),
        # Our own address or rights are at fault, not the reader's.
        ({"mail": "553 You may not send"}, "delayed"),
    ],
)
def test_a_no_is_told_from_a_not_now(answers: dict[str, str], outcome: str) -> None:
    with mail_server(**answers) as server, pytest.raises(MailDelayed if outcome == "delayed" else MailRefused) as told:
        mail_room.send(letter(), timeout=5)

    (words,) = answers.values()
    assert str(told.value) == words
    assert attempt() == (outcome, words)
    assert server.taken == []


def test_a_server_that_is_away_delays() -> None:
    with no_server(), pytest.raises(MailDelayed, match="refused"):
        mail_room.send(letter(), timeout=5)

    assert attempt()[0] == "delayed"


@pytest.mark.parametrize("drip", [b"", b"2"])
def test_a_server_that_hangs_or_dribbles_is_left_in_time(drip: bytes) -> None:
    started = time.monotonic()

    with mute_server(drip=drip), pytest.raises(MailDelayed):
        mail_room.send(letter(), timeout=0.5)

    assert time.monotonic() - started < 3
    assert attempt()[0] == "delayed"


def test_a_server_that_is_slow_to_say_yes_is_left_in_time() -> None:
    with mail_server(wait=2), pytest.raises(MailDelayed):
        mail_room.send(letter(), timeout=0.5)


def test_another_backend_works_too() -> None:
    mail_room.send(letter(), timeout=5)

    assert [message.to for message in django_mail.outbox] == [["ana@example.org"]]
    assert attempt() == ("accepted", "taken by locmem")


def test_a_message_that_was_taken_before_is_known() -> None:
    assert mail_room.accepted_before(MESSAGE_ID) is None

    mail_room.send(letter(), timeout=5)

    answer = mail_room.accepted_before(MESSAGE_ID)
    assert answer
    assert answer.text == "taken by locmem"


def test_a_refused_message_was_not_taken() -> None:
    with mail_server(rcpt="550 No"), pytest.raises(MailRefused):
        mail_room.send(letter(), timeout=5)

    assert mail_room.accepted_before(MESSAGE_ID) is None
