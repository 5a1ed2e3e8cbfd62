"""Messages to a chat through the address that it gave us."""

import json
from dataclasses import dataclass
from typing import Any

from config.staff import clock, outside, posts
from config.staff.models import PostAttempt, Webhook
from config.staff.sending import Answer, Delayed, Refused

Outcome = PostAttempt.Outcome


@dataclass(frozen=True)
class Post:
    """One message to one chat. The id stays the same at every try."""

    message_id: str
    webhook: Webhook
    payload: dict[str, Any]


def send(post: Post, *, timeout: float) -> Answer:
    """Hand it over. A chat that says no for good is written to no more until a test goes through."""
    body = json.dumps(post.payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Puente-Message": post.message_id}
    try:
        reply = outside.post(post.webhook.url, body, headers, timeout=timeout)
        outside.raise_unless_taken(reply)
    except Refused as refusal:
        posts.note(post.message_id, post.webhook.host, Outcome.REFUSED, str(refusal))
        _mark(post.webhook, str(refusal))
        raise
    except (Delayed, OSError) as trouble:
        words = str(trouble) or type(trouble).__name__
        posts.note(post.message_id, post.webhook.host, Outcome.DELAYED, words)
        raise Delayed(words) from trouble
    posts.note(post.message_id, post.webhook.host, Outcome.ACCEPTED, reply.words)
    Webhook.objects.filter(pk=post.webhook.pk).exclude(refused_at=None).update(refused_at=None, refusal="")
    return Answer(reply.words)


def _mark(webhook: Webhook, words: str) -> None:
    unmarked = Webhook.objects.filter(pk=webhook.pk, refused_at=None)
    unmarked.update(refused_at=clock.now(), refusal=words[:300] or "–")
