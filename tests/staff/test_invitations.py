from datetime import timedelta

import pytest

from config.staff import clock
from config.staff.invitations import InvitationOver, accept, find_open, first_administrator_link, invite
from config.staff.models import Invitation, Role, User
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[-1]


def take(token: str) -> User:
    return accept(token, email="typed@example.org", name="Ana", password="a long password 1", language="es")


def test_an_invitation_makes_an_account_with_its_role() -> None:
    link = invite("ana@example.org", role=Role.MANAGER, team=None, by=UserFactory(administrator=True))

    user = take(token_of(link))

    assert (user.email, user.role) == ("ana@example.org", Role.MANAGER)


def test_the_typed_address_does_not_replace_the_invited_one() -> None:
    user = take(token_of(invite("ana@example.org", role=Role.OFFICER, team=None, by=None)))

    assert user.email == "ana@example.org"


def test_an_invitation_works_once() -> None:
    token = token_of(invite("ana@example.org", role=Role.OFFICER, team=None, by=None))
    take(token)

    with pytest.raises(InvitationOver):
        take(token)


def test_an_invitation_ends_after_a_week() -> None:
    token = token_of(invite("ana@example.org", role=Role.OFFICER, team=None, by=None))

    with clock.set_to(clock.now() + timedelta(days=7)), pytest.raises(InvitationOver):
        find_open(token)


def test_a_second_invitation_ends_the_first() -> None:
    first = token_of(invite("ana@example.org", role=Role.OFFICER, team=None, by=None))
    invite("ANA@example.org", role=Role.OFFICER, team=None, by=None)

    with pytest.raises(InvitationOver):
        find_open(first)


def test_the_secret_of_a_link_is_not_stored() -> None:
    token = token_of(invite("ana@example.org", role=Role.OFFICER, team=None, by=None))

    assert not Invitation.objects.filter(token_hash=token).exists()


def test_the_first_administrator_types_the_address() -> None:
    link = first_administrator_link()
    assert link is not None

    user = take(token_of(link))

    assert (user.email, user.role) == ("typed@example.org", Role.ADMINISTRATOR)


def test_there_is_no_first_administrator_twice() -> None:
    UserFactory(administrator=True)

    assert first_administrator_link() is None
