"""Devices and chats: what they are given, and what their answers do."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import http_ece
import pytest
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from config.staff import accounts, clock, hook_room, posts, push_room, vapid
from config.staff.hook_room import Post
from config.staff.models import PostAttempt, PushDevice, User, Webhook
from config.staff.push_room import Notice
from config.staff.sending import Delayed, Refused
from tests.post_servers import PostServer, post_server
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

KEY = ec.generate_private_key(ec.SECP256R1())
SECRET = b"sixteen bytes it"


def as_text(sent: bytes) -> str:
    return urlsafe_b64encode(sent).decode().rstrip("=")


POINT = as_text(
    KEY.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
)


def subscription(url: str) -> dict[str, Any]:
    return {"endpoint": url, "expirationTime": None, "keys": {"p256dh": POINT, "auth": as_text(SECRET)}}


def device(user: User, url: str, **fields: Any) -> PushDevice:
    session = UserSession.objects.create(user=user, ip="127.0.0.1", session_key=f"s{user.pk}-{url[-30:]}"[:40])
    facts = {"endpoint": url, "p256dh": POINT, "auth": as_text(SECRET), "name": "Firefox on Linux", "session": session}
    made: PushDevice = PushDevice.objects.create(user=user, created_at=clock.now(), **(facts | fields))
    return made


def notice() -> Notice:
    return Notice("n1@puente.example", "3 due", "Call · Añil Inc.", "/today/")


def opened(server: PostServer) -> dict[str, Any]:
    said = http_ece.decrypt(server.taken[0].body, private_key=KEY, auth_secret=SECRET, version="aes128gcm")
    return dict(json.loads(said))


# Devices


def test_a_device_alone_can_read_its_notice() -> None:
    person = UserFactory()
    with post_server(201, "") as server:
        device(person, server.url)
        answer = push_room.send(notice(), person, timeout=5)

    said = {"title": "3 due", "body": "Call · Añil Inc.", "url": "/today/", "tag": "n1@puente.example"}
    assert opened(server) == said
    assert answer.text == "201"
    assert b"due" not in server.taken[0].body


def test_the_push_service_learns_who_we_are() -> None:
    person = UserFactory()
    with post_server(201, "") as server:
        device(person, server.url)
        push_room.send(notice(), person, timeout=5)

    headers = server.taken[0].headers
    assert headers["authorization"].startswith("vapid t=")
    assert headers["authorization"].endswith(f"k={vapid.public_key()}")
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "43200")


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(status: int) -> None:
    person = UserFactory()
    with post_server(status, "gone") as server:
        device(person, server.url)
        with pytest.raises(Refused):
            push_room.send(notice(), person, timeout=5)

    assert not PushDevice.objects.exists()
    assert PostAttempt.objects.get().outcome == "refused"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_service_in_trouble_is_asked_again(status: int) -> None:
    person = UserFactory()
    with post_server(status, "later") as server:
        device(person, server.url)
        with pytest.raises(Delayed, match=str(status)):
            push_room.send(notice(), person, timeout=5)

    assert PushDevice.objects.exists()


def test_one_device_that_takes_it_is_enough() -> None:
    person = UserFactory()
    with post_server(410) as gone, post_server(201, "kept") as sound:
        device(person, gone.url)
        device(person, sound.url)
        assert push_room.send(notice(), person, timeout=5).text == "201 kept"

    assert [row.endpoint for row in PushDevice.objects.all()] == [sound.url]


def test_a_device_without_a_session_sleeps() -> None:
    person = UserFactory()
    with post_server() as server:
        device(person, server.url, session=None)
        with pytest.raises(Refused):
            push_room.send(notice(), person, timeout=5)

    assert server.taken == []


def signed_in(client: Client) -> User:
    person: User = UserFactory()
    client.force_login(person)
    return person


def ask(client: Client, sent: Any) -> Any:
    return client.post("/settings/channels/devices/", json.dumps(sent), content_type="application/json")


def test_a_browser_asks_and_is_known_by_its_name(client: Client) -> None:
    person = signed_in(client)
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36"

    answer = client.post(
        "/settings/channels/devices/",
        json.dumps(subscription("https://push.example.org/1")),
        content_type="application/json",
        headers={"User-Agent": agent},
    )

    assert answer.json() == {"known": True, "name": "Chrome on Android"}
    assert PushDevice.objects.get().user == person


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {},
        {"endpoint": 1, "keys": {"p256dh": POINT, "auth": as_text(SECRET)}},
        {"endpoint": "ftp://x.example", "keys": {"p256dh": POINT, "auth": as_text(SECRET)}},
        {"endpoint": "https://x.example/\0", "keys": {"p256dh": POINT, "auth": as_text(SECRET)}},
        {"endpoint": "https://x.example", "keys": {"p256dh": "AAAA", "auth": as_text(SECRET)}},
        {"endpoint": "https://x.example", "keys": {"p256dh": POINT, "auth": "short"}},
        {"endpoint": "https://x.example", "keys": {"p256dh": "ñ", "auth": as_text(SECRET)}},
        {"endpoint": "https://x.example/" + "x" * 10_000, "keys": {"p256dh": POINT, "auth": as_text(SECRET)}},
    ],
)
def test_what_is_no_subscription_is_refused(client: Client, sent: Any) -> None:
    signed_in(client)

    assert ask(client, sent).status_code == 422
    assert not PushDevice.objects.exists()


def test_the_next_person_at_a_device_takes_it_over(client: Client) -> None:
    signed_in(client)
    ask(client, subscription("https://push.example.org/1"))
    second = signed_in(client)

    ask(client, subscription("https://push.example.org/1"))

    assert PushDevice.objects.get().user == second


def test_signing_out_ends_the_notices(client: Client) -> None:
    signed_in(client)
    ask(client, subscription("https://push.example.org/1"))

    client.post("/logout/")

    assert not PushDevice.objects.exists()


def test_a_session_ended_from_elsewhere_puts_the_device_to_sleep(client: Client) -> None:
    signed_in(client)
    ask(client, subscription("https://push.example.org/1"))

    UserSession.objects.get().end()

    assert not PushDevice.objects.awake().exists()


def test_a_device_wakes_where_its_person_signs_in_again(client: Client) -> None:
    person = signed_in(client)
    ask(client, subscription("https://push.example.org/1"))
    UserSession.objects.get().end()
    client.force_login(person)

    answer = ask(client, subscription("https://push.example.org/1") | {"known": True})

    assert answer.json() == {"known": True}
    assert PushDevice.objects.awake().exists()


def test_a_device_that_was_removed_is_told_so(client: Client) -> None:
    signed_in(client)

    assert ask(client, subscription("https://push.example.org/1") | {"known": True}).json() == {"known": False}
    assert not PushDevice.objects.exists()


def test_closing_an_account_ends_its_devices(client: Client) -> None:
    person = signed_in(client)
    ask(client, subscription("https://push.example.org/1"))

    accounts.close(person)

    assert not PushDevice.objects.exists()


# Chats


def chat(url: str, **fields: Any) -> Webhook:
    made: Webhook = Webhook.objects.create(**({"name": "#investors", "url": url, "user": UserFactory()} | fields))
    return made


def to(webhook: Webhook) -> Post:
    return Post("h1@puente.example", webhook, {"text": "Añil"})


def test_a_chat_is_given_the_message_and_its_id() -> None:
    with post_server() as server:
        answer = hook_room.send(to(chat(server.url)), timeout=5)

    assert json.loads(server.taken[0].body) == {"text": "Añil"}
    assert server.taken[0].headers["x-puente-message"] == "h1@puente.example"
    assert answer.text == "200 ok"
    assert posts.accepted_before("h1@puente.example") == answer


def test_the_log_names_the_host_and_never_the_address() -> None:
    with post_server(500, "oops") as server, pytest.raises(Delayed):
        hook_room.send(to(chat(server.url)), timeout=5)

    attempt = PostAttempt.objects.get()
    assert (attempt.target, attempt.outcome, attempt.answer) == ("127.0.0.1", "delayed", "500 oops")


def test_a_chat_that_says_no_is_marked_until_it_says_yes() -> None:
    with post_server(404, "no_service") as server:
        webhook = chat(server.url)
        with pytest.raises(Refused):
            hook_room.send(to(webhook), timeout=5)
        webhook.refresh_from_db()
        assert webhook.refusal == "404 no_service"

        server.status = 200
        hook_room.send(to(webhook), timeout=5)

    webhook.refresh_from_db()
    assert webhook.refused_at is None
