from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from companies import files
from config.staff import clock
from config.staff.models import User
from leads.errors import ReasonMissing, StaleEdit
from leads.follow_ups.following import plan_next
from leads.models import FollowUp
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# A Thursday.
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
TODAY, FRIDAY, MONDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def promise(officer: User) -> FollowUp:
    follow_up: FollowUp = FollowUpFactory(owner=officer, due_on=TODAY, known_to=officer)
    return follow_up


def test_done_says_who_when_and_what_proves_it(promise: FollowUp, officer: User) -> None:
    done = promise.complete(by=officer, note="Mail of today")

    assert (done.state, done.closed_by, done.closed_at, done.closed_with) == ("done", officer, NOW, "Mail of today")


def test_done_twice_keeps_the_first(promise: FollowUp, officer: User) -> None:
    promise.complete(by=officer, note="First")

    assert promise.complete(by=UserFactory(), note="Second").closed_with == "First"


def test_cancelling_needs_a_reason(promise: FollowUp, officer: User) -> None:
    with pytest.raises(ReasonMissing):
        promise.cancel(by=officer, reason=" ")


def test_cancelled_is_not_done(promise: FollowUp, officer: User) -> None:
    assert promise.cancel(by=officer, reason="They withdrew").state == "cancelled"


def test_snooze_puts_the_day_off(promise: FollowUp, officer: User) -> None:
    assert promise.snooze(MONDAY, by=officer, seen_version=1).due_on == MONDAY


def test_snooze_forgets_the_hour(officer: User) -> None:
    follow_up = FollowUpFactory(owner=officer, due_at=NOW)

    assert follow_up.snooze(MONDAY, by=officer, seen_version=1).due_at is None


def test_second_snooze_needs_a_reason(promise: FollowUp, officer: User) -> None:
    promise.snooze(FRIDAY, by=officer, seen_version=1)

    with pytest.raises(ReasonMissing):
        promise.snooze(MONDAY, by=officer, seen_version=2)


def test_snooze_sent_twice_counts_once(promise: FollowUp, officer: User) -> None:
    promise.snooze(FRIDAY, by=officer, seen_version=1)

    assert promise.snooze(FRIDAY, by=officer, seen_version=1).snoozes == 1


def test_stale_snooze_is_refused(promise: FollowUp, officer: User) -> None:
    promise.snooze(FRIDAY, by=officer, seen_version=1)

    with pytest.raises(StaleEdit):
        promise.snooze(MONDAY, by=officer, seen_version=1, reason="Later")


def test_own_snooze_is_no_news(promise: FollowUp, officer: User) -> None:
    assert promise.snooze(MONDAY, by=officer, seen_version=1).known_to == officer


def test_snooze_over_the_owners_head_is_news(promise: FollowUp) -> None:
    assert promise.snooze(MONDAY, by=UserFactory(), seen_version=1).known_to is None


def test_handed_over_stays_with_its_owner_until_the_other_accepts(promise: FollowUp, officer: User) -> None:
    colleague = UserFactory()
    promise.hand_over(colleague, by=officer, seen_version=1)
    promise.refresh_from_db()
    assert (promise.owner, promise.offered_to) == (officer, colleague)

    accepted = promise.accept(by=colleague)

    assert (accepted.owner, accepted.offered_to, accepted.known_to) == (colleague, None, colleague)


def test_nobody_accepts_what_another_was_asked(promise: FollowUp, officer: User) -> None:
    promise.hand_over(UserFactory(), by=officer, seen_version=1)

    assert promise.accept(by=UserFactory()).owner == officer


def test_declined_is_news_to_the_owner(promise: FollowUp, officer: User) -> None:
    colleague = UserFactory()
    promise.hand_over(colleague, by=officer, seen_version=1)

    declined = promise.decline(by=colleague)

    assert (declined.owner, declined.offered_to, declined.known_to) == (officer, None, None)


def test_the_owner_may_keep_it_after_all(promise: FollowUp, officer: User) -> None:
    promise.hand_over(UserFactory(), by=officer, seen_version=1)

    assert promise.decline(by=officer).offered_to is None


def test_whoever_takes_it_themselves_has_it_at_once(promise: FollowUp) -> None:
    colleague = UserFactory()

    assert promise.hand_over(colleague, by=colleague, seen_version=1).owner == colleague


def test_what_is_done_is_offered_to_nobody(promise: FollowUp, officer: User) -> None:
    promise.hand_over(UserFactory(), by=officer, seen_version=1)

    assert promise.complete(by=officer).offered_to is None


def test_reopened_forgets_how_it_was_closed(promise: FollowUp, officer: User) -> None:
    promise.complete(by=officer, note="Mail")

    reopened = promise.reopen()

    assert (reopened.state, reopened.closed_at, reopened.closed_with) == ("open", None, "")


def test_next_step_planned_twice_is_one(promise: FollowUp, officer: User) -> None:
    first = plan_next(promise, by=officer, text="Call", due_on=MONDAY)

    assert plan_next(promise, by=officer, text="Call", due_on=MONDAY) == first


# By the browser


def test_done_asks_what_comes_next(client: Client, promise: FollowUp, officer: User) -> None:
    client.force_login(officer)

    answer = client.post(reverse("leads:follow_up_done", args=[promise.pk]), headers=HTMX)

    assert b"What comes next" in answer.content


def test_done_without_scripts_goes_to_what_comes_next(client: Client, promise: FollowUp, officer: User) -> None:
    client.force_login(officer)

    answer = client.post(reverse("leads:follow_up_done", args=[promise.pk]))

    assert answer["Location"] == reverse("leads:follow_up_next", args=[promise.pk])


def test_next_step_is_planned_and_the_evidence_kept(client: Client, promise: FollowUp, officer: User) -> None:
    client.force_login(officer)
    promise.complete(by=officer)

    client.post(
        reverse("leads:follow_up_next", args=[promise.pk]),
        {"text": "Call them", "due": "three", "note": "Mail of today", "kind": "call"},
    )

    promise.refresh_from_db()
    planned = FollowUp.objects.open().get()
    assert (planned.text, planned.due_on, promise.closed_with) == ("Call them", date(2026, 11, 24), "Mail of today")


def test_nothing_more_plans_nothing(client: Client, promise: FollowUp, officer: User) -> None:
    client.force_login(officer)
    promise.complete(by=officer)

    client.post(reverse("leads:follow_up_next", args=[promise.pk]), {"text": ""})

    assert not FollowUp.objects.open().exists()


@pytest.mark.parametrize(("to", "day"), [("tomorrow", FRIDAY), ("working", FRIDAY), ("day", MONDAY)])
def test_snooze_menu(client: Client, promise: FollowUp, officer: User, to: str, day: date) -> None:
    client.force_login(officer)

    client.post(
        reverse("leads:follow_up_snooze", args=[promise.pk]), {"to": to, "on": MONDAY.isoformat(), "version": 1}
    )

    promise.refresh_from_db()
    assert promise.due_on == day


def test_second_snooze_in_the_row_asks_why(client: Client, promise: FollowUp, officer: User) -> None:
    promise.snooze(FRIDAY, by=officer, seen_version=1)
    client.force_login(officer)

    answer = client.post(
        reverse("leads:follow_up_snooze", args=[promise.pk]), {"to": "tomorrow", "version": 2}, headers=HTMX
    )

    assert answer.status_code == 422
    assert b"say why it must wait again" in answer.content


def test_stale_change_is_told(client: Client, promise: FollowUp, officer: User) -> None:
    promise.hand_over(UserFactory(), by=officer, seen_version=1)
    client.force_login(officer)

    answer = client.post(reverse("leads:follow_up_wait", args=[promise.pk]), {"waiting_for": "Legal", "version": 1})

    assert answer.status_code == 409
    assert b"A colleague changed this meanwhile" in answer.content


def test_undo_opens_it_again(client: Client, promise: FollowUp, officer: User) -> None:
    promise.complete(by=officer)
    client.force_login(officer)

    client.post(reverse("leads:follow_up_undo", args=[promise.pk]))

    promise.refresh_from_db()
    assert promise.is_open


@pytest.mark.parametrize("name", ["follow_up_done", "follow_up_undo", "follow_up_snooze", "follow_up_cancel"])
def test_follow_up_of_a_hidden_lead_is_not_there(client: Client, officer: User, name: str) -> None:
    hidden = FollowUpFactory(lead=LeadFactory(named=True))
    client.force_login(officer)

    assert client.post(reverse(f"leads:{name}", args=[hidden.pk])).status_code == 404


def test_page_of_one_shows_all_that_can_be_done(client: Client, promise: FollowUp, officer: User) -> None:
    client.force_login(officer)

    page = client.get(promise.get_absolute_url()).content.decode()

    assert all(reverse(f"leads:follow_up_{verb}", args=[promise.pk]) in page for verb in ("done", "snooze", "cancel"))


def test_cancel_without_a_reason_is_asked_for(client: Client, promise: FollowUp, officer: User) -> None:
    client.force_login(officer)

    assert client.post(reverse("leads:follow_up_cancel", args=[promise.pk])).status_code == 422


# What proves it


def planned_now() -> FollowUp:
    made: FollowUp = FollowUpFactory()
    # The column is filled by the clock of the machine.
    FollowUp.objects.filter(pk=made.pk).update(created_at=clock.now())
    made.refresh_from_db()
    return made


def test_what_was_said_since_is_offered_as_evidence_and_linked(client: Client) -> None:
    row = planned_now()
    client.force_login(row.owner)
    talk = InteractionFactory(company=row.company, kind="call", happened_at=clock.now() + timedelta(hours=1))
    secret = InteractionFactory(company=row.company, lead=LeadFactory(named=True, company=row.company))
    page = client.post(f"/follow-ups/{row.pk}/done/", headers={"HX-Request": "true"}).content.decode()
    assert f"said:{talk.pk}" in page
    assert f"said:{secret.pk}" not in page

    client.post(f"/follow-ups/{row.pk}/next/", {"evidence": f"said:{talk.pk}", "text": "", "note": ""})

    row.refresh_from_db()
    assert (row.state, row.closed_by_interaction, row.is_proved) == ("done", talk, True)


def test_what_is_done_without_evidence_asks_for_it_until_it_has_some(client: Client) -> None:
    row = FollowUpFactory()
    client.force_login(row.owner)
    client.post(f"/follow-ups/{row.pk}/done/")
    assert "Nothing proves it yet" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(f"/follow-ups/{row.pk}/proof/", {"note": " "}).status_code == 422

    client.post(f"/follow-ups/{row.pk}/proof/", {"note": "They wrote back"})

    assert "Nothing proves it yet" not in client.get(row.get_absolute_url()).content.decode()
    row.refresh_from_db()
    assert row.closed_with == "They wrote back"


def test_a_file_of_the_company_proves_it(client: Client) -> None:
    row = planned_now()
    row.complete(by=row.owner)
    content = SimpleUploadedFile("signed.pdf", b"%PDF-1.4 plan")
    about = {"name": "signed.pdf", "media_type": "application/pdf", "note": "", "by": row.owner}
    file = files.keep(files.COMPANY, row.subject, content, **about).file  # type: ignore[arg-type]
    client.force_login(row.owner)

    client.post(f"/follow-ups/{row.pk}/proof/", {"evidence": f"file:{file.pk}", "note": ""})

    row.refresh_from_db()
    assert row.closed_by_file == file
    assert "signed.pdf" in client.get(row.get_absolute_url()).content.decode()


def test_taking_it_back_takes_its_evidence_back() -> None:
    row = FollowUpFactory()
    row.complete(by=row.owner).prove("Sent")

    again = row.reopen()

    assert (again.is_open, again.is_proved) == (True, False)
