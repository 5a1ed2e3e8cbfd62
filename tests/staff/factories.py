import factory

from config.staff.models import Role, Team, User
from tests.making import Made


class TeamFactory(Made[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(Made[User]):
    class Meta:
        model = User

    class Params:
        guest = factory.Trait(role=Role.GUEST)
        manager_role = factory.Trait(role=Role.MANAGER, may_override_gates=True)
        administrator = factory.Trait(role=Role.ADMINISTRATOR, may_override_gates=True)

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = Role.OFFICER
    language = "en"
    quiet_from = None  # tests run at any hour
    password = "!"  # nobody logs in with it; tests use force_login
