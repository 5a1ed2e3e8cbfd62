"""One person, several ways: what is chosen goes there, each way has its own message, and none is lost with a way."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from config.staff import clock
from config.staff.models import PushDevice, User, Webhook
from leads.enquiring import enquiries
from leads.models import Delivery, DeliveryItem, FollowUp, Reminder
from leads.models.channel import Channel, Topic
from leads.reminding import deliveries
from leads.reminding.channels import choose
from leads.reminding.reminders import raise_due
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, LeadFactory
from tests.mail_servers import mail_server
from tests.post_servers import PostServer, post_server
from tests.staff.factories import UserFactory
from tests.staff.test_rooms import device

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=ZoneInfo("America/Bogota"))  # a Tuesday
TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(deliveries, "TIMEOUT", 1)
    with clock.set_to(MORNING):
        yield


@pytest.fixture
def person() -> User:
    made: User = UserFactory()
    return made


@pytest.fixture
def server() -> Iterator[PostServer]:
    with post_server(201, "kept") as started:
        yield started


def tick() -> None:
    at = clock.now()
    raise_due(at=at)
    deliveries.plan(at=at)
    for pk in deliveries.to_send(at=at):
        deliveries.send(pk)


def due(person: User, **fields: Any) -> FollowUp:
    made: FollowUp = FollowUpFactory(**{"owner": person, "known_to": person, "due_on": TODAY, **fields})
    return made


def chat(person: User | None, server: PostServer, **fields: Any) -> Webhook:
    return Webhook.objects.create(**({"name": "#me", "url": server.url, "user": person} | fields))


def only(person: User, topic: Topic, *channels: Channel) -> None:
    choose(person, {(topic, channel): channel in channels for channel in Channel})


def sent_by() -> dict[str, str]:
    return dict(Delivery.objects.values_list("channel", "state"))


def said(server: PostServer) -> dict[str, Any]:
    return dict(json.loads(server.taken[0].body))


# Which ways


def test_without_a_choice_a_mail_goes_out_and_the_bell_counts(person: User) -> None:
    due(person)
    tick()

    assert sent_by() == {"mail": "sent"}
    assert Reminder.objects.get().seen_at is None


def test_each_way_has_a_message_of_its_own(person: User, server: PostServer) -> None:
    due(person)
    device(person, server.url)
    chat(person, server)
    tick()
    tick()

    assert sent_by() == {"mail": "sent", "push": "sent", "hook": "sent"}
    assert (len(mail.outbox), len(server.taken)) == (1, 2)
    assert DeliveryItem.objects.count() == 3


def test_a_way_that_was_turned_off_is_silent(person: User, server: PostServer) -> None:
    device(person, server.url)
    only(person, Topic.DAY, Channel.APP, Channel.PUSH)
    due(person)
    tick()

    assert sent_by() == {"push": "sent"}
    assert mail.outbox == []


def test_a_topic_goes_its_own_way(person: User, server: PostServer) -> None:
    device(person, server.url)
    only(person, Topic.HOUR, Channel.PUSH)
    due(person)
    due(person, due_at=MORNING)
    tick()

    rang = Delivery.objects.get(kind="hour")
    assert (rang.channel, rang.state) == ("push", "sent")


def test_in_the_app_alone_it_has_arrived_when_it_stands_there(person: User) -> None:
    only(person, Topic.DAY, Channel.APP)
    due(person)
    tick()

    assert Reminder.objects.get().state == "delivered"
    assert not Delivery.objects.exists()


def test_without_the_app_the_bell_is_silent(person: User) -> None:
    only(person, Topic.DAY, Channel.MAIL)
    due(person)
    tick()

    assert Reminder.objects.get().seen_at == MORNING


def test_by_no_way_at_all_it_is_explained(person: User) -> None:
    only(person, Topic.DAY)
    due(person)
    tick()

    assert Reminder.objects.get().skipped_because == "This person chose not to hear of it."


def test_a_way_turned_on_later_is_not_flooded(person: User, server: PostServer) -> None:
    due(person)
    tick()
    device(person, server.url)
    with clock.set_to(MORNING + timedelta(days=1)):
        tick()

    assert server.taken == []


def test_where_the_only_chosen_way_has_no_address_any_more_a_mail_goes_out(person: User, server: PostServer) -> None:
    gone = device(person, server.url)
    only(person, Topic.DAY, Channel.PUSH)
    gone.delete()
    due(person)
    tick()

    assert sent_by() == {"mail": "sent"}


# What befalls them


def test_a_way_that_fails_holds_up_no_other(person: User, server: PostServer) -> None:
    server.status = 503
    chat(person, server)
    due(person)
    tick()
    assert sent_by() == {"mail": "sent", "hook": "failed"}

    server.status = 200
    with clock.set_to(MORNING + timedelta(minutes=1)):
        tick()

    assert sent_by() == {"mail": "sent", "hook": "sent"}
    assert len(mail.outbox) == 1


def test_what_was_told_by_one_way_stays_told_when_another_comes_too_late(person: User, server: PostServer) -> None:
    server.status = 503
    chat(person, server)
    follow_up = due(person)
    tick()
    follow_up.complete(by=person)
    with clock.set_to(MORNING + timedelta(minutes=1)):
        tick()

    assert Reminder.objects.get().state == "delivered"
    late = DeliveryItem.objects.get(channel="hook")
    assert late.skipped_because == "It was closed before."
    assert sent_by()["hook"] == "skipped"


def test_what_the_only_way_refuses_goes_by_mail(person: User, server: PostServer) -> None:
    server.status = 410
    device(person, server.url)
    only(person, Topic.HOUR, Channel.PUSH)
    due(person, due_at=MORNING)
    tick()
    tick()

    assert sent_by() == {"push": "refused", "mail": "sent"}
    assert Reminder.objects.get().state == "delivered"


def test_a_worker_that_died_after_the_yes_posts_nothing_twice(person: User, server: PostServer) -> None:
    chat(person, server)
    only(person, Topic.DAY, Channel.HOOK)
    due(person)
    raise_due(at=MORNING)
    deliveries.plan(at=MORNING)
    (pk,) = deliveries.to_send(at=MORNING)
    delivery = Delivery.objects.claim(pk, at=MORNING, lease=deliveries.LEASE)
    assert delivery
    deliveries._write_and_send(delivery)  # and then the worker dies

    with clock.set_to(MORNING + deliveries.LEASE):
        tick()

    assert len(server.taken) == 1
    assert (sent_by(), Delivery.objects.get().answer) == ({"hook": "sent"}, "201 kept")


# What is said


def test_a_notice_says_little_and_leads_to_the_day(person: User, server: PostServer) -> None:
    from tests.staff.test_rooms import opened  # noqa: PLC0415 - only here

    device(person, server.url)
    for number in range(5):
        due(person, text=f"Call {number}", company=CompanyFactory(name="Añil Inc."))
    tick()

    told = opened(server)
    assert (told["title"], told["url"]) == ("5 due", "/today/")
    assert told["body"] == "Call 0 · Añil Inc.\nCall 1 · Añil Inc.\nCall 2 · Añil Inc."


def test_slack_reads_text_and_links(person: User, server: PostServer) -> None:
    chat(person, server)
    follow_up = due(person, text="Call <them> | now", company=CompanyFactory(name="R&D"))
    tick()

    text = said(server)["text"]
    assert f"• <http://localhost:8000{follow_up.get_absolute_url()}|Call &lt;them&gt; / now> · R&amp;D" in text


def test_teams_reads_a_card(person: User, server: PostServer) -> None:
    chat(person, server, style="teams")
    due(person, text="Call [them](http://evil.example)")
    tick()

    (attachment,) = said(server)["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    lines = [block["text"] for block in attachment["content"]["body"]]
    assert any(line.startswith(r"[Call \[them\]\(http://evil.example\)](http://localhost") for line in lines)


def test_another_program_reads_facts(person: User, server: PostServer) -> None:
    chat(person, server, style="json")
    due(person, text="Call them")
    tick()

    told = said(server)
    assert (told["kind"], told["sections"][0]["lines"][0]["what"]) == ("morning", "Call them")


@pytest.mark.parametrize("style", ["slack", "teams", "json"])
def test_a_restricted_lead_goes_by_its_code_name_everywhere(person: User, server: PostServer, style: str) -> None:
    lead = LeadFactory(named=True, owner=person, company=CompanyFactory(name="Secretive Holdings"))
    chat(person, server, style=style)
    due(person, lead=lead, company=lead.company, text="Call Secretive Holdings")
    tick()

    assert b"Secretive" not in server.taken[0].body
    assert lead.code_name in json.dumps(said(server), ensure_ascii=False)


# The agency


def test_a_chat_of_the_agency_hears_of_an_enquiry_once(server: PostServer) -> None:
    chat(None, server)
    manager = UserFactory(manager_role=True)
    enquiries.receive(uuid4(), name="Ana Paula", company_name="Añil Inc.", text="How many engineers?")
    with clock.set_to(MORNING + timedelta(hours=2)):
        tick()
        tick()

    assert "Ana Paula, Añil Inc." in said(server)["text"]
    assert len(server.taken) == 1
    assert [letter.to for letter in mail.outbox] == [[manager.email]]


def test_a_chat_of_the_agency_hears_of_nobodys_day(person: User, server: PostServer) -> None:
    chat(None, server)
    due(person)
    tick()

    assert server.taken == []


def test_the_database_refuses_a_message_to_nobody() -> None:
    facts = {"message_id": "x", "due_at": MORNING, "next_try_at": MORNING, "created_at": MORNING, "kind": "morning"}

    with pytest.raises(IntegrityError, match="delivery_goes_to_a_person_or_a_chat"), transaction.atomic():
        Delivery.objects.create(**facts)


# The page


def page(client: Client, person: User, path: str = "/settings/channels/") -> str:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_ways_with_an_address_can_be_chosen(client: Client, person: User, server: PostServer) -> None:
    assert 'name="day-push"' not in page(client, person)

    device(person, server.url)

    assert 'name="day-push"' in page(client, person)


def test_a_choice_is_kept(client: Client, person: User) -> None:
    client.force_login(person)

    client.post("/settings/channels/", {"day-app": "on", "hour-mail": "on"})

    shown = page(client, person)
    chosen = {(row.topic, row.channel) for row in person.channel_choices.filter(is_on=True)}
    assert chosen == {("day", "app"), ("hour", "mail")}
    assert shown.count("checked") == 2


def test_a_chat_is_kept_tried_and_never_shown(client: Client, person: User, server: PostServer, eager: None) -> None:
    client.force_login(person)
    client.post("/settings/channels/chat/", {"name": "#me", "url": server.url, "style": "slack"})
    webhook = Webhook.objects.get()

    client.post("/settings/channels/test/", {"chat": str(webhook.pk)})
    deliveries.send(Delivery.objects.get().pk)

    assert "Puente reaches you here" in said(server)["text"]
    shown = page(client, person)
    assert "201 kept" in shown
    assert "key=secret" not in shown


def test_a_mail_is_tried_with_one_click(client: Client, person: User) -> None:
    client.force_login(person)

    client.post("/settings/channels/test/", {"way": "mail"})
    with mail_server() as post:
        deliveries.send(Delivery.objects.get().pk)

    assert "Puente reaches you here" in str(post.taken[0]["Subject"])
    assert "250 Kept as 42" in page(client, person)


@pytest.mark.parametrize("asked", [{}, {"way": "pigeon"}, {"chat": "x"}, {"chat": "9" * 40}, {"chat": "7777"}])
def test_a_way_that_is_not_there_is_said(client: Client, person: User, asked: dict[str, str]) -> None:
    client.force_login(person)

    answer = client.post("/settings/channels/test/", asked, follow=True)

    assert "There is no such way any more." in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"url": "ftp://x"}, {"url": "x" * 10_000}, {"name": ""}, {"style": "carrier"}])
def test_a_wrong_chat_is_refused_in_the_form(client: Client, person: User, wrong: dict[str, str]) -> None:
    client.force_login(person)
    typed = {"name": "#me", "url": "https://hooks.slack.com/services/T/B/x", "style": "slack"}

    answer = client.post("/settings/channels/chat/", typed | wrong)

    assert answer.status_code == 422
    assert not Webhook.objects.exists()


def test_an_address_of_teams_is_not_written_to_as_slack(client: Client, person: User) -> None:
    client.force_login(person)
    typed = {"name": "#me", "url": "https://x.webhook.office.com/y", "style": "slack"}

    answer = client.post("/settings/channels/chat/", typed)

    assert "Microsoft Teams" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_chats_of_the_agency_are_for_administrators(client: Client, person: User, server: PostServer) -> None:
    typed = {"name": "#agency", "url": server.url, "style": "slack"}
    client.force_login(person)
    assert client.post("/settings/channels/agency/", typed).status_code == 404

    client.force_login(UserFactory(administrator=True))
    client.post("/settings/channels/agency/", typed)

    assert Webhook.objects.get().user is None
    assert "#agency" not in page(client, person)


def test_nobody_removes_anothers_chat_or_device(client: Client, person: User, server: PostServer) -> None:
    theirs, phone = chat(UserFactory(), server), device(UserFactory(), server.url)
    client.force_login(person)

    client.post(f"/settings/channels/chat/{theirs.pk}/forget/")
    client.post(f"/settings/channels/devices/{phone.pk}/forget/")

    assert Webhook.objects.exists()
    assert PushDevice.objects.exists()


# A way that fails


def test_the_administrators_hear_once_of_a_way_that_failed_for_a_day(person: User, server: PostServer) -> None:
    administrator = UserFactory(administrator=True)
    server.status = 503
    chat(person, server)
    due(person)
    for hours in range(0, 60, 6):
        with clock.set_to(MORNING + timedelta(hours=hours)):
            tick()

    told = [letter for letter in mail.outbox if letter.to == [administrator.email]]
    assert [str(letter.subject) for letter in told] == ["Puente: A way to people has failed for a day: Chat"]

    server.status = 200
    with clock.set_to(MORNING + timedelta(days=4)):
        tick()
    assert sent_by()["hook"] == "sent"


def test_an_administrator_sees_on_today_that_a_way_fails(client: Client, person: User, server: PostServer) -> None:
    server.status = 503
    chat(person, server)
    due(person)
    tick()

    with clock.set_to(MORNING + timedelta(hours=25)):
        assert "waits for more than a day: Chat fails" in page(client, UserFactory(administrator=True), "/today/")
        assert "Chat fails" not in page(client, person, "/today/")
