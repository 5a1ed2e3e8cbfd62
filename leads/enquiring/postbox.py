"""The mailbox to which questions are forwarded, looked into by the regular job."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from imap_tools import AND, BaseMailBox, MailBox, MailMessageFlags

from leads.enquiring.inbound import take

logger = logging.getLogger(__name__)

TIMEOUT = 20
A_RUN = 50


def fetch(*, at: datetime) -> int:
    """Take what nobody has read yet. A mail is marked as read once it is stored, so a crash loses none."""
    if not settings.INBOUND_IMAP_HOST:
        return 0
    taken = 0
    with _opened() as box:
        # One that could not be read was flagged, and holds up no other.
        for uid in box.uids(AND(seen=False, flagged=False))[:A_RUN]:
            taken += _take_one(box, uid, at)
    return taken


def _take_one(box: BaseMailBox, uid: str, at: datetime) -> bool:
    try:
        for message in box.fetch(AND(uid=uid), mark_seen=False):
            if message.size_rfc822 > settings.INBOUND_MOST:
                raise ValueError(f"{message.size_rfc822} bytes are too many")
            take(message.obj.as_bytes(), at=at)
    except Exception:
        logger.exception("A mail in the mailbox could not be taken; it is flagged there.")
        box.flag(uid, MailMessageFlags.FLAGGED, value=True)
        return False
    box.flag(uid, MailMessageFlags.SEEN, value=True)
    return True


@contextmanager
def _opened() -> Iterator[BaseMailBox]:
    box = MailBox(settings.INBOUND_IMAP_HOST, settings.INBOUND_IMAP_PORT, timeout=TIMEOUT)
    folder = settings.INBOUND_IMAP_FOLDER
    with box.login(settings.INBOUND_IMAP_USER, settings.INBOUND_IMAP_PASSWORD, initial_folder=folder) as opened:
        yield opened
