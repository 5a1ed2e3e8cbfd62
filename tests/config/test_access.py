from collections.abc import Iterator

import pytest
from django.test import Client

from tests.config.routes import every_route
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

# Addresses that a stranger may open: the way in, and what a monitor asks.
PUBLIC = {
    "home",
    "livez",
    "healthz",
    "style",
    "leads:enquire",
    "leads:enquire_thanks",
    "leads:stop_writing",
    "leads:by_mail",
    "staff:single_sign_on",
    "account_login",
    "account_signup",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_request_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
    "mfa_signup_webauthn",
    "account_signup_by_passkey",
    "socialaccount_signup",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "openid_connect_login",
    "openid_connect_callback",
    "staff:invitation",
    "leads:offline",
    "leads:service_worker",
    "leads:manifest",
    "missions:calendar",
    "staff:language",
    "demo_mail",
    "demo_mail_message",
    "admin:login",
}
# What a guest delegate may open besides: the missions they travel with, and their own account.
GUESTS = {
    "missions:list",
    "leads:mission",
    "leads:agenda",
    "missions:calendar_addresses",
    "staff:settings",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "account_email",
    "usersessions_list",
    "socialaccount_connections",
    "admin:logout",
    "staff:language",
}
SIGNING = {"admin:login", "admin:logout"}
OURS = ("leads:", "missions:", "companies:", "staff:")
ROUTES = [route for route in every_route() if not route[1].startswith("/static/")]


def closed_to(allowed: set[str]) -> list[tuple[str, str]]:
    return [(name, path) for name, path in ROUTES if name not in allowed and not name.startswith("mfa_")]


# One test walks all of them: a login for each address would take longer than all else.
METHODS = pytest.mark.parametrize("method", ["get", "post"])


@METHODS
def test_every_page_sends_a_stranger_to_the_login(client: Client, method: str) -> None:
    assert [*walk(client, method, closed_to(PUBLIC), {301, 302, 404, 405})] == []


@METHODS
def test_a_guest_delegate_is_told_that_there_is_no_such_page(client: Client, method: str) -> None:
    client.force_login(UserFactory(guest=True))

    assert [*walk(client, method, closed_to(PUBLIC | GUESTS), {301, 302, 403, 404, 405}, ours={404, 405})] == []
    assert client.get("/missions/").status_code == 200, "the walk ended the session, and the rest was no guest's"


def test_the_admin_is_for_administrators(client: Client) -> None:
    client.force_login(UserFactory(manager_role=True))
    admins = [route for route in ROUTES if route[1].startswith("/admin/") and route[0] not in SIGNING]

    assert [*walk(client, "get", admins, {302, 403, 404, 405})] == []
    assert client.get("/missions/").status_code == 200, "the walk ended the session, and the rest was no manager's"


def walk(
    client: Client, method: str, routes: list[tuple[str, str]], allowed: set[int], *, ours: set[int] | None = None
) -> Iterator[str]:
    """What answers otherwise than it may; a stranger is sent to our login and nowhere else."""
    for name, path in routes:
        answer = getattr(client, method)(path)
        mine = name.startswith(OURS)
        if answer.status_code not in (ours if ours and mine else allowed):
            yield f"{name} {path} {answer.status_code}"
        elif mine and answer.status_code == 302 and not answer.headers["Location"].startswith("/login/"):
            yield f"{name} {path} leads to {answer.headers['Location']}"


def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    assert client.post("/missions/new/", {"name": "x"}).status_code == 403


def test_a_part_of_a_page_asked_for_after_the_session_ended_reloads_the_page(client: Client) -> None:
    answer = client.get("/missions/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/login/")
