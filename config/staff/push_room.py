"""Notices on a person's devices by web push, encrypted so that the push service cannot read them."""

import json
from dataclasses import dataclass
from datetime import timedelta

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext as _

from config.staff import clock, devices, outside, posts, vapid
from config.staff.models import PostAttempt, PushDevice, User
from config.staff.sending import Answer, Delayed, Refused

Outcome = PostAttempt.Outcome

# In letters of four bytes these two still fit into what every push service takes.
TITLE, BODY = 120, 600
# Who opens the device after that sees it on Today.
WAITS = timedelta(hours=12)
GONE = {404, 410}
# A key or a clock of ours is wrong: waits until somebody has mended it.
OUR_OWN_FAULT = {401, 403}


@dataclass(frozen=True)
class Notice:
    """What stands on a locked screen. The id stays the same at every try, and one notice takes the other's place."""

    message_id: str
    title: str
    body: str
    url: str


def send(notice: Notice, person: User, *, timeout: float) -> Answer:
    """To each of the person's devices; enough if one takes it. A device that is gone is forgotten."""
    found = list(PushDevice.objects.awake().filter(user=person))
    share = timeout / max(len(found), 1)
    answers: list[Answer] = []
    delays: list[Delayed] = []
    for device in found:
        try:
            answers.append(_to(device, notice, share))
        except Delayed as delay:
            delays.append(delay)
        except Refused:
            continue
    if answers:
        return answers[0]
    if delays:
        raise delays[0]
    raise Refused(_("No device is left that shows notices."))


def _to(device: PushDevice, notice: Notice, timeout: float) -> Answer:
    try:
        reply = outside.post(device.endpoint, _sealed(device, notice), _headers(device), timeout=timeout)
        _judge(device, reply)
    except Refused as refusal:
        posts.note(notice.message_id, device.name, Outcome.REFUSED, str(refusal))
        raise
    except (Delayed, OSError) as trouble:
        posts.note(notice.message_id, device.name, Outcome.DELAYED, str(trouble) or type(trouble).__name__)
        raise Delayed(str(trouble) or type(trouble).__name__) from trouble
    posts.note(notice.message_id, device.name, Outcome.ACCEPTED, reply.words)
    return Answer(reply.words)


def _judge(device: PushDevice, reply: outside.Reply) -> None:
    if reply.status in GONE:
        device.delete()
        raise Refused(_("%(words)s: the device is gone.") % {"words": reply.words})
    if reply.status in OUR_OWN_FAULT:
        raise Delayed(reply.words)
    outside.raise_unless_taken(reply)


def _headers(device: PushDevice) -> dict[str, str]:
    return {
        **vapid.headers_for(device.endpoint, at=clock.now()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(WAITS.total_seconds())),
        "Urgency": "high",
    }


def _sealed(device: PushDevice, notice: Notice) -> bytes:
    said = {"title": notice.title[:TITLE], "body": notice.body[:BODY], "url": notice.url, "tag": notice.message_id}
    sealed: bytes = http_ece.encrypt(
        json.dumps(said, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=devices.as_bytes(device.p256dh),
        auth_secret=devices.as_bytes(device.auth),
        version="aes128gcm",
    )
    return sealed
