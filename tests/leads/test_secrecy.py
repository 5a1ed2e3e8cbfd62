"""What figures tell of restricted leads, and what cannot be worked out from them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product

import pytest

from config.staff import clock
from config.staff.models import User
from leads.figures import secrecy
from leads.figures.answer import number_of, numbers_by
from leads.figures.behind import listing
from leads.figures.catalogue import FIGURES
from leads.figures.catalogue.results import COMPANIES, JOBS, PROJECTS
from leads.figures.filters import RESERVED, Filters, Scope
from leads.models import Lead, Reserve
from leads.models.choices import Involvement, Level
from tests.companies.factories import CompanyFactory, SectorFactory
from tests.leads.factories import FollowUpFactory, LeadFactory, ReadingFactory
from tests.leads.test_figures import country, moves, project, reading
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = NOW.date()
ALL = Filters(TODAY)


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def settled() -> dict[int, dict[str, str]]:
    secrecy.settle(at=clock.now())
    return {reserve.pk: reserve.told for reserve in Reserve.objects.all()}


def test_a_restricted_project_counts_in_the_agencys_total_at_once() -> None:
    project(named=True)

    assert number_of(PROJECTS, ALL).value == 1


def test_until_its_box_is_settled_no_filter_finds_it() -> None:
    for named in (True, False, False):
        project("SE", named=named)

    assert [number_of(PROJECTS, ALL.but(**narrow)).value for narrow in ({"origin": "SE"}, {"since": 2026})] == [2, 2]


def test_among_enough_companies_it_is_counted_like_any_other() -> None:
    for named in (True, False, False):
        project("SE", named=named)
    settled()

    assert number_of(PROJECTS, ALL.but(origin="SE", since=2026, until=2026)).value == 3


def test_where_it_would_stand_alone_it_is_left_out_and_the_table_has_a_row_for_it() -> None:
    project("SE", named=True)
    for origin, count in (("FR", 2), ("US", 5)):
        for _ in range(count):
            project(origin)
    settled()

    rows = numbers_by("origin", PROJECTS, ALL)
    assert {key: number.value for key, number in rows.items()} == {"US": 5, "FR": 2, RESERVED: 1}
    assert number_of(PROJECTS, ALL.but(origin=RESERVED)).value == 1


def test_three_subsidiaries_of_one_group_hide_nothing() -> None:
    group = CompanyFactory(origin_country=country("SE"))
    project(company=group, named=True)
    for _ in range(3):
        project(company=CompanyFactory(ultimate_parent=group, origin_country=country("SE")))
    settled()

    assert number_of(PROJECTS, ALL.but(origin="SE")).value == 3


def test_two_periods_that_overlap_do_not_leave_one_over() -> None:
    for year in (2024, 2024, 2024, 2025):
        project(decided=date(year, 5, 5), named=year == 2025)
    settled()

    wide, narrow = (number_of(PROJECTS, ALL.but(since=since, until=2025)).value for since in (2024, 2025))
    assert (wide, narrow, number_of(PROJECTS, ALL).value) == (3, 0, 4)


def test_two_scopes_do_not_leave_one_over() -> None:
    for _ in range(3):
        project()
    project(named=True, involvement=Involvement.TRACKED)
    settled()

    # What all known and assisted leave over is the whole agency's total alone, without a year or an origin.
    assert number_of(PROJECTS, ALL.but(scope=Scope.ASSISTED)).value == 3
    narrow = ALL.but(since=2026, until=2026, origin="US")
    difference = number_of(PROJECTS, narrow).of - number_of(PROJECTS, narrow.but(scope=Scope.ASSISTED)).of
    companies = number_of(COMPANIES, narrow).of
    assert difference == 0 or companies >= secrecy.FEWEST


def test_what_was_told_once_stays_part_of_what_hides_it() -> None:
    """Told by origin on one day and by sector on another, both together would point at it."""
    software, energy = SectorFactory(), SectorFactory(code="energy")
    lead = project("SE", named=True, sector=software)
    others = [project("SE", sector=energy) for _ in range(2)]
    assert settled()[lead.pk]["origin"] == "SE"
    for other in others:
        Lead.objects.filter(pk=other.pk).update(level=Level.OPEN, parent=lead.pk)  # no projects any more
    for _ in range(2):
        project("FR", sector=software)

    told = settled()[lead.pk]

    assert "origin" not in told
    assert "sector" not in told


def test_a_change_of_the_lead_takes_back_what_is_not_true_any_more() -> None:
    lead = project("SE", named=True)
    for _ in range(4):
        project("SE")
    assert settled()[lead.pk]["origin"] == "SE"
    Lead.objects.filter(pk=lead.pk).update(company=CompanyFactory(origin_country=country("NO")))

    assert "origin" not in settled()[lead.pk]


def test_a_lead_that_is_opened_has_no_box_any_more() -> None:
    lead = project(named=True)
    settled()
    Lead.objects.filter(pk=lead.pk).update(level=Level.OPEN)

    assert settled() == {}


def crowd(seed: int) -> None:
    chance = random.Random(seed)
    owners, sectors = [UserFactory() for _ in range(3)], [SectorFactory(code=f"s{n}") for n in range(3)]
    for _ in range(60):
        origin = chance.choice(["US", "US", "ES", "FR", "SE"])
        lead = project(
            origin,
            decided=date(2022 + chance.randint(0, 4), chance.randint(1, 11), 5),
            involvement=chance.choice(list(Involvement)),
            owner=chance.choice(owners),
            sector=chance.choice(sectors),
            named=chance.random() < 0.25,
        )
        reading(lead, jobs=chance.randint(1, 999))


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_filters_are_compared_a_restricted_project_is_one_of_three(seed: int) -> None:
    """Asks every combination of filters, and looks which ones count a restricted project: they tell what it is."""
    crowd(seed)
    settled()
    leads = list(Lead.objects.select_related("company"))
    restricted = {lead.pk for lead in leads if lead.level != Level.OPEN}
    owners = {str(lead.owner_id) for lead in leads}
    asked = [
        ALL.but(since=since, until=until, scope=scope, origin=origin, sector=sector, officer=officer)
        for since, until in [(None, None), *combinations(range(2022, 2027), 2), *((y, y) for y in range(2022, 2027))]
        for scope, origin, sector in product(Scope, ("", "US", "ES", "FR", "SE"), ("", "s0", "s1", "s2"))
        for officer in ("", *owners)
    ]
    found: dict[int, list[Filters]] = {pk: [] for pk in restricted}
    for filters in random.Random(seed).sample(asked, 400):
        for pk in PROJECTS.records(filters).filter(pk__in=restricted).values_list("pk", flat=True):
            found[pk].append(filters)

    for pk, counted_by in found.items():
        companies = {lead.company_id for lead in leads if all(fits(lead, filters) for filters in counted_by)}
        assert len(companies) >= secrecy.FEWEST, pk


def fits(lead: Lead, filters: Filters) -> bool:
    """Whether an open lead with these facts would be counted, by hand."""
    assert lead.decided_on is not None
    return (
        (not filters.since or int(filters.since) <= lead.decided_on.year)
        and (not filters.until or lead.decided_on.year <= int(filters.until))
        and (filters.scope == Scope.ALL or lead.involvement != Involvement.TRACKED)
        and filters.origin in {"", lead.company.origin_country_id}
        and filters.sector in {"", lead.sector_id}
        and filters.officer in {"", str(lead.owner_id)}
    )


class TestLines:
    def test_a_line_that_one_may_not_see_says_nothing_but_what_it_counts(self) -> None:
        lead = project("SE", named=True)
        reading(lead, jobs=42)
        for _ in range(3):
            project("SE")
        stranger = UserFactory(manager_role=True)

        lines = lines_of("jobs", stranger)

        assert [line.reserved for line in lines] == [False, False, False, True]
        assert (lines[3].title, lines[3].counted) == ("Reserved project", 42)
        assert not any([lines[3].href, lines[3].company, lines[3].country, lines[3].person, lines[3].day])

    def test_its_owner_reads_the_same_line_in_full(self) -> None:
        owner = UserFactory(manager_role=True)
        lead = project("SE", named=True, owner=owner)

        (line,) = lines_of("projects", owner)

        assert (line.title, line.company) == (lead.code_name, lead.company.name)

    def test_a_company_known_by_a_restricted_project_alone_is_not_named(self) -> None:
        secret = project("SE", named=True)
        for _ in range(3):
            project("SE")
        stranger = UserFactory(manager_role=True)

        lines = lines_of("companies", stranger)

        assert secret.company.name not in {line.title for line in lines}
        assert [line.reserved for line in lines] == [False, False, False, True]

    @pytest.mark.parametrize("name", ["overdue", "stage_days", "moves"])
    def test_what_hangs_on_a_hidden_lead_is_masked(self, name: str) -> None:
        lead = LeadFactory(named=True)
        moves(lead, (1, NOW - timedelta(days=9)), (2, NOW - timedelta(days=3)))
        FollowUpFactory(lead=lead, company=lead.company, due_on=date(2026, 11, 1))
        stranger = UserFactory(manager_role=True)

        (line,) = lines_of(name, stranger)

        assert (line.title, line.company, line.person, line.day) == ("Reserved project", "", "", None)


def lines_of(name: str, viewer: User) -> list:  # type: ignore[type-arg]
    found = listing(FIGURES[name], ALL, viewer)  # type: ignore[arg-type]
    return found.lines(found.rows.order_by(*found.keys), viewer)


def test_amounts_of_restricted_projects_are_in_the_sum() -> None:
    ReadingFactory(lead=project(named=True), jobs=42)

    assert number_of(JOBS, ALL).value == 42
