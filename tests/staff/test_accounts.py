import pytest
from django.db import IntegrityError
from django.test import Client

from config.staff import clock
from config.staff.accounts import LastAdministrator, change_role, close
from config.staff.models import Role, User
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_closing_an_account_ends_its_session(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    assert client.get("/sessions/").status_code == 200

    close(user)

    assert client.get("/sessions/").status_code == 302


def test_the_last_administrator_stays() -> None:
    with pytest.raises(LastAdministrator):
        close(UserFactory(administrator=True))


def test_the_last_administrator_keeps_the_role() -> None:
    with pytest.raises(LastAdministrator):
        change_role(UserFactory(administrator=True), Role.OFFICER)


def test_one_of_two_administrators_may_go() -> None:
    UserFactory(administrator=True)
    leaver = UserFactory(administrator=True)

    close(leaver)

    leaver.refresh_from_db()
    assert not leaver.is_active
    assert leaver.closed_at is not None


def test_an_email_belongs_to_one_account_whatever_its_case() -> None:
    UserFactory(email="ana@example.org")

    with pytest.raises(IntegrityError, match="one_account_an_email"):
        UserFactory(email="Ana@example.org")


@pytest.mark.parametrize(
    ("role", "staff", "manager", "administrator"),
    [
        (Role.GUEST, False, False, False),
        (Role.OFFICER, True, False, False),
        (Role.MANAGER, True, True, False),
        (Role.ADMINISTRATOR, True, True, True),
    ],
)
def test_what_a_role_is(role: Role, staff: bool, manager: bool, administrator: bool) -> None:
    user = User(role=role)

    assert (user.is_staff_member, user.is_manager, user.is_administrator) == (staff, manager, administrator)


@pytest.mark.parametrize("role", list(Role))
def test_a_closed_account_is_nothing(role: Role) -> None:
    user = User(role=role, is_active=False, closed_at=clock.now())

    assert (user.is_staff_member, user.is_manager, user.is_administrator) == (False, False, False)


def test_an_administrator_must_set_up_a_second_factor(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.SECOND_FACTOR_FOR_ADMINISTRATORS = True  # type: ignore[attr-defined]
    client.force_login(UserFactory(administrator=True))

    answer = client.get("/admin/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/2fa/")
