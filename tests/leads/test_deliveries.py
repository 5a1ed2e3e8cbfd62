from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from config.first_data.cadence import load_default_cadence
from config.staff import clock
from config.staff.models import MailAttempt, Stay, User
from config.staff.sending import Delayed
from leads.models import CadenceStep, Delivery, FollowUp, Interaction, Reminder
from leads.reminding import deliveries, reminders
from leads.reminding.composing import compose
from leads.reminding.deliveries import LEASE, pause_after
from leads.reminding.reminders import raise_due
from leads.tasks import send_due
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.mail_servers import mail_server, mute_server, no_server
from tests.missions.factories import AppointmentFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=BOGOTA)  # a Tuesday
TODAY = MORNING.date()
ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(deliveries, "TIMEOUT", 1)
    with clock.set_to(MORNING):
        yield


def tick() -> None:
    at = clock.now()
    raise_due(at=at)
    deliveries.plan(at=at)
    for pk in deliveries.to_send(at=at):
        deliveries.send(pk)


def sent() -> list[EmailMultiAlternatives]:
    tick()
    return mail.outbox  # type: ignore[return-value]


def mine(**fields: Any) -> FollowUp:
    owner = fields.pop("owner", None) or UserFactory()
    made: FollowUp = FollowUpFactory(**{"owner": owner, "known_to": owner, "due_on": TODAY, **fields})
    return made


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


# The morning mail


def test_a_person_gets_one_mail_of_all_that_is_due() -> None:
    owner = UserFactory()
    for number in range(3):
        mine(owner=owner, text=f"Call number {number}")

    (letter,) = sent()

    assert letter.to == [owner.email]
    assert letter.subject == "Puente: 3 due"
    assert all(f"Call number {number}" in letter.body for number in range(3))
    assert set(Reminder.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_second_tick_sends_nothing() -> None:
    mine()

    assert len(sent()) == 1
    assert len(sent()) == 1
    with clock.set_to(MORNING + timedelta(hours=5)):
        assert len(sent()) == 1


def test_the_next_morning_says_only_what_changed() -> None:
    owner = UserFactory()
    mine(owner=owner, text="The old one")
    tick()
    with clock.set_to(MORNING + ONE_DAY):
        assert len(sent()) == 1

        mine(owner=owner, text="The new one", due_on=TODAY + ONE_DAY)
        letter = sent()[-1]

    assert letter.subject == "Puente: 1 due, 1 still overdue"
    assert "The new one" in letter.body
    assert "The old one" not in letter.body


def test_the_first_look_of_a_morning_finds_what_is_due_on_it(eager: None) -> None:
    owner = UserFactory()
    mine(owner=owner, known_to=None, text="Given yesterday", due_on=TODAY + 3 * ONE_DAY)
    raise_due(at=MORNING - timedelta(hours=10))
    mine(owner=owner, text="Due this morning")

    send_due()

    (letter,) = mail.outbox
    assert "Given yesterday" in letter.body
    assert "Due this morning" in letter.body


def test_a_morning_waits_for_what_another_worker_is_raising() -> None:
    owner = UserFactory()
    mine(owner=owner, known_to=None, text="Given yesterday", due_on=TODAY + 3 * ONE_DAY)
    raise_due(at=MORNING - timedelta(hours=10))
    mine(owner=owner, text="Due this morning")

    deliveries.plan(at=MORNING)
    assert states() == []
    (letter,) = sent()

    assert "Due this morning" in letter.body


def test_a_morning_does_not_wait_for_ever() -> None:
    owner = UserFactory()
    mine(owner=owner, known_to=None, due_on=TODAY + 3 * ONE_DAY)
    raise_due(at=MORNING - timedelta(hours=10))
    mine(owner=owner)

    deliveries.plan(at=MORNING + timedelta(minutes=11))

    assert states() == ["due"]


def test_what_cannot_be_raised_holds_back_nothing_else(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    mine()
    raise_due(at=MORNING)
    monkeypatch.setattr(reminders, "remind", lambda *_words, **_more: 1 / 0)

    send_due()

    assert len(mail.outbox) == 1


def test_nobody_is_reminded_to_write_to_who_has_objected() -> None:
    load_default_cadence(at=MORNING - ONE_DAY)
    step = CadenceStep.objects.filter(is_message=True).first()
    contact = ContactFactory(objected_at=MORNING)
    mine(step=step, contact=contact, interaction=InteractionFactory())

    assert sent() == []
    assert Reminder.objects.get().skipped_because == "They objected to messages."


def test_a_start_after_the_morning_hour_sends_at_once() -> None:
    mine()

    with clock.set_to(MORNING + timedelta(hours=9)):
        assert len(sent()) == 1


def test_before_the_morning_hour_nobody_is_woken() -> None:
    mine(due_on=TODAY - ONE_DAY)

    with clock.set_to(MORNING - timedelta(hours=5)):
        assert sent() == []


def test_what_comes_due_after_the_mail_is_said_next_morning() -> None:
    owner = UserFactory()
    mine(owner=owner)
    tick()
    with clock.set_to(MORNING + timedelta(hours=3)):
        mine(owner=owner, text="Noted at ten")
        assert len(sent()) == 1
    with clock.set_to(MORNING + ONE_DAY):
        assert "Noted at ten" in sent()[-1].body


def test_thousands_of_old_ones_are_one_line() -> None:
    owner = UserFactory()
    FollowUpFactory.create_batch(40, owner=owner, known_to=owner, due_on=TODAY - timedelta(days=90))
    mine(owner=owner, text="The one of today")

    (letter,) = sent()

    assert letter.subject == "Puente: 1 due, 40 still overdue"
    assert "Send the information pack" not in letter.body


def test_a_long_list_ends_in_a_link() -> None:
    owner = UserFactory()
    FollowUpFactory.create_batch(50, owner=owner, known_to=owner, due_on=TODAY)

    (letter,) = sent()

    assert letter.body.count("Send the information pack") == 20
    assert "and 30 more: http://localhost:8000/today/" in letter.body


def test_after_an_outage_of_days_all_that_came_due_is_listed() -> None:
    owner = UserFactory()
    mine(owner=owner)
    tick()
    for day in range(1, 4):
        mine(owner=owner, text=f"Missed on day {day}", due_on=TODAY + day * ONE_DAY)
    with clock.set_to(MORNING + timedelta(days=3)):
        letter = sent()[-1]

    assert len(mail.outbox) == 2
    assert all(f"Missed on day {day}" in letter.body for day in range(1, 4))


def test_a_traveller_is_written_to_once_a_day() -> None:
    owner = UserFactory()
    mine(owner=owner)
    tick()
    Stay.objects.create(
        user=owner, zone="America/Los_Angeles", starts_at=MORNING, ends_at=MORNING + timedelta(days=3), source="test"
    )
    mine(owner=owner)

    with clock.set_to(datetime(2026, 11, 24, 7, 30, tzinfo=ZoneInfo("America/Los_Angeles"))):
        assert len(sent()) == 1
    with clock.set_to(datetime(2026, 11, 25, 7, 0, tzinfo=BOGOTA)):
        assert len(sent()) == 1
    with clock.set_to(datetime(2026, 11, 25, 7, 0, tzinfo=ZoneInfo("America/Los_Angeles"))):
        assert len(sent()) == 2


# At an hour


def test_an_hour_gets_a_mail_of_its_own_and_stays_out_of_the_morning() -> None:
    owner = UserFactory()
    mine(owner=owner, text="In the morning")
    mine(owner=owner, text="At three", due_at=MORNING + timedelta(hours=8))

    (morning,) = sent()
    with clock.set_to(MORNING + timedelta(hours=8)):
        hour = sent()[-1]

    assert "At three" not in morning.body
    assert hour.subject == "Puente: 1 reminder for 15:00"
    assert ("At three" in hour.body, "In the morning" in hour.body) == (True, False)
    assert len(mail.outbox) == 2


def test_one_mail_for_all_of_the_same_hour() -> None:
    owner = UserFactory()
    for _number in range(3):
        mine(owner=owner, due_at=MORNING)

    assert len(sent()) == 1


# What is said


def test_the_mail_is_in_the_readers_language() -> None:
    mine(owner=UserFactory(language="es"))

    (letter,) = sent()

    assert "24 de noviembre" in letter.body.lower()


def test_both_parts_link_to_each_item() -> None:
    follow_up = mine()

    (letter,) = sent()

    link = f"http://localhost:8000{follow_up.get_absolute_url()}"
    assert link in letter.body
    assert f'href="{link}"' in str(letter.alternatives[0][0])


def test_the_mail_says_what_made_it() -> None:
    mine()

    (letter,) = sent()

    delivery = Delivery.objects.get()
    assert letter.extra_headers == {
        "Message-ID": f"<{delivery.message_id}>",
        "Date": "Tue, 24 Nov 2026 12:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<http://localhost:8000/settings/channels/>",
    }


def test_words_that_people_typed_do_no_harm_in_html() -> None:
    mine(text="<script>alert(1)</script>")

    (letter,) = sent()

    assert "<script>" not in str(letter.alternatives[0][0])


def test_a_restricted_lead_goes_by_its_code_name() -> None:
    lead = LeadFactory(named=True, company=CompanyFactory(name="Secretive Holdings"))
    interaction: Interaction = InteractionFactory(lead=lead, company=lead.company)
    fields = {"owner": lead.owner, "company": lead.company, "text": "Call Secretive Holdings", "kind": "call"}
    mine(**fields, lead=lead, waiting_for="Secretive Holdings")
    mine(**fields, interaction=interaction)

    (letter,) = sent()

    said = " ".join([str(letter.subject), str(letter.body), str(letter.alternatives[0][0])])
    assert "Secretive" not in said
    assert said.count(lead.code_name) == 4


def test_nothing_is_said_that_the_person_may_not_see() -> None:
    mine(lead=LeadFactory(named=True))

    assert sent() == []
    assert states() == ["skipped"]
    assert Reminder.objects.get().skipped_because == "This person may not see it."


def test_a_reserved_appointment_stays_reserved() -> None:
    appointment = AppointmentFactory(level="restricted")
    mine(appointment=appointment, company=appointment.company)

    (letter,) = sent()

    assert appointment.company.name not in letter.body


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "done", "closed_at": MORNING}, "It was closed before."),
        ({"due_on": TODAY + ONE_DAY}, "It was put off before."),
    ],
)
def test_what_no_longer_stands_is_not_said(change: dict[str, Any], reason: str) -> None:
    follow_up = mine()
    raise_due(at=clock.now())
    FollowUp.objects.filter(pk=follow_up.pk).update(**change)

    assert sent() == []
    assert Reminder.objects.get().skipped_because == reason


def test_what_somebody_accepted_is_no_news_to_them() -> None:
    follow_up, colleague = mine(), UserFactory()
    raise_due(at=clock.now())
    follow_up.hand_over(colleague, by=follow_up.owner, seen_version=follow_up.version)
    follow_up.accept(by=colleague)

    assert sent() == []


def test_an_offer_is_said_to_whoever_is_asked() -> None:
    follow_up, colleague = mine(), UserFactory()
    follow_up.hand_over(colleague, by=follow_up.owner, seen_version=follow_up.version)
    raise_due(at=clock.now())

    (letter,) = (letter for letter in sent() if letter.to == [colleague.email])
    assert "offered to you" in letter.subject
    assert follow_up.text in letter.body


def test_an_offer_that_was_withdrawn_is_not_said() -> None:
    follow_up, colleague = mine(), UserFactory()
    follow_up.hand_over(colleague, by=follow_up.owner, seen_version=follow_up.version)
    raise_due(at=clock.now())
    follow_up.decline(by=follow_up.owner)

    assert [letter.to for letter in sent()] == [[follow_up.owner.email]]


def test_nothing_is_mailed_to_a_closed_account() -> None:
    owner: User = mine().owner
    raise_due(at=clock.now())
    deliveries.plan(at=clock.now())
    owner.close(at=MORNING)

    assert sent() == []
    assert states() == ["skipped"]
    assert Reminder.objects.get().skipped_because == "The account is closed."


def test_a_manager_reads_whose_it_is() -> None:
    manager = UserFactory(manager_role=True)
    owner = UserFactory(manager=manager, name="Ana Paula")
    follow_up = mine(owner=owner, due_on=TODAY)
    tick()
    with clock.set_to(datetime(2026, 12, 1, 7, tzinfo=BOGOTA)):
        letter = sent()[-1]

    assert (letter.to, letter.subject) == ([manager.email], "Puente: 1 overdue in your team")
    assert "Ana Paula" in letter.body
    assert follow_up.text in letter.body


# Trouble on the way


def test_a_server_that_is_away_is_tried_until_it_is_back() -> None:
    mine()
    with no_server():
        tick()
        assert states() == ["failed"]
        assert Reminder.objects.get().state == "due"
    with mail_server() as server, clock.set_to(MORNING + timedelta(minutes=2)):
        tick()
        tick()

    assert states() == ["sent"]
    assert server.ids == [f"<{Delivery.objects.get().message_id}>"]
    assert Delivery.objects.get().attempts == 2


def test_a_server_that_hangs_is_left_and_tried_again() -> None:
    mine()
    with mute_server():
        tick()

    assert states() == ["failed"]
    assert len(sent()) == 0  # its pause is not over
    with clock.set_to(MORNING + timedelta(minutes=1)):
        assert len(sent()) == 1


def test_a_4xx_is_tried_again_and_a_5xx_is_shown() -> None:
    mine()
    with mail_server(rcpt="450 Busy"):
        tick()
    assert (states(), Delivery.objects.get().answer) == (["failed"], "450 Busy")

    with mail_server(rcpt="550 No such person"), clock.set_to(MORNING + timedelta(hours=1)):
        tick()
        tick()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.answer, delivery.attempts) == ("refused", "550 No such person", 2)
    assert Reminder.objects.get().state == "due"


@pytest.mark.parametrize(
    ("attempts", "waited", "pause"),
    [
        (1, timedelta(0), timedelta(minutes=1)),
        (4, timedelta(0), timedelta(minutes=8)),
        (60, timedelta(0), timedelta(hours=1)),
        (60, timedelta(days=1), timedelta(days=1)),
        (30000, timedelta(days=400), timedelta(days=1)),
    ],
)
def test_pauses_grow_and_end_in_one_try_a_day(attempts: int, waited: timedelta, pause: timedelta) -> None:
    assert pause_after(attempts, waited=waited) == pause


def test_mails_that_could_not_go_out_become_one_of_today() -> None:
    owner = UserFactory()
    mine(owner=owner, text="Of Tuesday")
    with no_server():
        tick()
    mine(owner=owner, text="Of Wednesday", due_on=TODAY + ONE_DAY)
    with clock.set_to(MORNING + ONE_DAY):
        (letter,) = sent()

    assert states() == ["sent"]
    assert "Of Tuesday" in letter.body
    assert "Of Wednesday" in letter.body


def test_a_poisoned_mail_is_kept_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned, sound = mine(), mine()

    def poisonous(delivery: Delivery, *, at: datetime) -> Any:
        if delivery.person_id == poisoned.owner_id:
            raise ValueError("poison")
        return compose(delivery, at=at)

    monkeypatch.setattr(deliveries, "compose", poisonous)

    assert [letter.to for letter in sent()] == [[sound.owner.email]]
    kept = Delivery.objects.get(person=poisoned.owner)
    assert (kept.state, kept.answer) == ("failed", "ValueError: poison")


# Claims


def test_what_another_worker_has_in_hand_is_left_alone() -> None:
    mine()
    raise_due(at=clock.now())
    deliveries.plan(at=clock.now())
    (pk,) = deliveries.to_send(at=clock.now())
    Delivery.objects.claim(pk, at=clock.now(), lease=LEASE)

    deliveries.send(pk)

    assert deliveries.to_send(at=clock.now()) == []
    assert mail.outbox == []


def test_a_claim_whose_lease_ran_out_is_taken_over() -> None:
    mine()
    raise_due(at=clock.now())
    deliveries.plan(at=clock.now())
    (pk,) = deliveries.to_send(at=clock.now())
    dead = Delivery.objects.claim(pk, at=clock.now(), lease=LEASE)

    with clock.set_to(MORNING + LEASE):
        assert len(sent()) == 1

    assert dead
    assert not dead.settle(Delivery.State.FAILED, answer="too late", at=clock.now())
    assert states() == ["sent"]


def test_what_was_accepted_before_a_crash_is_not_sent_again() -> None:
    mine()
    raise_due(at=clock.now())
    deliveries.plan(at=clock.now())
    (pk,) = deliveries.to_send(at=clock.now())
    delivery = Delivery.objects.claim(pk, at=clock.now(), lease=LEASE)
    assert delivery
    deliveries._write_and_send(delivery)  # and then the worker dies

    with clock.set_to(MORNING + LEASE):
        assert len(sent()) == 1

    assert (states(), Delivery.objects.get().answer) == (["sent"], "taken by locmem")
    assert Reminder.objects.get().state == "delivered"
    assert MailAttempt.objects.count() == 1


def test_a_worker_that_was_held_up_does_not_send_into_anothers_hands() -> None:
    mine()
    raise_due(at=clock.now())
    deliveries.plan(at=clock.now())
    (pk,) = deliveries.to_send(at=clock.now())
    delivery = Delivery.objects.claim(pk, at=clock.now() - LEASE, lease=LEASE)
    assert delivery is None
    delivery = Delivery.objects.claim(pk, at=clock.now(), lease=LEASE)
    assert delivery

    with clock.set_to(MORNING + LEASE), pytest.raises(Delayed, match="lease"):
        deliveries._write_and_send(delivery)

    assert mail.outbox == []


# An address that refuses


def test_an_address_that_refuses_gets_no_more_mail_until_a_test_arrives(client: Client) -> None:
    person = mine().owner
    with mail_server(rcpt="550 No such person"):
        tick()
    with clock.set_to(MORNING + ONE_DAY):
        mine(owner=person, due_on=TODAY + ONE_DAY)
        tick()
        assert states() == ["refused"]
        client.force_login(person)
        assert "refuses our mail" in client.get("/today/").content.decode()

        deliveries.send(deliveries.plan_test(person, "mail", at=clock.now()).pk)

        assert "refuses our mail" not in client.get("/today/").content.decode()
    with clock.set_to(MORNING + 2 * ONE_DAY):
        mine(owner=person, due_on=TODAY + 2 * ONE_DAY)
        tick()
    assert states() == ["refused", "sent", "sent"]
