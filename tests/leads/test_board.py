from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff import clock
from config.staff.models import User
from leads.models import Lead, Stage
from leads.models.choices import Layer, Level, Source, Status
from leads.pipeline.board import CARDS, StageBoard
from leads.pipeline.board_column import Column
from tests.companies.factories import CompanyFactory, CountryFactory, SectorFactory
from tests.leads.factories import (
    FollowUpFactory,
    InteractionFactory,
    LeadFactory,
    LeadPersonFactory,
    ReadingFactory,
    ReasonFactory,
    StageFactory,
)
from tests.leads.ready import all_stages
from tests.missions.factories import MissionFactory
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    all_stages()
    person: User = UserFactory()
    return person


@pytest.fixture
def browser(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def columns_of(user: User, **asked: str) -> dict[int, Column]:
    return {int(column.key): column for column in StageBoard(user, asked).columns()}


def shown(column: Column) -> list[int]:
    return [card.pk for card in column.cards]


def lead_at(stage: int, **facts: object) -> Lead:
    lead: Lead = LeadFactory(stage=StageFactory(number=stage), **facts)
    return lead


def test_the_board_has_a_column_for_stages_one_to_seven(officer: User) -> None:
    assert list(columns_of(officer)) == [1, 2, 3, 4, 5, 6, 7]


def test_a_column_counts_all_its_leads_and_shows_the_first_twenty(officer: User) -> None:
    LeadFactory.create_batch(23, stage=StageFactory(number=2), company=CompanyFactory(), owner=officer)
    column = columns_of(officer)[2]

    assert (column.count, len(column.cards)) == (23, CARDS)


def test_who_waits_longest_stands_on_top(officer: User) -> None:
    now = clock.now()
    young = lead_at(2, stage_since=now - timedelta(days=2))
    old = lead_at(2, stage_since=now - timedelta(days=90))

    assert shown(columns_of(officer)[2]) == [old.pk, young.pk]


def test_a_column_sums_what_is_known_and_says_of_how_many(officer: User) -> None:
    lead_at(2, jobs_estimate=10, capex_estimate_usd="1000.00")
    lead_at(2, jobs_estimate=5)
    lead_at(2)
    column = columns_of(officer)[2]

    assert (column.jobs, column.jobs_known) == (15, 2)
    assert (column.capex, column.capex_known, column.count) == (Decimal(1000), 1, 3)


def test_unknown_sums_are_not_zero(officer: User) -> None:
    lead_at(2)

    assert columns_of(officer)[2].capex is None


def test_the_strongest_layer_that_knows_the_amount_counts(officer: User) -> None:
    lead = lead_at(3, jobs_estimate=500, capex_estimate_usd="9.00")
    ReadingFactory(lead=lead, layer=Layer.ANNOUNCED, jobs=400, capex="8.00")
    ReadingFactory(lead=lead, layer=Layer.COMMITTED, jobs=None, jobs_unknown=True, capex="7.00")
    ReadingFactory(lead=lead, layer=Layer.COMMITTED, jobs=1, capex="1.00", is_current=False)
    column = columns_of(officer)[3]

    assert (column.count, column.jobs, column.capex) == (1, 400, Decimal(7))


def test_other_currencies_count_in_dollars_of_their_day(officer: User) -> None:
    lead = lead_at(3)
    ReadingFactory(lead=lead, capex="4000000.00", currency="COP", usd_rate="0.00025", jobs=1)

    assert columns_of(officer)[3].capex == Decimal(1000)


def test_the_weighted_sum_follows_the_stage(officer: User) -> None:
    Stage.objects.filter(pk=3).update(probability="0.230")
    lead_at(3, capex_estimate_usd="1000.00")

    assert columns_of(officer)[3].weighted_capex == Decimal(230)


@pytest.mark.parametrize(
    ("status", "stage", "started_days_ago", "there"),
    [
        (Status.ACTIVE, 2, None, True),
        (Status.ON_HOLD, 2, None, True),
        (Status.DELAYED, 2, None, True),
        (Status.DORMANT, 2, None, True),
        (Status.WON, 6, None, True),
        (Status.WON, 7, 30, True),
        (Status.WON, 7, 400, False),
        (Status.WON, 7, None, False),
        (Status.LOST, 2, None, False),
        (Status.DEAD, 2, None, False),
        (Status.DISQUALIFIED, 2, None, False),
        (Status.MERGED, 2, None, False),
        (Status.HANDED_OVER, 2, None, False),
    ],
)
def test_open_leads_and_fresh_wins_are_on_the_board(
    officer: User, status: Status, stage: int, started_days_ago: int | None, there: bool
) -> None:
    today = clock.agency_today()
    lead_at(
        stage,
        status=status,
        reason=ReasonFactory(),
        review_on=today,
        decided_on=today,
        operational_on=None if started_days_ago is None else today - timedelta(days=started_days_ago),
    )

    assert bool(columns_of(officer)[stage].cards) is there
    assert columns_of(officer)[stage].count == int(there)


def test_a_restricted_lead_is_neither_shown_nor_counted_for_others(officer: User) -> None:
    lead = lead_at(2, level=Level.NAMED, code_name="Proyecto Ceiba", capex_estimate_usd="5.00")
    of_team = lead_at(2, level=Level.TEAM, team=TeamFactory(), code_name="Proyecto Guadua")

    assert columns_of(officer)[2].count == 0
    assert columns_of(UserFactory(administrator=True))[2].count == 0
    assert shown(columns_of(lead.owner)[2]) == [lead.pk]
    assert shown(columns_of(UserFactory(team=of_team.team))[2]) == [of_team.pk]


def test_a_named_colleague_sees_the_code_name(client: Client) -> None:
    all_stages()
    named = LeadPersonFactory(lead=LeadFactory(named=True, stage=StageFactory(number=2)))
    client.force_login(named.user)
    page = client.get(reverse("leads:board")).content.decode()

    assert named.lead.code_name in page
    assert "Hidden plan" not in page


def test_a_guest_finds_no_board(client: Client) -> None:
    client.force_login(UserFactory(guest=True))

    assert client.get(reverse("leads:board")).status_code == 404


def test_a_card_tells_the_state_of_its_next_step_in_words(browser: Client, officer: User) -> None:
    today = clock.agency_today()
    FollowUpFactory(lead=lead_at(2, owner=officer), due_on=today - timedelta(days=3), text="Send pack")
    FollowUpFactory(lead=lead_at(3), due_on=today, text="Call back")
    lead_at(4)
    page = browser.get(reverse("leads:board")).content.decode()

    assert "3 days late" in page
    assert "Call back" in page
    assert "No next step planned" in page


def test_a_card_shows_how_warm_they_were_last(officer: User) -> None:
    lead = lead_at(2)
    InteractionFactory(lead=lead, interest="hot", happened_at=clock.now() - timedelta(days=9))
    InteractionFactory(lead=lead, interest="cold", happened_at=clock.now() - timedelta(days=1))
    InteractionFactory(lead=lead, interest="", happened_at=clock.now())

    assert columns_of(officer)[2].cards[0].interest == "cold"


def test_a_stay_longer_than_usual_is_marked(officer: User) -> None:
    Stage.objects.filter(pk=2).update(norm_days=60)
    lead_at(2, stage_since=clock.now() - timedelta(days=61))

    assert columns_of(officer)[2].cards[0].is_slow


@pytest.mark.parametrize("name", ["owner", "sector", "country", "mission", "source", "q", "step"])
def test_each_filter_narrows_cards_and_figures_alike(officer: User, name: str) -> None:
    mission, sector = MissionFactory(), SectorFactory()
    company = CompanyFactory(name="Moove It, Inc.", origin_country=CountryFactory())
    lead = lead_at(2, company=company, owner=officer, sector=sector, mission=mission, source=Source.MISSION)
    other = lead_at(2, title="Another plan")
    FollowUpFactory(lead=other)
    asked = {
        "owner": str(officer.pk),
        "sector": sector.pk,
        "country": "US",
        "mission": str(mission.pk),
        "source": "mission",
        "q": "moove it",
        "step": "none",
    }
    column = columns_of(officer, **{name: asked[name]})[2]

    assert (column.count, shown(column)) == (1, [lead.pk])


def test_words_find_accents_and_code_names(officer: User) -> None:
    lead = lead_at(2, title="Centro de servicios en Jamundí")

    assert shown(columns_of(officer, q="jamundi")[2]) == [lead.pk]


@pytest.mark.parametrize(
    "asked",
    [{"owner": "x"}, {"owner": "9" * 40}, {"mission": "-1"}, {"q": "a\0b"}, {"q": "x" * 9000}, {"source": "zz"}],
)
def test_what_cannot_be_meant_is_no_fault(browser: Client, asked: dict[str, str]) -> None:
    assert browser.get(reverse("leads:board"), asked).status_code == 200


def test_more_cards_come_by_key(browser: Client, officer: User) -> None:
    company, now = CompanyFactory(), clock.now()
    leads = [
        lead_at(2, company=company, owner=officer, title=f"Plan {n:02}", stage_since=now - timedelta(days=n))
        for n in range(45)
    ]
    first = browser.get(reverse("leads:board"))
    url = first.context["columns"][1].more_url
    second = browser.get(url, headers={"HX-Request": "true"})
    third = browser.get(second.context["more_url"])

    titles = [card.name for card in first.context["columns"][1].cards]
    titles += [card.name for page in (second, third) for card in page.context["cards"]]
    assert titles == [lead.title for lead in reversed(leads)]
    assert third.context["more_url"] == ""
    assert "<html" not in second.content.decode()
    assert "<html" in third.content.decode()


def test_the_board_costs_the_same_queries_however_much_there_is(browser: Client, officer: User) -> None:
    lead_at(2)
    browser.get(reverse("leads:board"))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("leads:board"))
    for stage in range(1, 7):
        for _ in range(4):
            lead = lead_at(stage)
            FollowUpFactory(lead=lead)
            ReadingFactory(lead=lead)
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("leads:board"))

    assert len(many) == len(few) <= 9  # eight of the board, and the bell


def test_the_list_shows_ended_leads_too_and_pages(browser: Client) -> None:
    company = CompanyFactory()
    lead_at(2, status=Status.DEAD, reason=ReasonFactory(), title="Gone plan", company=company)
    page = browser.get(reverse("leads:list"), {"status": "dead"})

    assert "Gone plan" in page.content.decode()
    assert browser.get(reverse("leads:list"), {"status": "open"}).context["page"].rows == []


def test_the_list_costs_the_same_queries_however_much_there_is(browser: Client) -> None:
    lead_at(2)
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("leads:list"))
    for _ in range(12):
        FollowUpFactory(lead=lead_at(3))
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("leads:list"))

    assert len(many) == len(few)


def test_an_identifier_over_a_thousand_is_written_without_separators(browser: Client) -> None:
    LeadFactory(pk=1_234_567, stage=StageFactory(number=2))

    assert 'id="card-1234567"' in browser.get(reverse("leads:board")).content.decode()
