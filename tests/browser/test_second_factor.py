"""What nobody but the person has: authenticator codes and passkeys, set up and used as a person does."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from config.staff.models import User
from tests.browser.looking import accessibility_faults, too_wide
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough sentence"


@pytest.fixture
def person() -> User:
    made = UserFactory(administrator=True)
    made.set_password(PASSWORD)
    made.save()
    return made


def send_password(page: Page, email: str) -> None:
    page.goto("/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def log_out(page: Page) -> None:
    page.goto("/logout/")
    page.locator("main").get_by_role("button").click()
    page.wait_for_url("**/login/**")


def go_to_guarded(page: Page, path: str, password: str = PASSWORD) -> None:
    """What guards the account asks who is there once more."""
    page.goto(path)
    if "/reauthenticate/" in page.url:
        page.locator("#id_password").fill(password)
        page.locator("main form[method=post]").first.get_by_role("button").first.click()
        page.wait_for_url(f"**{path}")


def code_now(secret: str) -> str:
    """What the person's authenticator app shows."""
    code: str = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    return code


def set_up_codes(page: Page) -> list[str]:
    """Sets up an authenticator app; gives its secret and the recovery codes that are shown."""
    go_to_guarded(page, "/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(code_now(secret))
    page.locator("main form[method=post]").first.get_by_role("button").click()
    page.wait_for_url("**/2fa/**")
    page.goto("/2fa/recovery-codes/")
    return [secret, *re.findall(r"\b[0-9a-f]{8}\b", page.locator("main textarea").input_value())]


def test_a_code_is_asked_once_it_is_set_up_and_lets_the_person_in(page: Page, person: User) -> None:
    send_password(page, person.email)
    page.wait_for_url("**/today/")
    secret, *recovery = set_up_codes(page)
    assert len(recovery) == 10
    assert accessibility_faults(page) == []
    log_out(page)

    send_password(page, person.email)
    page.wait_for_url("**/2fa/authenticate/")
    assert accessibility_faults(page) == []
    page.goto("/today/")
    page.wait_for_url("**/2fa/authenticate/")  # the password alone opens nothing

    page.locator("#id_code").fill(code_now(secret))
    page.locator("main form[method=post]").first.get_by_role("button").first.click()
    page.wait_for_url("**/today/")


def test_a_recovery_code_works_once(page: Page, person: User) -> None:
    send_password(page, person.email)
    page.wait_for_url("**/today/")
    _secret, recovery, *_others = set_up_codes(page)
    log_out(page)

    send_password(page, person.email)
    page.locator("#id_code").fill(recovery)
    page.locator("main form[method=post]").first.get_by_role("button").first.click()
    page.wait_for_url("**/today/")
    log_out(page)

    send_password(page, person.email)
    page.locator("#id_code").fill(recovery)
    page.locator("main form[method=post]").first.get_by_role("button").first.click()
    expect(page.get_by_text("Incorrect code.", exact=True)).to_be_visible()


def test_a_passkey_lets_the_person_in_without_a_password(phone: Page, person: User) -> None:
    device = phone.context.new_cdp_session(phone)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    send_password(phone, person.email)
    phone.wait_for_url("**/today/")
    go_to_guarded(phone, "/2fa/webauthn/add/")
    assert too_wide(phone) == 0
    phone.locator("#id_name").fill("My phone")
    phone.get_by_label(re.compile("[Pp]asswordless")).check()
    phone.locator("#mfa_webauthn_add").click()
    phone.wait_for_url(re.compile("/2fa/(?!webauthn/add)"))
    phone.goto("/2fa/webauthn/")
    expect(phone.get_by_text("My phone")).to_be_visible()
    log_out(phone)

    phone.locator("#passkey_login").click()  # possession and a fingerprint: no code is asked after it
    phone.wait_for_url("**/today/")
