import pytest
from django.test import Client

from tests.config.routes import every_route
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

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
OURS = ("leads:", "missions:", "companies:", "staff:")
ROUTES = [route for route in every_route() if not route[1].startswith("/static/")]


def closed_to(allowed: set[str]) -> list[tuple[str, str]]:
    return [(name, path) for name, path in ROUTES if name not in allowed and not name.startswith("mfa_")]


@pytest.mark.parametrize(("name", "path"), closed_to(PUBLIC))
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_sends_a_stranger_to_the_login(client: Client, name: str, path: str, method: str) -> None:
    answer = getattr(client, method)(path)

    assert answer.status_code in {301, 302, 404, 405}
    if name.startswith(OURS) and answer.status_code == 302:
        assert answer.headers["Location"].startswith("/login/")


@pytest.mark.parametrize(("name", "path"), closed_to(PUBLIC | GUESTS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guest_delegate_is_told_that_there_is_no_such_page(client: Client, name: str, path: str, method: str) -> None:
    client.force_login(UserFactory(guest=True))

    answer = getattr(client, method)(path)

    assert answer.status_code in {301, 302, 403, 404, 405}
    if name.startswith(OURS):
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize(
    ("name", "path"), [route for route in ROUTES if route[1].startswith("/admin/") and route[0] != "admin:login"]
)
def test_the_admin_is_for_administrators(client: Client, name: str, path: str) -> None:
    client.force_login(UserFactory(manager_role=True))

    assert client.get(path).status_code in {302, 403, 404, 405}


def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    assert client.post("/missions/new/", {"name": "x"}).status_code == 403


def test_a_part_of_a_page_asked_for_after_the_session_ended_reloads_the_page(client: Client) -> None:
    answer = client.get("/missions/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/login/")
