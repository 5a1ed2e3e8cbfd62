import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from config.embedded.processes import wait_until
from config.staff import clock
from config.staff.models import PushDevice, User, Webhook
from leads.models import Delivery
from leads.reminding import deliveries
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.post_servers import PostServer, post_server
from tests.staff.factories import UserFactory
from tests.staff.test_rooms import POINT, SECRET, as_text, device, opened

pytestmark = pytest.mark.django_db(transaction=True)

# A browser here has no push service to ask; what it would be told is put in its place.
SUBSCRIBES = """
  const fake = (kept) => ({ endpoint: kept.endpoint, options: {}, toJSON: () => kept,
    unsubscribe: async () => localStorage.removeItem("fake") });
  PushManager.prototype.getSubscription = async () => {
    const kept = localStorage.getItem("fake"); return kept && fake(JSON.parse(kept)); };
  PushManager.prototype.subscribe = async (asked) => {
    if (asked.applicationServerKey.length !== 65 || !asked.userVisibleOnly) throw new Error("no key");
    localStorage.setItem("fake", '%s'); return fake(JSON.parse(localStorage.getItem("fake"))); };
"""

READY = "navigator.serviceWorker.ready"


@pytest.fixture
def server() -> Iterator[PostServer]:
    with post_server(201, "kept") as started:
        yield started


@pytest.fixture
def person() -> User:
    made: User = UserFactory(name="Ana Ruiz", administrator=True)
    return made


def test_notices_are_asked_for_tried_chosen_and_end_with_signing_out(
    new_context: NewContext, logged_in: LoggedIn, person: User, server: PostServer
) -> None:
    context = new_context()
    context.grant_permissions(["notifications"])
    told = {"endpoint": server.url, "keys": {"p256dh": POINT, "auth": as_text(SECRET)}}
    context.add_init_script(SUBSCRIBES % json.dumps(told))
    page = logged_in(context.new_page(), person)
    page.goto("/settings/channels/")

    page.get_by_role("button", name="Show notices on this device").click()
    expect(page.locator("#push .row-title")).to_contain_text("Chrome on")
    page.get_by_label("My day: what is due: E-mail").uncheck()
    page.get_by_label("Given or offered to me: Notices on my devices").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try my devices").click()
    expect(page.locator("#tried li")).to_contain_text("Due")
    deliveries.send(Delivery.objects.get().pk)
    expect(page.locator("#tried li")).to_contain_text("201 kept")

    assert opened(server)["title"] == "Puente reaches you here"
    assert not person.channel_choices.get(topic="day", channel="mail").is_on
    assert person.channel_choices.get(topic="given", channel="push").is_on

    page.locator("summary.tool").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    assert not PushDevice.objects.exists()


def test_a_pushed_notice_shows_with_its_tag(new_context: NewContext, logged_in: LoggedIn, person: User) -> None:
    context = new_context()
    context.grant_permissions(["notifications"])
    page = logged_in(context.new_page(), person)
    page.goto("/settings/channels/")
    page.evaluate(f"navigator.serviceWorker.register('/service-worker.js').then(() => {READY}).then(() => true)")
    workers = context.new_cdp_session(page)
    known: list[str] = []
    workers.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(row["registrationId"] for row in told["registrations"]),
    )
    workers.send("ServiceWorker.enable")
    expect(page.locator("h1")).to_be_visible()
    words = {"title": "3 due", "body": "Call · Añil Inc.", "url": "/today/", "tag": "n1"}
    push = {"origin": page.url.split("/settings")[0], "registrationId": known[-1], "data": json.dumps(words)}

    workers.send("ServiceWorker.deliverPushMessage", push)
    workers.send("ServiceWorker.deliverPushMessage", push)

    seen = f"{READY}.then((r) => r.getNotifications()).then((all) => all.map((n) => [n.title, n.body, n.tag]))"
    assert wait_until(lambda: bool(page.evaluate(seen)), 10)
    shown = page.evaluate(seen)
    assert shown == [["3 due", "Call · Añil Inc.", "n1"]]


@pytest.fixture
def all_ways(person: User, server: PostServer) -> None:
    device(person, server.url)
    refused = {"style": "teams", "refused_at": clock.now(), "refusal": "404 no_service"}
    Webhook.objects.create(user=person, name="#inversion-pacifico", url=server.url, **refused)
    Webhook.objects.create(user=None, name="#consultas", url=server.url)


@pytest.mark.usefixtures("all_ways")
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_stands_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, person: User, width: int, scheme: str
) -> None:
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, person)
    page.goto("/settings/channels/")
    page.get_by_role("button", name="Try the e-mail").click()

    assert accessibility_faults(page) == []
    assert too_wide(page) == 0
