"""The board by the day of the next step, and what plans that step from a card."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp, Lead, Stage
from leads.models.choices import Status
from leads.pipeline.board import CARDS, StageBoard, StepBoard
from leads.pipeline.board_column import Column
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ReasonFactory, StageFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
BOARD = {"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/board/?by=step"}


@pytest.fixture
def officer(client: Client) -> User:
    all_stages()
    person: User = UserFactory()
    client.force_login(person)
    return person


def today() -> date:
    return clock.agency_today()


def lead_due(days: int | None, **facts: object) -> Lead:
    lead: Lead = LeadFactory(**facts)
    if days is not None:
        FollowUpFactory(lead=lead, company=lead.company, owner=lead.owner, due_on=today() + timedelta(days=days))
    return lead


def columns_of(user: User, **asked: str) -> dict[str, Column]:
    return {column.key: column for column in StepBoard(user, asked).columns()}


@pytest.mark.parametrize(
    ("days", "column"),
    [(-1, "overdue"), (0, "today"), (1, "week"), (6, "week"), (7, "later"), (400, "later"), (None, "none")],
)
def test_a_lead_stands_where_its_next_step_is(officer: User, days: int | None, column: str) -> None:
    lead = lead_due(days)

    found = {key: [card.pk for card in shown.cards] for key, shown in columns_of(officer).items()}
    assert found == {key: [lead.pk] if key == column else [] for key in ("overdue", "today", "week", "later", "none")}


def test_the_earliest_open_step_counts(officer: User) -> None:
    lead = lead_due(30)
    FollowUpFactory(lead=lead, due_on=today())
    FollowUpFactory(lead=lead, due_on=today() - timedelta(days=9), state="done", closed_at=clock.now())

    assert [card.pk for card in columns_of(officer)["today"].cards] == [lead.pk]


def test_a_step_of_a_hidden_meeting_places_no_card(officer: User) -> None:
    lead = lead_due(None)
    hidden = InteractionFactory(lead=LeadFactory(named=True))
    FollowUpFactory(lead=lead, interaction=hidden, due_on=today())

    assert columns_of(officer)["none"].count == 1


@pytest.mark.parametrize("status", [Status.WON, Status.LOST])
def test_only_open_leads_wait_for_a_step(officer: User, status: Status) -> None:
    lead_due(None, status=status, decided_on=today(), reason=ReasonFactory())

    assert columns_of(officer)["none"].count == 0


def test_a_column_sums_all_its_leads_and_shows_the_most_urgent_twenty(officer: User) -> None:
    Stage.objects.filter(pk=Stage.LEAD).update(probability="0.100")
    company = CompanyFactory()
    for days in range(23):
        lead_due(-1 - days, company=company, owner=officer, capex_estimate_usd="100.00", jobs_estimate=2)
    column = columns_of(officer)["overdue"]

    assert (column.count, len(column.cards), column.cards[0].late_days) == (23, CARDS, 23)
    assert (column.capex, column.weighted_capex, column.jobs) == (Decimal(2300), Decimal(230), 46)


def test_more_cards_of_a_day_come_by_key(client: Client, officer: User) -> None:
    company = CompanyFactory()
    for days in range(45):
        lead_due(-50 + days, company=company, owner=officer, title=f"Plan {days:02}")
    first = client.get("/leads/board/?by=step")
    url = first.context["columns"][0].more_url
    second = client.get(url, headers={"HX-Request": "true"})
    third = client.get(second.context["more_url"])

    titles = [card.name for card in first.context["columns"][0].cards]
    titles += [card.name for page in (second, third) for card in page.context["cards"]]
    assert titles == [f"Plan {days:02}" for days in range(45)]
    assert third.context["more_url"] == ""


def test_both_boards_cost_the_same_queries(client: Client, officer: User) -> None:
    for days in (-3, 0, 3, 30, None):
        lead_due(days)
    counts = []
    for path in ("/leads/board/", "/leads/board/?by=step"):
        client.get(path)
        with CaptureQueriesContext(connection) as made:
            client.get(path)
        counts.append(len(made))

    assert counts[1] < counts[0] <= 9


def test_a_column_that_is_not_there_is_not_found(client: Client, officer: User) -> None:
    assert client.get("/leads/board/overdue/").status_code == 404
    assert client.get("/leads/board/3/?by=step").status_code == 404


def test_a_column_of_stages_tells_late_ones_and_those_without_a_step(client: Client, officer: User) -> None:
    for days in (-1, -1, 5, None):
        lead_due(days, source="research")
    lead_due(None, status=Status.WON, decided_on=today(), stage=StageFactory(number=6))
    columns = {column.key: column for column in StageBoard(officer, {"source": "research"}).columns()}

    assert (columns["1"].late, columns["1"].without, columns["1"].planned) == (2, 1, 1)
    assert columns["6"].without == 0
    listed = client.get(columns["1"].late_url).context
    assert len(listed["page"].rows) == 2


def test_a_phase_stands_on_the_board_and_is_summed_with_its_project(officer: User) -> None:
    project = lead_due(None, jobs_estimate=100)
    lead_due(None, jobs_estimate=40, parent=project, company=project.company)
    column = next(column for column in StageBoard(officer, {}).columns() if column.key == "1")

    assert (column.count, column.whole, column.phases, column.jobs, column.jobs_known) == (2, 1, 1, 100, 1)


def test_a_step_is_planned_from_its_card(client: Client, officer: User) -> None:
    lead = lead_due(None, owner=officer)
    answer = client.post(f"/leads/{lead.pk}/step/", {"text": "Call them", "due_on": today()}, headers=BOARD)

    step = FollowUp.objects.get()
    assert (step.text, step.due_on, step.owner, step.lead) == ("Call them", today(), officer, lead)
    assert 'id="head-none"' in answer.text
    assert "afterbegin:#cards-today" in answer.text


def test_a_card_dropped_on_a_day_puts_its_step_on_it(client: Client, officer: User) -> None:
    lead = lead_due(-4)
    asked = client.get(f"/leads/{lead.pk}/step/?column=week", headers=BOARD)
    form = asked.context["form"]
    typed = {"due_on": form["due_on"].value().isoformat(), "version": form["version"].value()}
    client.post(f"/leads/{lead.pk}/step/", typed, headers=BOARD)

    assert FollowUp.objects.get().due_on == today() + timedelta(days=6)


def test_a_step_put_off_again_says_why(client: Client, officer: User) -> None:
    lead = lead_due(-4)
    FollowUp.objects.update(snoozes=1)
    typed = {"due_on": today(), "version": 1}

    assert client.post(f"/leads/{lead.pk}/step/", typed, headers=BOARD).status_code == 422
    assert client.post(f"/leads/{lead.pk}/step/", typed | {"reason": "They travel"}, headers=BOARD).status_code == 200


@pytest.mark.parametrize("day", ["2020-01-01", "20000-01-01", "9999-12-31", "soon", ""])
def test_a_day_that_cannot_be_is_refused_in_words(client: Client, officer: User, day: str) -> None:
    lead = lead_due(None)
    answer = client.post(f"/leads/{lead.pk}/step/", {"text": "Call\0", "due_on": day}, headers=BOARD)

    assert answer.status_code == 422
    assert not FollowUp.objects.exists()


def test_a_stale_day_shows_both_and_goes_through_when_sent_again(client: Client, officer: User) -> None:
    lead = lead_due(1)
    FollowUp.objects.get().snooze(today() + timedelta(days=3), by=UserFactory(), seen_version=1)
    typed = {"due_on": today(), "version": "1", "reason": "They ask for it"}
    refused = client.post(f"/leads/{lead.pk}/step/", typed, headers=BOARD)

    assert refused.status_code == 409
    assert "in 3 days" in refused.text
    assert "You wanted" in refused.text
    client.post(f"/leads/{lead.pk}/step/", typed | {"version": refused.context["form"]["version"].value()})
    assert FollowUp.objects.get().due_on == today()


def test_the_step_of_a_hidden_lead_is_not_there(client: Client, officer: User) -> None:
    assert client.get(f"/leads/{LeadFactory(named=True).pk}/step/").status_code == 404
