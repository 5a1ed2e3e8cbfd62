"""Pages of figures: on the screen, on paper, as workbooks, and by mail."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader
from pytest_django.fixtures import DjangoAssertNumQueries

from config.staff import clock
from config.staff.models import User
from leads import goals, reports
from leads.figures import papers, secrecy
from leads.figures.filters import Filters
from leads.figures.public_sheet import TOGETHER, Fact, fewest_together
from leads.models import Delivery, Goal, Lead, Report, Stage
from leads.models.choices import Layer
from leads.reminding import deliveries
from tests.companies.factories import CompanyFactory, CountryFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ReadingFactory, StageFactory
from tests.leads.test_figures import moves, project
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
MONDAY = datetime(2026, 11, 2, 7, 0, tzinfo=BOGOTA)  # a Monday
PAGES = ["board", "week", "public", "missions", "mine", "mail"]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.set_to(MONDAY):
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(manager_role=True, language="en", name="Marta Manager")


@pytest.fixture
def agency(manager: User) -> None:
    mission = MissionFactory(name="California", starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 9))
    DelegateFactory(mission=mission)
    AppointmentFactory(mission=mission, status="held")
    for place in range(4):
        lead = project("US", decided=date(2026, 10, 8), mission=mission, announced_on=date(2026, 10, 9))
        ReadingFactory(lead=lead, jobs=10, capex=1_000_000)
        ReadingFactory(lead=lead, layer=Layer.VERIFIED, jobs=5, capex=500_000)
        InteractionFactory(company=lead.company, mission=mission, happened_at=datetime(2026, 10, 6, 12, tzinfo=BOGOTA))
        opened = LeadFactory(
            title=f"Plan {place}", stage=StageFactory(number=Stage.VISIT), capex_estimate_usd=2_000_000, named=not place
        )
        moves(opened, (1, MONDAY), (2, MONDAY))
        FollowUpFactory(lead=opened, company=opened.company, due_on=date(2026, 11, 1))
    goal = goals.propose(Goal(figure="projects", year=2026, value=20), by=UserFactory(manager_role=True))
    goals.approve(goal, by=manager)
    secrecy.settle(at=MONDAY)


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_read_by_managers_also_without_any_record(client: Client, manager: User, page: str) -> None:
    client.force_login(manager)

    assert client.get(f"/dashboard/{page}/").status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "funders"])
@pytest.mark.parametrize("query", ["", "period=2026-10", "period=%00", "since=20000", "period=ever&scope=all"])
def test_an_agency_without_any_record_has_every_page(client: Client, manager: User, page: str, query: str) -> None:
    client.force_login(manager)

    assert client.get(f"/dashboard/{page}/?{query}").status_code == 200


def test_officers_have_their_own_page_and_the_lists_behind_it_alone(client: Client) -> None:
    officer = UserFactory()
    FollowUpFactory(owner=officer, due_on=date(2026, 10, 1))
    client.force_login(officer)

    assert "Overdue follow-ups" in client.get("/dashboard/mine/").content.decode()
    assert client.get(f"/figures/overdue/?officer={officer.pk}").status_code == 200
    assert client.get("/figures/overdue/").status_code == 404
    assert client.get(f"/figures/overdue/?officer={UserFactory().pk}").status_code == 404
    assert client.get(f"/figures/mission_cost/?officer={officer.pk}").status_code == 404
    assert client.get("/dashboard/board/").status_code == 404


def test_the_week_of_a_large_agency_shows_those_with_most_in_hand(
    client: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.figures.week.PEOPLE", 1)
    busy = UserFactory(name="Zoe Busy")
    for owner in (busy, busy, UserFactory(name="Ana Idle")):
        FollowUpFactory(owner=owner, due_on=date(2026, 10, 1))
    client.force_login(manager)

    page = client.get("/dashboard/week/").context["page"]

    assert ([row.name for row in page.people], page.people_left) == (["Zoe Busy"], 1)


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize("page", ["board", "week", "missions"])
def test_a_page_costs_as_many_queries_with_more_missions_and_people(
    client: Client, manager: User, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(manager)
    with django_assert_max_num_queries(75) as few:
        client.get(f"/dashboard/{page}/")
    for _ in range(4):
        MissionFactory(starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 2))
        FollowUpFactory(owner=UserFactory(), due_on=date(2026, 10, 1))
    with django_assert_max_num_queries(75) as many:
        client.get(f"/dashboard/{page}/")

    assert len(many) <= len(few)


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize(("language", "goal", "layer"), [("en", "Goals", "Verified"), ("es", "Metas", "Verificado")])
def test_the_board_page_prints_in_both_languages(manager: User, language: str, goal: str, layer: str) -> None:
    with translation.override(language):
        printed = words(papers.board(Filters(MONDAY.date(), since=2026, until=2026), manager))

    assert goal in printed
    assert layer in printed
    assert "California" in printed


@pytest.mark.usefixtures("agency")
def test_paper_names_restricted_projects_by_their_code_name_to_those_who_know_them_and_to_nobody_else(
    manager: User,
) -> None:
    secret = LeadFactory(
        stage=StageFactory(number=Stage.SHORTLIST),
        capex_estimate_usd=9_000_000,
        named=True,
        owner=manager,
        company=CompanyFactory(name="Hidden Harbour", origin_country=CountryFactory()),
    )
    stranger = UserFactory(manager_role=True)
    filters = Filters(MONDAY.date(), since=2026, until=2026)

    for viewer, named in ((manager, True), (stranger, False)):
        printed = words(papers.board(filters, viewer))
        assert (secret.code_name in printed) is named
        assert "Hidden" not in printed
        assert "Reserved project" in printed


@pytest.mark.usefixtures("agency")
def test_the_board_page_is_a_workbook_with_real_numbers_and_days(client: Client, manager: User) -> None:
    client.force_login(manager)

    answer = client.post("/dashboard/board/export/?period=2026", {"format": "xlsx"})

    book = load_workbook(io.BytesIO(answer.getvalue()))
    missions = book["Missions"]
    assert missions["B2"].value.date() == date(2026, 10, 5)
    assert book["By layer"]["B2"].value == 4_000_000
    assert book["Goals"]["F2"].value == 20


@pytest.mark.usefixtures("agency")
def test_the_seeds_table_is_a_workbook_whose_last_row_is_the_total(client: Client, manager: User) -> None:
    client.force_login(manager)

    answer = client.post("/dashboard/by/origin/export/?period=2026", {"format": "xlsx"})

    rows = list(load_workbook(io.BytesIO(answer.getvalue())).worksheets[0].iter_rows(values_only=True))
    assert (rows[1][1], rows[-1][1], rows[-1][3]) == (4, 4, 4)


class TestPublicSheet:
    def test_a_row_of_few_companies_goes_with_the_smallest_others(self) -> None:
        facts = {"US": many(5), "FR": many(3, 20), "SE": many(1, 40)}

        told = fewest_together(facts)

        assert {key: len(found) for key, found in told.items()} == {"US": 5, TOGETHER: 4}

    def test_what_is_public_already_stands_by_itself(self) -> None:
        facts = {"US": many(5), "SE": many(1, 40, is_public=True)}

        assert fewest_together(facts).keys() == {"US", "SE"}

    def test_three_small_rows_are_told_together_and_no_other(self) -> None:
        facts = {"US": many(5), **{code: many(1, 40 + n) for n, code in enumerate(("SE", "NO", "FI"))}}

        assert {key: len(found) for key, found in fewest_together(facts).items()} == {"US": 5, TOGETHER: 3}

    def test_restricted_and_unverified_projects_are_not_in_it(self, client: Client, manager: User) -> None:
        for named in (False, False, False, True):
            ReadingFactory(lead=project("US", named=named, decided=date(2026, 2, 2)), layer=Layer.VERIFIED, jobs=5)
        project("US", decided=date(2026, 2, 2))
        client.force_login(manager)

        page = client.get("/dashboard/public/?period=2026&scope=all").content.decode()

        assert '<td class="num" data-label="Projects">3</td>' in page
        assert ">4<" not in page

    def test_what_is_under_embargo_or_refused_is_not_in_it(self, client: Client, manager: User) -> None:
        leads = [project("US", decided=date(2026, 2, 2)) for _n in range(5)]
        for lead in leads:
            ReadingFactory(lead=lead, layer=Layer.VERIFIED, jobs=5)
        Lead.objects.filter(pk=leads[0].pk).update(embargo_until=date(2999, 1, 1))
        Lead.objects.filter(pk=leads[1].pk).update(sharing="refused")
        client.force_login(manager)

        page = client.get("/dashboard/public/?period=2026&scope=all").content.decode()

        assert '<td class="num" data-label="Projects">3</td>' in page
        assert ">5<" not in page


def many(count: int, first: int = 1, *, is_public: bool = False) -> list[Fact]:
    return [Fact(first + place, 1, None, is_public) for place in range(count)]


class TestByMail:
    @pytest.mark.parametrize(
        ("rhythm", "day", "following"),
        [
            ("weekly", date(2026, 11, 2), date(2026, 11, 9)),
            ("weekly", date(2026, 11, 4), date(2026, 11, 9)),
            ("monthly", date(2026, 11, 1), date(2026, 12, 1)),
            ("monthly", date(2026, 12, 31), date(2027, 1, 1)),
        ],
    )
    def test_the_next_day_of_a_rhythm(self, rhythm: str, day: date, following: date) -> None:
        assert reports.next_day(rhythm, day) == following

    def due_now(self, manager: User, view: str = "board", rhythm: str = "weekly") -> Report:
        return Report.objects.create(person=manager, view=view, rhythm=rhythm, next_on=MONDAY.date())

    def tick(self) -> None:
        at = clock.now()
        deliveries.plan(at=at)
        for pk in deliveries.to_send(at=at):
            deliveries.send(pk)

    @pytest.mark.usefixtures("agency")
    @pytest.mark.parametrize("view", ["board", "week"])
    def test_a_page_comes_as_a_pdf_of_the_time_that_was_over(self, manager: User, view: str) -> None:
        self.due_now(manager, view)

        self.tick()

        (letter,) = mail.outbox
        name, content, kind = letter.attachments[0]
        assert letter.to == [manager.email]
        title = "board-page" if view == "board" else "week-of-the-managers"
        assert (name, kind) == (f"{title}-2026-10-26.pdf", "application/pdf")
        assert isinstance(content, bytes)
        assert "26 Oct 2026" in words(content)
        assert "since=2026-10-26&until=2026-11-01" in letter.body

    def test_beat_that_runs_twice_sends_once(self, manager: User) -> None:
        self.due_now(manager)

        self.tick()
        self.tick()

        assert len(mail.outbox) == 1
        assert Report.objects.get().next_on == date(2026, 11, 9)

    def test_two_planners_at_once_take_it_once(self, manager: User) -> None:
        report = self.due_now(manager)

        assert reports.take(report.pk, at=MONDAY) == report
        assert reports.take(report.pk, at=MONDAY) is None

    def test_one_that_was_missed_for_weeks_comes_once(self, manager: User) -> None:
        Report.objects.create(person=manager, view="board", rhythm="weekly", next_on=date(2026, 10, 5))

        self.tick()

        assert len(mail.outbox) == 1

    def test_before_the_morning_of_its_reader_nothing_goes_out(self, manager: User) -> None:
        with clock.set_to(MONDAY.replace(hour=3)):
            self.due_now(manager)
            self.tick()
            assert mail.outbox == []
        self.tick()

        assert len(mail.outbox) == 1

    def test_whoever_manages_no_more_gets_none(self, manager: User) -> None:
        self.due_now(manager)
        User.objects.filter(pk=manager.pk).update(role="officer", may_override_gates=False)

        self.tick()

        assert mail.outbox == []
        assert Delivery.objects.get().state == Delivery.State.SKIPPED

    def test_a_manager_asks_for_a_page_and_stops_it(self, client: Client, manager: User) -> None:
        client.force_login(manager)
        sent = {"person": manager.pk, "view": "board", "rhythm": "monthly"}
        for _ in range(2):
            assert client.post("/dashboard/mail/", sent).status_code == 302
        report = Report.objects.get()
        assert report.next_on == date(2026, 12, 1)

        client.post(f"/dashboard/mail/{report.pk}/stop/")

        assert not Report.objects.exists()

    def test_a_manager_neither_signs_others_up_nor_stops_theirs(self, client: Client, manager: User) -> None:
        other = UserFactory(manager_role=True)
        theirs = self.due_now(other)
        client.force_login(manager)

        assert (
            client.post("/dashboard/mail/", {"person": other.pk, "view": "week", "rhythm": "weekly"}).status_code == 422
        )
        assert client.post(f"/dashboard/mail/{theirs.pk}/stop/").status_code == 404
