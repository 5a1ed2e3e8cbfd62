"""The mail server of the run: it keeps what it took, says no in every way there is, and can have its client killed."""

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from random import Random
from typing import Any

from aiosmtpd.controller import Controller

from config.running import any_free_port

FOLLOW_UP = re.compile(r"/follow-ups/(\d+)/")
# How it is, how many of its answers are so, and what it then says.
TEMPERS = {
    "sound": 0.0,
    "slow": 0.5,
    "hangs": 0.3,
    "4xx": 0.6,
    "4xx after the words": 0.6,
    "5xx to us": 1.0,
    "refuses": 1.0,
    "yes too late": 0.3,
}


@dataclass(frozen=True)
class Letter:
    at: datetime
    message_id: str
    to: str
    about: frozenset[int]


@dataclass
class Sink:
    now: Callable[[], datetime]
    chance: Random
    temper: str = "sound"
    # Addresses that are no more.
    gone: set[str] = field(default_factory=set)
    taken: list[Letter] = field(default_factory=list)
    # Called once, before or after the next message was kept, and before its yes.
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.port = any_free_port()
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    def turn(self, temper: str) -> None:
        if temper == "refuses":
            self.close()
        elif self._controller is None:
            self.open()
        self.temper = temper

    def letters(self, since: int = 0) -> list[Letter]:
        with self.lock:
            return self.taken[since:]

    def _is(self, temper: str) -> bool:
        return self.temper == temper and self.chance.random() < TEMPERS[temper]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        return "550 Not from you" if self._is("5xx to us") else "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.gone:
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "450 Busy" if self._is("4xx") else "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self._is("4xx after the words"):
            return "451 Full"
        if self._is("hangs"):
            await asyncio.sleep(30)
        if self._is("slow"):
            await asyncio.sleep(0.4)
        kill, self.before = self.before, None
        if kill:
            kill()
            return "451 Who is there"
        self._keep(envelope)
        kill, self.after = self.after, None
        if kill:
            kill()
        elif self._is("yes too late"):
            await asyncio.sleep(30)
        return "250 Kept"

    def _keep(self, envelope: Any) -> None:
        message = message_from_bytes(envelope.content, _class=EmailMessage, policy=modern)
        body = message.get_body(("plain",))
        about = frozenset(int(pk) for pk in FOLLOW_UP.findall(body.get_content() if body else ""))
        message_id = str(message["Message-ID"]).strip().strip("<>")
        with self.lock:
            self.taken.append(Letter(self.now(), message_id, envelope.rcpt_tos[0], about))
