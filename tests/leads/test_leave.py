"""The owner is away: their cover hears what cannot wait, they hear when back, and nothing wakes anybody at night."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from config.staff import accounts, clock
from config.staff.absence import away_at, covers_for
from config.staff.models import Leave, Stay, User
from leads.enquiring import enquiries
from leads.follow_ups.opening import keep_up
from leads.models import Delivery, Enquiry, EscalationStep, FollowUp, Reminder
from leads.reminding import deliveries
from leads.reminding.reminders import raise_due
from tests.leads.factories import FollowUpFactory
from tests.mail_servers import no_server
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


def read_by(person: User) -> list[str]:
    return [str(letter.body) for letter in mail.outbox if letter.to == [person.email]]


def due(owner: User, **fields: Any) -> FollowUp:
    made: FollowUp = FollowUpFactory(**{"owner": owner, "known_to": owner, "due_on": TODAY, **fields})
    return made


def away(person: User, days: int = 3, deputy: User | None = None) -> Leave:
    return Leave.objects.create(user=person, first_day=TODAY, last_day=TODAY + days * ONE_DAY, deputy=deputy)


@pytest.fixture
def deputy() -> User:
    made: User = UserFactory(name="Dora Deputy")
    return made


@pytest.fixture
def owner(deputy: User) -> User:
    made: User = UserFactory(name="Ana Away", deputy=deputy)
    return made


# Leave


def test_the_deputy_hears_what_is_due_and_whose_it_is(owner: User, deputy: User) -> None:
    away(owner)
    due(owner, text="Call them")
    tick()

    (told,) = read_by(deputy)
    assert "Call them" in told
    assert "Ana Away" in told
    assert read_by(owner) == []


def test_the_owner_hears_on_the_first_morning_back(owner: User, deputy: User) -> None:
    due(owner, text="Before")
    tick()
    away(owner)
    due(owner, text="Meanwhile", due_on=TODAY + ONE_DAY)
    for day in range(1, 6):
        with clock.set_to(MORNING + timedelta(days=day)):
            tick()

    _before, back = read_by(owner)
    assert "Meanwhile" in back
    assert len(read_by(deputy)) == 1
    assert Delivery.objects.filter(person=owner).latest("sent_at").sent_at == MORNING + timedelta(days=4)


def test_an_hour_rings_at_the_deputys(owner: User, deputy: User) -> None:
    away(owner)
    due(owner, due_at=MORNING)
    tick()

    assert len(read_by(deputy)) == 1
    assert set(Reminder.objects.values_list("rule", flat=True)) == {"at_hour"}


def test_the_deputy_of_the_leave_comes_first(owner: User, deputy: User) -> None:
    other = UserFactory()
    away(owner, deputy=other)
    due(owner)
    tick()

    assert (len(read_by(other)), len(read_by(deputy))) == (1, 0)


def test_a_deputy_who_is_away_too_passes_it_on(owner: User, deputy: User) -> None:
    deputy.deputy = UserFactory()
    deputy.save()
    away(owner)
    away(deputy)
    due(owner)
    tick()

    assert len(read_by(deputy.deputy)) == 1


def test_two_who_cover_for_each_other_are_both_away(owner: User, deputy: User) -> None:
    deputy.deputy = owner
    deputy.save()
    away(owner)
    away(deputy)

    assert covers_for(owner, away_at(MORNING)) is None


def test_who_is_back_meanwhile_does_it_themselves(owner: User, deputy: User) -> None:
    leave = away(owner)
    due(owner)
    raise_due(at=MORNING)
    leave.delete()
    tick()

    assert (len(read_by(owner)), read_by(deputy)) == (1, [])
    assert Reminder.objects.get(person=deputy).skipped_because == "Somebody else does it now."


def test_the_day_of_the_leave_is_that_of_the_place(owner: User) -> None:
    owner.zone = "Asia/Tokyo"
    owner.save()
    Leave.objects.create(user=owner, first_day=date(2026, 11, 25), last_day=date(2026, 11, 25))

    assert owner.pk in away_at(datetime(2026, 11, 24, 20, tzinfo=UTC))
    assert owner.pk not in away_at(datetime(2026, 11, 25, 16, tzinfo=UTC))


def test_the_cover_of_an_enquiry_hears_of_it(owner: User, deputy: User) -> None:
    away(owner)
    enquiries.receive(uuid4(), name="Ana", text="How many engineers?", owner=owner)
    with clock.set_to(MORNING + timedelta(hours=2)):
        tick()

    assert (len(read_by(deputy)), read_by(owner)) == (1, [])


def test_the_cover_opens_the_colleagues_day(client: Client, owner: User) -> None:
    cover = UserFactory()
    away(owner, deputy=cover)
    client.force_login(cover)

    assert client.get(f"/today/?person={owner.pk}").status_code == 200
    with clock.set_to(MORNING + timedelta(days=9)):
        assert client.get(f"/today/?person={owner.pk}").status_code == 404


def test_a_person_notes_their_leave(client: Client, owner: User, deputy: User) -> None:
    client.force_login(owner)

    client.post("/settings/leave/", {"first_day": "2026-12-01", "last_day": "2026-12-04", "deputy": deputy.pk})

    assert Leave.objects.get().deputy == deputy
    assert "Deputy: Dora Deputy" in client.get("/settings/leave/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"last_day": "2026-11-30"}, {"last_day": "9999-12-31", "first_day": "9999-12-01"}, {"last_day": "x\0"}]
)
def test_a_leave_that_cannot_be_is_refused(client: Client, owner: User, wrong: dict[str, str]) -> None:
    client.force_login(owner)

    answer = client.post("/settings/leave/", {"first_day": "2026-12-01", "last_day": "2026-12-04"} | wrong)

    assert answer.status_code == 422


def test_two_leaves_do_not_overlap(client: Client, owner: User) -> None:
    away(owner)
    client.force_login(owner)

    answer = client.post("/settings/leave/", {"first_day": str(TODAY), "last_day": str(TODAY)})

    assert "overlap another leave" in answer.content.decode()


def test_nobody_removes_anothers_leave(client: Client, owner: User, deputy: User) -> None:
    leave = away(owner)
    client.force_login(deputy)

    client.post(f"/settings/leave/{leave.pk}/remove/")

    assert Leave.objects.exists()


# Leavers


def test_what_a_leaver_leaves_moves_with_the_next_minute(owner: User, deputy: User) -> None:
    follow_up = due(owner)
    enquiry = enquiries.receive(uuid4(), name="Ana", text="How many engineers?", owner=owner)
    Enquiry.objects.update(told_at=MORNING)
    accounts.close(owner)

    keep_up(at=MORNING)
    keep_up(at=MORNING)

    follow_up.refresh_from_db()
    enquiry.refresh_from_db()
    assert (follow_up.owner, enquiry.owner, enquiry.told_at) == (deputy, deputy, None)


# Escalation by the agency's own steps


def long_overdue(owner: User) -> FollowUp:
    """Due on Thursday the 12th; the 16th was a holiday. Told that morning."""
    day = date(2026, 11, 12)
    follow_up = due(owner, due_on=day, reminded_of_day=day)
    Reminder.objects.create(
        rule="due",
        follow_up=follow_up,
        person=owner,
        occurrence=f"{day}/1",
        due_at=MORNING - timedelta(days=12),
        created_at=MORNING - timedelta(days=12),
        state="delivered",
        delivered_at=MORNING - timedelta(days=12),
    )
    return follow_up


def told_by(day: date) -> list[int]:
    with clock.set_to(datetime(day.year, day.month, day.day, 8, tzinfo=BOGOTA)):
        raise_due(at=clock.now())
        raise_due(at=clock.now())
    rows = Reminder.objects.filter(rule="escalated").order_by("created_at", "pk")
    return list(rows.values_list("person", flat=True))


@pytest.fixture
def boss(owner: User) -> User:
    manager: User = UserFactory(name="Marta Manager", manager=UserFactory(name="Helena Head"))
    owner.manager = manager
    owner.save()
    return manager


def test_the_deputy_hears_before_the_manager(owner: User, deputy: User, boss: User) -> None:
    EscalationStep.objects.create(whom="deputy", working_days=1)
    EscalationStep.objects.create(whom="head", working_days=5)
    long_overdue(owner)

    assert told_by(date(2026, 11, 13)) == []
    assert told_by(date(2026, 11, 17)) == [deputy.pk]
    assert told_by(date(2026, 11, 18)) == [deputy.pk]
    assert told_by(date(2026, 11, 19)) == [deputy.pk, boss.pk]
    assert told_by(date(2026, 11, 23)) == [deputy.pk, boss.pk, boss.manager_id]
    assert told_by(date(2026, 11, 30)) == [deputy.pk, boss.pk, boss.manager_id]


def test_after_an_outage_they_still_hear_one_a_day(owner: User, deputy: User, boss: User) -> None:
    EscalationStep.objects.create(whom="deputy", working_days=1)
    long_overdue(owner)

    assert told_by(date(2026, 11, 24)) == [deputy.pk]
    assert told_by(date(2026, 11, 25)) == [deputy.pk, boss.pk]


def test_the_agency_sets_the_days(owner: User, boss: User) -> None:
    EscalationStep.objects.create(whom="manager", working_days=1)
    long_overdue(owner)

    assert told_by(date(2026, 11, 17)) == [boss.pk]


def test_the_agency_may_want_no_escalation(owner: User, boss: User) -> None:
    EscalationStep.objects.create(whom="manager", working_days=3, is_on=False)
    long_overdue(owner)

    assert told_by(date(2026, 11, 24)) == []


def test_another_due_day_begins_anew(owner: User, deputy: User, boss: User) -> None:
    EscalationStep.objects.create(whom="deputy", working_days=1)
    follow_up = long_overdue(owner)
    told_by(date(2026, 11, 17))
    FollowUp.objects.filter(pk=follow_up.pk).update(due_on=date(2026, 11, 18), version=2)

    assert told_by(date(2026, 11, 20)) == [deputy.pk, deputy.pk]


def test_a_manager_on_leave_is_stood_in_for(owner: User, boss: User) -> None:
    boss.deputy = UserFactory()
    boss.save()
    away(boss)
    long_overdue(owner)

    assert told_by(TODAY) == [boss.deputy_id]


# Quiet hours


@pytest.mark.parametrize(
    ("hour", "until"), [(19, None), (20, "25 07"), (23, "25 07"), (0, "24 07"), (6, "24 07"), (7, None), (12, None)]
)
def test_quiet_hours_end_with_the_morning_hour(hour: int, until: str | None) -> None:
    person = UserFactory(quiet_from=20)

    found = person.quiet_until(datetime(2026, 11, 24, hour, tzinfo=BOGOTA))

    assert (found and found.astimezone(BOGOTA).strftime("%d %H")) == until


def test_a_night_worker_is_quiet_by_day() -> None:
    person = UserFactory(quiet_from=6, morning_hour=15)

    assert person.quiet_until(datetime(2026, 11, 24, 14, tzinfo=BOGOTA))
    assert person.quiet_until(datetime(2026, 11, 24, 23, tzinfo=BOGOTA)) is None


def test_nothing_goes_out_in_the_quiet_hours(owner: User) -> None:
    owner.quiet_from = 20
    owner.save()
    night = MORNING + timedelta(hours=15)
    due(owner, due_at=night)
    with clock.set_to(night):
        tick()
        assert mail.outbox == []
    with clock.set_to(MORNING + ONE_DAY):
        tick()

    assert len(mail.outbox) == 1
    assert Delivery.objects.get(kind="hour").attempts == 1


def test_a_retry_waits_for_the_morning_too(owner: User) -> None:
    owner.quiet_from = 8
    owner.save()
    due(owner)
    with no_server():
        tick()
    with clock.set_to(MORNING + timedelta(hours=1)):
        tick()
    assert (mail.outbox, Delivery.objects.get().state) == ([], "failed")

    with clock.set_to(MORNING + ONE_DAY):
        tick()
    assert len(mail.outbox) == 1


def test_the_quiet_hours_travel_along(owner: User) -> None:
    owner.quiet_from = 20
    owner.save()
    Stay.objects.create(
        user=owner, zone="Asia/Tokyo", starts_at=MORNING - ONE_DAY, ends_at=MORNING + ONE_DAY, source="test"
    )
    due(owner, due_at=MORNING + timedelta(hours=5))  # two in the morning in Tokyo
    with clock.set_to(MORNING + timedelta(hours=5)):
        tick()
        assert mail.outbox == []
    with clock.set_to(datetime(2026, 11, 25, 7, tzinfo=ZoneInfo("Asia/Tokyo"))):
        tick()
        assert len(mail.outbox) == 1


def test_what_a_person_tries_out_comes_at_any_hour(owner: User) -> None:
    owner.quiet_from = 6
    owner.save()
    delivery = deliveries.plan_test(owner, "mail", at=MORNING)

    deliveries.send(delivery.pk)

    assert len(mail.outbox) == 1


def test_the_quiet_hours_are_kept_in_the_settings(client: Client, owner: User) -> None:
    chosen = {"language": "en", "theme": "auto", "zone": "America/Bogota", "morning_hour": "7"}
    client.force_login(owner)

    client.post("/settings/", chosen | {"quiet_from": "22"})
    owner.refresh_from_db()
    assert owner.quiet_from == 22

    client.post("/settings/", chosen | {"quiet_from": ""})
    owner.refresh_from_db()
    assert owner.quiet_from is None
