"""Outgoing mail, one message to one address, with what the server answered.

Once the server has said yes, the message is sent, and nothing can take it back; so the `MailAttempt` is the very first
thing written after that. Between the two lies the one moment in which a crash lets a message go out twice. It cannot be
closed, because mail servers know no transaction; the stable Message-ID lets the reader's mail program see the double.
A database that is away in that moment is waited for, as long as nobody else may take the message up.
"""

import re
import smtplib
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.db import InterfaceError, OperationalError, connection
from django.db.models import OuterRef, Subquery

from config.staff import clock
from config.staff.models import MailAttempt, User
from config.staff.sending import Answer, Delayed, Refused, time_limit

Outcome = MailAttempt.Outcome
STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")  # of RFC 3463


@dataclass(frozen=True)
class Mail:
    """One message. The id is the sender's, and stays the same at every try."""

    message_id: str
    to: str
    kind: str
    message: EmailMultiAlternatives


class MailDelayed(Delayed):
    pass


class MailRefused(Refused):
    """`of_address` says that the address itself was refused, not this one message."""

    def __init__(self, text: str, *, of_address: bool = False) -> None:
        super().__init__(text)
        self.of_address = of_address


def send(mail: Mail, *, timeout: float) -> Answer:
    """Hand the message over within `timeout` seconds in all. Call it with no transaction open."""
    try:
        text = _hand_over(mail.message, timeout)
    except MailRefused as refusal:
        _note(mail, Outcome.NO_ADDRESS if refusal.of_address else Outcome.REFUSED, str(refusal))
        raise
    except (Delayed, smtplib.SMTPException, OSError) as trouble:
        # SMTPException is not enough: a server that refuses or hangs raises OSError.
        words = _words(trouble)
        _note(mail, Outcome.DELAYED, words)
        raise MailDelayed(words) from trouble
    _note_patiently(mail, text, timeout)
    return Answer(text)


def accepted_before(message_id: str) -> Answer | None:
    """What the server said if it took this message at an earlier try whose sender did not live to tell."""
    attempt = MailAttempt.objects.filter(message_id=message_id, outcome=Outcome.ACCEPTED).order_by("at").first()
    return Answer(attempt.answer) if attempt else None


def was_sent(message_id: str, address: str) -> bool:
    """Whether a server took this message for this address; what says that it came back is believed only then."""
    taken = MailAttempt.objects.filter(message_id=message_id, address__iexact=address, outcome=Outcome.ACCEPTED)
    return taken.exists()


def note_return(message_id: str, address: str, kind: str, words: str) -> None:
    """What was taken came back, since nobody is there."""
    MailAttempt.objects.create(
        message_id=message_id,
        address=address,
        kind=kind,
        at=clock.now(),
        outcome=Outcome.NO_ADDRESS,
        answer=words[:2000],
    )


def unreachable(people: Iterable[User]) -> set[int]:
    """Whose address refused the last mail to it. One that is taken, such as a test that they ask for, clears it."""
    last = MailAttempt.objects.filter(address=OuterRef("email")).order_by("-at", "-pk").values("outcome")[:1]
    rows = User.objects.filter(pk__in=[person.pk for person in people]).annotate(last=Subquery(last))
    return set(rows.filter(last=Outcome.NO_ADDRESS).values_list("pk", flat=True))


def last_refusal(person: User) -> MailAttempt | None:
    """Where the last mail to them was refused for good: their address, or what was in it."""
    last = MailAttempt.objects.filter(address=person.email).order_by("-at", "-pk").first()
    return last if last and last.outcome in {Outcome.NO_ADDRESS, Outcome.REFUSED} else None


def _note(mail: Mail, outcome: Outcome, text: str) -> None:
    MailAttempt.objects.create(
        message_id=mail.message_id, address=mail.to, kind=mail.kind, at=clock.now(), outcome=outcome, answer=text[:2000]
    )


def _note_patiently(mail: Mail, text: str, seconds: float) -> None:
    """The server has said yes; PostgreSQL may be starting again."""
    end = time.monotonic() + 0.75 * seconds  # a lease lasts for as long again
    while True:
        try:
            return _note(mail, Outcome.ACCEPTED, text)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(min(0.5, seconds / 10))


class _Watched(EmailBackend):
    """Django's own, with the conversation within reach from its first byte on, so that it can be cut short."""

    server: smtplib.SMTP | None = None

    @property
    def connection_class(self) -> Any:
        backend, base = self, super().connection_class

        class Server(base):  # type: ignore[misc,valid-type]
            def connect(self, *args: Any, **kwargs: Any) -> Any:
                backend.server = self
                return super().connect(*args, **kwargs)

        return Server

    def cut(self) -> None:
        sock = self.server.sock if self.server else None
        if sock:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Without a goodbye: the answer is in hand, and waiting for another would only lengthen the one bad moment."""
        if self.server:
            self.server.close()


def _hand_over(message: EmailMultiAlternatives, timeout: float) -> str:
    backend = get_connection(timeout=timeout)
    if type(backend) is not EmailBackend:
        message.connection = backend
        message.send()
        return f"taken by {type(backend).__module__.rpartition('.')[2]}"
    smtp = _Watched(timeout=timeout)
    with time_limit(timeout, smtp.cut, smtplib.SMTPException, OSError):
        try:
            smtp.open()
            return _speak(smtp.connection, message)
        finally:
            smtp.hang_up()


def _speak(server: Any, message: EmailMultiAlternatives) -> str:
    """The conversation by hand, since smtplib's own keeps the last answer to itself."""
    encoding = message.encoding or settings.DEFAULT_CHARSET
    content = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    server.ehlo_or_helo_if_needed()
    _expect(server.mail(sanitize_address(message.from_email, encoding)), sender=True)
    for address in message.to:
        _expect(server.rcpt(sanitize_address(address, encoding)), of_address=True)
    try:
        code, words = server.data(content)
    except smtplib.SMTPDataError as error:
        code, words = error.smtp_code, error.smtp_error
    # Some servers look for the mailbox only now. A bare no is about the message, unless its status says otherwise.
    return _expect((code, words), of_address=bool(STATUS.search(_text(words))))


def _expect(reply: tuple[int, bytes | str], *, sender: bool = False, of_address: bool = False) -> str:
    """A refusal of the sender is a fault of our own settings: the mail waits until somebody has mended them."""
    code, words = reply
    text = f"{code} {_text(words)}"
    if 200 <= code < 300:
        return text
    if code >= 500 and not sender:
        raise MailRefused(text, of_address=of_address and _nobody_there(code, text))
    raise MailDelayed(text)


def _nobody_there(code: int, text: str) -> bool:
    """Not where the server refuses us: its policy, its size, its relaying (RFC 3463, where it says so)."""
    status = STATUS.search(text)
    if status:
        return tells_of_address(status[0])
    return code in {550, 551, 553} and "relay" not in text.lower()


def tells_of_address(status: str) -> bool:
    """Bad address, or a mailbox that is closed."""
    return status.startswith("5.1.") or status in {"5.0.0", "5.2.0", "5.2.1"}


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _words(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"{trouble.smtp_code} {_text(trouble.smtp_error)}"
    return str(trouble) or type(trouble).__name__
