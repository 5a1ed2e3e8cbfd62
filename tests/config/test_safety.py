import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from config.staff.models import User
from tests.staff.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/missions/", "/no-such-page/"])
def test_every_answer_carries_the_strict_policy(client: Client, path: str) -> None:
    client.force_login(UserFactory())

    policy = client.get(path).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_passwords_are_hashed_with_argon2() -> None:
    user = User.objects.create_user("ana@example.org", "a long password 1", name="Ana")

    assert user.password.startswith("argon2")


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    client.post(
        "/signup/", {"email": "x@example.org", "password1": "a long password 1", "password2": "a long password 1"}
    )

    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_address_read_alike(client: Client) -> None:
    User.objects.create_user("ana@example.org", "a long password 1", name="Ana")

    known = client.post("/login/", {"login": "ana@example.org", "password": "wrong"}).content.decode()
    unknown = client.post("/login/", {"login": "bob@example.org", "password": "wrong"}).content.decode()

    error = "alert"
    assert error in known
    assert (error in known) == (error in unknown)
    assert known.count("<li>") == unknown.count("<li>")


@pytest.mark.django_db
def test_guessing_a_password_is_slowed_down(client: Client) -> None:
    User.objects.create_user("ana@example.org", "a long password 1", name="Ana")
    for n in range(12):
        client.post("/login/", {"login": "ana@example.org", "password": f"wrong {n}"})

    answer = client.post("/login/", {"login": "ana@example.org", "password": "a long password 1"})

    assert answer.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


def test_the_deployment_check_is_clean_with_production_settings() -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PUENTE_", "DEBUG", "DJANGO_"))
    }
    environment |= {
        "DATABASE_URL": "postgres://nobody@localhost/none",
        "REDIS_URL": "redis://localhost:1",
        "SECRET_KEY": "".join(chr(33 + n) for n in range(64)),
        "ALLOWED_HOSTS": "crm.example.org",
        "SITE_URL": "https://crm.example.org",
    }

    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert check.returncode == 0, check.stderr
