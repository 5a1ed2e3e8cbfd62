"""An agency starts for real: the link that `up` prints makes the first administrator, second factor included."""

import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from config.embedded import assets
from config.running import any_free_port
from tests.browser.test_second_factor import PASSWORD, send_password, set_up_codes
from tests.config.starting import alive, begin, noted, state_folder
from tests.services import VENDOR

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Started:
    url: str
    link: str


@pytest.fixture
def agency() -> Iterator[Started]:
    """`up --embedded` on a data folder of its own, stopped by Ctrl-C."""
    assets.fetch(VENDOR)
    port = any_free_port()
    with state_folder() as state:
        (state / "vendor").symlink_to(VENDOR)
        process = begin("up", "--embedded", "--bind", f"127.0.0.1:{port}", state=state)
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C stops it" in line:
                break
        link = re.search(r"http://localhost:\d+/invitation/\S+", said)
        assert link, said
        yield Started(f"http://localhost:{port}", link[0])
        children = noted(state)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0
        assert alive(children) == []


def test_the_link_makes_the_first_administrator(browser: Browser, agency: Started) -> None:
    page = browser.new_page(base_url=agency.url, locale="en")
    page.set_default_timeout(20_000)
    page.goto(agency.link)
    page.locator("#id_email").fill("first@agency.example")
    page.locator("#id_name").fill("First Administrator")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("label", has_text="English").click()
    page.get_by_role("button", name="Open my account").click()

    page.wait_for_url("**/login/")
    send_password(page, "first@agency.example")
    page.wait_for_url("**/2fa/")  # nothing else is open before a second factor stands
    set_up_codes(page)
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(agency.link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    page.close()
