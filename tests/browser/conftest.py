"""A real Chromium before the real WSGI app. A page fails on any console error and any request to another host."""

import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config.embedded import assets
from config.embedded.problem import StartProblem
from config.embedded.processes import wait_until
from tests.browser import chromium
from tests.services import VENDOR

# Playwright keeps an event loop in this thread, and Django then takes every query for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

LoggedIn = Callable[[Page, AbstractBaseUser], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    try:
        assets.fetch(VENDOR)
        found = chromium.find(playwright)
    except StartProblem as problem:
        pytest.fail(str(problem), pytrace=False)
    started = playwright.chromium.launch(
        executable_path=found.program,
        env={**os.environ, **found.environment},
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
    )
    yield started
    started.close()


@pytest.fixture
def live(live_server: LiveServer) -> LiveServer:
    """The app on the test database, at http://localhost:PORT."""
    return live_server


# An asking that is broken off on purpose: by the next letter, by a tap, by leaving. What fails says so by another name.
BROKEN_OFF = ("htmx:sendAbort", "htmx:afterRequest")


class Watch:
    """What went wrong on the pages of one test, unless the test says that it expects it."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.faults: list[str] = []
        self.expected: list[str] = [*BROKEN_OFF]

    def expect(self, part: str) -> None:
        """A fault that holds these words is part of what the test shows."""
        self.expected.append(part)

    def on(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)

    def left(self) -> list[str]:
        return [fault for fault in self.faults if not any(part in fault for part in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} at {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self.faults.append(f"another host: {request.url}")


@pytest.fixture
def watch(live: LiveServer) -> Watch:
    return Watch(urlsplit(live.url).netloc)


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, live: LiveServer, watch: Watch) -> Iterator[NewContext]:
    """A browser of a person's own, by Playwright's words: viewport, locale, color_scheme, java_script_enabled …"""
    opened: list[BrowserContext] = []

    def open_context(**words: object) -> BrowserContext:
        asked: dict[str, object] = {"base_url": live.url, "locale": "en", "viewport": {"width": 1280, "height": 800}}
        context = browser.new_context(**(asked | words))  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        watch.on(context)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    # A page that asks how far its book has come may have asked a moment ago: the tables are emptied after its answer.
    wait_until(_is_calm, patience=10)
    assert not watch.left(), "\n".join(watch.left())


def _is_calm() -> bool:
    """For a moment nothing was asked of the database."""
    if _asks():
        return False
    time.sleep(0.05)
    return not _asks()


def _asks() -> bool:
    """Whether the server is in the middle of a question to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend')"
        )
        found: bool = cursor.fetchone()[0]
    return found


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context().new_page()


@pytest.fixture
def phone(new_context: NewContext) -> Page:
    return new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def logged_in(live: LiveServer) -> LoggedIn:
    """Gives the page's browser a session of this person, without the login form."""

    def enter(page: Page, user: AbstractBaseUser) -> Page:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": live.url}]
        )
        return page

    return enter
