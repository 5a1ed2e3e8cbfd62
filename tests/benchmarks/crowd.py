"""Requests a second: 8 clients at once, over HTTP, of gunicorn with two processes."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from config.embedded.problem import StartProblem
from config.embedded.processes import wait_until
from tests.benchmarks.measure import Request, cookies

CLIENTS = 8
SECONDS = 2.0


@contextmanager
def gunicorn() -> Iterator[int]:
    """The site in two processes; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.benchmarks.wsgi:application", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"),
        ],
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
    )
    try:
        if not wait_until(lambda: _answers(port), 30):
            raise StartProblem("gunicorn did not answer.")
        yield port
    finally:
        server.terminate()
        server.wait(15)


def requests_a_second(port: int, session: str, make: Callable[[], Request]) -> float:
    end = time.monotonic() + SECONDS
    answered = [0] * CLIENTS

    def ask(client: int) -> None:
        connected = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            request = make()
            connected.request(
                "GET" if request.form is None else "POST",
                request.path,
                request.body or None,
                {
                    "Host": "localhost",
                    "Cookie": cookies(session),
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept-Language": "es",
                },
            )
            connected.getresponse().read()
            answered[client] += 1
        connected.close()

    clients = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return sum(answered) / SECONDS


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
