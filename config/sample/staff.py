"""Teams and people of the agency, and the demo's accounts among them."""

import unicodedata
from datetime import date, timedelta

from config.sample.accounts import (
    ADMINISTRATOR,
    GUEST,
    MANAGER,
    NO_PASSWORD,
    OFFICER,
    DemoAccount,
    hashed_password,
)
from config.sample.chance import moment
from config.sample.words import person_name
from config.sample.world import Person, World
from config.staff.models import Role, Team, User

TEAMS = [
    "Servicios y tecnología",
    "Manufactura y agroindustria",
    "Inteligencia de inversión",
    "Empresas instaladas",
    "Dirección",
    "Energía e infraestructura",
]
# The demo's mails come at five, so that a demo started at any hour of a working day has some to show.
DEMO_MORNING = 5


class Hiring:
    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance("staff")
        self.password = hashed_password()
        self.taken: set[str] = set()

    def hire(self) -> int:
        """Everybody who works or worked here, managers first, for others lean on them. Gives the guest's number."""
        world, size = self.world, self.world.size
        teams = [self._team(number) for number in range(size.teams)]
        managers = [self._demo(MANAGER, "Gerente Ejemplo", Role.MANAGER, teams[0])]
        managers += [self._colleague(team, Role.MANAGER, None) for team in teams[1:]]
        administrator = self._demo(ADMINISTRATOR, "Administradora Ejemplo", Role.ADMINISTRATOR, teams[0])
        officer = self._demo(OFFICER, "Oficial Ejemplo", Role.OFFICER, teams[0], managers[0])
        officer.deputy_id = self._colleague(teams[0], Role.OFFICER, managers[0]).pk
        managers[0].deputy_id = administrator.pk
        guest = self._guest()
        while len(world.staff) < size.staff_now - 1:  # the administrator is not one of those who meet firms
            place = len(world.staff) % size.teams
            self._colleague(teams[place], Role.OFFICER, managers[place])
        while len(world.staff) < size.staff_ever - 1:
            place = len(world.staff) % size.teams
            self._colleague(teams[place], Role.OFFICER, managers[place], gone=True)
        return guest

    def _team(self, number: int) -> Team:
        name = TEAMS[number] if number < len(TEAMS) else f"Oficina regional {number - len(TEAMS) + 1}"
        return self.world.writer.add(Team(name=name))

    def _demo(self, account: DemoAccount, name: str, role: Role, team: Team, manager: User | None = None) -> User:
        user = User(
            email=account.email,
            name=name,
            role=role,
            password=self.password,
            morning_hour=DEMO_MORNING,
            quiet_from=None,  # whoever tries the demo at night sees the messages arrive
        )
        return self._add(user, team, manager, joined=self.world.first_day - timedelta(days=900))

    def _colleague(self, team: Team, role: Role, manager: User | None, *, gone: bool = False) -> User:
        given, family, _language = person_name("CO", self.chance)
        user = User(email=self._address(given, family), name=f"{given} {family}", role=role, password=NO_PASSWORD)
        user.language = "en" if self.chance.hits(0.15) else "es"
        if manager and self.chance.hits(0.7):
            user.deputy_id = manager.pk
        joined = self._joined(team, role, gone=gone)
        left = self._left(joined) if gone else None
        return self._add(user, team, manager, joined=joined, left=left)

    def _add(self, user: User, team: Team, manager: User | None, *, joined: date, left: date | None = None) -> User:
        user.team_id, user.manager_id = team.pk, manager.pk if manager else None
        user.joined_at = moment(joined, 8)
        user.may_override_gates = user.role in {Role.MANAGER, Role.ADMINISTRATOR}
        if left:
            user.is_active, user.closed_at = False, moment(left, 18)
        self.world.writer.add(user)
        is_manager = user.role == Role.MANAGER
        if user.role != Role.ADMINISTRATOR:
            self.world.staff.append(Person(user.pk, user.email, team.pk, joined, left, is_manager))
        return user

    def _guest(self) -> int:
        """The account of somebody of the city; what they may see hangs on their mission."""
        guest = self.world.writer.add(
            User(
                email=GUEST.email,
                name="Invitada Ejemplo",
                role=Role.GUEST,
                password=self.password,
                joined_at=moment(self.world.today - timedelta(days=30), 8),
            )
        )
        return guest.pk

    def _joined(self, team: Team, role: Role, *, gone: bool) -> date:
        world, chance = self.world, self.chance
        if role == Role.MANAGER or chance.hits(0.3):
            return world.first_day - timedelta(days=chance.randint(400, 1200))
        latest = 420 if gone else 200
        days = max(365 * world.size.years + 300, latest + 1)
        return world.today - timedelta(days=chance.randint(latest, days))

    def _left(self, joined: date) -> date:
        latest = (self.world.yesterday - joined).days - 30
        return joined + timedelta(days=self.chance.randint(180, max(min(1500, latest), 181)))

    def _address(self, given: str, family: str) -> str:
        plain = plain_letters(f"{given}.{family}")
        address = f"{plain}@puente.example.org"
        number = 2
        while address in self.taken:
            address, number = f"{plain}{number}@puente.example.org", number + 1
        self.taken.add(address)
        return address


def plain_letters(text: str) -> str:
    """For addresses: small letters without accents; points and digits stay."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in bare if letter.isascii() and (letter.isalnum() or letter == "."))
