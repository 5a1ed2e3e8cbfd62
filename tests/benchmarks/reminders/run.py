"""From moment to moment, with a fault now and then."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeVar

import redis
from django.db import Error, connection
from django.db.models import Min

from leads.models import Delivery, DeliveryItem, FollowUp, Interaction, Reminder
from leads.reminding.deliveries import LEASE
from tests.benchmarks.reminders.crowd import Crowd
from tests.benchmarks.reminders.sink import Sink
from tests.benchmarks.reminders.world import Due, World
from tests.benchmarks.travelling import Travel

Found = TypeVar("Found")

# How long the run waits, in seconds of ours, until all that is due at a moment was tried.
PATIENCE = 40.0
# No message is under way for longer than this, so what is still claimed belongs to a worker that died.
UNDER_WAY = 8.0
A_MINUTE = timedelta(minutes=1)
# While the mail server says no, not each of the tries is waited for.
AN_OUTAGE_TICKS = timedelta(hours=2)
SOME_FAULT, SOME_TEMPER = 0.35, 0.12
# What befalls the processes, and how often against each other.
FAULTS = {
    "worker killed": 6,
    "hand of a worker killed": 4,
    "worker killed before the server's yes": 4,
    "worker killed after the server's yes": 3,
    "all workers killed": 2,
    "beat killed": 3,
    "web killed": 2,
    "Redis emptied": 5,
    "Redis killed": 3,
    "PostgreSQL killed": 3,
}
BAD_TEMPERS = ("slow", "hangs", "4xx", "4xx after the words", "5xx to us", "refuses", "yes too late")


@dataclass
class Run:
    world: World
    crowd: Crowd
    sink: Sink
    travel: Travel
    chance: Random
    meetings: int
    faults: Counter[str] = field(default_factory=Counter)
    log: list[tuple[datetime, str]] = field(default_factory=list)
    _untold: dict[tuple[int, int], list[Due]] = field(default_factory=dict)
    _told: list[tuple[int, int]] = field(default_factory=list)
    # How many letters, and how many occasions, were looked at so far; and until which moment the mail server is bad.
    _read: int = 0
    _known: int = 0
    _bad_until: int = 0

    def through(self, moments: list[datetime]) -> None:
        ends = moments[-1]
        self._settle()  # all is up, and nothing is due yet
        for number, moment in enumerate(moments):
            quiet = moment > ends - timedelta(hours=20)
            self._go_to(moment)
            if quiet:
                self.sink.turn("sound")
            else:
                self._change_temper(number)
                self._befall()
            self._settle()
            self._catch_up(moments[number + 1] if number + 1 < len(moments) else ends + timedelta(days=2))
            self._live(number, len(moments))
            self._say(number, len(moments))

    def _go_to(self, moment: datetime) -> None:
        if moment > self.travel.now():
            self.travel.to(moment)

    def _catch_up(self, before: datetime) -> None:
        """Second tries and claims whose lease runs out, until the next moment at which something new is due."""
        pause = A_MINUTE if self.sink.temper == "sound" else AN_OUTAGE_TICKS
        for _turn in range(20):
            again = self._asked(lambda: Delivery.objects.unsent().aggregate(first=Min("next_try_at"))["first"])
            now = self.travel.now()
            if again is None or max(again, now + pause) >= before:
                return
            self._go_to(max(again, now + pause))
            self._settle()

    def _change_temper(self, number: int) -> None:
        if number < self._bad_until:
            return
        if self.chance.random() < SOME_TEMPER:
            temper = self.chance.choice(BAD_TEMPERS)
            self._bad_until = number + (1 if temper in {"hangs", "yes too late"} else self.chance.randint(1, 2))
            self._note(f"mail server: {temper}")
            self.sink.turn(temper)
        else:
            self.sink.turn("sound")

    def _befall(self) -> None:
        if self.chance.random() > SOME_FAULT:
            return
        (fault,) = self.chance.choices(list(FAULTS), weights=list(FAULTS.values()))
        worker = f"worker {self.chance.randrange(self.crowd.workers)}"
        self._note(fault)
        time.sleep(self.chance.uniform(0, 1.2))
        happen: dict[str, Callable[[], object]] = {
            "worker killed": lambda: self.crowd.kill(worker),
            "hand of a worker killed": lambda: self.crowd.kill_a_hand_of(worker),
            "worker killed before the server's yes": lambda: setattr(self.sink, "before", self.crowd.kill_workers),
            "worker killed after the server's yes": lambda: setattr(self.sink, "after", self.crowd.kill_workers),
            "all workers killed": self.crowd.kill_workers,
            "beat killed": lambda: self.crowd.kill(f"beat {self.chance.randrange(self.crowd.beats)}"),
            "web killed": lambda: self.crowd.kill(f"web {self.chance.randrange(self.crowd.webs)}"),
            "Redis emptied": self._empty_redis,
            "Redis killed": self._kill_redis,
            "PostgreSQL killed": self._kill_postgres,
        }
        happen[fault]()

    def _empty_redis(self) -> None:
        for _turn in range(5):
            self.crowd.empty_valkey()
            time.sleep(0.2)

    def _kill_redis(self) -> None:
        self.crowd.kill_valkey()
        time.sleep(self.chance.uniform(0, 1))
        self.crowd.start_valkey()

    def _kill_postgres(self) -> None:
        self.crowd.kill_postgres()
        time.sleep(self.chance.uniform(0, 1))
        self.crowd.start_postgres()

    def _note(self, what: str) -> None:
        self.faults[what] += 1
        self.log.append((self.travel.now(), what))

    def _settle(self) -> None:
        """Until all that is due was tried, whatever came of it; what died is started again meanwhile."""
        end, calm, claims = time.monotonic() + PATIENCE, 0, time.monotonic()
        while calm < 3 and time.monotonic() < end:
            time.sleep(0.15)
            self.crowd.restart_the_dead()
            self._hear()
            claimed = self._asked(lambda: Delivery.objects.filter(state=Delivery.State.CLAIMED).exists())
            orphaned = claimed and time.monotonic() - claims > UNDER_WAY
            calm = calm + 1 if not self._asked(self._is_busy) and (orphaned or not claimed) else 0
        if calm < 3:
            self._note("the run did not wait any longer")
        while self._asked(self._is_under_way):
            time.sleep(0.1)
        self.sink.before = self.sink.after = None

    def _is_under_way(self) -> bool:
        """Whether a worker that lives may have a message in hand."""
        newest = Delivery.objects.filter(state=Delivery.State.CLAIMED).order_by("-claimed_until").first()
        if newest is None or newest.claimed_until is None:
            return False
        return self.travel.now() - (newest.claimed_until - LEASE) < timedelta(seconds=UNDER_WAY)

    def _is_busy(self) -> bool:
        now = self.travel.now()
        if Delivery.objects.to_send(now).exists() or Interaction.objects.filter(follow_ups_opened_at=None).exists():
            return True
        if DeliveryItem.objects.to_plan().filter(reminder__rule=Reminder.Rule.AT_HOUR).exists():
            return True
        waiting = [due for dues in self._untold.values() for due in dues if due.at <= now]
        ids = {due.follow_up for due in waiting}
        open_ones = set(FollowUp.objects.open().filter(pk__in=ids).values_list("pk", flat=True))
        routed = set(
            Reminder.objects.filter(follow_up__in=ids).exclude(routed_at=None).values_list("follow_up", "person")
        )
        return any((due.follow_up, due.person) not in routed for due in waiting if due.follow_up in open_ones)

    def _hear(self) -> None:
        """Whom the mail server's new letters told of what."""
        for due in self.world.due[self._known :]:
            self._untold.setdefault((due.follow_up, due.person), []).append(due)
        self._known = len(self.world.due)
        new = self.sink.letters(self._read)
        self._read += len(new)
        by_address = {person.email: pk for pk, person in self.world.people.items()}
        for letter in new:
            for pk in letter.about:
                key = (pk, by_address.get(letter.to, 0))
                dues = self._untold.get(key, [])
                left = [due for due in dues if due.at > letter.at]
                if len(left) < len(dues):
                    self._told.append(key)
                    self._untold[key] = left

    def _live(self, number: int, moments: int) -> None:
        """What people do with what they were told; and the meetings of the day."""
        told, self._told = self._told, []
        self._asked(self.world.expect_new_steps)
        for pk, person in told:
            self._asked(partial(self._answer, pk, person, self.chance.random(), self.chance.randint(1, 6)))
        share = self.meetings * (number + 1) // (moments // 2) - self.meetings * number // (moments // 2)
        if number < moments // 2 and share:
            self._asked(lambda: self.world.meet(share, self.travel.now()))
            self._settle()  # their steps open within a minute, not on the next morning
            self._asked(self.world.expect_new_steps)

    def _answer(self, pk: int, person: int, what: float, days: int) -> None:
        """Most is done at once; some is put off, and some left lying until a manager hears of it."""
        if FollowUp.objects.get(pk=pk).owner_id != person:
            return
        if what < 0.75:
            self.world.complete(pk, self.travel.now())
        elif what < 0.85:
            self.world.snooze(pk, days)

    def _asked(self, question: Callable[[], Found]) -> Found:
        """PostgreSQL may have been killed a moment ago."""
        for _turn in range(60):
            try:
                return question()
            except (Error, redis.RedisError):
                connection.close()
                time.sleep(0.5)
        return question()

    def _say(self, number: int, of: int) -> None:
        waiting = sum(1 for dues in self._untold.values() for due in dues if due.at <= self.travel.now())
        last = self.log[-1][1] if self.log else "nothing befell"
        told = f"{self.travel.now():%Y-%m-%d %H:%M}, {self._read} messages, {waiting} untold, {last}"
        sys.stderr.write(f"moment {number} of {of}: {told}\n")
