import pytest
from django.test import Client

from config.staff.models import User
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

CHOSEN = {"language": "es", "theme": "dark", "zone": "America/Los_Angeles", "morning_hour": "6"}


@pytest.fixture
def user(client: Client) -> User:
    user = UserFactory()
    client.force_login(user)
    return user


def test_settings_are_kept(client: Client, user: User) -> None:
    client.post("/settings/", CHOSEN)

    user.refresh_from_db()
    assert (user.language, user.theme, user.zone, user.morning_hour) == ("es", "dark", "America/Los_Angeles", 6)


def test_the_answer_speaks_the_new_language(client: Client, user: User) -> None:
    answer = client.post("/settings/", CHOSEN, follow=True)

    assert '<html lang="es" data-bs-theme="dark">' in answer.text


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Olympus"}, {"morning_hour": "24"}, {"language": "tlh"}, {"theme": "x" * 10_000}]
)
def test_a_wrong_choice_is_refused_in_the_form(client: Client, user: User, wrong: dict[str, str]) -> None:
    answer = client.post("/settings/", CHOSEN | wrong)

    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    assert client.get("/settings/").headers["Location"].startswith("/login/")


def test_the_language_of_the_menu_is_the_persons_own(client: Client, user: User) -> None:
    client.post("/settings/language/", {"language": "es", "next": "/settings/"})

    user.refresh_from_db()
    assert user.language == "es"


def test_a_stranger_chooses_the_language_of_the_login(client: Client) -> None:
    client.post("/settings/language/", {"language": "en", "next": "/login/"})

    assert '<html lang="en"' in client.get("/login/").text


def test_the_language_leads_to_no_other_host(client: Client) -> None:
    answer = client.post("/settings/language/", {"language": "en", "next": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/"
