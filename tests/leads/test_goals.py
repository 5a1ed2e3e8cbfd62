import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from config.staff import clock
from config.staff.models import User
from leads import goals
from leads.figures.catalogue.results import JOBS, PROJECTS
from leads.figures.filters import Filters
from leads.figures.forecast import ENOUGH, chances, forecast, in_time
from leads.figures.goals import line
from leads.models import Budget, Goal, Stage
from leads.models.choices import Status
from tests.companies.factories import CompanyFactory, SectorFactory
from tests.leads.factories import LeadFactory, ReasonFactory, StageFactory
from tests.leads.test_figures import country, project, reading
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 2, 15, tzinfo=UTC)  # the 183rd of 365 days
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _middle_of_the_year() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(manager_role=True)


@pytest.fixture
def other() -> User:
    return UserFactory(manager_role=True)


def proposed(by: User, **facts: object) -> Goal:
    return goals.propose(Goal(**{"figure": "projects", "year": 2026, "value": 20, **facts}), by=by)


def in_force(by: User, other: User, **facts: object) -> Goal:
    return goals.approve(proposed(by, **facts), by=other)


def test_a_goal_holds_when_somebody_else_has_approved_it(manager: User, other: User) -> None:
    goal = proposed(manager)
    assert not Goal.objects.in_force().exists()

    goals.approve(goal, by=other)

    assert Goal.objects.in_force().get().approved_by == other


def test_nobody_approves_their_own(manager: User) -> None:
    with pytest.raises(PermissionDenied):
        goals.approve(proposed(manager), by=manager)


def test_an_officer_approves_none(manager: User) -> None:
    with pytest.raises(PermissionDenied):
        goals.approve(proposed(manager), by=UserFactory())


def test_a_change_is_a_new_version_and_the_old_one_holds_until_it_is_approved(manager: User, other: User) -> None:
    first = in_force(manager, other)
    second = proposed(manager, value=30)
    assert (second.version, int(Goal.objects.in_force().get().value)) == (2, 20)

    goals.approve(second, by=other)

    assert Goal.objects.in_force().get() == second
    first.refresh_from_db()
    assert (int(first.value), first.replaced_at) == (20, NOW)


def test_the_same_value_again_is_no_new_version(manager: User, other: User) -> None:
    goal = in_force(manager, other)

    assert proposed(manager) == goal
    assert Goal.objects.count() == 1


def test_goals_of_a_sector_and_a_market_stand_beside_the_whole(manager: User, other: User) -> None:
    sector, market = SectorFactory(), country("US")
    for facts in ({}, {"sector": sector}, {"market": market}, {"month": 7}, {"agreement": CompanyFactory()}):
        in_force(manager, other, **facts)

    assert Goal.objects.in_force().count() == 5


def test_two_who_approve_at_once_leave_one_in_force(transactional_db: None, manager: User, other: User) -> None:
    first, third = proposed(manager), UserFactory(manager_role=True)
    goals.approve(first, by=other)
    second = proposed(manager, value=21)

    def approve(by: User) -> None:
        goals.approve(second, by=by)
        connection.close()

    at_once = [threading.Thread(target=approve, args=(by,)) for by in (other, third)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()

    assert Goal.objects.in_force().get() == second


def test_the_pro_rata_line_is_the_part_of_the_year_that_is_over(manager: User, other: User) -> None:
    for _ in range(8):
        project(decided=date(2026, 2, 2))

    found = line(in_force(manager, other, value=365), TODAY, chances())

    assert (found.pro_rata, found.actual.value, found.is_behind) == (Decimal(183), 8, True)
    assert found.share == Decimal(800) / 365


def test_a_rate_has_no_pro_rata_line_and_is_written_in_percent(manager: User, other: User) -> None:
    found = line(in_force(manager, other, figure="thanked", value=90), TODAY, chances())

    assert (found.pro_rata, found.aim) == (None, Decimal("0.9"))


def test_a_goal_of_a_market_counts_its_origin_alone(manager: User, other: User) -> None:
    for origin in ("US", "US", "ES"):
        project(origin, decided=date(2026, 2, 2))

    found = line(in_force(manager, other, market=country("US")), TODAY, chances())

    assert found.actual.value == 2


def opportunity(stage: int = Stage.SHORTLIST, **facts: object) -> None:
    LeadFactory(
        **{
            "stage": StageFactory(number=stage, probability="0.500"),
            "qualified_on": date(2026, 1, 1),
            "decision_from": TODAY,
            "decision_to": TODAY + timedelta(days=10),
            "jobs_estimate": 100,
            **facts,
        }
    )


def test_the_forecast_is_what_is_there_and_what_may_come_with_its_spread() -> None:
    for _ in range(4):
        opportunity()

    found = forecast(PROJECTS, 3, Filters(TODAY), date(2026, 12, 31), chances())

    assert found.expected == 3 + 4 * 0.5
    assert found.high - found.expected == pytest.approx(1.2816 * (4 * 0.25) ** 0.5)
    assert 3 <= found.low < found.expected


def test_a_forecast_of_jobs_leaves_out_those_that_nobody_has_estimated_and_says_so() -> None:
    opportunity()
    opportunity(jobs_estimate=None)

    found = forecast(JOBS, 0, Filters(TODAY), date(2026, 12, 31), chances())

    assert (found.expected, found.leads, found.unknown) == (50, 2, 1)


def test_dormant_leads_are_not_in_the_forecast() -> None:
    opportunity(status=Status.DORMANT)

    assert forecast(PROJECTS, 0, Filters(TODAY), date(2026, 12, 31), chances()).expected == 0


@pytest.mark.parametrize(
    ("opens", "closes", "part"),
    [
        (date(2026, 8, 1), date(2026, 9, 1), 1.0),
        (date(2027, 1, 1), date(2027, 9, 1), 0.0),
        (date(2026, 12, 1), date(2027, 1, 30), 0.5),
        (date(2025, 1, 1), date(2025, 2, 1), 182 / 365),
        (None, None, 182 / 365),
    ],
)
def test_a_decision_counts_as_far_as_its_window_lies_before_the_day(
    opens: date | None, closes: date | None, part: float
) -> None:
    assert in_time(opens, closes, TODAY, date(2026, 12, 31)) == pytest.approx(part)


def closed(count: int, *, won: bool) -> None:
    reason = ReasonFactory()
    for _ in range(count):
        if won:
            project(qualified_on=date(2025, 1, 1))
        else:
            LeadFactory(status=Status.LOST, reason=reason, closed_on=TODAY, qualified_on=date(2025, 1, 1))


def test_the_chances_are_the_stages_until_fifty_opportunities_are_closed() -> None:
    StageFactory(number=Stage.QUALIFIED, probability="0.130")
    closed(ENOUGH - 1, won=False)
    assert (chances().own, chances().by_stage[Stage.QUALIFIED]) == (False, 0.13)

    closed(1, won=True)

    assert (chances().own, chances().by_stage[Stage.QUALIFIED]) == (True, 1 / 50)


def test_leverage_divides_verified_investment_by_the_budget_of_the_same_years(client: Client, manager: User) -> None:
    Budget.objects.create(year=2026, usd=500_000)
    lead = project(decided=date(2026, 2, 2))
    reading(lead, capex=9_000_000)
    reading(lead, layer="verified", capex=5_000_000)
    client.force_login(manager)

    page = client.get("/figures/leverage/?period=2026").content.decode()

    assert 'id="value">10.0<' in page


class TestPages:
    def test_a_goal_is_proposed_by_one_manager_and_approved_by_another(
        self, client: Client, manager: User, other: User
    ) -> None:
        client.force_login(manager)
        sent = {"figure": "projects", "value": "25", "year": "2026", "scope": "assisted", "layer": "announced"}
        assert client.post("/goals/new/", sent).headers["Location"] == "/goals/?year=2026"
        goal = Goal.objects.get()
        assert "Somebody else approves it" in client.get("/goals/?year=2026").content.decode()

        client.force_login(other)
        client.post(f"/goals/{goal.pk}/approve/")

        page = client.get("/goals/?year=2026").content.decode()
        assert "version 1, approved by" in page
        assert "Propose one" not in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("figure", "happiness"),
            ("figure", "\x00"),
            ("value", "-1"),
            ("value", "many"),
            ("year", "20000"),
            ("month", "13"),
            ("market", "ZZ"),
            ("agreement", "999999999"),
            ("note", "x" * 10_000),
        ],
    )
    def test_bad_input_is_answered_in_the_form_and_kept(
        self, client: Client, manager: User, field: str, value: str
    ) -> None:
        client.force_login(manager)
        sent = {"figure": "projects", "value": "25", "year": "2026", "scope": "assisted", "layer": "announced"}

        answer = client.post("/goals/new/", sent | {field: value})

        assert answer.status_code == 422
        assert not Goal.objects.exists()

    def test_a_rate_above_a_hundred_percent_is_refused(self, client: Client, manager: User) -> None:
        client.force_login(manager)
        sent = {"figure": "thanked", "value": "101", "year": "2026", "scope": "assisted", "layer": "announced"}

        assert "100 percent at most" in client.post("/goals/new/", sent).content.decode()

    def test_a_budget_of_the_same_year_is_written_anew(self, client: Client, manager: User) -> None:
        client.force_login(manager)
        for usd in ("1000", "2000"):
            assert client.post("/goals/budget/", {"year": "2026", "usd": usd, "note": ""}).status_code == 302

        assert Budget.objects.get().usd == 2000

    @pytest.mark.parametrize("year", ["", "0000", "99999", "%00", "abc"])
    def test_any_year_can_be_asked_for(self, client: Client, manager: User, year: str) -> None:
        client.force_login(manager)

        assert client.get(f"/goals/?year={year}").status_code == 200
