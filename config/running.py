"""The three processes of the app, and how a command runs them as one foreground group."""

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.problem import StartProblem
from config.embedded.processes import Child, Children, last_words

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"

Say = Callable[[str], object]

BEAT = ("celery", "-A", "config.celery_app", "beat", "--pidfile=", "--loglevel", "WARNING")


def web(bind: str, *, workers: int = 2, threads: int = 4) -> tuple[str, ...]:
    return (
        *("gunicorn", "config.wsgi", "--bind", bind),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads), "--preload"),
        "--no-control-socket",  # it would lie in the user's home, where two apps of one user meet
        *("--log-level", "warning"),
    )


def worker(concurrency: int = 2) -> tuple[str, ...]:
    return (
        *("celery", "-A", "config.celery_app", "worker", "--concurrency", str(concurrency)),
        *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
    )


@dataclass
class Group:
    """Starts modules and commands of this checkout as children, all with the same environment."""

    children: Children
    environment: Mapping[str, str]
    logs: Path | None = None  # without it they speak at the terminal

    def start(self, name: str, module: Sequence[str]) -> Child:
        return self.children.start(
            name,
            [sys.executable, "-m", *module],
            environment=self.environment,
            folder=MANAGE.parent,
            log=self._log(name),
        )

    def manage(self, *command: str) -> None:
        self.finish(self.begin(*command))

    def begin(self, *command: str) -> Child:
        """A manage.py command beside others; `finish` waits for it."""
        name = command[0]
        return self.children.start(
            name,
            [sys.executable, MANAGE, *command],
            environment=self.environment,
            folder=MANAGE.parent,
            log=self._log(name),
        )

    def finish(self, child: Child) -> None:
        code = child.process.wait()
        self.children.forget(child)
        if code:
            log = self._log(child.name)
            told = f": {last_words(log, lines=1)} (more in {log})" if log else "."
            raise StartProblem(f"`manage.py {child.name}` failed{told}")

    def fetch_fonts(self, say: Say) -> None:
        """The letters of printed pages: without them a name in Chinese prints as boxes, and all else works."""
        try:
            self.finish(self.begin("assets", "--fonts"))
        except StartProblem as problem:
            say(f"Printed pages lack letters of other scripts until the next start: {problem}")

    def watch(self) -> None:
        """Until a child stops, which none should."""
        while not (stopped := self.children.first_stopped()):
            time.sleep(0.3)
        log = self._log(stopped.name)
        told = f" Its last words: {last_words(log)}" if log and last_words(log) else ""
        raise StartProblem(f"{stopped.name} stopped with {stopped.process.returncode}.{told}")

    def wait_until_ready(self, url: str, patience: float = 90) -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.children.first_stopped():
                self.watch()
            if answers(f"{url}/healthz"):
                return
            time.sleep(0.1)
        raise StartProblem(f"The app did not become ready within {patience:.0f} seconds.")

    def _log(self, name: str) -> Path | None:
        if self.logs is None:
            return None
        self.logs.mkdir(parents=True, exist_ok=True)
        return self.logs / f"{name}.log"


@contextlib.contextmanager
def until_interrupted() -> Iterator[None]:
    """Ctrl-C and a polite kill end what is inside; a second one does not disturb the first."""

    def stop(_number: int, _frame: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    numbers = [number for number in wanted if signal.getsignal(number) is not signal.SIG_IGN]
    for number in numbers:
        signal.signal(number, stop)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def chosen_port(wanted: int | None, first: int = 8000) -> int:
    """The port that was asked for, or the first free one."""
    if wanted is not None:
        if not is_free(wanted):
            raise StartProblem(f"Port {wanted} is taken: choose another with --port.")
        return wanted
    for port in range(first, first + 100):
        if is_free(port):
            return port
    raise StartProblem(f"No free port between {first} and {first + 99}: choose one with --port.")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def environment_without(prefixes: Sequence[str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(tuple(prefixes))}
