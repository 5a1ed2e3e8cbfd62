import re

import pytest
from django.test import Client

from config.staff.invitations import invite
from config.staff.models import Invitation, Role, User
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "twelve tall palms"


@pytest.fixture
def administrator(client: Client) -> User:
    """Signed in by password a moment ago, so that nothing asks for it again."""
    user = UserFactory(administrator=True)
    user.set_password(PASSWORD)
    user.save()
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    client.post("/reauthenticate/", {"password": PASSWORD})
    return user


def test_an_officer_finds_no_such_page(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/settings/people/").status_code == 404


def test_people_and_open_invitations_are_listed(client: Client, administrator: User) -> None:
    person = UserFactory()
    invite("ana@example.org", role=Role.OFFICER, team=None, by=administrator)

    page = client.get("/settings/people/").text

    assert person.name in page
    assert "ana@example.org" in page


def test_an_invitation_shows_a_link_that_opens(client: Client, administrator: User) -> None:
    page = client.post("/settings/people/invite/", {"email": "ana@example.org", "role": "manager"}).text
    link = re.search(r"/invitation/[\w-]+/", page)
    assert link

    assert Client().get(link.group()).status_code == 200


def test_who_has_an_account_is_not_invited(client: Client, administrator: User) -> None:
    answer = client.post("/settings/people/invite/", {"email": administrator.email.upper(), "role": "officer"})

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_inviting_asks_for_the_password_again(client: Client) -> None:
    user = UserFactory(administrator=True)
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)

    answer = client.post("/settings/people/invite/", {"email": "ana@example.org", "role": "officer"})

    assert answer.headers["Location"].startswith("/reauthenticate/")


def test_a_withdrawn_invitation_opens_no_more(client: Client, administrator: User) -> None:
    link = invite("ana@example.org", role=Role.OFFICER, team=None, by=administrator)
    client.post(f"/settings/invitations/{Invitation.objects.get().pk}/withdraw/")

    assert Client().get("/invitation/" + link.rsplit("/", 2)[-2] + "/").status_code == 410


def test_a_role_is_changed(client: Client, administrator: User) -> None:
    person = UserFactory()

    client.post(f"/settings/people/{person.pk}/", {"role": "manager"})

    person.refresh_from_db()
    assert person.role == Role.MANAGER


def test_the_right_to_pass_a_gate_is_given_and_taken(client: Client, administrator: User) -> None:
    person = UserFactory()
    for typed, has_it in [({"role": "manager", "may_override_gates": "on"}, True), ({"role": "officer"}, False)]:
        client.post(f"/settings/people/{person.pk}/", typed)
        person.refresh_from_db()
        assert person.overrides_gates is has_it


def test_an_officer_is_not_given_the_right_to_pass_a_gate(client: Client, administrator: User) -> None:
    answer = client.post(f"/settings/people/{UserFactory().pk}/", {"role": "officer", "may_override_gates": "on"})

    assert answer.status_code == 422


def test_the_first_administrator_may_pass_a_gate() -> None:
    accept(invite("", role=Role.ADMINISTRATOR, team=None, by=None), email="first@example.org")

    assert User.objects.get(email="first@example.org").overrides_gates


def test_the_last_administrator_stays(client: Client, administrator: User) -> None:
    client.post(f"/settings/people/{administrator.pk}/close/")

    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_closed_account_is_signed_out(client: Client, administrator: User) -> None:
    person, browser = UserFactory(), Client()
    browser.force_login(person)

    client.post(f"/settings/people/{person.pk}/close/")

    assert browser.get("/settings/").headers["Location"].startswith("/login/")


def accept(link: str, **changes: str) -> tuple[int, str]:
    typed = {"name": "Ana Ñáñez", "password": PASSWORD, "language": "es"} | changes
    answer = Client().post("/invitation/" + link.rsplit("/", 2)[-2] + "/", typed)
    return answer.status_code, answer.text


def test_an_invited_person_opens_the_account() -> None:
    accept(invite("ana@example.org", role=Role.OFFICER, team=None, by=None))

    user = User.objects.get(email="ana@example.org")
    assert (user.name, user.language, user.check_password(PASSWORD)) == ("Ana Ñáñez", "es", True)


@pytest.mark.parametrize(
    "wrong", [{"password": "short"}, {"name": "x" * 10_000}, {"name": "a\0b"}, {"language": "tlh"}]
)
def test_what_does_not_fit_is_refused_and_the_name_is_kept(wrong: dict[str, str]) -> None:
    status, page = accept(invite("ana@example.org", role=Role.OFFICER, team=None, by=None), **wrong)

    assert status == 422
    assert wrong.get("name", "Ana Ñáñez")[:5].replace("\0", "") in page.replace("\0", "")


def test_a_link_that_never_was_says_that_it_is_over(client: Client) -> None:
    answer = client.get("/invitation/never-was/")

    assert answer.status_code == 410
