"""The demo as a newcomer meets it: one command, a page, reminders in the sink, Ctrl-C, and a start after a crash."""

import os
import re
import signal
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from config.embedded import assets
from config.embedded.processes import wait_until
from config.running import any_free_port
from config.sample.accounts import DEMO_ACCOUNTS
from tests.config.starting import alive, begin, noted, state_folder
from tests.services import VENDOR

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

LAST_LINE = "Ctrl-C stops everything"


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    assets.fetch(VENDOR)
    with state_folder() as folder:
        (folder / "vendor").symlink_to(VENDOR)
        yield folder


class Demo:
    def __init__(self, state: Path) -> None:
        self.state = state
        port = any_free_port()
        self.url = f"http://localhost:{port}"
        # What the environment says is not obeyed.
        foreign = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
        self.process = begin("demo", "--port", str(port), state=state, environment=foreign)
        self.said = self._until_ready()
        self.parts = noted(state)

    def _until_ready(self) -> str:
        said = ""
        assert self.process.stdout
        for line in self.process.stdout:
            said += line
            if LAST_LINE in line:
                return said
        raise AssertionError(said + self.process.communicate()[1])

    def part(self, name: str) -> int:
        return next(int(note.read_text().split()[0]) for note in self.state.glob("run-*/*.pid") if name in note.name)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        return str(self.opener.open(self.url + path, timeout=30).read().decode())

    def log_in(self, email: str, password: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/login/"))
        assert token
        words = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        asked = Request(f"{self.url}/login/", urlencode(words).encode(), {"Referer": self.url})  # noqa: S310 - our own
        return str(self.opener.open(asked, timeout=30).url)


def test_a_newcomer_gets_a_page_and_sees_reminders_arrive(state: Path) -> None:
    demo = Demo(state)
    _role, email, password = DEMO_ACCOUNTS[0]
    visitor = Visitor(demo.url)

    assert "The demo ignores DATABASE_URL" in demo.said
    assert all(account[1] in demo.said for account in DEMO_ACCOUNTS)
    assert visitor.log_in(email, password).endswith("/today/")
    assert wait_until(lambda: 'class="row-title"' in visitor.get("/demo/mail/"), patience=120)
    assert demo.end() == 0
    assert alive(demo.parts) == []


def test_a_killed_worker_ends_the_demo_and_the_next_start_recovers(state: Path) -> None:
    demo = Demo(state)
    os.kill(demo.part("worker"), signal.SIGKILL)
    demo.process.communicate(timeout=60)

    assert demo.process.returncode == 1
    assert wait_until(lambda: not alive(demo.parts), patience=10)

    again = Demo(state)
    assert "csrfmiddlewaretoken" in Visitor(again.url).get("/login/")
    assert again.end() == 0
