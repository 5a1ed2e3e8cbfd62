"""A run of simulated weeks against real processes: follow-ups come due while everything is killed, emptied and refused.

Two web, three worker and two beat processes share one database, a Valkey and a mail server that keeps what it took. The
time is moved from one moment at which something is due to the next, and runs as outside between them; nobody is moved
while a message is under way, as no machine sleeps for hours in the middle of one. What is to be told to whom and when
is counted by rules of the run's own, and compared with what the mail server took.

The same seed meets the same faults at the same moments; in which millisecond of a worker's life they fall is chance.
"""

import json
import os
import time
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection

from config.embedded.processes import Children, wait_until
from config.embedded.state import state_folder
from config.staff.models import Heartbeat, User
from tests.benchmarks.measure import session_of
from tests.benchmarks.reminders.crowd import ConnectionCount, Crowd, Reader
from tests.benchmarks.reminders.opening import opening
from tests.benchmarks.reminders.run import Run
from tests.benchmarks.reminders.sink import Sink
from tests.benchmarks.reminders.verdict import judge
from tests.benchmarks.reminders.world import World
from tests.benchmarks.travelling import CLOCK, Travel

# A web process may open one for each of its threads; a worker one for each hand and one for its heartbeat; a beat one.
CONNECTION_LIMIT = 2 * 4 + 3 * 3 + 2 * 1
TIMEOUT = 3  # seconds a mail server may take, so that one that hangs does not make the run long


@dataclass(frozen=True)
class Size:
    people: int
    promises: int
    meetings: int
    days: int
    crowd: dict[str, int]


FULL = Size(people=24, promises=8_000, meetings=500, days=60, crowd={"webs": 2, "workers": 3, "beats": 2})
SMALL = Size(people=8, promises=250, meetings=15, days=4, crowd={"webs": 1, "workers": 2, "beats": 2})


def run(size: str, only: set[str], *, children: Children, seed: int = 1, small: bool = False) -> dict[str, Any]:
    if only == {"opening"}:
        return _opening_alone(children, seed)
    asked, began = SMALL if small else FULL, time.monotonic()
    chance = Random(seed)
    travel = Travel(state_folder() / "clock")
    world = World.with_people(asked.people, asked.days, chance)
    moments = world.moments()
    travel.to(moments[0] - timedelta(minutes=30))
    travel.follow()
    world.promise(asked.promises)
    sink = Sink(travel.now, Random(seed + 1))
    sink.open()
    session = session_of(User.objects.filter(pk__in=world.people).order_by("pk")[0])
    os.environ |= _environment(sink)
    crowd = Crowd.of(children, state_folder() / "logs", **asked.crowd)
    connection.close()
    wait_until(lambda: Heartbeat.objects.count() >= 2, 60)
    count, reader = ConnectionCount(), Reader(crowd.ports, session)
    count.start()
    reader.start()
    try:
        travelled = Run(world, crowd, sink, travel, Random(seed + 2), asked.meetings)
        travelled.through(moments)
        answer = {
            "seed": seed,
            "days": asked.days,
            **asked.crowd,
            **judge(world, sink.letters(), travelled.log),
            "faults": dict(travelled.faults),
            "most_connections": count.most,
            "connection_limit": CONNECTION_LIMIT,
            "pages": {str(status): number for status, number in sorted(reader.answers.items())},
            "seconds": round(time.monotonic() - began),
        }
        print(json.dumps(answer, indent=2))
        if not small:
            crowd.end_all_but_the_web()
            answer |= opening(world, lambda: Reader(crowd.ports, session, pause=0.2))
    finally:
        reader.end()
        crowd.end()
        count.end()
        sink.close()
    print(json.dumps(answer, indent=2))
    return answer


def _opening_alone(children: Children, seed: int) -> dict[str, Any]:
    """The big event by itself, with nobody killed: one web process to ask for pages, and no clock but the machine's."""
    world = World.with_people(FULL.people, FULL.days, Random(seed))
    session = session_of(User.objects.filter(pk__in=world.people).order_by("pk")[0])
    crowd = Crowd.of(children, state_folder() / "logs", webs=1, workers=0, beats=0)
    try:
        answer = opening(world, lambda: Reader(crowd.ports, session, pause=0.2))
    finally:
        crowd.end()
    print(json.dumps(answer, indent=2))
    return answer


def _environment(sink: Sink) -> dict[str, str]:
    """What the product's processes read."""
    return {
        CLOCK: str(state_folder() / "clock"),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "EMAIL_TIMEOUT": str(TIMEOUT),
        "C_FORCE_ROOT": "1",
        "PYTHONUNBUFFERED": "1",
        "PGAPPNAME": "puente",
    }
