"""What the deliveries do with a letter: ask once more whether it may go, write it, and note what became of it.

A letter's place in a thread: mails to the same person about the same lead, or after the same meeting, answer each
other, so that a mail program shows them as one talk.
"""

from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from companies.models import Contact
from config.staff.mail_room import Mail
from leads.interactions.capture import Said, log_interaction
from leads.letters.writing import why_not_send
from leads.models import Delivery, FollowUp, Interaction, Letter
from leads.on_mission import outreach

State = Letter.State
STOP_SALT = "leads.letters.stop"
# More than that no mail program follows.
LONGEST_THREAD = 10


class MayNotGo(Exception):  # noqa: N818 - the letter is not sent, and this is why
    pass


def mail_of(delivery: Delivery, *, at: datetime) -> Mail:
    """The mail as it goes out. Raises MayNotGo where something happened since it was decided."""
    letter = Letter.objects.select_related("contact", "writer", "follow_up__interaction").get(delivery=delivery)
    with override(delivery.language):
        because = why_not_send(letter) if letter.writer.is_active else _("The account is closed.")
    if because:
        raise MayNotGo(because)
    with override(letter.language):
        return _written(letter, delivery, at)


def waits_until(delivery_id: int, at: datetime) -> datetime | None:
    """Who is asked or thanked is written to in their own working hours, however long a mail lay here."""
    letter = Letter.objects.select_related("follow_up__company__city").filter(delivery=delivery_id).first()
    return outreach.waits_until(letter, at) if letter else None


def note(delivery: Delivery, state: Delivery.State, answer: str, *, at: datetime) -> None:
    """In the transaction that settles the delivery: what was sent closes the follow-up as its evidence."""
    letter = Letter.objects.select_for_update(of=("self",)).filter(delivery=delivery, state=State.SENDING).first()
    if letter is None:
        return
    if state == Delivery.State.SENT:
        letter.state, letter.sent_at = State.SENT, at
        letter.interaction = _log(letter, delivery, at)
        outreach.note_sent(letter)
    elif state in {Delivery.State.SKIPPED, Delivery.State.REFUSED}:
        letter.state, letter.because = State.STOPPED, (answer or "–")[:500]
        # Nothing was sent, so it is to be done still, and its owner hears of that.
        FollowUp.objects.open().filter(pk=letter.follow_up_id).update(known_to=None)
    letter.version += 1
    letter.save()


def stop_address(letter: Letter) -> str:
    """Where its reader may object, without an account; one letter's address is good for its person for ever."""
    token = signing.dumps(letter.contact_id, salt=STOP_SALT)
    return f"{settings.SITE_URL}{reverse('leads:stop_writing', args=[token])}"


def person_of(token: str) -> Contact | None:
    """Whose address this is; whoever the record became part of."""
    try:
        pk = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature:
        return None
    contact = Contact.objects.filter(pk=pk).select_related("merged_into").first()
    while contact and contact.merged_into:
        contact = contact.merged_into
    return contact


def paragraphs_of(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _written(letter: Letter, delivery: Delivery, at: datetime) -> Mail:
    stop = stop_address(letter)
    context = {
        "letter": letter,
        "paragraphs": paragraphs_of(letter.body),
        "agency_name": settings.AGENCY_NAME,
        "agency_address": settings.AGENCY_ADDRESS,
        "stop_url": stop,
    }
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("mail/letter.txt", context),
        from_email=formataddr((f"{letter.writer.name} · {settings.AGENCY_NAME}", own)),
        to=[letter.to_address],
        reply_to=[formataddr((letter.writer.name, letter.writer.email))],
        headers={
            "Message-ID": f"<{delivery.message_id}>",
            "Date": format_datetime(at),
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **_thread(letter),
        },
    )
    message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    for file in letter.files.order_by("name", "pk"):
        with file.blob.open("rb") as blob:
            message.attach(file.name, blob.read(), file.media_type)
    return Mail(message_id=delivery.message_id, to=letter.to_address, kind=delivery.kind, message=message)


def _thread(letter: Letter) -> dict[str, str]:
    before = _of_the_same_talk(letter).order_by("-sent_at", "-pk").values_list("delivery__message_id", flat=True)
    ids = [f"<{message_id}>" for message_id in before[:LONGEST_THREAD]]
    return {"In-Reply-To": ids[0], "References": " ".join(reversed(ids))} if ids else {}


def _of_the_same_talk(letter: Letter) -> QuerySet[Letter]:
    about = letter.follow_up
    same = Q(pk=None)
    if about.lead_id:
        same |= Q(follow_up__lead=about.lead_id)
    if about.interaction_id:
        same |= Q(follow_up__interaction=about.interaction_id)
    sent = Letter.objects.sent().filter(same, contact=letter.contact, delivery__isnull=False)
    return sent.exclude(pk=letter.pk)


def _log(letter: Letter, delivery: Delivery, at: datetime) -> Interaction | None:
    about = FollowUp.objects.select_related("company", "lead", "interaction__lead").get(pk=letter.follow_up_id)
    if about.company is None:
        return None
    lead = about.lead or (about.interaction.lead if about.interaction else None)
    said = Said(
        happened_at=at,
        zone=letter.writer.zone_at(at),
        kind=Interaction.Kind.MAIL,
        direction=Interaction.Direction.OUT,
        note=f"{letter.subject}\n\n{letter.body}",
        contacts=[letter.contact] if letter.contact else [],
        mission=about.interaction.mission if about.interaction else None,
        lead=lead,
        fulfils=[about],
    )
    capture_id = uuid5(NAMESPACE_URL, delivery.message_id)
    return log_interaction(about.company, capture_id=capture_id, by=letter.writer, said=said)
