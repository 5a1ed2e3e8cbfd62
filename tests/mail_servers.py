"""Mail servers of every temper, on loopback."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


@dataclass
class Server:
    """Answers as told, and keeps what it took."""

    rcpt: str = "250 OK"
    data: str = "250 Kept as 42"
    mail: str = "250 OK"
    # Seconds between having the message and saying so.
    wait: float = 0
    port: int = 0
    taken: list[Message] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.asked.set()
        if self.wait:
            await asyncio.sleep(self.wait)
        if self.data.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
        return self.data

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


@contextmanager
def mail_server(**answers: Any) -> Iterator[Server]:
    """A server that Django's settings point to."""
    server = Server(**answers)
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    server.port = controller.port
    try:
        with pointed_to(server.port):
            yield server
    finally:
        controller.stop()


@contextmanager
def pointed_to(port: int) -> Iterator[None]:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        yield


@contextmanager
def no_server() -> Iterator[None]:
    with pointed_to(free_port()):
        yield


@contextmanager
def mute_server(*, drip: bytes = b"") -> Iterator[None]:
    """Lets everybody in and says nothing, or one letter at a time and never a whole line."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                guest, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=dribble, args=(guest,), daemon=True).start()

    def dribble(guest: socket.socket) -> None:
        with guest:
            while not ended.is_set():
                try:
                    guest.sendall(drip)
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        with pointed_to(listener.getsockname()[1]):
            yield
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
