"""Mail that nobody is there for: refused by the server at once, or taken first and sent back by a notice.

The address is marked, whoever wrote is told and finds their follow-up open, and nothing more goes there until somebody
says that it works again. A notice is believed only about a message that we sent to that very address: anybody can
write one.
"""

from datetime import datetime
from email.message import EmailMessage, Message
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from companies.models import ContactPoint
from config.staff import mail_room
from config.staff.clock import agency_day
from config.staff.models import User
from config.staff.working_days import next_working_day
from leads.models import Delivery, FollowUp, Letter

REPORT = "multipart/report"


class Notice(NamedTuple):
    """One address that one of our messages did not reach for good."""

    message_id: str
    address: str
    words: str
    # Or the message was refused for another reason: its size, or what it says.
    blames_address: bool


def is_notice(message: EmailMessage) -> bool:
    return message.get_content_type() == REPORT and message.get_param("report-type") == "delivery-status"


def take_in(message: EmailMessage, *, at: datetime) -> int:
    """Mark what this notice tells of, as far as it is ours. Gives how many addresses were marked."""
    return sum(_returned(notice, at) for notice in _read(message))


@transaction.atomic
def refused(delivery: Delivery, *, at: datetime) -> None:
    """The server said at once that nobody is there."""
    letter = Letter.objects.filter(delivery=delivery).select_related("follow_up__owner", "contact").first()
    if letter:
        _mark(letter.to_address, at)
        _tell(letter, at)


def _returned(notice: Notice, at: datetime) -> bool:
    if not mail_room.was_sent(notice.message_id, notice.address):
        return False
    delivery = Delivery.objects.filter(message_id=notice.message_id).first()
    if notice.blames_address:
        mail_room.note_return(notice.message_id, notice.address, delivery.kind if delivery else "", notice.words)
    letters = Letter.objects.select_for_update(of=("self",)).select_related("follow_up__owner", "contact")
    letter = letters.filter(delivery=delivery, state=Letter.State.SENT).first() if delivery else None
    if letter:
        if notice.blames_address:
            _mark(letter.to_address, at)
        letter.state, letter.because, letter.version = Letter.State.RETURNED, notice.words[:500], letter.version + 1
        letter.save()
        # What proved that it was done did not arrive.
        if letter.follow_up.closed_by_interaction_id == letter.interaction_id:
            letter.follow_up.reopen()
        _tell(letter, at)
    return True


def _mark(address: str, at: datetime) -> None:
    """Whoever it belongs to: the mailbox is gone for all of them."""
    ContactPoint.objects.emails().filter(value__iexact=address, bounced_at=None).update(bounced_at=at)


def _tell(letter: Letter, at: datetime) -> None:
    about = letter.follow_up
    owner: User = about.owner
    with override(owner.language):
        who = letter.contact.name if letter.contact else letter.to_address
        text = _("Mail to %(name)s came back: find another address") % {"name": who}
    FollowUp.objects.create(
        text=text[:300],
        owner=owner,
        company_id=about.company_id,
        contact=letter.contact,
        lead_id=about.lead_id,
        due_on=next_working_day(agency_day(at), settings.AGENCY_COUNTRY),
    )


def _read(message: EmailMessage) -> list[Notice]:
    parts = list(message.walk())
    message_id = next((found for part in parts if (found := _original_id(part))), "")
    notices = []
    for block in (block for part in parts for block in _blocks(part)):
        kind, _sep, address = str(block.get("Final-Recipient", "")).partition(";")
        failed = str(block.get("Action", "")).strip().lower() == "failed"
        status = str(block.get("Status", "")).strip()
        address = parseaddr(address.strip().replace("\0", ""))[1]
        if message_id and address and kind and failed and status.startswith("5"):
            words = " ".join(str(block.get("Diagnostic-Code") or status).replace("\0", "").split())[:500]
            notices.append(Notice(message_id, address, words or "–", mail_room.tells_of_address(status)))
    return notices


def _blocks(part: Message) -> list[Message]:
    """One for each recipient; the first one is of the message."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return []
    return [block for block in part.get_payload() if isinstance(block, Message)]


def _original_id(part: Message) -> str:
    """Of the message that is told of: enclosed whole, or its headers."""
    raw = ""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        enclosed = part.get_payload(0)
        raw = str(enclosed.get("Message-ID", "")) if isinstance(enclosed, Message) else ""
    elif part.get_content_type() == "text/rfc822-headers":
        text = part.get_payload(decode=True)
        lines = text.decode("utf-8", "replace").splitlines() if isinstance(text, bytes) else []
        raw = next((line.partition(":")[2] for line in lines if line.lower().startswith("message-id:")), "")
    return raw.replace("\0", "").strip().strip("<>")[:200]
