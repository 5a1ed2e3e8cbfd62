"""What reaches the investor is closed by evidence, asked for in the row itself; our own steps by one tap."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from config.staff import clock
from leads.errors import ProofMissing
from leads.models import FollowUp, Interaction
from leads.reminding.by_mail import address
from tests.leads.factories import FollowUpFactory, InteractionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def promise(client: Client) -> FollowUp:
    made: FollowUp = FollowUpFactory(origin="promise", interaction=InteractionFactory(happened_at=NOW))
    # The column is filled by the clock of the machine.
    FollowUp.objects.filter(pk=made.pk).update(created_at=NOW)
    made.refresh_from_db()
    client.force_login(made.owner)
    return made


def said_since(promise: FollowUp, hours: int = 1, **facts: object) -> Interaction:
    made: Interaction = InteractionFactory(company=promise.company, happened_at=NOW + timedelta(hours=hours), **facts)
    return made


def is_done(follow_up: FollowUp) -> bool:
    follow_up.refresh_from_db()
    return follow_up.state == "done"


@pytest.mark.parametrize(
    ("facts", "asks"),
    [
        ({"origin": "promise"}, True),
        ({"kind": "thank_you"}, True),
        ({"kind": "material"}, True),
        ({"kind": "call"}, True),
        ({"kind": "reinvite"}, True),
        ({"kind": "check"}, False),
        ({"kind": "other"}, False),
    ],
)
def test_what_reaches_them_asks_for_proof(facts: dict[str, str], *, asks: bool) -> None:
    follow_up = FollowUpFactory(**facts)

    assert follow_up.asks_for_proof is asks
    if asks:
        with pytest.raises(ProofMissing):
            follow_up.complete(by=follow_up.owner, note="  ")
    else:
        assert follow_up.complete(by=follow_up.owner).state == "done"


def test_a_tap_asks_in_the_row_and_blames_nobody(client: Client, promise: FollowUp) -> None:
    answer = client.post(f"/follow-ups/{promise.pk}/done/", headers=HTMX)

    assert answer.status_code == 200
    assert (f'id="follow-up-{promise.pk}"' in answer.text, "error-words" in answer.text) == (True, False)
    assert answer.context["form"].fields["note"].widget.attrs["autofocus"] == ""
    assert not is_done(promise)


def test_the_newest_that_came_since_is_chosen_already(client: Client, promise: FollowUp) -> None:
    said_since(promise, 1)
    newest = said_since(promise, 2, kind="mail")
    answer = client.post(f"/follow-ups/{promise.pk}/done/", headers=HTMX)
    assert f'value="said:{newest.pk}" id="id_evidence_0" checked' in answer.text

    client.post(f"/follow-ups/{promise.pk}/done/", {"evidence": f"said:{newest.pk}", "note": ""}, headers=HTMX)

    assert is_done(promise)
    assert promise.closed_by_interaction == newest


def test_a_few_words_are_enough_and_are_not_asked_for_twice(client: Client, promise: FollowUp) -> None:
    answer = client.post(f"/follow-ups/{promise.pk}/done/", {"note": "Sent by courier"}, headers=HTMX)

    assert is_done(promise)
    assert promise.closed_with == "Sent by courier"
    assert ("What comes next" in answer.text, 'name="note"' in answer.text) == (True, False)


def test_nothing_said_is_refused_and_the_row_stays(client: Client, promise: FollowUp) -> None:
    answer = client.post(f"/follow-ups/{promise.pk}/done/", {"note": " "}, headers=HTMX)

    assert answer.status_code == 422
    assert "say it in words" in answer.text
    assert not is_done(promise)


def test_without_scripts_its_page_asks(client: Client, promise: FollowUp) -> None:
    answer = client.post(f"/follow-ups/{promise.pk}/done/")

    assert answer.status_code == 422
    assert 'name="note"' in answer.text
    assert not is_done(promise)


def test_not_yet_brings_the_row_back(client: Client, promise: FollowUp) -> None:
    answer = client.get(f"/follow-ups/{promise.pk}/line/", headers=HTMX)

    assert f"/follow-ups/{promise.pk}/done/" in answer.text


def test_the_page_behind_the_mail_asks_as_well(client: Client, promise: FollowUp) -> None:
    page = address(promise, promise.owner_id).partition("//")[2].partition("/")[2]
    assert client.post(f"/{page}", {"done": "1", "note": ""}).status_code == 422
    assert not is_done(promise)

    client.post(f"/{page}", {"done": "1", "note": "Sent"})

    assert is_done(promise)


def test_evidence_of_another_company_is_none(client: Client, promise: FollowUp) -> None:
    other = InteractionFactory(happened_at=NOW + timedelta(hours=1))

    client.post(f"/follow-ups/{promise.pk}/done/", {"evidence": f"said:{other.pk}", "note": ""}, headers=HTMX)

    assert not is_done(promise)
