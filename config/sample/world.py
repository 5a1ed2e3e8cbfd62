"""What all parts of the sample know: the day it is, who works here, which firms there are."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from config.sample.chance import Chance, Days
from config.sample.sizes import Size
from config.sample.writer import Writer

REGION_YEARS = 15


@dataclass(slots=True)
class Person:
    id: int
    email: str
    team: int | None
    joined: date
    left: date | None
    is_manager: bool = False

    def works_on(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or day < self.left)


@dataclass(slots=True)
class Firm:
    id: int
    name: str
    country: str
    sector: str
    owner: Person
    created: date
    contacts: list[int] = field(default_factory=list)
    language: str = "en"
    domain: str = ""
    # Projects are won by the firms of the region's history alone, so that its figures stay what they are.
    has_projects: bool = False
    is_duplicate: bool = False


@dataclass
class World:
    size: Size
    seed: int
    today: date
    writer: Writer
    days: Days = field(init=False)
    staff: list[Person] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    partners: dict[str, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    # What is wrong on purpose, for those who measure how well it is found.
    labels: dict[str, list[object]] = field(default_factory=dict)
    _on_duty: dict[tuple[int, int], list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.days = Days(self.today - timedelta(days=366 * (REGION_YEARS + 4)), self.today + timedelta(days=400))

    @property
    def first_day(self) -> date:
        return self.today - timedelta(days=365 * self.size.years)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def midnight(self) -> datetime:
        """The moment of the sample: its day has just begun at the agency, and nothing was written down since."""
        return datetime.combine(self.today, time(), ZoneInfo(settings.AGENCY_ZONE)).astimezone(UTC)

    def chance(self, room: str) -> Chance:
        """Each part has a chance of its own, so that one can grow without changing the others."""
        return Chance(f"{self.seed}/{room}")

    def person(self, email: str) -> Person:
        return next(person for person in self.staff if person.email == email)

    def on_duty(self, day: date, chance: Chance) -> Person:
        """Somebody who worked here in that month; managers and officers alike."""
        day = max(day, self.first_day)
        month = (day.year, day.month)
        if month not in self._on_duty:
            self._on_duty[month] = [person for person in self.staff if person.works_on(day.replace(day=1))]
        return chance.choice(self._on_duty[month])

    def forgotten(self, owner: Person, chance: Chance) -> Person:
        """This owner; but two records in a hundred still bear the name of somebody who left."""
        if not chance.hits(0.02):
            return owner
        return chance.choice([person for person in self.staff if person.left])

    def still_here(self, person: Person, chance: Chance) -> Person:
        """This person, or whoever took over when they left. A few things were forgotten."""
        if person.left is None or chance.hits(0.05):
            return person
        return self.on_duty(self.today, chance)

    def label(self, kind: str, *what: object) -> None:
        self.labels.setdefault(kind, []).append(what[0] if len(what) == 1 else list(what))
