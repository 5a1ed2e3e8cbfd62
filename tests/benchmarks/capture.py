"""Meetings logged in a real Chromium while everything fails: none may be lost and none doubled.

Between the browser and the server stands a wire that cuts, drops and halves answers after the server stored what was
sent, and kills the server with -9 in the middle. Sessions run out, and the browser is closed. The page is worked by
its buttons alone; what became of it is read in the database.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import close_old_connections
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from config.embedded import assets
from config.embedded.state import state_folder
from config.running import answers, any_free_port
from config.staff import clock
from config.staff.models import User
from leads.models import Interaction
from missions.models import Delegate, Mission
from tests.browser import chromium

CAPTURES_A_RUN = 10
FAULTS = ("drop", "half", "kill", "kill later", "")
ROOT = Path(__file__).resolve().parent.parent.parent


class Server:
    """The site, that can be killed at any moment."""

    def __init__(self) -> None:
        self.port = any_free_port()
        self.lock = threading.Lock()
        self.start()

    def start(self) -> None:
        command = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--threads", "4"]
        options = ["--worker-class", "gthread", "--no-control-socket", "--log-level", "critical"]
        environment = {**os.environ, "LOG_LEVEL": "CRITICAL"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, *options], cwd=ROOT, env=environment, start_new_session=True
        )
        while not answers(f"http://127.0.0.1:{self.port}/livez"):
            time.sleep(0.05)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_and_start(self) -> None:
        with self.lock:
            self.kill()
            self.start()


class Wire:
    """Carries one request a connection to the server. The next queue that passes meets the fault that was armed."""

    def __init__(self, server: Server) -> None:
        self.server, self.fault, self.met = server, "", Counter[str]()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            client, _address = self.listener.accept()
            threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        try:
            with client:
                request = _whole_request(client)
                if not request:
                    return
                fault = ""
                if request.startswith(b"POST /meetings/captures/"):
                    fault, self.fault = self.fault, ""
                    self.met[fault or "none"] += 1
                client.sendall(self._ask(request, fault))
        except OSError:
            return

    def _ask(self, request: bytes, fault: str) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as upstream:
            upstream.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            if fault == "kill":
                time.sleep(random.uniform(0, 0.15))
                self.server.kill_and_start()
                return b""
            answer = b""
            while part := upstream.recv(65536):
                answer += part
        if fault == "kill later":
            self.server.kill_and_start()
        return {"drop": b"", "kill later": b"", "half": answer[: len(answer) - 20]}.get(fault, answer)


def _whole_request(client: socket.socket) -> bytes:
    client.settimeout(30)
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        part = client.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


class Phone:
    """One person's browser, which keeps its folder when it is closed."""

    def __init__(self, playwright: Playwright, url: str, user: User, folder: str) -> None:
        self.playwright, self.url, self.user, self.folder = playwright, url, user, folder
        self.found = chromium.find(playwright)
        self.open()

    def open(self) -> None:
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=self.found.program,
            env={**os.environ, **self.found.environment},
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
            base_url=self.url,
            viewport={"width": 390, "height": 844},
            locale="en",
        )
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.pages[0]

    def sign_in(self) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(self.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": self.url}
        self.context.add_cookies([{**cookie, "expires": time.time() + 3600}])  # type: ignore[typeddict-item]

    def reopen(self) -> None:
        self.context.close()
        self.open()

    def log(self, note: str) -> None:
        self.page.goto("/offline/en/#agenda")
        self.page.goto("/offline/en/#log")
        self.page.locator("#find").fill(f"Person {note[-8:]}")
        self.page.get_by_role("button", name="Add somebody new").click()
        self.page.locator("#new_company").fill(f"Firm {note[-12:]}")
        self.page.locator("#note").fill(note)
        self.page.get_by_role("button", name="Save on this device").click()
        expect(self.page.locator("#log")).to_be_hidden(timeout=30_000)


def run(size: str, only: set[str], runs: int = 100) -> dict[str, Any]:
    assets.fetch(state_folder() / "vendor")
    call_command("collectstatic", interactive=False, verbosity=0)
    server = Server()
    wire = Wire(server)
    notes: list[str] = []
    try:
        with sync_playwright() as playwright:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
            for n in range(runs):
                notes += _one_run(playwright, wire, random.Random(n))
                print(f"run {n + 1} of {runs}: {len(notes)} logged", file=sys.stderr)
    finally:
        server.kill()
    close_old_connections()
    times = Counter(Interaction.objects.filter(note__in=notes).values_list("note", flat=True))
    answer = {
        "captures": len(notes),
        "runs": runs,
        "lost": sum(note not in times for note in notes),
        "doubled": sum(count > 1 for count in times.values()),
        "faults": dict(wire.met),
    }
    print("\n".join(f"{name:<9} {value}" for name, value in answer.items()))
    return answer


def _one_run(playwright: Playwright, wire: Wire, chance: random.Random) -> list[str]:
    close_old_connections()
    user, mission = _traveller()
    notes = [f"capture {uuid4()}" for _n in range(CAPTURES_A_RUN)]
    with tempfile.TemporaryDirectory() as folder:
        phone = Phone(playwright, wire.url, user, folder)
        phone.sign_in()
        _make_ready(phone, mission)
        phone.context.set_offline(True)
        for note in notes:
            phone.log(note)
            _happen(phone, wire, user, chance)
        wire.fault = ""
        phone.context.set_offline(False)
        _send_all(phone)
        phone.context.close()
    return notes


def _send_all(phone: Phone) -> None:
    """Whoever is told that they are signed out signs in again: the late answer to an expired session ends a new one."""
    sent = phone.page.get_by_text("Nothing waits to be sent.")
    for last in (False, False, False, True):
        phone.sign_in()
        phone.page.goto("/offline/en/#queue")
        phone.page.reload()
        with contextlib.nullcontext() if last else contextlib.suppress(AssertionError):
            expect(sent).to_be_visible(timeout=30_000)
            return


def _traveller() -> tuple[User, Mission]:
    user = User.objects.create(email=f"{uuid4()}@example.org", name="Ana Ruiz", language="en", password="!")
    day = clock.agency_today()
    mission = Mission.objects.create(
        name="Captures", lead_officer=user, starts_on=day, ends_on=day + timedelta(days=2)
    ).start()
    Delegate.objects.create(mission=mission, name=user.name, user=user)
    return user, mission


def _make_ready(phone: Phone, mission: Mission) -> None:
    """Once with a network, as the product asks for."""
    with phone.page.expect_response("**/kept/"):
        phone.page.goto(f"/missions/{mission.pk}/now/")
    for _n in range(100):
        phone.page.goto("/offline/en/")
        if "Captures" in (phone.page.locator("#state").text_content() or ""):
            break
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def _happen(phone: Phone, wire: Wire, user: User, chance: random.Random) -> None:
    """One thing or none, after a meeting was logged."""
    what = chance.choice(("network", "network", "session", "browser", "nothing"))
    if what == "network":
        wire.fault = chance.choice(FAULTS)
        phone.context.set_offline(False)
        phone.page.wait_for_timeout(chance.uniform(0, 1500))
        phone.context.set_offline(True)
    elif what == "session":
        Session.objects.all().delete()
        phone.context.set_offline(False)
        phone.page.wait_for_timeout(chance.uniform(0, 700))
        phone.context.set_offline(True)
        if chance.random() < 0.7:
            phone.sign_in()
    elif what == "browser":
        phone.reopen()
        phone.context.set_offline(True)
