"""Bad input gets an answer, never a fault: every form of every page is posted with what nobody should type."""

from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.staff.models import Role, User
from tests.config.routes import every_route
from tests.config.world import secret_lead

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

Fields = dict[str, str]
JUNK = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "7777", "99999999999999999999", "20000-01-01", "2026-02-30", "2026-11-24", "2026-11-24T10:00"]
    ),
    st.sampled_from(
        ["x" * 10_000, "a\x00b", "\u202eevil", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "1e999", "NaN"]
    ),
    st.text(max_size=40),
)
# They change who is logged in, or answer for a library of its own.
LEFT_OUT = (
    "/logout",
    "/admin/",
    "/login",
    "/password/",
    "/2fa/",
    "/sessions/",
    "/reauthenticate",
    "/email/",
    "/3rdparty/",
)


class Forms(HTMLParser):
    """The posted forms of a page: their address and fields."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, list[tuple[str, Fields]]()
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = (given.get("method") or "").lower() == "post"
            if self.inside:
                self.found.append((given.get("action") or self.path, {}))
        elif self.inside and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.found[-1][1][str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def forms_of(client: Client) -> list[tuple[str, Fields]]:
    """Each form once, as a person who may do everything sees it."""
    found: dict[tuple[str, tuple[str, ...]], Fields] = {}
    for _name, path in every_route():
        if path.startswith(LEFT_OUT):
            continue
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            reader = Forms(path)
            reader.feed(answer.content.decode())
            for action, fields in reader.found:
                if not action.startswith(LEFT_OUT):
                    found.setdefault((action.partition("?")[0], tuple(sorted(fields))), fields)
    return [(action, fields) for (action, _names), fields in sorted(found.items())]


@pytest.fixture
def everything(client: Client) -> Client:
    owner = secret_lead().owner
    User.objects.filter(pk=owner.pk).update(role=Role.ADMINISTRATOR)
    client.force_login(User.objects.get(pk=owner.pk))
    return client


def test_the_walk_finds_the_forms(everything: Client) -> None:
    actions = {action for action, _fields in forms_of(everything)}

    assert {"/missions/new/", "/meetings/new/", "/settings/"} <= actions


@pytest.mark.walk
def test_no_form_falls_over(everything: Client) -> None:
    forms = forms_of(everything)

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def post(data: st.DataObject) -> None:
        action, fields = data.draw(st.sampled_from(forms))
        spoiled = data.draw(st.sets(st.sampled_from(sorted(fields)), min_size=1)) if fields else set()
        typed = {name: data.draw(JUNK) if name in spoiled else value for name, value in fields.items()}
        with transaction.atomic():
            answer = everything.post(action, typed)
            transaction.set_rollback(True)
        # What a web server does: an answer that streams a file holds it open.
        for close in answer._resource_closers:  # type: ignore[attr-defined]
            close()
        assert answer.status_code < 500, (action, typed)

    post()
