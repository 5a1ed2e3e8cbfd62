"""Asking targets by mail: in their language, within their hours, one by one, and never who objected."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client

from companies.objections import object_to_messages
from config.staff import clock
from config.staff.models import User
from leads.letters import writing
from leads.models import Delivery, FollowUp, Invitation, Letter
from leads.on_mission import outreach
from leads.reminding import deliveries
from missions.models import MissionTarget
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory, EmailFactory
from tests.missions.factories import MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# Thursday noon in San Francisco.
NOON = datetime(2026, 11, 12, 20, 0, tzinfo=UTC)
# The same day, nine in the evening there.
EVENING = datetime(2026, 11, 13, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def target() -> MissionTarget:
    contact = ContactFactory(given_name="María", language="es")
    EmailFactory(contact=contact, value="maria@example.org")
    company = CompanyFactory(name="Moove It", city=CityFactory(zone="America/Los_Angeles"))
    one: MissionTarget = MissionTargetFactory(
        mission=MissionFactory(name="California"), company=company, contact=contact
    )
    outreach.usual_words(one.mission).save()
    return one


def decided(target: MissionTarget, officer: User) -> Letter:
    follow_up = outreach.begin(target, by=officer)
    draft = writing.propose(follow_up, by=officer)
    written = writing.Written(
        contact=draft.contact,  # type: ignore[arg-type]
        to=draft.to_address,
        language=draft.language,
        subject=draft.subject,
        body=draft.body,
    )
    kept = writing.keep(follow_up, written, by=officer, seen=0)
    return writing.decide(kept, by=officer, seen=kept.version)


def test_a_draft_speaks_the_language_of_its_reader(target: MissionTarget, officer: User) -> None:
    draft = writing.propose(outreach.begin(target, by=officer), by=officer)

    assert draft.language == "es"
    assert "Hola, María" in draft.body
    assert "Moove It" in draft.body
    assert "California" in draft.subject


def test_beginning_twice_is_one_mail(target: MissionTarget, officer: User) -> None:
    assert outreach.begin(target, by=officer) == outreach.begin(target, by=officer)


def test_a_mail_that_went_out_is_a_touch_of_its_target(target: MissionTarget, officer: User) -> None:
    letter = decided(target, officer)

    deliveries.send(letter.delivery_id or 0)

    target.refresh_from_db()
    assert len(mail.outbox) == 1
    assert "List-Unsubscribe-Post" in mail.outbox[0].extra_headers
    assert (target.status, target.touches.get().kind) == ("sent", "mail")


def test_nothing_is_a_touch_before_it_went_out(target: MissionTarget, officer: User) -> None:
    decided(target, officer)

    target.refresh_from_db()
    assert target.status == "not_sent"


def test_who_objects_before_it_goes_out_gets_nothing(target: MissionTarget, officer: User) -> None:
    letter = decided(target, officer)
    object_to_messages(target.contact, "by mail", at=clock.now())  # type: ignore[arg-type]

    deliveries.send(letter.delivery_id or 0)

    target.refresh_from_db()
    assert not mail.outbox
    assert target.status == "not_sent"


def test_in_the_evening_of_its_reader_a_mail_waits_for_the_morning(target: MissionTarget, officer: User) -> None:
    with clock.set_to(EVENING):
        letter = decided(target, officer)
        deliveries.send(letter.delivery_id or 0)

    assert not mail.outbox
    assert Delivery.objects.get().next_try_at == datetime(2026, 11, 13, 15, 0, tzinfo=UTC)


def test_a_mail_that_lay_here_until_the_evening_waits_too(target: MissionTarget, officer: User) -> None:
    letter = decided(target, officer)

    with clock.set_to(EVENING):
        deliveries.send(letter.delivery_id or 0)

    assert not mail.outbox
    assert Delivery.objects.get().next_try_at == datetime(2026, 11, 13, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-12T15:00", "2026-11-12T15:00"),  # seven sharp on a Thursday
        ("2026-11-12T14:59", "2026-11-12T15:00"),
        ("2026-11-14T20:00", "2026-11-16T15:00"),  # a Saturday
        ("2026-11-26T20:00", "2026-11-27T15:00"),  # Thanksgiving
    ],
)
def test_the_hours_are_those_of_working_days_there(at: str, opens: str) -> None:
    moment, wanted = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, opens))

    assert outreach.next_opening(moment, "America/Los_Angeles", "US") == wanted


def test_a_target_without_a_person_is_not_written_to(client: Client, officer: User) -> None:
    target = MissionTargetFactory()
    client.force_login(officer)

    client.post(f"/missions/{target.mission_id}/targets/{target.pk}/mail/")

    assert not FollowUp.objects.exists()


def test_an_unknown_name_in_the_words_is_refused(client: Client, target: MissionTarget, officer: User) -> None:
    client.force_login(officer)
    sent = {"subject_en": "x", "body_en": "{nmae}", "subject_es": "x", "body_es": "x"}

    answer = client.post(f"/missions/{target.mission_id}/invitation/", sent)

    assert answer.status_code == 422
    assert Invitation.objects.get().subject_en != "x"
