"""Single sign-on against an identity provider that answers on loopback."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from config.running import any_free_port
from config.staff import clock
from config.staff.models import User
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@dataclass
class Identity:
    """Who the provider says has signed in, and where it answers."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def identity(settings: Settings) -> Iterator[Identity]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(
                found.claims
                if self.path == "/who"
                else {
                    "issuer": found.url,
                    "authorization_endpoint": f"{found.url}/authorize",
                    "token_endpoint": f"{found.url}/token",
                    "userinfo_endpoint": f"{found.url}/who",
                    "jwks_uri": f"{found.url}/keys",
                }
            )

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send({"access_token": "one", "token_type": "Bearer"})

        def _send(self, words: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(words).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own word
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    found = Identity(f"http://127.0.0.1:{server.server_port}")
    _name_provider(settings, found.url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def _name_provider(settings: Settings, url: str) -> None:
    app = {
        "provider_id": "oidc",
        "name": "City of Cali",
        "client_id": "puente",
        "secret": "s",
        "settings": {"server_url": url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def sign_on(client: Client) -> Any:
    """From the button on the login page, over the provider, and back."""
    asked = client.post("/oidc/oidc/login/?process=login")
    assert asked.status_code == 302, asked.content
    sent = parse_qs(urlsplit(asked["Location"]).query)
    return client.get("/oidc/oidc/login/callback/", {"code": "once", "state": sent["state"][0]}, follow=True)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_login_offers_it_by_its_name(client: Client, identity: Identity) -> None:
    assert "City of Cali" in client.get("/login/").content.decode()


def test_a_verified_address_opens_the_account_that_has_it(client: Client, identity: Identity) -> None:
    person = UserFactory(email="ana@cali.example")
    identity.claims = {"sub": "1", "email": "Ana@Cali.example", "email_verified": True}

    sign_on(client)

    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_second_time_the_same_person_comes_in(client: Client, identity: Identity) -> None:
    UserFactory(email="ana@cali.example")
    identity.claims = {"sub": "1", "email": "ana@cali.example", "email_verified": True}
    sign_on(client)
    client.post("/logout/")

    sign_on(client)

    assert signed_in(client)


def test_an_address_that_nobody_verified_opens_nothing(client: Client, identity: Identity) -> None:
    UserFactory(email="ana@cali.example")
    identity.claims = {"sub": "2", "email": "ana@cali.example", "email_verified": False}

    sign_on(client)

    assert not signed_in(client)


def test_a_stranger_gets_no_account(client: Client, identity: Identity) -> None:
    identity.claims = {"sub": "3", "email": "stranger@elsewhere.example", "email_verified": True}

    answer = sign_on(client)

    assert answer.status_code == 200
    assert not signed_in(client)
    assert not User.objects.filter(email="stranger@elsewhere.example").exists()


def test_a_closed_account_stays_closed(client: Client, identity: Identity) -> None:
    person = UserFactory(email="ana@cali.example")
    identity.claims = {"sub": "1", "email": "ana@cali.example", "email_verified": True}
    sign_on(client)
    client.post("/logout/")
    person.close(at=clock.now())

    sign_on(client)

    assert not signed_in(client)


def test_a_provider_that_is_away_is_told(client: Client, settings: Settings) -> None:
    _name_provider(settings, f"http://127.0.0.1:{any_free_port()}")

    answer = client.post("/oidc/oidc/login/?process=login", follow=True, headers={"Accept-Language": "en"})

    assert "The single sign-on does not answer." in answer.content.decode()
    assert not signed_in(client)


def test_an_answer_that_nobody_asked_for_opens_nothing(client: Client, identity: Identity) -> None:
    UserFactory(email="ana@cali.example")
    identity.claims = {"sub": "1", "email": "ana@cali.example", "email_verified": True}

    answer = client.get("/oidc/oidc/login/callback/", {"code": "once", "state": "made up"})

    assert answer.status_code < 500
    assert not signed_in(client)
