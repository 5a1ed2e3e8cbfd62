from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from statistics import median

import pytest
from django.utils import translation

from config.staff import clock
from config.staff.models import User
from leads.figures import secrecy
from leads.figures.answer import ask, ask_by, number_of, numbers_by, parts_of
from leads.figures.behind import listing
from leads.figures.catalogue import FIGURES
from leads.figures.catalogue.results import CAPEX, COMPANIES, ENTITIES, JOBS, PROJECTS
from leads.figures.figure import Figure, Measure
from leads.figures.filters import AHEAD, RESERVED, UNKNOWN, Filters, Scope
from leads.figures.number import NEVER_ADDED, How, Number, per
from leads.models import (
    AccountPlan,
    Budget,
    Enquiry,
    FollowUp,
    InvestmentType,
    Lead,
    Service,
    ServiceKind,
    Stage,
    VisitRhythm,
)
from leads.models.choices import Interest, Involvement, Layer, Status
from missions.models import Appointment, CostLine, Mission
from tests.companies.factories import CompanyFactory, CountryFactory, SectorFactory
from tests.leads.factories import (
    AccountPlanFactory,
    FollowUpFactory,
    InteractionFactory,
    LeadFactory,
    ReadingFactory,
    ReasonFactory,
    StageFactory,
)
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
    return MissionFactory(starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 6))


@pytest.fixture
def people() -> dict[str, User]:
    return {
        "manager": UserFactory(manager_role=True),
        "administrator": UserFactory(administrator=True),
        "officer": UserFactory(),
    }


def moves(lead: Lead, *way: tuple[int, datetime]) -> None:
    before = None
    for number, at in way:
        stage = StageFactory(number=number)
        lead.stage_changes.create(stage_before_id=before, stage_after=stage, status_after="active", level="open", at=at)
        before = number


@pytest.fixture
def agency(mission: Mission, people: dict[str, User]) -> None:
    """Something of everything, with unknown amounts and restricted projects among it."""
    owner = people["officer"]
    again = InvestmentType.objects.create(code="expansion", name_en="E", name_es="E", is_reinvestment=True)
    new = InvestmentType.objects.create(code="greenfield", name_en="G", name_es="G")
    sector = SectorFactory()
    early = datetime(2026, 1, 5, 15, tzinfo=UTC)
    pack = ServiceKind.objects.create(code="pack", name_en="Pack", name_es="Carpeta")
    indirect = {"jobs_indirect": 30, "indirect_method": "multiplier 1.5"}
    for place in range(6):
        lead = project("US", owner=owner, sector=sector, mission=mission, investment_type=again if place % 2 else new)
        reading(lead, jobs=10 * place, capex=Decimal(1_000_000 + place), jobs_safeguarded=place or None, **indirect)
        reading(lead, layer=Layer.VERIFIED, jobs=8 * place, capex=Decimal(900_000), dated_on=date(2026, 9, 1))
        Lead.objects.filter(pk=lead.pk).update(created_at=early, qualified_on=date(2026, 2, 10))
        moves(lead, (1, early), (2, early + timedelta(days=20 + place)), (6, early + timedelta(days=55)))
        InteractionFactory(
            company=lead.company, mission=mission, interest=Interest.HOT, happened_at=early + timedelta(days=30)
        )
    InteractionFactory(
        company=lead.company, kind="mail", direction="out", happened_at=early + timedelta(days=30, hours=40)
    )
    reading(project("US", named=True, owner=owner), jobs=None, jobs_unknown=True, capex=None, capex_unknown=True)
    for origin, involvement in product(["ES", "FR"], [Involvement.TRACKED, Involvement.ASSISTED]):
        reading(project(origin, decided=date(2024, 6, 1), involvement=involvement), layer=Layer.VERIFIED, jobs=7)
    project("SE", named=True)
    LeadFactory(company=CompanyFactory(), stage=StageFactory(number=Stage.LEAD), owner=owner, mission=mission)
    for number, probability, norm in ((Stage.QUALIFIED, "0.130", 60), (Stage.VISIT, "0.390", 90)):
        stage = StageFactory(number=number, probability=probability)
        Stage.objects.filter(number=number).update(norm_days=norm, probability=probability)
        for place in range(4):
            lead = LeadFactory(
                stage=stage,
                qualified_on=date(2026, 5, 5),
                capex_estimate_usd="200000.00",
                owner=owner,
                stage_since=NOW - timedelta(days=40 * place),
            )
            FollowUpFactory(lead=lead, company=lead.company, owner=owner, due_on=TODAY - timedelta(days=2))
            InteractionFactory(lead=lead, company=lead.company, happened_at=NOW - timedelta(days=35 * place))
        LeadFactory(stage=stage, qualified_on=date(2025, 5, 5), jobs_estimate=50, named=True)
    for status in (Status.LOST, Status.DEAD, Status.DEAD):
        LeadFactory(status=status, reason=ReasonFactory(), closed_on=date(2026, 4, 4))
    hidden = LeadFactory(named=True)
    for served in (hidden, lead, lead):
        Service.objects.create(lead=served, kind=pack, given_on=date(2026, 3, 3), by=owner)
    moves(hidden, (1, early), (2, early + timedelta(days=3)))
    FollowUpFactory(lead=hidden, company=hidden.company, owner=owner, due_on=TODAY - timedelta(days=1))
    meeting = InteractionFactory(mission=mission, logged_by=owner, lead=hidden, company=hidden.company)
    InteractionFactory(logged_by=owner, kind="site_visit", company=hidden.company)
    FollowUpFactory(interaction=meeting, owner=owner, company=hidden.company, origin=FollowUp.Origin.PROMISE)
    for day in (2, 4):
        due = FollowUpFactory(owner=owner, due_on=date(2026, 11, 2))
        due.complete(by=owner, at=datetime(2026, 11, day, 12, tzinfo=UTC))
    for came in (Appointment.Status.HELD, Appointment.Status.NO_SHOW, Appointment.Status.CONFIRMED):
        AppointmentFactory(mission=mission, status=came)
    costs(mission)
    Budget.objects.create(year=2026, usd=500_000)
    enquiries(owner)
    VisitRhythm.objects.bulk_create(VisitRhythm(tier=tier, days=days) for tier, days in (("A", 90), ("B", 180)))
    for days, tier in ((10, "A"), (100, "A"), (100, "B"), (10, "C")):
        plan = AccountPlanFactory(owner=owner, tier=tier)
        AccountPlan.objects.filter(pk=plan.pk).update(last_visit_at=NOW - timedelta(days=days))
    secrecy.settle(at=NOW)


def costs(mission: Mission) -> None:
    for actual, rate in ((Decimal(1000), "1"), (Decimal(4_000_000), "0.00025"), (None, "1")):
        CostLine.objects.create(
            mission=mission, kind="travel", planned=1200, actual=actual, usd_rate=rate, rate_on=date(2026, 1, 1)
        )


def enquiries(owner: User) -> None:
    received = datetime(2026, 11, 2, 15, tzinfo=UTC)
    for minutes in (30, 90, 900, None):
        Enquiry.objects.create(
            name="Ana",
            text="?",
            owner=owner,
            received_at=received,
            respond_by=received + timedelta(days=1),
            state="waiting" if minutes is None else "answered",
            answered_at=None if minutes is None else received + timedelta(minutes=minutes * 3),
            response_minutes=minutes,
        )


def listed(figure: Figure, filters: Filters, viewer: User) -> Number:
    """The number as somebody would work it out from the lines of the list."""
    listing_of = listing(figure, filters, viewer)
    lines = listing_of.lines(listing_of.rows.order_by(*listing_of.keys), viewer)
    known = [line.counted for line in lines if line.counted is not None]
    if figure.how in {How.MEDIAN, How.P90}:
        return Number(figure.how, len(lines), len(known), percentile(sorted(map(float, known)), figure.how))
    return Number(figure.how, len(lines), len(known), sum(known))


def percentile(values: list[float], how: How) -> float:
    if not values:
        return 0
    if how is How.MEDIAN:
        return median(values)
    place = 0.9 * (len(values) - 1)
    below, above = values[int(place)], values[min(int(place) + 1, len(values) - 1)]
    return below + (above - below) * (place - int(place))


def from_its_lists(measure: Measure, filters: Filters, viewer: User) -> object:
    if isinstance(measure, Figure):
        return listed(measure, filters, viewer).value
    part = listed(measure.part, measure.of_part(filters), viewer)
    return per(part, listed(measure.whole, measure.of_whole(filters), viewer))


FILTERS = {
    "all years": ALL,
    "this year": ALL.but(since=2026, until=2026),
    "a quarter": ALL.but(since="2026-01", until="2026-03"),
    "some days": ALL.but(since="2026-02-03", until="2026-11-02"),
    "assisted in 2024": ALL.but(since=2024, until=2024, scope=Scope.ASSISTED),
    "verified": ALL.but(layer=Layer.VERIFIED),
    "within six months": ALL.but(within="6"),
    "an origin": ALL.but(origin="US"),
    "origins not told": ALL.but(origin=RESERVED),
    "no origin": ALL.but(origin=UNKNOWN),
    "a sector": ALL.but(sector="software"),
    "a type": ALL.but(type="expansion"),
    "a source": ALL.but(source="mission"),
    "no source": ALL.but(source=UNKNOWN),
    "no municipality": ALL.but(municipality=UNKNOWN, activity=UNKNOWN),
    "a stage": ALL.but(stage="2"),
    "silent for long": ALL.but(quiet="90"),
    "a service": ALL.but(service="pack"),
    "the mission": ALL,
    "the officer": ALL,
}


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize("asked", FILTERS)
def test_every_figure_equals_the_list_behind_it_for_everybody(
    asked: str, mission: Mission, people: dict[str, User]
) -> None:
    filters = FILTERS[asked]
    if asked == "the mission":
        filters = filters.but(mission=str(mission.pk))
    if asked == "the officer":
        filters = filters.but(officer=str(people["officer"].pk))

    for name, measure in FIGURES.items():
        told = number_of(measure, filters).value
        for viewer in people.values():
            assert from_its_lists(measure, filters, viewer) == (told if told is None else pytest.approx(told)), name


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize("name", FIGURES)
def test_every_row_of_a_table_says_what_its_filter_says(name: str) -> None:
    measure = FIGURES[name]
    for dimension in measure.tabled_by():
        if dimension in {"year", "month"}:
            continue
        for key, number in numbers_by(dimension, measure, ALL).items():
            assert number_of(measure, ALL.but(**{dimension: key})) == number, (dimension, key)


@pytest.mark.parametrize("size", ["year", "month"])
def test_a_row_of_the_year_under_way_says_what_its_list_says(size: str) -> None:
    """What is planned for after today stands in a row of its own."""
    mission = MissionFactory()
    for days in (-30, 0, 2, 60):
        begins = datetime(2026, 11, 23, 9) + timedelta(days=days)
        AppointmentFactory(mission=mission, local_start=begins, local_end=begins + timedelta(hours=1))

    rows = numbers_by(size, FIGURES["planned"], ALL)

    assert rows.pop(AHEAD).of == 1
    for key, number in rows.items():
        assert number_of(FIGURES["planned"], ALL.but(since=key, until=key)) == number, key


@pytest.mark.parametrize("mission", [RESERVED, UNKNOWN])
def test_no_project_is_influenced_by_a_mission_that_is_not_told(mission: str) -> None:
    assert number_of(FIGURES["influenced"], ALL.but(mission=mission)).value == 0


def test_leverage_is_of_the_scope_that_is_asked() -> None:
    assert FIGURES["leverage"].obeys("scope")


@pytest.mark.usefixtures("agency")
@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.how not in NEVER_ADDED])
def test_the_rows_of_every_table_add_up_to_the_total(name: str) -> None:
    measure = FIGURES[name]
    for dimension in measure.tabled_by():
        rows = numbers_by(dimension, measure, ALL).values()
        assert sum(rows, Number(measure.how)) == number_of(measure, ALL), dimension


@pytest.mark.usefixtures("agency")
def test_every_figure_of_the_agency_has_something_to_say() -> None:
    silent = [name for name, figure in FIGURES.items() if number_of(figure, ALL).value is None]

    assert silent == []


def test_phases_and_merged_leads_are_not_projects() -> None:
    whole = project()
    project(parent=whole)
    project(status=Status.MERGED, company=whole.company)

    assert number_of(PROJECTS, ALL).value == 1


def test_companies_are_counted_by_their_ultimate_parent_and_legal_entities_by_themselves() -> None:
    group = CompanyFactory(origin_country=country("US"))
    for company in (group, CompanyFactory(ultimate_parent=group), CompanyFactory(ultimate_parent=group)):
        project(company=company)

    cell = ask([PROJECTS, COMPANIES, ENTITIES], ALL.but(origin="US"))
    assert (cell["projects"].value, cell["companies"].value, cell["entities"].value) == (3, 1, 3)


def test_an_unknown_amount_is_not_zero_but_counted_apart() -> None:
    reading(project(), capex=None, capex_unknown=True, jobs=5)
    project()

    cell = ask([CAPEX, JOBS], ALL)
    assert (cell["capex"].value, cell["capex"].known, cell["capex"].of) == (None, 0, 2)
    assert (cell["jobs"].value, cell["jobs"].known, cell["jobs"].of) == (5, 1, 2)


def test_layers_and_older_readings_are_not_mixed() -> None:
    lead = project()
    reading(lead, layer=Layer.ANNOUNCED, jobs=100)
    reading(lead, layer=Layer.ANNOUNCED, jobs=900, is_current=False)
    reading(lead, layer=Layer.VERIFIED, jobs=60)

    told = [number_of(JOBS, ALL.but(layer=layer)).value for layer in (Layer.ANNOUNCED, Layer.VERIFIED)]
    assert told == [100, 60]


def told(name: str, filters: Filters = ALL) -> tuple[int, int, object]:
    """Of how many it is said, of how many it is known, and what."""
    number = number_of(FIGURES[name], filters)
    return number.of, number.known, number.value


@pytest.mark.parametrize("name", ["on_time", "win_rate", "thanked", "aftercare", "cost_per_lead", "decision_days"])
def test_there_is_no_share_of_nothing(name: str) -> None:
    assert told(name)[2] is None


def test_a_sum_of_nothing_is_nothing() -> None:
    assert told("capex")[2] == 0


def test_weighted_pipeline_takes_the_probability_of_the_stage_and_leaves_dormant_ones_out() -> None:
    stage = StageFactory(number=Stage.VISIT, probability="0.390")
    LeadFactory(stage=stage, capex_estimate_usd="1000000.00")
    LeadFactory(stage=stage, capex_estimate_usd="1000000.00", status=Status.DORMANT)
    LeadFactory(stage=StageFactory(number=Stage.LEAD), capex_estimate_usd="1000000.00")

    assert (told("weighted_capex")[2], told("pipeline_capex")[2]) == (390_000, 3_000_000)


def test_committed_projects_that_have_not_started_stand_apart() -> None:
    reading(project(), jobs=5)
    reading(project(operational_on=date(2026, 6, 1)), jobs=7)

    assert (told("committed")[2], told("committed_jobs")[2]) == (1, 5)


def test_a_follow_up_done_on_its_day_in_cali_is_on_time() -> None:
    for hour in (4, 6):  # 23 h of the day before in Cali, and 1 h after
        due = FollowUpFactory(due_on=date(2026, 11, 2))
        due.complete(by=due.owner, at=datetime(2026, 11, 3, hour, tzinfo=UTC))
    FollowUpFactory(due_on=date(2026, 11, 2), waiting_for="their lawyer")

    number = number_of(FIGURES["on_time"], ALL)
    assert (number.total, number.of) == (1, 2)


def test_a_follow_up_that_was_reopened_is_not_on_time() -> None:
    due = FollowUpFactory(due_on=date(2026, 11, 2))
    due.complete(by=due.owner, at=datetime(2026, 11, 2, 12, tzinfo=UTC)).reopen()

    assert number_of(FIGURES["on_time"], ALL).total == 0


@pytest.mark.parametrize(
    ("due_in", "active", "neglected"), [(None, True, 1), (-1, True, 1), (0, True, 0), (5, True, 0), (5, False, 1)]
)
def test_a_lead_without_a_next_step_is_neglected(due_in: int | None, active: bool, neglected: int) -> None:
    owner = UserFactory(is_active=active, closed_at=None if active else NOW)
    lead = LeadFactory(owner=owner)
    if due_in is not None:
        FollowUpFactory(lead=lead, company=lead.company, due_on=TODAY + timedelta(days=due_in))

    assert number_of(FIGURES["neglected"], ALL).total == neglected


def test_a_cohort_says_what_became_of_it_and_what_is_still_open() -> None:
    facts: list[dict[str, object]] = [
        {"qualified_on": date(2026, 3, 1)},
        {},
        {"status": Status.DEAD, "reason": ReasonFactory(), "closed_on": TODAY},
    ]
    for fact in facts:
        LeadFactory(**fact)

    assert told("lead_to_qualified")[2] == told("leads_still_open")[2] == Decimal(1) / 3


def test_both_win_rates_name_their_denominator() -> None:
    project()
    for status in (Status.LOST, Status.DEAD, Status.DEAD, Status.DISQUALIFIED):
        LeadFactory(status=status, reason=ReasonFactory(), closed_on=TODAY)

    assert (told("win_rate")[0], told("win_rate_all")[0]) == (2, 4)
    assert (told("win_rate")[2], told("win_rate_all")[2]) == (Decimal(1) / 2, Decimal(1) / 4)


def test_time_in_a_stage_is_of_those_that_left_and_the_open_ones_stand_apart() -> None:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for days in (10, 20, 60):
        lead = LeadFactory(stage=StageFactory(number=Stage.QUALIFIED), stage_since=NOW - timedelta(days=days))
        moves(lead, (1, at), (2, at + timedelta(days=days)))

    assert told("stage_days") == (3, 3, 20)
    assert told("open_age", ALL.but(stage="2")) == (3, 3, 20)
    assert told("stage_days", ALL.but(stage="2"))[2] is None


@pytest.mark.parametrize(("days", "bucket"), [(0, "30"), (30, "30"), (31, "60"), (90, "90"), (91, "more")])
def test_silence_is_counted_in_days_of_the_agency(days: int, bucket: str) -> None:
    lead = LeadFactory()
    InteractionFactory(lead=lead, company=lead.company, happened_at=NOW - timedelta(days=days))

    assert ask_by("quiet", [FIGURES["pipeline"]], ALL).keys() == {bucket}  # type: ignore[list-item]


def test_our_own_mail_is_no_contact() -> None:
    lead = LeadFactory()
    InteractionFactory(lead=lead, company=lead.company, kind="mail", direction="out")

    assert told("pipeline", ALL.but(quiet="never"))[2] == 1


@pytest.mark.parametrize(("hours", "kept"), [(1, 1), (48, 1), (49, 0)])
def test_a_contact_is_followed_up_within_48_hours_of_the_meeting(mission: Mission, hours: int, kept: int) -> None:
    met = NOW - timedelta(days=20)
    meeting = InteractionFactory(mission=mission, interest=Interest.WARM, happened_at=met)
    InteractionFactory(company=meeting.company, kind="mail", direction="out", happened_at=met + timedelta(hours=hours))

    assert told("thanked")[2] == kept


def test_a_mail_from_them_is_no_follow_up(mission: Mission) -> None:
    met = NOW - timedelta(days=20)
    meeting = InteractionFactory(mission=mission, interest=Interest.HOT, happened_at=met)
    InteractionFactory(company=meeting.company, kind="mail", direction="in", happened_at=met + timedelta(hours=1))

    assert told("thanked")[2] == 0


def test_the_first_answer_counts_office_hours() -> None:
    enquiries(UserFactory())

    assert told("response_median") == (4, 3, 1.5)
    number = number_of(FIGURES["answered_in_a_day"], ALL)
    assert (number.total, number.known) == (2, 4)


def test_an_investor_is_covered_while_the_last_visit_is_within_its_rhythm(agency: None) -> None:
    number = number_of(FIGURES["aftercare"], ALL)

    assert (number.total, number.of) == (2, 3)


def test_realisation_compares_the_projects_of_which_both_layers_are_known() -> None:
    lead, only_announced = project(decided=date(2025, 1, 10)), project()
    reading(lead, jobs=100)
    reading(lead, layer=Layer.VERIFIED, jobs=40, dated_on=date(2025, 12, 1), is_current=False)
    reading(lead, layer=Layer.VERIFIED, jobs=80, dated_on=date(2026, 8, 1))
    reading(only_announced, jobs=900)

    assert told("realisation_jobs")[2] == Decimal("0.8")
    assert told("realisation_jobs", ALL.but(within="12"))[2] == Decimal("0.4")
    assert told("realisation_jobs", ALL.but(within="6"))[2] is None


def test_cost_is_divided_by_what_the_same_missions_brought_in_time(mission: Mission) -> None:
    costs(mission)
    LeadFactory(mission=mission, qualified_on=date(2026, 3, 3))
    LeadFactory(mission=mission, qualified_on=date(2026, 10, 10))
    LeadFactory(mission=mission)

    spent, leads = parts_of(FIGURES["cost_per_lead"], ALL)  # type: ignore[arg-type]
    assert (spent.value, spent.known, spent.of, leads.value) == (2000, 2, 3, 3)
    assert told("cost_per_qualified")[2] == 1000
    assert told("cost_per_qualified", ALL.but(within="6"))[2] == 2000


def test_the_influence_of_a_mission_is_a_meeting_in_the_two_years_before(mission: Mission) -> None:
    other = MissionFactory()
    lead = project(decided=date(2026, 6, 1))
    for where in (mission, other):
        InteractionFactory(company=lead.company, mission=where, happened_at=datetime(2025, 6, 1, 12, tzinfo=UTC))
    late = project(decided=date(2026, 6, 1))
    InteractionFactory(company=late.company, mission=mission, happened_at=datetime(2024, 5, 1, 12, tzinfo=UTC))

    assert told("influenced")[2] == 1
    assert [told("influenced", ALL.but(mission=str(each.pk)))[2] for each in (mission, other)] == [1, 1]


def test_a_share_of_an_origin_is_of_all_origins_under_the_same_filters() -> None:
    for origin in ("US", "US", "ES", "FR"):
        project(origin)
    project("US", involvement=Involvement.TRACKED)

    assert told("origin_share", ALL.but(origin="US", scope=Scope.ASSISTED))[2] == Decimal("0.5")


def test_the_year_before_is_compared_up_to_the_same_day() -> None:
    before = ALL.but(since=2026, until=2026).before()

    assert before is not None
    assert (before.first_day, before.last_day) == (date(2025, 1, 1), date(2025, 11, 23))


def test_a_period_without_a_beginning_has_none_before_it() -> None:
    assert ALL.before() is None


def test_distinct_counts_and_medians_refuse_to_be_added() -> None:
    for how in NEVER_ADDED:
        with pytest.raises(TypeError):
            Number(how) + Number(how)


def test_every_figure_says_what_it_means_how_it_is_reckoned_by_which_date_and_what_to_beware_of() -> None:
    wordless = [
        figure.name
        for figure in FIGURES.values()
        if not all(map(str, (figure.title, figure.definition, figure.formula, figure.traps, figure.source.date_basis)))
    ]

    assert wordless == []
