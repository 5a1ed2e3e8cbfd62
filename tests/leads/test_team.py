"""The table of a team: each figure is the length of the list behind it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff import clock
from config.staff.models import Leave, User
from leads.follow_ups.team import Member, team_of
from leads.follow_ups.today import CLEARED_DAYS, all_of_group, cleared_since
from leads.models import FollowUp
from tests.leads.factories import FollowUpFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def manager() -> User:
    user: User = UserFactory(manager_role=True, language="en")
    return user


@pytest.fixture
def ana(manager: User) -> User:
    user: User = UserFactory(name="Ana Ruiz", manager=manager)
    return user


def due(owner: User, days: int, **facts: Any) -> FollowUp:
    made: FollowUp = FollowUpFactory(owner=owner, due_on=TODAY + timedelta(days=days), **facts)
    return made


def busy(owner: User) -> None:
    for days in (-5, -1, 0, 1, 6, 7):
        due(owner, days)
    due(owner, -3, waiting_for="Legal")
    due(owner, 0).complete(by=owner, at=NOW - timedelta(hours=1))
    due(owner, 0).cancel(by=owner, reason="Off", at=NOW - timedelta(days=3))
    due(owner, 0).complete(by=owner, at=NOW - timedelta(days=8))


def only(manager: User) -> Member:
    (member,) = team_of(manager, at=NOW)
    return member


def test_each_figure_equals_the_list_behind_it(manager: User, ana: User) -> None:
    busy(ana)
    far = UserFactory(name="Ito", manager=manager, zone="Pacific/Auckland")  # where it is Friday
    busy(far)

    for member in team_of(manager, at=NOW):
        seen: Any = {"reader": manager, "today": member.today}
        behind = {
            kind: all_of_group(kind, member.person, **seen).count() for kind in ("overdue", "today", "week", "waiting")
        }
        cleared = {name: cleared_since(member.person, back=back, **seen).count() for name, back in CLEARED_DAYS.items()}
        assert (member.overdue, member.due_today, member.week, member.waiting) == tuple(behind.values())
        assert (member.cleared, member.cleared_week) == tuple(cleared.values())
        assert 0 not in behind.values()


def test_the_oldest_is_the_first_of_the_list(manager: User, ana: User) -> None:
    busy(ana)

    assert (only(manager).oldest, only(manager).days_late) == (date(2026, 11, 14), 5)


def test_a_restricted_lead_counts_only_for_who_may_see_it(manager: User, ana: User) -> None:
    due(ana, -1, lead=LeadFactory(named=True, owner=ana))

    assert only(manager).overdue == 0


def test_who_is_away_stands_there_with_who_stands_in(client: Client, manager: User, ana: User) -> None:
    deputy = UserFactory(name="Beto Paz")
    Leave.objects.create(user=ana, first_day=TODAY, last_day=TODAY + timedelta(days=3), deputy=deputy)
    client.force_login(manager)

    assert only(manager).deputy == deputy
    assert "Beto Paz stands in" in client.get("/today/team/").text


def test_the_most_overdue_come_first_and_a_name_sorts_too(client: Client, manager: User, ana: User) -> None:
    zoe = UserFactory(name="Zoe", manager=manager)
    due(zoe, -1)
    client.force_login(manager)

    assert [row.person for row in client.get("/today/team/").context["team"]] == [zoe, ana]
    assert [row.person for row in client.get("/today/team/?sort=name").context["team"]] == [ana, zoe]
    assert client.get("/today/team/?sort=nonsense").status_code == 200


def test_it_costs_a_fixed_number_of_queries(client: Client, manager: User, ana: User) -> None:
    client.force_login(manager)
    client.get("/today/team/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/today/team/")
    for person in UserFactory.create_batch(4, manager=manager):
        busy(person)
        Leave.objects.create(user=person, first_day=TODAY, last_day=TODAY, deputy=ana)
    with CaptureQueriesContext(connection) as many:
        client.get("/today/team/")

    # A leave asks once for the people of all leaves, and once for where they stay.
    assert len(many) <= len(few) + 2


@pytest.mark.parametrize("role", ["officer", "guest"])
def test_it_is_for_managers(client: Client, role: str) -> None:
    client.force_login(UserFactory(guest=True) if role == "guest" else UserFactory())

    assert client.get("/today/team/").status_code in {403, 404}


def test_a_manager_of_nobody_is_told_how_a_team_is_made(client: Client, manager: User) -> None:
    client.force_login(manager)

    assert "Nobody reports to you" in client.get("/today/team/").text


@pytest.mark.parametrize("group", ["cleared", "cleared_week"])
def test_what_was_cleared_opens_as_a_list(client: Client, manager: User, ana: User, group: str) -> None:
    due(ana, 0, text="Send the pack").complete(by=ana, at=NOW - timedelta(hours=1))
    client.force_login(manager)

    assert "Send the pack" in client.get(f"/today/?person={ana.pk}&group={group}").text
