"""The product's processes on one database, and what is done to them."""

import http.client
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from config.embedded import postgres, valkey
from config.embedded.processes import Child, Children
from config.embedded.state import redis_url
from config.running import BEAT, Group, any_free_port, web, worker
from tests.benchmarks import travellers
from tests.benchmarks.measure import cookies

OURS = travellers.__name__


@dataclass
class Crowd:
    """The web by gunicorn; workers and beats by Celery's own commands, in processes that know the code already."""

    children: Children
    group: Group
    logs: Path
    webs: int = 2
    workers: int = 3
    beats: int = 2
    ports: list[int] = field(default_factory=list)
    _celery: dict[str, Any] = field(default_factory=dict)
    _forks: Any = None

    @classmethod
    def of(cls, children: Children, logs: Path, *, webs: int, workers: int, beats: int) -> "Crowd":
        group = Group(children, dict(os.environ), logs=logs)
        crowd = cls(children, group, logs, webs, workers, beats)
        logs.mkdir(exist_ok=True)
        crowd.ports = [any_free_port() for _number in range(crowd.webs)]
        crowd._forks = multiprocessing.get_context("forkserver")
        crowd._forks.set_forkserver_preload([OURS])
        for name in crowd.names:
            crowd.start(name)
        return crowd

    @property
    def names(self) -> list[str]:
        sizes = {"web": self.webs, "worker": self.workers, "beat": self.beats}
        return [f"{kind} {number}" for kind, count in sizes.items() for number in range(count)]

    def start(self, name: str) -> None:
        kind, number = name.split()
        ours = {"config.wsgi": f"{OURS}:application", "config.celery_app": OURS}
        if kind == "web":
            command = web(f"127.0.0.1:{self.ports[int(number)]}", workers=1)
            self.group.start(name, [ours.get(word, word) for word in command])
            return
        command = (*worker(), "--hostname", f"{number}@localhost") if kind == "worker" else BEAT
        log = str(self.logs / f"{name}.log")
        words = [ours.get(word, word) for word in command]
        process = self._forks.Process(target=travellers.begin, args=(words, log, os.getpid()), daemon=True)
        process.start()
        self._celery[name] = process

    def pid(self, name: str) -> int:
        if name in self._celery:
            return int(self._celery[name].pid)
        return self._server(name).process.pid

    def kill(self, name: str) -> None:
        """With all its own processes, and at once."""
        pid = self.pid(name)
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # it was about to begin a session of its own

    def kill_a_hand_of(self, name: str) -> None:
        """One process of a worker's pool, which the worker then replaces."""
        pid = self.pid(name)
        with suppress(OSError, IndexError):
            hand = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
            os.kill(int(hand), signal.SIGKILL)

    def restart_the_dead(self) -> None:
        for name in self.names:
            if name in self._celery:
                if not self._celery[name].is_alive():
                    self.start(name)
                continue
            child = self._server(name)
            if child.stopped():
                self.children.forget(child)
                self.start(name)

    def kill_workers(self) -> None:
        for name in self.names:
            if name.startswith("worker"):
                self.kill(name)

    def end(self) -> None:
        for name in self.names:
            self.kill(name)

    def end_all_but_the_web(self) -> None:
        self.restart_the_dead()
        for name in self._celery:
            self.kill(name)

    def _server(self, name: str) -> Child:
        return next(child for child in self.children.running if child.name == name)

    def kill_postgres(self) -> None:
        child = self._server("PostgreSQL")
        child.process.kill()
        child.process.wait()
        self.children.forget(child)

    def start_postgres(self) -> None:
        postgres.start(self.children)

    def kill_valkey(self) -> None:
        child = self._server("Valkey")
        child.process.kill()
        child.process.wait()
        self.children.forget(child)

    def start_valkey(self) -> None:
        valkey.start(self.children)

    def empty_valkey(self) -> None:
        with redis.Redis.from_url(redis_url()) as client:
            client.flushall()


class Reader(threading.Thread):
    """Somebody who looks at a page now and then, through each web process."""

    def __init__(self, ports: list[int], session: str, path: str = "/today/", pause: float = 0.5) -> None:
        super().__init__(daemon=True)
        self.ports, self.session, self.path, self.pause = ports, session, path, pause
        self.answers: Counter[int] = Counter()
        self.seconds: list[float] = []
        self._ended = threading.Event()

    def run(self) -> None:
        turn = 0
        while not self._ended.wait(self.pause):
            turn += 1
            began = time.monotonic()
            try:
                asked = http.client.HTTPConnection("127.0.0.1", self.ports[turn % len(self.ports)], timeout=30)
                asked.request("GET", self.path, headers={"Host": "localhost", "Cookie": cookies(self.session)})
                status = asked.getresponse().status
                asked.close()
            except (OSError, http.client.HTTPException):
                status = 0  # it was killed a moment ago
            self.answers[status] += 1
            if status == 200:
                self.seconds.append(time.monotonic() - began)

    def end(self) -> None:
        self._ended.set()
        self.join(40)


class ConnectionCount(threading.Thread):
    """The most connections of the product's processes that were open at once; those of the run itself do not count."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.25):
            with suppress(Exception):  # PostgreSQL was killed a moment ago
                self.look()

    def look(self) -> None:
        with postgres.connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND application_name = 'puente'"
            ).fetchone()
        self.most = max(self.most, int(str(row[0])) if row else 0)

    def end(self) -> None:
        self._ended.set()
        self.join(10)
