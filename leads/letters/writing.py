"""A draft is kept while a person writes it; it goes out when, and only when, a person decides so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from companies.models import Contact, File
from companies.objections import addresses_of, why_not_write
from config.staff import clock
from config.staff.models import User
from leads.errors import StaleEdit
from leads.letters.files import missing_of
from leads.letters.words import draft_for, language_of
from leads.models import Delivery, FollowUp, Letter
from leads.models.channel import Channel
from leads.on_mission.outreach import waits_until

State = Letter.State


class MayNotWrite(Exception):  # noqa: N818 - the domain's word for it
    """Why nobody may send this, in words for the person."""


def unsettled_of(follow_up: FollowUp) -> Letter | None:
    return follow_up.letters.unsettled().select_related("contact", "writer", "delivery").first()


def propose(follow_up: FollowUp, *, by: User, language: str = "") -> Letter:
    """A letter that is not stored yet: the step's template, to where the person may be written to."""
    contact = follow_up.contact
    language = language or language_of(contact)
    words = draft_for(follow_up, contact, writer=by, language=language)
    addresses = addresses_of(contact) if contact else []
    return Letter(
        follow_up=follow_up,
        contact=contact,
        to_address=addresses[0] if addresses else "",
        language=language,
        subject=words.subject,
        body=words.body,
        writer=by,
        version=0,
    )


@dataclass(frozen=True, kw_only=True)
class Written:
    contact: Contact
    to: str
    language: str
    subject: str
    body: str
    files: Sequence[File] = ()


@transaction.atomic
def keep(follow_up: FollowUp, written: Written, *, by: User, seen: int) -> Letter:
    """Store what was written; `seen` is the version that the person began with, 0 for none."""
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    letter = unsettled_of(follow_up)
    if letter is None:
        letter = Letter(follow_up=follow_up, version=0)
    elif not letter.is_draft:
        raise MayNotWrite(_("This mail is on its way already."))
    elif letter.version != seen:
        raise StaleEdit(letter, seen)
    letter.contact, letter.to_address, letter.language = written.contact, written.to, written.language
    letter.subject, letter.body, letter.writer = written.subject, written.body, by
    letter.version += 1
    letter.save()
    letter.files.set(written.files)
    return letter


@transaction.atomic
def decide(letter: Letter, *, by: User, seen: int) -> Letter:
    """Send it, as it was last seen. A second time changes nothing. Raises MayNotWrite."""
    letter = _locked(letter)
    if letter.state != State.DRAFT:
        return letter
    if letter.version != seen:
        raise StaleEdit(letter, seen)
    because = why_not_send(letter)
    if because:
        raise MayNotWrite(because)
    at = clock.now()
    letter.writer, letter.state, letter.version = by, State.SENDING, letter.version + 1
    letter.delivery = Delivery.objects.create(
        person=by,
        channel=Channel.MAIL,
        kind=Delivery.Kind.LETTER,
        occasion=f"{letter.pk}/{letter.version}",
        message_id=f"{uuid4()}@{settings.MAIL_DOMAIN}",
        due_at=at,
        next_try_at=waits_until(letter, at) or at,
        created_at=at,
    )
    letter.save()
    transaction.on_commit(partial(_ask_to_send, letter.delivery.pk))
    return letter


@transaction.atomic
def take_back(letter: Letter) -> bool:
    """While no server has it and none is being asked, it becomes a draft again."""
    letter = _locked(letter)
    waiting = (
        Delivery.objects.select_for_update().filter(pk=letter.delivery_id or 0).exclude(state=Delivery.State.CLAIMED)
    )
    delivery = waiting.unsent().first() if letter.state == State.SENDING else None
    if delivery is None:
        return False
    delivery.state, delivery.answer = Delivery.State.SKIPPED, _("Taken back by who wrote it.")
    delivery.save(update_fields=["state", "answer"])
    letter.state, letter.delivery, letter.version = State.DRAFT, None, letter.version + 1
    letter.save()
    return True


@transaction.atomic
def discard(letter: Letter) -> None:
    Letter.objects.filter(pk=letter.pk, state=State.DRAFT).delete()


def why_not_send(letter: Letter) -> str:
    """Asked when a person decides, and once more at the moment of sending."""
    follow_up = FollowUp.objects.get(pk=letter.follow_up_id)
    if not follow_up.is_open:
        return _("The follow-up was closed before.")
    if letter.contact is None:
        return _("This record of the person is not in use any more.")
    missing = missing_of(letter)
    if missing:
        return _("A file is not there any more: %(names)s") % {"names": ", ".join(missing)}
    return why_not_write(letter.contact, letter.to_address)


def _locked(letter: Letter) -> Letter:
    return Letter.objects.select_for_update(of=("self",)).select_related("contact").get(pk=letter.pk)


def _ask_to_send(delivery_id: int) -> None:
    from leads.tasks import ask_to_send  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    ask_to_send(delivery_id)
