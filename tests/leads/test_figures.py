from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.utils import translation

from config.staff import clock
from config.staff.models import User
from leads.figures import origins
from leads.figures.answer import ask
from leads.figures.behind import listing
from leads.figures.catalogue import FIGURES
from leads.figures.choices import Choices
from leads.figures.filters import TOGETHER, UNKNOWN, Filters, Scope
from leads.figures.number import Number
from leads.figures.secrecy import resolved, withheld
from leads.figures.source import Cell, Figure
from leads.models import FollowUp, InvestmentType, Lead, Stage
from leads.models.choices import Involvement, Layer, Status
from missions.models import Appointment, Mission
from tests.companies.factories import CompanyFactory, CountryFactory, SectorFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ReadingFactory, StageFactory
from tests.missions.factories import AppointmentFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = NOW.date()
ALL = Filters(TODAY)


@pytest.fixture(autouse=True)
def _still_clock() -> object:
    with clock.set_to(NOW), translation.override("en"):
        yield


def country(code: str) -> object:
    return CountryFactory(code=code, name_en=code, name_es=code)


def project(origin: str = "US", decided: date = date(2026, 3, 1), **facts: object) -> Lead:
    """A decided lead; the company comes from the origin, unless one is given."""
    if "company" not in facts:
        facts["company"] = CompanyFactory(origin_country=country(origin))
    stage = StageFactory(number=Stage.DECISION, probability="0.900")
    return LeadFactory(**{"stage": stage, "status": Status.WON, "decided_on": decided} | facts)


def reading(lead: Lead, **facts: object) -> None:
    ReadingFactory(lead=lead, **facts)


@pytest.fixture
def mission() -> Mission:
    return MissionFactory()


@pytest.fixture
def people() -> dict[str, User]:
    return {
        "manager": UserFactory(manager_role=True),
        "administrator": UserFactory(administrator=True),
        "officer": UserFactory(),
    }


@pytest.fixture
def agency(mission: Mission, people: dict[str, User]) -> None:
    """Something of everything, with unknown amounts and restricted projects among it."""
    owner = people["officer"]
    again = InvestmentType.objects.create(code="expansion", name_en="E", name_es="E", is_reinvestment=True)
    new = InvestmentType.objects.create(code="greenfield", name_en="G", name_es="G")
    sector = SectorFactory()
    for place in range(6):
        lead = project("US", owner=owner, sector=sector, mission=mission, investment_type=again if place % 2 else new)
        reading(lead, jobs=10 * place, capex=Decimal(1_000_000 + place))
    reading(project("US", named=True, owner=owner), jobs=None, jobs_unknown=True, capex=None, capex_unknown=True)
    for origin, involvement in product(["ES", "FR"], [Involvement.TRACKED, Involvement.ASSISTED]):
        reading(project(origin, decided=date(2024, 6, 1), involvement=involvement), layer=Layer.VERIFIED, jobs=7)
    project("SE", named=True)
    LeadFactory(company=CompanyFactory(), stage=StageFactory(number=Stage.LEAD), owner=owner, mission=mission)
    for number, probability in ((Stage.QUALIFIED, "0.130"), (Stage.VISIT, "0.390")):
        stage = StageFactory(number=number, probability=probability)
        for _ in range(4):
            lead = LeadFactory(stage=stage, qualified_on=date(2026, 5, 5), capex_estimate_usd="200000.00", owner=owner)
            FollowUpFactory(lead=lead, company=lead.company, owner=owner, due_on=TODAY - timedelta(days=2))
        LeadFactory(stage=stage, qualified_on=date(2025, 5, 5), jobs_estimate=50, named=True)
    hidden = LeadFactory(named=True)
    FollowUpFactory(lead=hidden, company=hidden.company, owner=owner, due_on=TODAY - timedelta(days=1))
    meeting = InteractionFactory(mission=mission, logged_by=owner, lead=hidden, company=hidden.company)
    FollowUpFactory(interaction=meeting, owner=owner, company=hidden.company, origin=FollowUp.Origin.PROMISE)
    done = {"state": FollowUp.State.DONE, "owner": owner, "due_on": date(2026, 11, 2)}
    FollowUpFactory(closed_at=datetime(2026, 11, 2, 12, tzinfo=UTC), **done)
    FollowUpFactory(closed_at=datetime(2026, 11, 4, 12, tzinfo=UTC), **done)
    for status in (Appointment.Status.HELD, Appointment.Status.NO_SHOW, Appointment.Status.CONFIRMED):
        AppointmentFactory(mission=mission, status=status)


def listed(figure: Figure, filters: Filters, viewer: User) -> Number:
    """The number as somebody would work it out from the lines of the list."""
    listing_of = listing(figure, resolved(figure.source, filters), viewer)
    lines = listing_of.lines(listing_of.rows.order_by(*listing_of.keys), viewer)
    known = [line.counted for line in lines if line.counted is not None]
    return Number(figure.how, len(lines), len(known), sum(known))


FILTERS = {
    "all years": ALL,
    "this year": ALL.but(since=2026, until=2026),
    "assisted in 2024": ALL.but(since=2024, until=2024, scope=Scope.ASSISTED),
    "verified": ALL.but(layer=Layer.VERIFIED),
    "an origin": ALL.but(origin="US"),
    "origins together": ALL.but(origin=TOGETHER),
    "no origin": ALL.but(origin=UNKNOWN),
    "a sector": ALL.but(sector="software"),
    "a stage": ALL.but(stage="2"),
    "the mission": ALL,
    "the officer": ALL,
}


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("asked", FILTERS)
def test_a_figure_equals_the_list_behind_it_for_everybody(
    name: str, asked: str, mission: Mission, people: dict[str, User]
) -> None:
    figure, filters = FIGURES[name], FILTERS[asked]
    if asked == "the mission":
        filters = filters.but(mission=str(mission.pk))
    if asked == "the officer":
        filters = filters.but(officer=str(people["officer"].pk))

    number = ask([figure], filters)[name]

    if not number.withheld:
        assert {listed(figure, filters, viewer).value for viewer in people.values()} == {number.value}
        assert {listed(figure, filters, viewer).of for viewer in people.values()} == {number.of}


def test_most_figures_of_the_agency_have_something_to_count(agency: None, mission: Mission) -> None:
    empty = [name for name, figure in FIGURES.items() if not ask([figure], ALL)[name].of]

    assert empty == []


def test_phases_and_merged_leads_are_not_projects() -> None:
    whole = project()
    project(parent=whole)
    project(status=Status.MERGED, company=whole.company)

    assert ask([FIGURES["projects"]], ALL)["projects"].value == 1


def test_companies_are_counted_by_their_ultimate_parent() -> None:
    group = CompanyFactory(origin_country=country("US"))
    for company in (group, CompanyFactory(ultimate_parent=group), CompanyFactory(ultimate_parent=group)):
        project(company=company)

    cell = ask([FIGURES["projects"], FIGURES["companies"]], ALL.but(origin="US"))
    assert (cell["projects"].value, cell["companies"].value) == (3, 1)


def test_an_unknown_amount_is_not_zero_but_counted_apart() -> None:
    reading(project(), capex=None, capex_unknown=True, jobs=5)
    project()

    cell = ask([FIGURES["capex"], FIGURES["jobs"]], ALL)
    assert (cell["capex"].value, cell["capex"].known, cell["capex"].of) == (None, 0, 2)
    assert (cell["jobs"].value, cell["jobs"].known, cell["jobs"].of) == (5, 1, 2)


def test_layers_and_older_readings_are_not_mixed() -> None:
    lead = project()
    reading(lead, layer=Layer.ANNOUNCED, jobs=100)
    reading(lead, layer=Layer.ANNOUNCED, jobs=900, is_current=False)
    reading(lead, layer=Layer.VERIFIED, jobs=60)

    told = [ask([FIGURES["jobs"]], ALL.but(layer=layer))["jobs"].value for layer in (Layer.ANNOUNCED, Layer.VERIFIED)]
    assert told == [100, 60]


def test_a_share_of_nothing_is_not_known() -> None:
    assert ask([FIGURES["on_time"]], ALL)["on_time"].value is None
    assert ask([FIGURES["capex"]], ALL)["capex"].value == 0


def test_weighted_pipeline_takes_the_probability_of_the_stage_and_leaves_dormant_ones_out() -> None:
    stage = StageFactory(number=Stage.VISIT, probability="0.390")
    LeadFactory(stage=stage, capex_estimate_usd="1000000.00")
    LeadFactory(stage=stage, capex_estimate_usd="1000000.00", status=Status.DORMANT)
    LeadFactory(stage=StageFactory(number=Stage.LEAD), capex_estimate_usd="1000000.00")

    cell = ask([FIGURES["weighted_capex"], FIGURES["pipeline_capex"]], ALL)
    assert (cell["weighted_capex"].value, cell["pipeline_capex"].value) == (390_000, 3_000_000)


def test_a_follow_up_done_on_its_day_in_cali_is_on_time() -> None:
    done = {"state": FollowUp.State.DONE, "due_on": date(2026, 11, 2)}
    FollowUpFactory(closed_at=datetime(2026, 11, 3, 4, tzinfo=UTC), **done)  # 23 h of the day before in Cali
    FollowUpFactory(closed_at=datetime(2026, 11, 3, 6, tzinfo=UTC), **done)
    FollowUpFactory(due_on=date(2026, 11, 2), waiting_for="their lawyer")

    number = ask([FIGURES["on_time"]], ALL)["on_time"]
    assert (number.total, number.of) == (1, 2)


@pytest.mark.parametrize(
    ("due_in", "active", "neglected"), [(None, True, 1), (-1, True, 1), (0, True, 0), (5, True, 0), (5, False, 1)]
)
def test_a_lead_without_a_next_step_is_neglected(due_in: int | None, active: bool, neglected: int) -> None:
    owner = UserFactory(is_active=active, closed_at=None if active else NOW)
    lead = LeadFactory(owner=owner)
    if due_in is not None:
        FollowUpFactory(lead=lead, company=lead.company, due_on=TODAY + timedelta(days=due_in))

    assert ask([FIGURES["neglected"]], ALL)["neglected"].total == neglected


def test_the_year_before_is_compared_up_to_the_same_day() -> None:
    before = ALL.but(since=2026, until=2026).before()

    assert before is not None
    assert (before.first_day, before.last_day) == (date(2025, 1, 1), date(2025, 11, 23))


def test_a_period_without_a_beginning_has_none_before_it() -> None:
    assert ALL.before() is None


class TestSecrecy:
    def test_a_cell_of_few_companies_with_a_restricted_project_takes_another_with_it(self) -> None:
        project("SE", named=True)
        for origin, count in (("FR", 2), ("US", 5)):
            for _ in range(count):
                project(origin)

        table = origins.table(ALL, Choices(), origins.whole(ALL))

        assert {row.key: row.projects.value for row in table.rows} == {"US": 5, TOGETHER: 3}
        assert table.total.projects.value == 8

    @pytest.mark.parametrize("origin", ["SE", "FR"])
    def test_neither_cell_is_told_when_it_is_asked_for_alone(self, origin: str) -> None:
        project("SE", named=True)
        for code, count in (("FR", 2), ("US", 5)):
            for _ in range(count):
                project(code)

        assert ask([FIGURES["projects"]], ALL.but(origin=origin))["projects"].withheld

    def test_a_restricted_project_among_many_hides_nothing(self) -> None:
        for named in (True, False, False):
            project("SE", named=named)

        assert ask([FIGURES["projects"]], ALL.but(origin="SE"))["projects"].value == 3

    def test_a_small_cell_without_a_restricted_project_is_told(self) -> None:
        project("SE")

        assert ask([FIGURES["projects"]], ALL.but(origin="SE"))["projects"].value == 1

    def test_a_year_with_nothing_but_a_restricted_project_is_not_told(self) -> None:
        project(decided=date(2019, 5, 5), named=True)

        assert ask([FIGURES["projects"]], ALL.but(since=2019, until=2019))["projects"].withheld

    def test_what_is_withheld_always_holds_two_cells_of_three_companies(self) -> None:
        def cell(companies: int, restricted: int) -> Cell:
            return Cell({}, companies, restricted)

        assert withheld({"A": cell(1, 1), "B": cell(1, 0), "C": cell(1, 0), "D": cell(9, 0)}) == {"A", "B", "C"}
        assert withheld({"A": cell(2, 1), "B": cell(2, 1), "C": cell(4, 0)}) == {"A", "B"}
        assert withheld({"A": cell(4, 3), "B": cell(1, 0)}) == frozenset()

    def test_a_line_that_one_may_not_see_says_nothing_but_what_it_counts(self) -> None:
        lead = project("SE", named=True)
        reading(lead, jobs=42)
        for _ in range(3):
            project("SE")
        stranger = UserFactory(manager_role=True)

        listed_jobs = listing(FIGURES["jobs"], ALL, stranger)
        lines = listed_jobs.lines(listed_jobs.rows.order_by(*listed_jobs.keys), stranger)

        assert [line.reserved for line in lines] == [False, False, False, True]
        assert (lines[3].title, lines[3].counted) == ("Reserved project", 42)
        assert not any([lines[3].href, lines[3].company, lines[3].country, lines[3].person, lines[3].day])

    def test_its_owner_reads_the_same_line_in_full(self) -> None:
        owner = UserFactory(manager_role=True)
        lead = project("SE", named=True, owner=owner)

        listed_projects = listing(FIGURES["projects"], ALL, owner)
        (line,) = listed_projects.lines(listed_projects.rows, owner)

        assert (line.title, line.company) == (lead.code_name, lead.company.name)

    def test_a_company_known_by_a_restricted_project_alone_is_not_named(self) -> None:
        secret = project("SE", named=True)
        for _ in range(3):
            project("SE")
        stranger = UserFactory(manager_role=True)

        companies = listing(FIGURES["companies"], ALL, stranger)
        lines = companies.lines(companies.rows.order_by(*companies.keys), stranger)

        assert secret.company.name not in {line.title for line in lines}
        assert [line.reserved for line in lines] == [False, False, False, True]

    def test_a_follow_up_of_a_hidden_lead_is_masked(self) -> None:
        lead = LeadFactory(named=True)
        FollowUpFactory(lead=lead, company=lead.company, due_on=date(2026, 11, 1))
        stranger = UserFactory(manager_role=True)

        overdue = listing(FIGURES["overdue"], ALL, stranger)
        (line,) = overdue.lines(overdue.rows, stranger)

        assert (line.title, line.company, line.person) == ("Reserved project", "", "")


def test_every_figure_says_what_it_means_how_it_is_reckoned_and_by_which_date() -> None:
    wordless = [
        figure.name
        for figure in FIGURES.values()
        if not all(map(str, (figure.title, figure.definition, figure.formula, figure.source.date_basis)))
    ]

    assert wordless == []
