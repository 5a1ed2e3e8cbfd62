"""Mails that come in: a question opens an enquiry, a colleague's answer stops its clock, machines are left alone.

Whoever knows a colleague's address can write under it, so a mail never does more than that; a notice that one of our
mails did not arrive is `leads.letters.returns`.
"""

import hashlib
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from html import unescape
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.staff.models import User
from leads.enquiring import enquiries
from leads.letters import returns
from leads.models import Enquiry, InboundMail

Kind = InboundMail.Kind

LONGEST = 10_000
BY_MACHINES = {"bulk", "list", "junk", "auto_reply"}
SIGNS_OF_A_MACHINE = ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")
FROM_LINE = re.compile(r"^[>\s*]*(?:From|De|Von)\s*:\**\s*(?P<who>.+@.+)$", re.MULTILINE | re.IGNORECASE)
SPANISH = re.compile(r"\b(el|la|los|las|que|una|para|con|gracias|empresa|queremos)\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|and|for|with|you|are|our|would|company|thanks)\b", re.IGNORECASE)


class Question(NamedTuple):
    name: str
    email: str
    text: str


@transaction.atomic
def take(raw: bytes, *, at: datetime) -> InboundMail:
    """Decide what it is and do it, once for each message."""
    message = _read(raw)
    key = _clean(_header(message, "Message-ID"))[:255] or f"sha256:{hashlib.sha256(raw).hexdigest()}"
    # A second copy waits here until the first has committed.
    mail, is_new = InboundMail.objects.get_or_create(
        message_id=key, defaults={"kind": _kind_by_headers(message, key), "received_at": at}
    )
    if is_new and mail.kind == Kind.RETURN:
        returns.take_in(message, at=at)
    if not is_new or mail.kind != Kind.ENQUIRY:
        return mail
    sender = _colleague(parseaddr(_header(message, "From"))[1])
    answered = _enquiry_answered(message, sender) if sender else None
    if answered and sender:
        enquiries.answer(answered, by=sender, note=_clean(_header(message, "Subject")), at=at)
        mail.kind, mail.enquiry = Kind.ANSWER, answered
    else:
        mail.enquiry = _open(message, sender, key, at)
    mail.save(update_fields=["kind", "enquiry"])
    return mail


def _kind_by_headers(message: EmailMessage, key: str) -> Kind:
    if returns.is_notice(message):
        return Kind.RETURN
    sender = parseaddr(_header(message, "From"))[1].lower()
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    if sender == own or key.rstrip(">").endswith(f"@{settings.MAIL_DOMAIN}"):
        return Kind.OURS
    by_itself = _header(message, "Auto-Submitted").strip().lower() not in {"", "no"}
    in_bulk = _header(message, "Precedence").strip().lower() in BY_MACHINES
    signed = any(message.get(name) for name in SIGNS_OF_A_MACHINE)
    nobody = _header(message, "Return-Path").strip() == "<>" or sender.startswith(("mailer-daemon@", "postmaster@"))
    if by_itself or in_bulk or signed or nobody or message.get_content_type() == "multipart/report":
        return Kind.AUTOMATIC
    return Kind.ENQUIRY


def _colleague(address: str) -> User | None:
    colleague: User | None = User.objects.active().staff().filter(email__iexact=_clean(address)).first()
    return colleague if address else None


def _enquiry_answered(message: EmailMessage, sender: User) -> Enquiry | None:
    """A colleague wrote to whoever asked, with a copy to us: the oldest question of theirs that waits."""
    headers = [_header(message, name) for name in ("To", "Cc")]
    addresses = {_clean(address).lower() for _name, address in getaddresses(headers) if address}
    waiting = Enquiry.objects.visible_to(sender).waiting().filter(email__in=addresses).exclude(email="")
    return waiting.order_by("received_at", "pk").first()


def _open(message: EmailMessage, sender: User | None, key: str, at: datetime) -> Enquiry:
    question = _forwarded(message) if sender else _asked(message)
    language = "en" if len(ENGLISH.findall(question.text)) > len(SPANISH.findall(question.text)) else "es"
    return enquiries.receive(
        uuid5(NAMESPACE_URL, key),
        received_at=at,
        channel=Enquiry.Channel.MAIL,
        name=question.name,
        email=question.email,
        language=language,
        text=question.text,
    )


def _asked(message: EmailMessage) -> Question:
    name, address = parseaddr(_header(message, "From"))
    return _question(name, address, message, _text_of(message))


def _forwarded(message: EmailMessage) -> Question:
    """What a colleague sends on: the mail itself as an attachment, or its lines quoted in theirs."""
    inner = next((part for part in message.walk() if part.get_content_type() == "message/rfc822"), None)
    enclosed = inner.get_payload(0) if inner and inner.is_multipart() else None
    if isinstance(enclosed, EmailMessage):
        return _asked(enclosed)
    text = _text_of(message)
    line = FROM_LINE.search(text)
    name, address = parseaddr(line["who"].replace("[mailto:", "<").replace("]", ">")) if line else ("", "")
    return _question(name, address, message, text)


def _question(name: str, address: str, message: EmailMessage, text: str) -> Question:
    subject, address = _clean(_header(message, "Subject")), _clean(address).lower()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    whole = f"{subject}\n\n{text}".strip()[:LONGEST] or "–"
    return Question((_clean(name) or address or subject or "–")[:200], address[:254], whole)


def _text_of(message: EmailMessage) -> str:
    try:
        part = message.get_body(("plain", "html"))
        text = str(part.get_content()) if part else ""
    except (LookupError, ValueError, KeyError, AttributeError):
        part, text = None, ""
    if part and part.get_content_type() == "text/html":
        text = unescape(strip_tags(text))
    names = [name for name in (part.get_filename() for part in message.walk()) if name]
    if names:
        with override(settings.LANGUAGE_CODE):
            text += "\n\n" + _("With files that were not kept: %(names)s") % {"names": ", ".join(names)[:500]}
    return text.replace("\0", "").strip()


def _read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - by its policy
    return message


def _header(message: EmailMessage, name: str) -> str:
    """Headers are written by anybody; one that cannot be read is none."""
    try:
        return str(message.get(name, ""))
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""


def _clean(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
