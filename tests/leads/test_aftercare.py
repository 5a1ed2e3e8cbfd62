from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from companies.merging import merge
from companies.unmerging import undo
from config.staff import clock
from config.staff.clock import agency_day
from leads.aftercare.rhythm import keep_visits_due, settle
from leads.models import AccountPlan, FollowUp, VisitRhythm
from tests.companies.factories import CompanyFactory
from tests.leads.factories import AccountPlanFactory, InteractionFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock():  # type: ignore[no-untyped-def]
    with clock.set_to(NOW):
        yield


def plan_visited(days_ago: int, **values: object) -> AccountPlan:
    plan = AccountPlanFactory(**values)
    InteractionFactory(company=plan.company, kind="site_visit", happened_at=NOW - timedelta(days=days_ago))
    return settle(plan, at=NOW)


@pytest.mark.parametrize(("tier", "days"), [("A", 90), ("B", 180), ("C", 365)])
def test_the_next_visit_follows_the_last_by_the_rhythm_of_the_tier(tier: str, days: int) -> None:
    plan = plan_visited(10, tier=tier)

    assert plan.next_visit_on == agency_day(NOW) + timedelta(days=days - 10)


def test_the_rhythm_is_data() -> None:
    VisitRhythm.objects.create(tier="A", days=30)

    assert plan_visited(10).next_visit_on == agency_day(NOW) + timedelta(days=20)


def test_a_visit_that_is_due_is_asked_of_the_owner_once() -> None:
    plan = plan_visited(100)

    keep_visits_due(at=NOW)
    keep_visits_due(at=NOW)

    asked = FollowUp.objects.get()
    assert (asked.owner, asked.company, asked.due_on) == (plan.owner, plan.company, plan.next_visit_on)


def test_a_visit_far_off_is_not_asked_for() -> None:
    plan_visited(10)

    assert FollowUp.objects.count() == 0


def test_a_visit_that_was_logged_answers_the_question_and_counts_anew() -> None:
    plan = plan_visited(100)
    FollowUp.objects.update(created_at=clock.now())  # written by the machine's own clock
    clock.advance(hours=2)
    InteractionFactory(company=plan.company, kind="site_visit", happened_at=clock.now())
    clock.advance(hours=1)

    keep_visits_due(at=clock.now())

    plan.refresh_from_db()
    assert FollowUp.objects.get().state == "done"
    assert plan.next_visit_on == agency_day(clock.now()) + timedelta(days=90)


def test_whoever_puts_the_visit_off_is_asked_when_the_rhythm_comes_round() -> None:
    plan = plan_visited(100)
    FollowUp.objects.get().cancel(by=plan.owner, reason="They are moving")
    keep_visits_due(at=NOW)
    assert FollowUp.objects.open().count() == 0

    clock.advance(days=80)
    keep_visits_due(at=clock.now())
    assert FollowUp.objects.open().count() == 1


@pytest.mark.parametrize(("kind", "outcome"), [("call", "held"), ("meeting", "no_show")])
def test_only_sitting_together_is_a_visit(kind: str, outcome: str) -> None:
    plan = AccountPlanFactory()
    InteractionFactory(company=plan.company, kind=kind, outcome=outcome)

    assert settle(plan, at=NOW).last_visit_at is None


def test_a_meeting_about_a_restricted_lead_shows_in_no_date() -> None:
    plan = AccountPlanFactory()
    InteractionFactory(company=plan.company, lead=LeadFactory(company=plan.company, named=True))

    assert settle(plan, at=NOW).last_visit_at is None


def test_the_plan_is_made_and_shown_with_its_headcounts(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    company = CompanyFactory(installed_since=agency_day(NOW))

    client.post(f"/companies/{company.pk}/account/edit/", {"tier": "B", "owner": user.pk, "version": 1})
    added = f"/companies/{company.pk}/account/headcounts/new/"
    client.post(added, {"counted_on": "2026-06-30", "jobs": "320", "source": "company"})
    again = client.post(added, {"counted_on": "2026-06-30", "jobs": "400", "source": "company"})

    page = client.get(f"/companies/{company.pk}/account/").content.decode()
    assert "B: growth" in page
    assert ">320<" in page
    assert "There is a headcount of that day already." in again.content.decode()


def test_a_stale_plan_is_refused(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    plan = AccountPlanFactory(version=2)

    client.post(f"/companies/{plan.company.pk}/account/edit/", {"tier": "C", "owner": user.pk, "version": 1})

    plan.refresh_from_db()
    assert plan.tier == "A"


def test_the_deputy_is_somebody_else(client: Client) -> None:
    user, company = UserFactory(), CompanyFactory()
    client.force_login(user)

    page = client.post(
        f"/companies/{company.pk}/account/edit/", {"tier": "A", "owner": user.pk, "deputy": user.pk, "version": 1}
    )

    assert "somebody other than the account owner" in page.content.decode()


def test_the_list_puts_the_longest_overdue_first(client: Client) -> None:
    client.force_login(UserFactory())
    late, later, in_time = plan_visited(100), plan_visited(200), plan_visited(5)

    assert client.get("/companies/installed/").context["page"].rows == [later, late, in_time]
    assert client.get("/companies/installed/?visits=overdue").context["page"].rows == [later, late]
    assert client.get("/companies/installed/?tier=B").context["page"].rows == []


def test_who_has_no_plan_yet_is_counted_and_listed(client: Client) -> None:
    client.force_login(UserFactory())
    CompanyFactory(installed_since=agency_day(NOW), archived_at=NOW)
    plan_visited(5)
    left_out = CompanyFactory(installed_since=agency_day(NOW))

    assert client.get("/companies/installed/").context["unplanned"] == 1
    assert list_of(client, "/companies/?relation=unplanned") == [left_out.pk]


def list_of(client: Client, address: str) -> list[int]:
    return [row.pk for row in client.get(address).context["page"].rows]


def test_two_plans_of_merged_companies_are_one_and_two_again_when_it_is_undone() -> None:
    kept, gone = plan_visited(100, tier="A"), plan_visited(10, tier="B")
    gone.company.headcounts.create(counted_on=agency_day(NOW), jobs=40)
    before = list(AccountPlan.objects.order_by("pk").values("pk", "company", "tier", "owner", "visit"))
    administrator = UserFactory(administrator=True)

    log = merge(kept.company, gone.company, by=administrator)

    assert AccountPlan.objects.get().tier == "A"
    assert kept.company.headcounts.get().jobs == 40
    undo(log, by=administrator)
    assert list(AccountPlan.objects.order_by("pk").values("pk", "company", "tier", "owner", "visit")) == before
    assert gone.company.headcounts.get().jobs == 40
