from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff import clock
from config.staff.models import MailAttempt
from leads.models import Delivery, DeliveryItem, OpeningFault, Reminder
from tests.leads.factories import FollowUpFactory, InteractionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=ZoneInfo("America/Bogota"))


def delivered(person: Any, number: int = 1, **fields: Any) -> Delivery:
    """One mail with one reminder and one try."""
    moment = MORNING - timedelta(days=number)
    sent = {"state": Delivery.State.SENT, "sent_at": moment, "answer": f"250 Kept as {number}", "attempts": 1}
    made = Delivery.objects.create(
        person=person,
        kind=Delivery.Kind.MORNING,
        occasion=moment.date().isoformat(),
        message_id=f"{person.pk}-{number}@puente.example",
        due_at=moment,
        next_try_at=moment,
        created_at=moment,
        **(sent | fields),
    )
    reminder = Reminder.objects.create(
        rule="due",
        follow_up=FollowUpFactory(owner=person, text="Send them the secret plan"),
        person=person,
        occurrence=f"{number}",
        due_at=moment,
        created_at=moment,
        state="delivered",
    )
    DeliveryItem.objects.create(delivery=made, reminder=reminder)
    MailAttempt.objects.create(
        message_id=made.message_id, address=person.email, kind="morning", at=moment, outcome="accepted", answer="250 Ok"
    )
    return made


def page(client: Client, person: Any, path: str = "/deliveries/") -> str:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_person_reads_what_was_sent_to_them_and_what_the_server_said(client: Client) -> None:
    person = UserFactory()
    delivered(person)
    delivered(UserFactory(), 2)

    shown = page(client, person)

    assert "250 Kept as 1" in shown
    assert "250 Kept as 2" not in shown


def test_everybodys_log_is_for_administrators(client: Client) -> None:
    delivered(UserFactory(), 2)

    assert "250 Kept as 2" in page(client, UserFactory(administrator=True), "/deliveries/?everybody=1")
    assert "250 Kept as 2" not in page(client, UserFactory(manager_role=True), "/deliveries/?everybody=1")


def test_the_reader_sees_every_try_and_what_it_was_about(client: Client) -> None:
    delivery = delivered(UserFactory())

    shown = page(client, delivery.person, f"/deliveries/{delivery.pk}/")

    assert "250 Ok" in shown
    assert "Send them the secret plan" in shown


def test_an_administrator_sees_the_tries_without_the_words(client: Client) -> None:
    delivery = delivered(UserFactory())

    shown = page(client, UserFactory(administrator=True), f"/deliveries/{delivery.pk}/")

    assert "250 Ok" in shown
    assert "secret plan" not in shown


def test_anothers_mail_is_not_there(client: Client) -> None:
    delivery = delivered(UserFactory())
    client.force_login(UserFactory(manager_role=True))

    assert client.get(f"/deliveries/{delivery.pk}/").status_code == 404


def test_an_administrator_hears_of_mail_that_waits_for_a_day(client: Client) -> None:
    delivered(UserFactory(), state=Delivery.State.FAILED, sent_at=None)
    administrator, officer = UserFactory(administrator=True), UserFactory()

    with clock.set_to(MORNING + timedelta(minutes=1)):
        assert "1 message has been waiting" in page(client, administrator)
        assert "1 message has been waiting" not in page(client, officer)


def test_an_administrator_hears_of_what_was_set_aside(client: Client) -> None:
    OpeningFault.objects.create(interaction=InteractionFactory(), error="poison", since=MORNING, next_try_at=MORNING)

    assert "set aside" in page(client, UserFactory(administrator=True))


def test_twenty_deliveries_cost_as_many_queries_as_two(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as spent:
            client.get("/deliveries/")
        return len(spent)

    person = UserFactory()
    for number in range(2):
        delivered(person, number)
    page(client, person)
    few = queries()
    for number in range(2, 20):
        delivered(person, number)

    assert queries() == few


@pytest.mark.parametrize("page", ["/inbox/", "/settings/"])
def test_the_log_is_one_tap_away_from_the_reminders_and_the_settings(client: Client, page: str) -> None:
    client.force_login(UserFactory())

    assert b'href="/deliveries/"' in client.get(page).content


def test_a_guest_is_offered_no_log(client: Client) -> None:
    client.force_login(UserFactory(guest=True))

    assert b'href="/deliveries/"' not in client.get("/settings/").content


def test_an_administrator_finds_the_log_on_the_clean_up_home(client: Client) -> None:
    client.force_login(UserFactory(administrator=True))

    assert b'href="/deliveries/?everybody=1"' in client.get("/admin/").content
