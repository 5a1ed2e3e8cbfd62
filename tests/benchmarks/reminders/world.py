"""The agency of the run: its people, what they promised, and what each is to hear and when, by a rule of its own."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from companies.models import Company
from config.staff import clock
from config.staff.models import Leave, Role, User
from leads.models import FollowUp, Interaction
from leads.models.choices import Interest

START = date(2026, 10, 12)  # in the weeks after it, clocks change in Madrid
ZONES = ("America/Bogota", "Europe/Madrid")
# The one hour at which something is asked for: the morning in Bogotá, after noon in Madrid.
HOUR = time(12, tzinfo=UTC)
MORNING, QUIET_FROM = 7, 20
A_DAY = timedelta(days=1)
STEPS_A_MEETING = 4


@dataclass(frozen=True)
class Due:
    """One person is to hear of one follow-up on one occasion."""

    follow_up: int
    person: int
    occasion: str
    at: datetime


@dataclass
class World:
    people: dict[int, User]
    companies: list[Company]
    last_day: date
    chance: Random
    leaves: dict[int, Leave] = field(default_factory=dict)
    due: list[Due] = field(default_factory=list)
    meetings: list[int] = field(default_factory=list)
    # Noted by their owners themselves, so that nothing but their own day is ever told of them.
    known: set[int] = field(default_factory=set)
    # How often each may hear of it at most.
    occasions: Counter[tuple[int, int]] = field(default_factory=Counter)
    # What was put off once more before its day came: nobody is to hear of that day.
    overtaken: set[Due] = field(default_factory=set)
    _newest: int = 0

    @classmethod
    def with_people(cls, count: int, days: int, chance: Random) -> "World":
        manager = User.objects.create(
            email="head@example.org", name="Head", role=Role.MANAGER, language="en", password="!"
        )
        User.objects.create(
            email="admin@example.org", name="Admin", role=Role.ADMINISTRATOR, language="en", password="!"
        )
        people = [
            User.objects.create(
                email=f"person{number}@example.org",
                name=f"Person {number}",
                language="en",
                zone=ZONES[number % len(ZONES)],
                morning_hour=MORNING,
                quiet_from=QUIET_FROM,
                manager=manager if number % 3 else None,
                password="!",
            )
            for number in range(count)
        ]
        companies = Company.objects.bulk_create(Company(name=f"Company {number}") for number in range(count * 2))
        world = cls({one.pk: one for one in people}, companies, START + timedelta(days=days - 1), chance)
        world._send_on_leave(people, days)
        return world

    def promise(self, count: int) -> None:
        """Spread over all days, a fourth of them at an hour; of some their owner was not told before."""
        days = (self.last_day - START).days + 1
        rows = [self._promise(self.chance.randrange(days)) for _number in range(count)]
        for row in FollowUp.objects.bulk_create(rows, batch_size=1000):
            self._expect(row)
            if row.known_to_id:
                self.known.add(row.pk)
        self._newest = max((row.pk for row in rows), default=0)

    def meet(self, count: int, at: datetime) -> None:
        for _number in range(count):
            owner = self._somebody()
            row = Interaction.objects.create(
                company=self.chance.choice(self.companies),
                interest=Interest.HOT,
                happened_at=at,
                zone=owner.zone,
                logged_by=owner,
            )
            self.meetings.append(row.pk)

    def expect_new_steps(self) -> None:
        """What the workers opened since the last look."""
        for row in FollowUp.objects.filter(pk__gt=self._newest).order_by("pk"):
            self._newest = row.pk
            self._expect(row)

    def complete(self, pk: int, at: datetime) -> None:
        row = FollowUp.objects.get(pk=pk)
        row.complete(by=self.people[row.owner_id], note="Done", at=at)

    def snooze(self, pk: int, days: int) -> None:
        row = FollowUp.objects.get(pk=pk)
        to = max(row.due_on, clock.today_for(self.people[row.owner_id])) + timedelta(days=days)
        if row.is_open:
            self.overtaken |= {due for due in self.due if due.follow_up == pk and due.at > clock.now()}
            row = row.snooze(to, by=self.people[row.owner_id], seen_version=row.version, reason="They asked for it")
            self._expect(row)

    def moments(self) -> list[datetime]:
        """The mornings of all zones and the hour, a day longer than anything is due."""
        days = [START + timedelta(days=number) for number in range((self.last_day - START).days + 2)]
        found = {datetime.combine(day, HOUR) for day in days}
        for zone in ZONES:
            found |= {datetime.combine(day, time(MORNING), ZoneInfo(zone)).astimezone(UTC) for day in days}
        return sorted(found)

    def is_quiet(self, person: User, at: datetime) -> bool:
        return not MORNING <= at.astimezone(ZoneInfo(person.zone)).hour < QUIET_FROM

    def _promise(self, day: int) -> FollowUp:
        owner, due_on = self._somebody(), START + timedelta(days=day)
        at_hour = self.chance.random() < 0.25
        return FollowUp(
            text="Send what was promised",
            owner=owner,
            company=self.chance.choice(self.companies),
            due_on=due_on,
            due_at=datetime.combine(due_on, HOUR) if at_hour else None,
            known_to=owner if self.chance.random() < 0.9 else None,
        )

    def _expect(self, row: FollowUp) -> None:
        """The owner, when they are back where they are on leave; and their deputy meanwhile."""
        self.occasions[row.pk, row.owner_id] += 1
        if row.due_on > self.last_day:
            return
        owner = self.people[row.owner_id]
        at = row.due_at or self._morning(owner, row.due_on)
        occasion = row.due_at.isoformat() if row.due_at else row.due_on.isoformat()
        leave = self.leaves.get(owner.pk)
        if leave and leave.covers(at.astimezone(ZoneInfo(owner.zone)).date()):
            deputy = self.people[leave.deputy_id or 0]
            back = self._morning(owner, leave.last_day + A_DAY)
            first = at if row.due_at else max(at, self._morning(deputy, row.due_on))
            self.due.append(Due(row.pk, deputy.pk, occasion, first))
            self.occasions[row.pk, deputy.pk] += 1
            at = back
        self.due.append(Due(row.pk, owner.pk, occasion, at))

    def _morning(self, person: User, day: date) -> datetime:
        return datetime.combine(day, time(MORNING), ZoneInfo(person.zone)).astimezone(UTC)

    def _somebody(self) -> User:
        return self.chance.choice(list(self.people.values()))

    def _send_on_leave(self, people: list[User], days: int) -> None:
        """Each sixth person for a few days, with a deputy of the same zone who stays."""
        for number in range(0, len(people) - len(ZONES), 6):
            first = START + timedelta(days=self.chance.randrange(1, max(2, days - 6)))
            self.leaves[people[number].pk] = Leave.objects.create(
                user=people[number],
                first_day=first,
                last_day=first + timedelta(days=min(4, days // 3)),
                deputy=people[number + len(ZONES)],
            )
