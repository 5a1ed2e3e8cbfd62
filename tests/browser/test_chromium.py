import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from config.embedded.problem import StartProblem
from tests.browser import chromium
from tests.browser.conftest import Watch


def test_browser_opens_the_app(page: Page) -> None:
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()


def test_fault_of_a_page_is_noticed(page: Page, watch: Watch) -> None:
    page.goto("/")
    page.evaluate("console.error('a broken thing')")
    assert watch.left()[0].startswith("console: a broken thing")
    watch.expect("a broken thing")


def test_request_to_another_host_is_noticed(page: Page, watch: Watch) -> None:
    page.route("http://elsewhere.test/", lambda route: route.abort())
    page.goto("/")
    page.evaluate("fetch('http://elsewhere.test/').catch(() => null)")
    assert any("elsewhere.test" in fault for fault in watch.left())
    watch.expect("elsewhere.test")


def test_named_browser_that_is_not_there_is_told(playwright: Playwright, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUENTE_BROWSER", "/nowhere/chromium")
    with pytest.raises(StartProblem, match="which is not there"):
        chromium.find(playwright)


def test_no_browser_at_all_says_what_to_install(
    playwright: Playwright, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chromium, "_candidates", lambda _playwright: iter([tmp_path / "chromium"]))
    monkeypatch.setattr(chromium, "_from_npm", lambda: None)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_words: None)
    with pytest.raises(StartProblem, match="apt-get install chromium"):
        chromium.find(playwright)
