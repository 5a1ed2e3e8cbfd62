"""Random histories of an agency, and what must hold in each of them whatever happened before.

Meetings, promises, moved events, merges, leaves, journeys, closed accounts, clocks that change and that are set back,
workers that die at every point between claim and note, beats that run at once, jobs that are lost. What the mail server
took is the truth; what was due is known by the rules of this test, not by the rows of reminders.

The suite runs the same few histories each time. `HISTORIES=500 uv run pytest tests/leads/test_histories.py -n 0` runs
as many new ones.
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from companies.merging import MergeRefused, merge
from config.first_data.cadence import load_default_cadence
from config.staff import clock, mail_room
from config.staff.mail_room import MailDelayed, MailRefused
from config.staff.models import Leave, Stay, User
from leads.follow_ups.opening import keep_up
from leads.models import Delivery, FollowUp, Interaction, Reminder
from leads.models.choices import Interest, Outcome
from leads.reminding import deliveries
from leads.reminding.reminders import raise_due
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, ParticipantFactory
from tests.missions.factories import EventFactory, MissionFactory
from tests.staff.factories import UserFactory

HISTORIES = int(os.environ.get("HISTORIES", "0"))
STEPS = 14
PROFILE = settings(
    max_examples=HISTORIES or 6,
    stateful_step_count=STEPS,
    derandomize=not HISTORIES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# A Tuesday. Madrid's clocks change on the 25th, those of Los Angeles on the 1st; the 12th, 2nd and 16th are holidays.
START = datetime(2026, 10, 20, 15, 0, tzinfo=UTC)
ZONES = ("America/Bogota", "America/Los_Angeles", "Europe/Madrid")
ELSEWHERE = ("Asia/Tokyo", "Asia/Kolkata", "Europe/London")
MORNING, QUIET_FROM = 7, 20
A_DAY = timedelta(days=1)
URL = re.compile(r"/follow-ups/(\d+)/")
DUE = ("Due", "For colleagues on leave", "hour")
SECTIONS = {"Due", "For colleagues on leave", "New or changed", "Overdue in your team", "Offered to you"}
MISHAPS = (
    "away",
    "refuses",
    "dies after the claim",
    "dies before the yes",
    "dies after the yes",
    "dies after the note",
    "a second beat runs meanwhile",
)
numbers = st.integers(0, 99)


class Died(BaseException):
    """Whoever had it in hand was killed: nothing after this line was ever run."""


@dataclass(frozen=True)
class Letter:
    at: datetime
    to: int
    message_id: str
    about: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Standing:
    """How a follow-up stood, and since when it was seen so."""

    due_on: date
    due_at: datetime | None
    owner: int


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.around = ExitStack()
        self.letters: list[Letter] = []
        self.faults: list[str] = []
        self.mishap = ""
        # Messages whose yes nobody lived to note: the one way in which a message may go out twice.
        self.in_window: set[str] = set()
        self.versions: dict[int, set[tuple[object, ...]]] = defaultdict(set)
        self.seen_since: dict[tuple[int, Standing], datetime] = {}
        self.accepted: set[tuple[int, int]] = set()

    @initialize()
    def begin(self) -> None:
        self.around.enter_context(rolled_back())
        self.around.enter_context(clock.set_to(START))
        self.around.enter_context(mock.patch.object(mail_room, "_hand_over", self._take))
        self._let_workers_die()
        boss = UserFactory(zone=ZONES[0], quiet_from=QUIET_FROM, manager_role=True)
        self.admin = UserFactory(zone=ZONES[0], quiet_from=QUIET_FROM, administrator=True)
        officers = [UserFactory(zone=zone, quiet_from=QUIET_FROM, manager=boss) for zone in (*ZONES, ZONES[0])]
        for officer, deputy in zip(officers, [*officers[1:], officers[0]], strict=True):
            officer.deputy = deputy
            officer.save()
        self.people: list[User] = [*officers, boss]
        self.companies = CompanyFactory.create_batch(4)
        self.contacts = ContactFactory.create_batch(4)
        city, mission = CityFactory(), MissionFactory()
        self.events = [
            EventFactory(
                mission=mission,
                city=city,
                local_start=datetime(2026, 10, 20 + number, 9),
                local_end=datetime(2026, 10, 21 + number, 18),
            )
            for number in range(2)
        ]

    def teardown(self) -> None:
        try:
            self.all_is_told_in_the_end()
        finally:
            self.around.close()

    # What people do

    @rule(who=numbers, where=numbers, met=numbers, interest=st.sampled_from(Interest), at_event=st.booleans())
    def meet(self, who: int, where: int, met: int, interest: str, at_event: bool) -> None:
        interaction: Interaction = InteractionFactory(
            company=self._company(where),
            logged_by=self._person(who),
            interest=interest,
            outcome=Outcome.NO_SHOW if met % 7 == 0 else Outcome.HELD,
            event=self.events[met % 2] if at_event else None,
        )
        for contact in {self._contact(met), self._contact(met // 2)}:
            ParticipantFactory(interaction=interaction, contact=contact)

    @rule(who=numbers, where=numbers, days=st.integers(0, 5), hour=st.one_of(st.none(), st.integers(0, 23)))
    def promise(self, who: int, where: int, days: int, hour: int | None) -> None:
        owner = self._person(who)
        day = clock.today_for(owner) + timedelta(days=days)
        at_hour = None if hour is None else datetime.combine(day, time(hour), ZoneInfo(owner.zone)).astimezone(UTC)
        if at_hour and at_hour < clock.now():
            at_hour = None
        FollowUpFactory(owner=owner, known_to=owner, company=self._company(where), due_on=day, due_at=at_hour)

    @rule(which=numbers, days=st.integers(1, 4))
    def snooze(self, which: int, days: int) -> None:
        row = self._open(which)
        if row:
            to = clock.today_for(row.owner) + timedelta(days=days)
            row.snooze(to, by=row.owner, seen_version=row.version, reason="They asked for it")

    @rule(which=numbers, done=st.booleans())
    def close(self, which: int, done: bool) -> None:
        row = self._open(which)
        if row and done:
            row.complete(by=row.owner, note="Sent")
        elif row:
            row.cancel(by=row.owner, reason="Not needed")

    @rule(which=numbers, to=numbers, accepts=st.booleans())
    def hand_over(self, which: int, to: int, accepts: bool) -> None:
        row, colleague = self._open(which), self._person(to)
        if row and colleague != row.owner:
            row = row.hand_over(colleague, by=row.owner, seen_version=row.version)
            if accepts:
                row.accept(by=colleague)
                self.accepted.add((row.pk, colleague.pk))

    @rule(which=numbers, days=st.integers(-2, 4))
    def move_event(self, which: int, days: int) -> None:
        event = self.events[which % 2]
        event.local_start += timedelta(days=days)
        event.local_end += timedelta(days=days)
        event.save()
        event.refresh_from_db()

    @rule(which=numbers)
    def cancel_event(self, which: int) -> None:
        if which % 5 == 0:
            event = self.events[which % 2]
            event.cancelled_at = None if event.cancelled_at else clock.now()
            event.save()

    @rule(keep=numbers, drop=numbers, people=st.booleans())
    def merge(self, keep: int, drop: int, people: bool) -> None:
        kind: list[Any] = self.contacts if people else self.companies
        survivor, loser = kind[keep % len(kind)], kind[drop % len(kind)]
        if survivor != loser and len(kind) > 2:
            try:
                merge(survivor, loser, by=self.admin)
            except MergeRefused:
                return
            kind.remove(loser)

    @rule(which=numbers)
    def object(self, which: int) -> None:
        contact = self._contact(which)
        contact.objected_at = clock.now()
        contact.save()

    @rule(who=numbers, starts=st.integers(0, 2), days=st.integers(1, 6))
    def go_on_leave(self, who: int, starts: int, days: int) -> None:
        person = self._person(who)
        first = clock.today_for(person) + timedelta(days=starts)
        last = first + timedelta(days=days)
        if not Leave.objects.filter(user=person, first_day__lte=last, last_day__gte=first).exists():
            Leave.objects.create(user=person, first_day=first, last_day=last)

    @rule(who=numbers, zone=st.sampled_from(ELSEWHERE), days=st.integers(1, 4))
    def travel(self, who: int, zone: str, days: int) -> None:
        person, now = self._person(who), clock.now()
        Stay.objects.update_or_create(
            user=person, source="trip", defaults={"zone": zone, "starts_at": now, "ends_at": now + timedelta(days=days)}
        )

    @precondition(lambda self: len(self.people) > 3)
    @rule(who=numbers)
    def leave_for_good(self, who: int) -> None:
        if who % 4 == 0:
            person = self._person(who)
            person.close(at=clock.now())
            self.people.remove(person)

    # What time and machines do

    @rule(hours=st.sampled_from((1, 3, 6, 11, 24, 49)))
    def wait(self, hours: int) -> None:
        clock.advance(hours=hours)

    @rule()
    def clocks_change(self) -> None:
        """To just before the next night in which clocks of one of the zones are put back."""
        nights = (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 11, 1, 8, 50, tzinfo=UTC))
        ahead = [night - clock.now() for night in nights if night > clock.now()]
        if ahead:
            clock.advance(seconds=ahead[0].total_seconds())

    @rule()
    def the_servers_clock_is_set_back(self) -> None:
        clock.advance(minutes=-4)

    @rule(number=numbers)
    def the_morning_comes(self, number: int) -> None:
        self._wait_for_morning(self._person(number))
        self._beat()

    @rule(mishap=st.sampled_from(MISHAPS))
    def the_morning_comes_with_a_mishap(self, mishap: str) -> None:
        self._wait_for_morning(self._person(0))
        self.mishap = mishap
        self._beat()
        self.mishap = ""

    @rule(lost=st.sampled_from(("open", "raise", "send")))
    def a_job_is_lost(self, lost: str) -> None:
        self._beat(lost)

    @rule()
    def beat(self) -> None:
        self._beat()

    # What must hold

    @invariant()
    def nothing_went_wrong(self) -> None:
        assert self.faults == []

    @rule()
    def all_is_told_in_the_end(self) -> None:
        """Two quiet days, in which everything works and nobody does anything."""
        for _turn in range(2):
            for zone in (*ELSEWHERE[:2], ZONES[2], ZONES[0], ZONES[1]):
                self._wait_until(MORNING, zone)
                self._beat()
        now = clock.now()
        away = {row.user_id for row in Leave.objects.filter(first_day__lte=now + A_DAY, last_day__gte=now - 2 * A_DAY)}
        rows = FollowUp.objects.open().filter(owner__is_active=True).exclude(owner__in=away)
        for row in rows.select_related("owner", "step", "contact", "company"):
            assert not (row.step and row.step.is_message and row.contact and row.contact.objected_at), row.pk
            assert row.company is None or row.company.merged_into_id is None, row.pk
            self._assert_told(row)
        waiting = Reminder.objects.waiting().filter(due_at__lte=now - A_DAY, person__is_active=True)
        forgotten = waiting.exclude(person__in=away).exclude(items__delivery__state=Delivery.State.REFUSED)
        assert list(forgotten.values_list("rule", "occurrence")) == []
        self.nothing_went_wrong()

    def _assert_told(self, row: FollowUp) -> None:
        since = self.seen_since[row.pk, Standing(row.due_on, row.due_at, row.owner_id)]
        here = ZoneInfo(row.owner.zone)
        due = row.due_at or datetime.combine(row.due_on, time(MORNING), here).astimezone(UTC)
        if due > clock.now() - A_DAY or (since > due and (row.pk, row.owner_id) in self.accepted):
            return
        told = {
            section
            for letter in self.letters
            if letter.to == row.owner_id and letter.at >= min(since, due)
            for section, pk in letter.about
            if pk == row.pk
        }
        assert told & set(DUE) or (since > due and told) or self._is_explained(row), (row.pk, row.due_on, due, since)

    def _is_explained(self, row: FollowUp) -> bool:
        """Of this occasion the log says why it was left out, or that the mail server refused it."""
        occasion = row.due_at.isoformat() if row.due_at else row.due_on.isoformat()
        mine = Reminder.objects.filter(follow_up=row, person=row.owner_id, occurrence__startswith=occasion)
        refused = mine.filter(items__delivery__state=Delivery.State.REFUSED)
        return mine.filter(state=Reminder.State.SKIPPED).exists() or refused.exists()

    # The machines

    def _beat(self, lost: str = "") -> None:
        at = clock.now()
        self._look()
        jobs: dict[str, Callable[[], object]] = {
            "open": lambda: keep_up(at=at),
            "raise": lambda: raise_due(at=at),
            "send": lambda: self._send(at),
        }
        for name, job in jobs.items():
            if name != lost:
                job()
                self._look()

    def _send(self, at: datetime) -> None:
        """As `leads.tasks.send_due` does."""
        raise_due(at=at)
        deliveries.plan(at=at)
        for pk in deliveries.to_send(at=at):
            try:
                deliveries.send(pk)
            except Died:
                continue

    def _look(self) -> None:
        for row in FollowUp.objects.open():
            self.versions[row.pk].add((row.due_on, row.due_at, row.version))
            self.seen_since.setdefault((row.pk, Standing(row.due_on, row.due_at, row.owner_id)), clock.now())

    def _take(self, message: EmailMultiAlternatives, _timeout: float) -> str:
        mishap = self._meets("away", "refuses", "dies before the yes", "a second beat runs meanwhile")
        if mishap == "away":
            raise MailDelayed("421 Away")
        if mishap == "refuses":
            raise MailRefused("550 No such person")
        if mishap == "dies before the yes":
            raise Died
        if mishap:
            self._beat()
        letter = Letter(
            clock.now(),
            User.objects.get(email=message.to[0]).pk,
            str(message.extra_headers["Message-ID"]),
            frozenset(sections_of(str(message.body))),
        )
        self._look_at(letter)
        self.letters.append(letter)
        if self._meets("dies after the yes"):
            self.in_window.add(letter.message_id)
            raise Died
        return "250 Kept"

    def _look_at(self, letter: Letter) -> None:
        person = User.objects.get(pk=letter.to)
        here = ZoneInfo(person.zone_at(letter.at))
        if not MORNING <= letter.at.astimezone(here).hour < QUIET_FROM:
            self.faults.append(f"in quiet hours: {letter}")
        if not person.is_active:
            self.faults.append(f"to a closed account: {letter}")
        before = [one for one in self.letters if one.message_id == letter.message_id]
        if before and letter.message_id not in self.in_window:
            self.faults.append(f"sent twice: {letter}")
        self._look()
        for section, pk in letter.about:
            row = FollowUp.objects.select_related("step", "contact").get(pk=pk)
            if row.step and row.step.is_message and row.contact and row.contact.objected_at:
                self.faults.append(f"a message to who objected: {row.pk} in {letter}")
            if not row.is_open:
                self.faults.append(f"about what is closed: {row.pk} in {letter}")
            if section in DUE:
                told = {one.message_id for one in self.letters if one.to == letter.to and named(one, pk)}
                if len(told | {letter.message_id}) > len(self.versions[pk]):
                    self.faults.append(f"told twice of one occasion: {row.pk} in {letter}")

    def _meets(self, *mishaps: str) -> str:
        """A mishap happens once."""
        if self.mishap not in mishaps:
            return ""
        mishap, self.mishap = self.mishap, ""
        return mishap

    def _let_workers_die(self) -> None:
        write, settle = deliveries._write_and_send, Delivery.settle

        def dies_after_the_claim(delivery: Delivery) -> Any:
            if self._meets("dies after the claim"):
                raise Died
            return write(delivery)

        def dies_after_the_note(delivery: Delivery, *args: Any, **kwargs: Any) -> bool:
            if self._meets("dies after the note"):
                raise Died
            return settle(delivery, *args, **kwargs)

        self.around.enter_context(mock.patch.object(deliveries, "_write_and_send", dies_after_the_claim))
        self.around.enter_context(mock.patch.object(Delivery, "settle", dies_after_the_note))

    # Where and who

    def _wait_for_morning(self, person: User) -> None:
        self._wait_until(MORNING, person.zone_at(clock.now()))

    def _wait_until(self, hour: int, zone: str) -> None:
        here = clock.now().astimezone(ZoneInfo(zone))
        day = here.date() + timedelta(days=here.hour >= hour)
        ahead = datetime.combine(day, time(hour, 1), ZoneInfo(zone)).astimezone(UTC) - clock.now()
        clock.advance(seconds=ahead.total_seconds())

    def _person(self, number: int) -> User:
        person: User = User.objects.get(pk=self.people[number % len(self.people)].pk)
        return person

    def _company(self, number: int) -> Any:
        return self.companies[number % len(self.companies)]

    def _contact(self, number: int) -> Any:
        contact = self.contacts[number % len(self.contacts)]
        contact.refresh_from_db()
        return contact

    def _open(self, number: int) -> FollowUp | None:
        rows = FollowUp.objects.open().filter(owner__is_active=True).select_related("owner").order_by("pk")
        count = rows.count()
        return rows[number % count] if count else None


def named(letter: Letter, pk: int) -> bool:
    return any((section, pk) in letter.about for section in DUE)


def sections_of(body: str) -> Iterator[tuple[str, int]]:
    section = "hour"
    for line in body.splitlines():
        section = line if line in SECTIONS else section
        found = URL.search(line)
        if found:
            yield section, int(found.group(1))


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.timeout(0)
def test_in_every_history_what_is_due_is_told_once() -> None:
    load_default_cadence(at=datetime(2026, 1, 1, tzinfo=UTC))
    run_state_machine_as_test(Histories, settings=PROFILE)
