"""The rooms that carry a message out of the house: mail, devices, chats. Each writes the same words in its own form."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from config.staff import hook_room, mail_room, posts, push_room
from config.staff.hook_room import Post
from config.staff.mail_room import Mail
from config.staff.models import User, Webhook
from config.staff.push_room import Notice
from config.staff.sending import Answer, Refused
from leads.models import Delivery
from leads.models.channel import Channel
from leads.reminding.chat import payload_of
from leads.reminding.words import Words

# What fits on a locked screen.
SHORT = 3


def accepted_before(delivery: Delivery) -> Answer | None:
    """What was answered if an earlier try went through whose worker did not live to tell."""
    before = mail_room.accepted_before if delivery.channel == Channel.MAIL else posts.accepted_before
    return before(delivery.message_id)


def hand_over(delivery: Delivery, words: Words, *, timeout: float, at: datetime) -> Answer:
    """In the reader's language, which is active. No transaction is open."""
    person = delivery.person
    if delivery.channel == Channel.HOOK:
        webhook = _webhook_of(delivery)
        return hook_room.send(
            Post(delivery.message_id, webhook, payload_of(words, webhook.style, delivery)), timeout=timeout
        )
    assert person  # noqa: S101 - only a chat has no person
    if delivery.channel == Channel.PUSH:
        return push_room.send(_notice(delivery, words), person, timeout=timeout)
    return mail_room.send(_mail(delivery, person, words, at), timeout=timeout)


def _webhook_of(delivery: Delivery) -> Webhook:
    webhook = delivery.webhook or Webhook.objects.filter(user=delivery.person).first()
    if webhook is None or (webhook.refused_at and delivery.kind != Delivery.Kind.TEST):
        raise Refused(webhook.refusal if webhook else "–")
    return webhook


def _notice(delivery: Delivery, words: Words) -> Notice:
    said = [" · ".join(filter(None, (line.what, line.about))) for line in words.lines[:SHORT]]
    return Notice(
        delivery.message_id,
        words.subject,
        "\n".join(filter(None, [words.intro, *said])),
        words.url.removeprefix(settings.SITE_URL),
    )


# What is said again about the same thing stands with what was said before; a morning stands for itself.
THREADED = {Delivery.Kind.ENQUIRY, Delivery.Kind.TROUBLE}


def _thread(delivery: Delivery) -> dict[str, str]:
    if delivery.kind not in THREADED:
        return {}
    root = f"<{delivery.kind}-{delivery.occasion.split('/')[0]}@{settings.MAIL_DOMAIN}>"
    return {"In-Reply-To": root, "References": root}


def _mail(delivery: Delivery, person: User, words: Words, at: datetime) -> Mail:
    context: dict[str, Any] = {
        "words": words,
        "person": person,
        "agency_name": settings.AGENCY_NAME,
        "site_url": settings.SITE_URL,
        "today_url": settings.SITE_URL + reverse("leads:today"),
        "settings_url": settings.SITE_URL + reverse("leads:channels"),
    }
    message = EmailMultiAlternatives(
        subject=f"Puente: {words.subject}",
        body=render_to_string("mail/follow_ups.txt", context),
        to=[person.email],
        headers={
            "Message-ID": f"<{delivery.message_id}>",
            "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{context['settings_url']}>",
            **_thread(delivery),
        },
    )
    message.attach_alternative(render_to_string("mail/follow_ups.html", context), "text/html")
    for name, content, kind in words.files:
        message.attach(name, content, kind)
    return Mail(message_id=delivery.message_id, to=person.email, kind=delivery.kind, message=message)
