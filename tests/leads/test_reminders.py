from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from config.staff import clock
from config.staff.models import Stay
from leads.follow_ups.stopping import pass_on_what_leavers_left
from leads.models import FollowUp, Reminder
from leads.reminding.reminders import raise_due
from tests.leads.factories import FollowUpFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=BOGOTA)  # a Tuesday
TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.set_to(MORNING):
        yield


def mine(**fields: Any) -> FollowUp:
    """One that its owner knows of."""
    owner = fields.pop("owner", None) or UserFactory()
    made: FollowUp = FollowUpFactory(**{"owner": owner, "known_to": owner, "due_on": TODAY, **fields})
    return made


def raised() -> list[str]:
    raise_due(at=clock.now())
    return sorted(Reminder.objects.values_list("rule", flat=True))


# Due today


def test_what_is_due_today_is_reminded_of_once() -> None:
    mine()

    assert raised() == ["due"]
    assert raised() == ["due"]


def test_tomorrow_is_not_today() -> None:
    mine(due_on=TODAY + timedelta(days=1))

    assert raised() == []


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_what_is_closed_is_not_reminded_of(state: str) -> None:
    mine(state=state, closed_at=MORNING)

    assert raised() == []


def test_a_run_that_was_missed_loses_nothing() -> None:
    mine(due_on=TODAY - timedelta(days=20))

    assert raised() == ["due"]


def test_the_day_comes_with_the_morning_hour() -> None:
    mine(owner=UserFactory(morning_hour=9))

    assert raised() == []
    with clock.set_to(MORNING + timedelta(hours=2)):
        assert raised() == ["due"]


@pytest.mark.parametrize(("zone", "rings"), [("Asia/Tokyo", True), ("America/Los_Angeles", False)])
def test_the_morning_is_that_of_the_persons_zone(zone: str, rings: bool) -> None:
    mine(owner=UserFactory(zone=zone))

    assert raised() == (["due"] if rings else [])


def test_the_morning_of_a_traveller_is_that_of_the_place() -> None:
    owner = UserFactory()
    Stay.objects.create(
        user=owner,
        zone="America/Los_Angeles",
        starts_at=MORNING - timedelta(days=2),
        ends_at=MORNING + timedelta(days=2),
        source="test",
    )
    mine(owner=owner)

    assert raised() == []
    with clock.set_to(datetime(2026, 11, 24, 7, tzinfo=ZoneInfo("America/Los_Angeles"))):
        assert raised() == ["due"]


def test_an_hour_that_the_clock_change_leaves_out_comes_all_the_same() -> None:
    mine(owner=UserFactory(zone="America/New_York", morning_hour=2), due_on=date(2027, 3, 14))

    with clock.set_to(datetime(2027, 3, 14, 6, 59, tzinfo=UTC)):
        assert raised() == []
    with clock.set_to(datetime(2027, 3, 14, 7, 0, tzinfo=UTC)):  # 03:00, there is no 02:00 that day
        assert raised() == ["due"]


def test_an_hour_that_comes_twice_is_one_morning() -> None:
    mine(owner=UserFactory(zone="America/New_York", morning_hour=1), due_on=date(2026, 11, 1))

    with clock.set_to(datetime(2026, 11, 1, 5, 30, tzinfo=UTC)):
        assert raised() == ["due"]
    with clock.set_to(datetime(2026, 11, 1, 6, 30, tzinfo=UTC)):
        assert raised() == ["due"]


def test_what_is_put_off_is_reminded_of_again() -> None:
    follow_up = mine()
    raised()
    follow_up.snooze(TODAY + timedelta(days=1), by=follow_up.owner, seen_version=follow_up.version)

    assert raised() == ["due"]
    with clock.set_to(MORNING + timedelta(days=1)):
        assert raised() == ["due", "due"]


def test_a_closed_account_is_not_reminded() -> None:
    mine(owner=UserFactory(is_active=False, closed_at=MORNING))

    assert raised() == []


def test_the_database_refuses_a_reminder_twice() -> None:
    mine()
    raised()
    reminder = Reminder.objects.get()
    reminder.pk = None

    with pytest.raises(IntegrityError, match="one_reminder_a_rule_subject_person_and_occurrence"):
        reminder.save(force_insert=True)


def test_raising_reads_no_more_than_what_is_due(django_assert_max_num_queries: Any) -> None:
    FollowUpFactory.create_batch(30, known_to=None, due_on=TODAY)

    with django_assert_max_num_queries(25):
        raise_due(at=clock.now())

    assert Reminder.objects.filter(rule="due").count() == 30


# At an hour


def test_what_was_asked_for_at_an_hour_rings_then() -> None:
    mine(due_at=MORNING + timedelta(hours=8))

    assert raised() == []
    with clock.set_to(MORNING + timedelta(hours=8)):
        assert raised() == ["at_hour"]
        assert raised() == ["at_hour"]


def test_another_hour_rings_again() -> None:
    follow_up = mine(due_at=MORNING)
    raised()
    FollowUp.objects.filter(pk=follow_up.pk).update(due_at=MORNING + timedelta(minutes=30))

    with clock.set_to(MORNING + timedelta(minutes=30)):
        assert raised() == ["at_hour", "at_hour"]


def test_an_hour_long_gone_waits_for_the_morning_mail() -> None:
    mine(due_at=MORNING - timedelta(days=9), due_on=TODAY - timedelta(days=9))

    assert raised() == ["due"]


# New or changed


def test_what_a_colleague_gave_is_new() -> None:
    FollowUpFactory(created_by=UserFactory())

    assert raised() == ["new"]
    assert raised() == ["new"]


def test_what_puente_opened_is_new() -> None:
    FollowUpFactory(created_by=None)

    assert raised() == ["new"]


def test_what_a_person_noted_is_no_news_to_them() -> None:
    owner = UserFactory()
    follow_up = FollowUpFactory(owner=owner, created_by=owner)

    assert raised() == []
    follow_up.refresh_from_db()
    assert follow_up.known_to == owner


def test_whoever_is_asked_to_take_it_over_hears_of_it_once() -> None:
    follow_up, colleague = mine(due_on=TODAY + timedelta(days=5)), UserFactory()
    follow_up.hand_over(colleague, by=follow_up.owner, seen_version=follow_up.version)

    raise_due(at=clock.now())
    raise_due(at=clock.now())

    assert Reminder.objects.filter(person=colleague).values_list("rule", flat=True).get() == "offered"


def test_an_offer_to_a_leaver_is_taken_back() -> None:
    follow_up, colleague = mine(due_on=TODAY + timedelta(days=5)), UserFactory()
    follow_up.hand_over(colleague, by=follow_up.owner, seen_version=follow_up.version)
    colleague.close(at=clock.now())

    pass_on_what_leavers_left(at=clock.now())

    follow_up.refresh_from_db()
    assert follow_up.offered_to is None


def test_what_comes_back_is_news_again() -> None:
    owner, colleague = UserFactory(), UserFactory()
    follow_up = mine(owner=owner, created_by=owner, due_on=TODAY + timedelta(days=5))
    for to in (colleague, owner):
        follow_up.refresh_from_db()
        follow_up.hand_over(to, by=follow_up.owner, seen_version=follow_up.version)
        raise_due(at=clock.now())
        follow_up.refresh_from_db()
        follow_up.accept(by=to)

    offers = Reminder.objects.filter(rule="offered").order_by("pk")
    assert list(offers.values_list("person", flat=True)) == [colleague.pk, owner.pk]


# The manager


def overdue(*, told_at: datetime | None, due_on: date = date(2026, 11, 12), **fields: Any) -> FollowUp:
    """Due on Thursday the 12th; the 16th was a holiday, so the third working day after it is Wednesday the 18th."""
    follow_up = mine(owner=UserFactory(manager=UserFactory()), due_on=due_on, reminded_of_day=due_on, **fields)
    reminder = Reminder(rule="due", follow_up=follow_up, person=follow_up.owner, occurrence=f"{due_on}/1")
    reminder.due_at = reminder.created_at = MORNING - timedelta(days=12)
    if told_at:
        reminder.state, reminder.delivered_at = Reminder.State.DELIVERED, told_at
    reminder.save()
    return follow_up


def escalated() -> list[int]:
    raise_due(at=clock.now())
    return list(Reminder.objects.filter(rule="escalated").values_list("person", flat=True))


def test_the_manager_hears_after_three_working_days() -> None:
    follow_up = overdue(told_at=MORNING - timedelta(days=12))

    with clock.set_to(datetime(2026, 11, 18, 23, tzinfo=BOGOTA)):
        assert escalated() == []
    with clock.set_to(datetime(2026, 11, 19, 7, tzinfo=BOGOTA)):
        assert escalated() == [follow_up.owner.manager_id]
        assert escalated() == [follow_up.owner.manager_id]


@pytest.mark.parametrize("told_at", [None, MORNING - timedelta(hours=1)])
def test_the_owner_is_told_first(told_at: datetime | None) -> None:
    overdue(told_at=told_at)

    assert escalated() == []
    with clock.set_to(MORNING + timedelta(days=1)):
        assert len(escalated()) == (1 if told_at else 0)


def test_waiting_for_somebody_else_is_not_overdue_by_us() -> None:
    overdue(told_at=MORNING - timedelta(days=12), waiting_for="Their lawyers")

    assert escalated() == []


def test_nobody_hears_of_what_has_no_manager() -> None:
    follow_up = overdue(told_at=MORNING - timedelta(days=12))
    follow_up.owner.manager = None
    follow_up.owner.save()

    assert escalated() == []


def test_a_manager_who_left_is_stood_in_for() -> None:
    follow_up, deputy = overdue(told_at=MORNING - timedelta(days=12)), UserFactory()
    manager = follow_up.owner.manager
    assert manager
    manager.is_active, manager.closed_at, manager.deputy = False, MORNING, deputy
    manager.save()

    assert escalated() == [deputy.pk]
