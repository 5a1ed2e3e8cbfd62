import socket
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from config.staff import outside
from config.staff.outside import NotAllowed
from config.staff.sending import Delayed, Refused
from tests.mail_servers import free_port, mute_server
from tests.post_servers import post_server


def post(url: str, timeout: float = 5) -> outside.Reply:
    return outside.post(url, b"{}", {"Content-Type": "application/json"}, timeout=timeout)


def test_the_answer_is_kept_in_its_own_words() -> None:
    with post_server(202, "Kept\n as 42") as server:
        assert post(server.url).words == "202 Kept as 42"

    (taken,) = server.taken
    assert (taken.path, taken.body) == ("/door?key=secret", b"{}")


@pytest.mark.parametrize(
    ("status", "judged"), [(200, None), (204, None), (302, Refused), (404, Refused), (408, Delayed), (429, Delayed)]
)
def test_a_no_is_told_from_a_not_now(status: int, judged: type[Exception] | None) -> None:
    reply = outside.Reply(status, "words")

    if judged is None:
        outside.raise_unless_taken(reply)
    else:
        with pytest.raises(judged, match=str(status)):
            outside.raise_unless_taken(reply)


def test_no_redirect_is_followed() -> None:
    with post_server() as inner, post_server(307, "", Location=inner.url) as server:
        assert post(server.url).status == 307

    assert inner.taken == []


@pytest.mark.parametrize(
    "url",
    [
        "http://chat.example.org/hook",
        "ftp://chat.example.org/hook",
        "https:///hook",
        "https://user:word@chat.example.org/hook",
        "https://chat.example.org:22/hook",
        "https://chat.example.org:port/hook",
        "https://[::1/hook",
        "chat.example.org",
        "",
    ],
)
@override_settings(LOCAL=False)
def test_a_real_site_writes_to_nothing_but_https(url: str) -> None:
    with pytest.raises(NotAllowed):
        post(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("::1", "fd00::1", "fe80::1%eth0", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1"),
    ],
)
@override_settings(LOCAL=False)
def test_a_real_site_writes_to_no_address_of_ours(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    public: Any = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))
    hidden: Any = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [public, hidden])

    with pytest.raises(NotAllowed, match="no public host"):
        post("https://chat.example.org/hook")


@override_settings(LOCAL=False)
def test_the_address_that_was_looked_at_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public at the first look and ours at the second."""
    asked: list[Any] = []
    public: Any = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [public])

    def connect(address: Any, *_a: Any, **_k: Any) -> Any:
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(OSError, match="no network"):
        post("https://chat.example.org/hook")

    assert asked == [("93.184.216.34", 443)]


@pytest.mark.parametrize("drip", [b"", b"H"])
def test_a_server_that_hangs_or_dribbles_is_left_in_time(drip: bytes) -> None:
    started = time.monotonic()

    with mute_server(drip=drip):
        url = f"http://127.0.0.1:{settings.EMAIL_PORT}/"
        with pytest.raises((Delayed, OSError)):
            post(url, timeout=0.5)

    assert time.monotonic() - started < 3


def test_nobody_at_home_is_a_fault_of_the_network() -> None:
    with pytest.raises(OSError, match="refused"):
        post(f"http://127.0.0.1:{free_port()}/")
