"""What became of each occasion: told, explained, lost, doubled, late, and why, by what the mail server took."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.staff.models import MailAttempt
from leads.models import Delivery, DeliveryItem, FollowUp, Interaction, Reminder
from tests.benchmarks.reminders.sink import Letter
from tests.benchmarks.reminders.world import STEPS_A_MEETING, Due, World

IN_TIME = timedelta(minutes=30)
SHOWN = 12


@dataclass
class Log:
    """What stands in the database, fetched once."""

    # By follow-up, person and occasion: messages that carry it, and why it was left out.
    carried: dict[tuple[int, int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    reasons: dict[tuple[int, int, str], str] = field(default_factory=dict)
    raised: set[tuple[int, int, str]] = field(default_factory=set)
    attempts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    tries: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Log":
        log = cls()
        rule = Reminder.Rule
        for row in Reminder.objects.filter(rule__in=[rule.DUE, rule.AT_HOUR]).iterator():
            key = (row.follow_up_id, row.person_id, row.occurrence.split("/")[0])
            log.raised.add(key)
            if row.skipped_because:
                log.reasons[key] = row.skipped_because
        items = DeliveryItem.objects.filter(reminder__rule__in=[rule.DUE, rule.AT_HOUR], delivery__isnull=False)
        for item in items.select_related("delivery", "reminder").iterator():
            reminder, delivery = item.reminder, item.delivery
            assert delivery
            key = (reminder.follow_up_id, reminder.person_id, reminder.occurrence.split("/")[0])
            if item.skipped_because:
                log.reasons[key] = item.skipped_because
            else:
                log.carried[key].add(delivery.message_id)
            if delivery.state == Delivery.State.REFUSED:
                log.reasons[key] = f"refused: {delivery.answer}"
        log.tries = dict(Delivery.objects.values_list("message_id", "attempts"))
        for message_id, outcome, answer in MailAttempt.objects.order_by("pk").values_list(
            "message_id", "outcome", "answer"
        ):
            log.attempts[message_id].append((outcome, answer))
        return log

    def noted(self, message_id: str) -> int:
        return sum(outcome == MailAttempt.Outcome.ACCEPTED for outcome, _answer in self.attempts[message_id])


def judge(world: World, letters: list[Letter], faults: list[tuple[datetime, str]]) -> dict[str, Any]:
    log, by_address = Log.read(), {person.email: pk for pk, person in world.people.items()}
    told: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    for letter in letters:
        for pk in letter.about:
            told[pk, by_address.get(letter.to, 0)].append(letter)
    lost, late, explained = [], [], Counter[str]()
    closed = dict(FollowUp.objects.exclude(state="open").values_list("pk", "closed_at"))
    for due in world.due:
        first = _first_told(due, told[due.follow_up, due.person], log, letters)
        if first:
            if first.at - due.at > IN_TIME:
                late.append((due, first))
            continue
        why = "put off again before its day" if due in world.overtaken else _why_untold(due, log, closed)
        explained[why] += 1
        if not why:
            lost.append(due)
    unopened = _unopened(world)
    doubles = _doubles(letters, log)
    twice = _told_twice(world, told)
    because = Counter(_why_late(due, letter, log, faults) for due, letter in late)
    del explained[""]
    _print("lost", [f"{due} raised={_key(due) in log.raised}" for due in lost] + [f"meeting {pk}" for pk in unopened])
    _print("doubled", [f"{why}: {message_id}" for message_id, why, _count in doubles])
    _print("told twice in two messages", twice)
    _print("late", [f"{due} at {letter.at}: {_why_late(due, letter, log, faults)}" for due, letter in late])
    return {
        "due": len(world.due),
        "lost": len(lost) + len(unopened),
        "doubled": sum(count for _id, _why, count in doubles) + len(twice),
        "doubled_in_window": sum(count for _id, why, count in doubles if why != NOT_IN_WINDOW),
        "late": len(late),
        "late_because": dict(because),
        "explained": dict(explained),
        "in_quiet_hours": sum(
            world.is_quiet(world.people[by_address[letter.to]], letter.at)
            for letter in letters
            if letter.to in by_address
        ),
        "messages": len(letters),
        "unsettled": Delivery.objects.unsent().count()
        + Reminder.objects.waiting().exclude(items__delivery__state=Delivery.State.REFUSED).count(),
    }


def _key(due: Due) -> tuple[int, int, str]:
    return due.follow_up, due.person, due.occasion


def _first_told(due: Due, told: list[Letter], log: Log, letters: list[Letter]) -> Letter | None:
    """By its own line in a message; beyond the length of a list, by the message that counts it."""
    carriers = log.carried.get(_key(due), set())
    named = [letter for letter in told if letter.message_id in carriers]
    if not named and carriers:
        named = [letter for letter in letters if letter.message_id in carriers]
    return min(named, key=lambda letter: letter.at, default=None)


def _why_untold(due: Due, log: Log, closed: dict[int, datetime | None]) -> str:
    if _key(due) in log.reasons:
        return log.reasons[_key(due)]
    closed_at = closed.get(due.follow_up)
    if _key(due) not in log.raised and closed_at and closed_at <= due.at:
        return "closed before it was due"
    return ""


def _unopened(world: World) -> list[int]:
    opened = Counter(FollowUp.objects.filter(interaction__in=world.meetings).values_list("interaction", flat=True))
    waiting = set(Interaction.objects.filter(follow_ups_opened_at=None).values_list("pk", flat=True))
    return [pk for pk in world.meetings if opened[pk] != STEPS_A_MEETING or pk in waiting]


NOT_IN_WINDOW = "outside the window"
KILLED_IN_WINDOW = "between the server's yes and our note of it"


def _doubles(letters: list[Letter], log: Log) -> list[tuple[str, str, int]]:
    """One message taken more than once. In the window: of each taking but the last, no note reached the database."""
    times = Counter(letter.message_id for letter in letters)
    about = {letter.message_id: len(letter.about) for letter in letters}
    found = []
    for message_id, count in times.items():
        if count > 1:
            in_window = log.noted(message_id) <= 1
            found.append((message_id, KILLED_IN_WINDOW if in_window else NOT_IN_WINDOW, max(1, about[message_id])))
    return found


def _told_twice(world: World, told: dict[tuple[int, int], list[Letter]]) -> list[str]:
    """What its owner noted themselves is told once an occasion: by no more messages than there were occasions."""
    return [
        f"follow-up {pk} to person {person}: {len(ids)} messages, {world.occasions[pk, person]} occasions"
        for (pk, person), letters in told.items()
        if pk in world.known and person in world.people
        if len(ids := {letter.message_id for letter in letters}) > world.occasions[pk, person]
    ]


def _why_late(due: Due, letter: Letter, log: Log, faults: list[tuple[datetime, str]]) -> str:
    answers = [answer for outcome, answer in log.attempts[letter.message_id] if outcome != "accepted"]
    if answers:
        return f"the mail server: {answers[0][:40]}"
    if log.tries[letter.message_id] > 1:
        return "whoever sent it died with it in hand"
    met = [what for at, what in faults if due.at - timedelta(hours=1) <= at <= letter.at]
    return f"unexplained, after {met[-1]}" if met else "unexplained"


def _print(title: str, lines: list[str]) -> None:
    if lines:
        print(f"{title}: {len(lines)}", *lines[:SHOWN], sep="\n  ")
