from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff import clock
from config.staff.models import MailAttempt, User
from leads.follow_ups.today import groups_of
from leads.models import FollowUp, Reminder
from leads.reminding.inbox import new_count
from missions.models import Appointment
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


def due(officer: User, days: int, **facts: Any) -> FollowUp:
    follow_up: FollowUp = FollowUpFactory(owner=officer, due_on=TODAY + timedelta(days=days), **facts)
    return follow_up


@pytest.mark.parametrize(
    ("days", "waiting_for", "group"),
    [(-1, "", "overdue"), (0, "", "today"), (1, "", "week"), (6, "", "week"), (7, "", None), (-1, "Legal", "waiting")],
)
def test_each_stands_in_its_group(officer: User, days: int, waiting_for: str, group: str | None) -> None:
    due(officer, days, waiting_for=waiting_for)

    groups = groups_of(officer, reader=officer, today=TODAY)

    assert [found.kind.slug for found in groups if found.rows] == ([group] if group else [])


def test_group_counts_what_it_does_not_show(officer: User) -> None:
    for _time in range(17):
        due(officer, -1)

    overdue = groups_of(officer, reader=officer, today=TODAY)[0]

    assert (len(overdue.rows), overdue.count, overdue.hidden) == (15, 17, 2)


def test_oldest_comes_first(officer: User) -> None:
    later, earlier = due(officer, -1), due(officer, -5)

    rows = groups_of(officer, reader=officer, today=TODAY)[0].rows

    assert [row.pk for row in rows] == [earlier.pk, later.pk]


def test_only_the_first_has_a_filled_button(client: Client, officer: User) -> None:
    due(officer, -1)
    due(officer, 0)
    client.force_login(officer)

    assert client.get(reverse("leads:today")).content.count(b"btn-sm btn-primary") == 1


def test_my_day_leads_to_my_figures(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert f'href="{reverse("leads:mine")}"' in client.get("/today/").text


def test_row_links_to_the_meeting_it_was_promised_in(client: Client, officer: User) -> None:
    promise = due(officer, 0, interaction=InteractionFactory())
    client.force_login(officer)

    assert promise.interaction is not None
    assert promise.interaction.get_absolute_url() in client.get(reverse("leads:today")).content.decode()


def test_hidden_lead_stays_hidden_on_a_colleagues_today(client: Client, officer: User) -> None:
    manager = UserFactory(manager_role=True)
    officer.manager = manager
    officer.save()
    due(officer, 0, text="Secret plan", lead=LeadFactory(named=True, owner=officer))
    client.force_login(manager)

    page = client.get(reverse("leads:today"), {"person": officer.pk})

    assert b"Secret plan" not in page.content


def test_manager_opens_the_day_of_a_team_member(client: Client, officer: User) -> None:
    manager = UserFactory(manager_role=True, team=TeamFactory())
    officer.team = manager.team
    officer.save()
    due(officer, 0, text="Send the pack to Globant")
    client.force_login(manager)

    assert b"Send the pack to Globant" in client.get(reverse("leads:today"), {"person": officer.pk}).content


def test_officer_may_not_open_a_colleagues_day(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert client.get(reverse("leads:today"), {"person": UserFactory().pk}).status_code == 404


def test_deputy_may_open_the_day(client: Client, officer: User) -> None:
    colleague = UserFactory(deputy=officer)
    client.force_login(officer)

    assert client.get(reverse("leads:today"), {"person": colleague.pk}).status_code == 200


def test_what_was_cleared_today_can_be_undone(client: Client, officer: User) -> None:
    due(officer, 0).complete(by=officer)
    client.force_login(officer)

    page = client.get(reverse("leads:today"))

    assert [row.state for row in page.context["cleared"]] == ["done"]


def test_nothing_to_do_is_said_calmly(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert b"Nothing is waiting for you" in client.get(reverse("leads:today")).content


def test_more_of_a_group_is_a_page_of_its_own(client: Client, officer: User) -> None:
    for _time in range(17):
        due(officer, -1)
    client.force_login(officer)

    page = client.get(reverse("leads:today"), {"group": "overdue"}).context["page"]

    assert len(page.rows) == 17


def test_unknown_group_is_not_there(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert client.get(reverse("leads:today"), {"group": "nonsense"}).status_code == 404


def test_appointment_of_today_is_marked_held_by_one_tap(client: Client, officer: User) -> None:
    mission = MissionFactory(under_way=True)
    DelegateFactory(mission=mission, user=officer)
    appointment = AppointmentFactory(mission=mission)
    client.force_login(officer)

    assert list(client.get(reverse("leads:today")).context["appointments"]) == [appointment]
    client.post(reverse("leads:came", args=[appointment.pk]), {"status": "held"})

    assert Appointment.objects.get(pk=appointment.pk).status == "held"


def test_appointment_of_tomorrow_is_not_shown_today(client: Client, officer: User) -> None:
    mission = MissionFactory(under_way=True)
    DelegateFactory(mission=mission, user=officer)
    AppointmentFactory(
        mission=mission, local_start=datetime(2026, 11, 20, 10, 0), local_end=datetime(2026, 11, 20, 11, 0)
    )
    client.force_login(officer)

    assert client.get(reverse("leads:today")).context["appointments"] == []


def test_today_costs_the_same_however_much_is_due(client: Client, officer: User) -> None:
    client.force_login(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as spent:
            client.get(reverse("leads:today"))
        return len(spent)

    due(officer, 0, interaction=InteractionFactory())
    few = queries()
    for day in range(-4, 5):
        due(officer, day, interaction=InteractionFactory())

    assert queries() == few


# The inbox


def remind(officer: User, **facts: Any) -> Reminder:
    words = {
        "rule": Reminder.Rule.DUE,
        "follow_up": due(officer, 0),
        "person": officer,
        "occurrence": "2026-11-19",
        "due_at": NOW - timedelta(hours=1),
        "created_at": NOW,
    }
    return Reminder.objects.create(**words | facts)


def test_reminder_that_has_come_is_counted(officer: User) -> None:
    remind(officer)

    assert new_count(officer) == 1


def test_reminder_to_come_is_not_counted(officer: User) -> None:
    remind(officer, due_at=NOW + timedelta(hours=1))

    assert new_count(officer) == 0


def test_reminder_of_what_is_done_is_no_news(officer: User) -> None:
    remind(officer).follow_up.complete(by=officer)

    assert new_count(officer) == 0


def test_seen_reminders_are_not_counted_again(client: Client, officer: User) -> None:
    remind(officer)
    client.force_login(officer)

    client.post(reverse("leads:inbox_seen"))

    assert new_count(officer) == 0


def test_looking_at_the_inbox_alone_marks_nothing(client: Client, officer: User) -> None:
    remind(officer)
    client.force_login(officer)

    client.get(reverse("leads:inbox"))

    assert new_count(officer) == 1


def test_reminders_of_others_are_not_mine(client: Client, officer: User) -> None:
    reminder = remind(officer)
    client.force_login(UserFactory())

    assert reminder.follow_up.text.encode() not in client.get(reverse("leads:inbox")).content


# What colleagues offer


def test_an_offer_stands_on_the_day_of_whoever_is_asked(client: Client, officer: User) -> None:
    follow_up = FollowUpFactory()
    follow_up.hand_over(officer, by=follow_up.owner, seen_version=follow_up.version)
    client.force_login(officer)

    assert client.get("/today/").context["offers"] == [follow_up]
    client.post(f"/follow-ups/{follow_up.pk}/accept/")
    follow_up.refresh_from_db()
    assert follow_up.owner == officer


def test_an_offer_about_a_hidden_lead_is_not_shown(client: Client, officer: User) -> None:
    lead = LeadFactory(named=True)
    follow_up = FollowUpFactory(lead=lead, company=lead.company, owner=lead.owner)
    follow_up.hand_over(officer, by=lead.owner, seen_version=follow_up.version)
    client.force_login(officer)

    assert client.get("/today/").context["offers"] == []


@pytest.mark.parametrize(
    ("outcome", "answer", "said"),
    [
        ("address", "550 No such person", "refuses our mail"),
        ("refused", "554 Looks like spam", "did not take our last message"),
        ("accepted", "250 OK", ""),
    ],
)
def test_a_mail_refused_for_good_is_told_to_its_reader(
    client: Client, officer: User, outcome: str, answer: str, said: str
) -> None:
    MailAttempt.objects.create(message_id="1@x", address=officer.email, at=NOW, outcome=outcome, answer=answer)
    client.force_login(officer)

    page = client.get(reverse("leads:today"), headers={"accept-language": "en"}).text

    assert ("callout danger" in page, said in page) == (bool(said), True)
