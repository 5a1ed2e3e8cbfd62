"""How long people's data is kept: what a purge would take is simulated, and only that is purged, in batches, logged."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from companies.models import Contact, DataRequest, File
from config.staff import clock
from config.staff.models import User
from leads import retention
from leads.models import InteractionFile, PersonReview, Purge, RetentionRule
from leads.models.choices import Level, Status
from leads.models.retention import Keeps
from tests.companies.factories import ContactFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.missions.factories import MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    user: User = UserFactory(administrator=True)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()
    return user


def ago(years: float) -> datetime:
    return clock.now() - timedelta(days=365 * years)


def forgotten(**more: Any) -> Contact:
    """Nobody has had to do with this person for six years."""
    contact: Contact = ContactFactory(**more)
    Contact.objects.filter(pk=contact.pk).update(created_at=ago(6))
    return contact


def due_people() -> list[Contact]:
    return list(retention.simulate(Keeps.PEOPLE, at=clock.now()).some)


def said(contact: Contact, years: float, **more: Any) -> None:
    ParticipantFactory(interaction=InteractionFactory(happened_at=ago(years), **more), contact=contact)


def test_whoever_nobody_had_to_do_with_for_five_years_is_due() -> None:
    contact = forgotten()
    said(contact, 5.5)
    ContactFactory()

    assert due_people() == [contact]


@pytest.mark.parametrize(
    "keep",
    [
        lambda contact: said(contact, 1),
        lambda contact: said(contact, 1, lead=LeadFactory(level=Level.NAMED, code_name="Ceiba")),
        lambda contact: LeadFactory(contact=contact),
        lambda contact: FollowUpFactory(contact=contact),
        lambda contact: MissionTargetFactory(contact=contact),
        lambda contact: DataRequest.objects.create(
            kind="access", contact=contact, received_on=clock.agency_today(), due_on=clock.agency_today()
        ),
        lambda contact: Contact.objects.filter(pk=contact.pk).update(legal_basis_on=ago(1).date()),
    ],
    ids=["exchange", "restricted exchange", "lead", "follow-up", "mission", "data request", "legal basis"],
)
def test_what_goes_on_keeps_a_person(keep: Callable[[Contact], object]) -> None:
    keep(forgotten())

    assert due_people() == []


def test_a_lead_that_has_ended_keeps_nobody() -> None:
    contact = forgotten()
    LeadFactory(contact=contact, status=Status.HANDED_OVER, closed_on=ago(5.5).date())

    assert due_people() == [contact]


def test_the_simulated_run_changes_nothing(client: Client, administrator: User) -> None:
    contact = forgotten()

    page = client.get("/privacy/retention/people/")

    assert contact.name in page.content.decode()
    assert Contact.objects.get(pk=contact.pk).anonymised_at is None
    assert not Purge.objects.exists()


def test_what_was_simulated_is_purged_in_batches_and_logged(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    people, kept = [forgotten() for _ in range(5)], ContactFactory()

    assert client.post("/privacy/retention/people/purge/", {"count": 5, "sure": "on"}).status_code == 302
    retention.carry_on(Purge.objects.get().pk)

    purge = Purge.objects.get()
    assert (purge.total, purge.done, purge.by) == (5, 5, administrator)
    assert purge.finished_at is not None
    assert Contact.objects.filter(anonymised_at__isnull=False).count() == len(people)
    assert Contact.objects.get(pk=kept.pk).anonymised_at is None


def test_a_broken_purge_goes_on_where_it_stood(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        forgotten()
    purge = retention.begin(retention.simulate(Keeps.PEOPLE, at=clock.now()), by=administrator, at=clock.now())
    retention._batch(purge.pk)

    retention.carry_on(purge.pk)

    purge.refresh_from_db()
    assert purge.done == 5
    assert due_people() == []


@pytest.mark.parametrize("sent", [{"count": 2, "sure": "on"}, {"count": 1}, {"sure": "on"}, {"count": "x" * 1000}])
def test_nothing_is_purged_without_its_number_and_a_word(
    client: Client, administrator: User, sent: dict[str, Any]
) -> None:
    forgotten()

    assert client.post("/privacy/retention/people/purge/", sent).status_code == 422
    assert not Purge.objects.exists()


def test_a_purge_of_a_kind_runs_once_at_a_time(administrator: User) -> None:
    forgotten()
    seen = retention.simulate(Keeps.PEOPLE, at=clock.now())

    first = retention.begin(seen, by=administrator, at=clock.now())

    assert retention.begin(seen, by=administrator, at=clock.now()) == first


def voice_note(*, days: int, capture_id: str | None) -> File:
    at = timezone.now() - timedelta(days=days)
    user = UserFactory()
    file = File.objects.create(
        name="note.webm", media_type="audio/webm", size=1, sha256="0" * 64, uploaded_by=user, uploaded_at=at
    )
    InteractionFile.objects.create(file=file, interaction=InteractionFactory(), capture_id=capture_id)
    return file


def test_voice_notes_of_meetings_go_and_documents_stay(administrator: User) -> None:
    old = voice_note(days=40, capture_id="8f14e45f-ceea-467f-a7f0-000000000001")
    voice_note(days=20, capture_id="8f14e45f-ceea-467f-a7f0-000000000002")
    voice_note(days=40, capture_id=None)
    seen = retention.simulate(Keeps.VOICE, at=clock.now())

    retention.carry_on(retention.begin(seen, by=administrator, at=clock.now()).pk)

    assert list(File.objects.exclude(removed_at=None)) == [old]
    assert File.objects.get(pk=old.pk).restore()


def test_after_three_years_a_person_is_looked_at_and_not_purged(client: Client, administrator: User) -> None:
    contact = forgotten()
    said(contact, 3.5)
    said(forgotten(), 2.5)

    page = client.get("/privacy/retention/review/").content.decode()

    assert contact.name in page
    assert due_people() == []
    assert "Purge" not in page
    assert client.post("/privacy/retention/review/purge/", {"count": 1, "sure": "on"}).status_code == 404


def test_whoever_is_said_to_stay_is_neither_asked_about_again_nor_purged(client: Client, administrator: User) -> None:
    contact = forgotten()

    client.post("/privacy/retention/review/keep/", {"person": [contact.pk, "x", 10**18]})

    assert PersonReview.objects.get().by == administrator
    assert list(retention.simulate(Keeps.REVIEW, at=clock.now()).some) == []
    assert due_people() == []


def test_whoever_is_not_due_for_a_review_is_not_noted(client: Client, administrator: User) -> None:
    client.post("/privacy/retention/review/keep/", {"person": [ContactFactory().pk]})

    assert not PersonReview.objects.exists()


def test_a_rule_is_data(client: Client, administrator: User) -> None:
    forgotten()

    assert client.post("/privacy/retention/people/", {"days": 4000}).status_code == 302

    assert due_people() == []
    assert RetentionRule.objects.get().days == 4000


@pytest.mark.parametrize("days", [30, -1, 10**9, "x", ""])
def test_a_period_that_cannot_be_meant_is_refused(client: Client, administrator: User, days: object) -> None:
    assert client.post("/privacy/retention/people/", {"days": days}).status_code == 422
    assert not RetentionRule.objects.exists()


def test_retention_is_for_administrators(client: Client) -> None:
    client.force_login(UserFactory(manager_role=True))

    for page in ("", "people/"):
        assert client.get(f"/privacy/retention/{page}").status_code == 404
    assert client.post("/privacy/retention/people/purge/", {"count": 0, "sure": "on"}).status_code in {302, 404}
    assert client.post("/privacy/retention/review/keep/", {"person": 1}).status_code == 404
