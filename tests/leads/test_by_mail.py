"""Links of the morning mail: they open a page that asks, and only what is posted there does anything."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from config.staff import clock
from leads.enquiring.enquiries import receive
from leads.models import FollowUp
from leads.reminding import deliveries
from leads.reminding.by_mail import address
from leads.reminding.reminders import raise_due
from tests.leads.factories import FollowUpFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=ZoneInfo("America/Bogota"))  # a Tuesday


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.set_to(MORNING):
        yield


@pytest.fixture
def promise() -> FollowUp:
    owner = UserFactory(language="en")
    made: FollowUp = FollowUpFactory(owner=owner, known_to=owner, due_on=MORNING.date(), text="Send the pack")
    return made


def page_of(row: FollowUp) -> str:
    return urlsplit(address(row, row.owner_id)).path


def test_the_mail_carries_its_link_in_both_parts_and_a_way_to_turn_it_off(promise: FollowUp) -> None:
    raise_due(at=clock.now())
    deliveries.plan(at=clock.now())
    for pk in deliveries.to_send(at=clock.now()):
        deliveries.send(pk)

    (sent,) = mail.outbox
    link = address(promise, promise.owner_id)
    assert link in sent.body
    assert link in str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert "/settings/channels/" in sent.extra_headers["List-Unsubscribe"]


def test_opening_it_changes_nothing_and_posting_does(client: Client, promise: FollowUp) -> None:
    page = client.get(page_of(promise))
    promise.refresh_from_db()
    assert (page.status_code, promise.state) == (200, "open")
    assert "Send the pack" in page.content.decode()

    client.post(page_of(promise), {"done": "1", "note": "Sent on Monday"})

    promise.refresh_from_db()
    assert (promise.state, promise.closed_by, promise.closed_with) == ("done", promise.owner, "Sent on Monday")


def test_it_needs_the_token_of_its_page() -> None:
    row = FollowUpFactory()

    assert Client(enforce_csrf_checks=True).post(page_of(row), {"done": "1"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "open"


def test_it_is_put_off_from_the_mail(client: Client, promise: FollowUp) -> None:
    client.post(page_of(promise), {"later": "1", "to": "working", "version": str(promise.version)})

    promise.refresh_from_db()
    assert (promise.due_on, promise.snoozes) == (MORNING.date() + timedelta(days=1), 1)

    again = client.post(page_of(promise), {"later": "1", "to": "working", "version": str(promise.version)})
    assert again.status_code == 422


def test_a_second_tap_changes_nothing(client: Client, promise: FollowUp) -> None:
    promise.cancel(by=promise.owner, reason="Off")

    assert client.post(page_of(promise), {"done": "1"}).status_code == 200
    promise.refresh_from_db()
    assert promise.state == "cancelled"


def test_forged_old_and_leavers_links_lead_nowhere(client: Client, promise: FollowUp) -> None:
    good = page_of(promise)
    assert client.get(f"{good[:-3]}/").status_code == 404
    with clock.set_to(MORNING + timedelta(days=31)):
        assert client.get(good).status_code == 404
    type(promise.owner).objects.filter(pk=promise.owner_id).update(is_active=False, closed_at=clock.now())
    assert client.get(good).status_code == 404


def test_a_restricted_lead_stands_under_its_code_name(client: Client) -> None:
    lead = LeadFactory(named=True)
    row = FollowUpFactory(lead=lead, company=lead.company, owner=lead.owner, text="Secret words")

    page = client.get(page_of(row)).content.decode()

    assert lead.code_name in page
    assert "Secret words" not in page
    assert lead.company.name not in page


def test_who_may_not_see_it_any_more_is_shown_nothing(client: Client) -> None:
    lead = LeadFactory(named=True)
    row = FollowUpFactory(lead=lead, company=lead.company)

    assert client.get(page_of(row)).status_code == 404


def test_what_is_said_again_of_an_enquiry_stands_in_one_thread() -> None:
    enquiry = receive(uuid4(), name="Ana", email="a@b.co", text="?", owner=UserFactory())
    for days in (0, 3):
        with clock.set_to(MORNING.replace(hour=10) + timedelta(days=days)):
            deliveries.plan(at=clock.now())
            for pk in deliveries.to_send(at=clock.now()):
                deliveries.send(pk)

    threads = {sent.extra_headers.get("References") for sent in mail.outbox}
    assert len(mail.outbox) == 2
    assert threads == {f"<enquiry-{enquiry.pk}@puente.localhost>"}
