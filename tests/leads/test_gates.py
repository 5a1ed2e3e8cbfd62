from datetime import timedelta

import pytest

from config.staff import clock
from leads.models import Lead, Stage
from leads.models.choices import Layer
from leads.pipeline.gate_rules import RULES
from leads.pipeline.gates import missing_for
from tests.companies.factories import CompanyFactory, SectorFactory
from tests.leads.factories import FollowUpFactory, LeadFactory, ReadingFactory
from tests.leads.ready import all_stages, ready_lead
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# What each stage adds to the stages before it, and what it no longer asks for.
ASKED_FIRST = {
    Stage.TARGET: {"origin_country", "sector", "source"},
    Stage.LEAD: {"owner", "contact", "legal_basis", "next_step"},
    Stage.QUALIFIED: {
        "activity",
        "investment_type",
        "decision_to",
        "jobs_estimate",
        "capex_estimate_usd",
        "competitors",
        "motives",
    },
    Stage.ACTIVE: {"project_manager", "second_person", "requirements", "likelihood", "land_on", "level"},
    Stage.VISIT: {"visit_on"},
    Stage.SHORTLIST: {"visit_debrief", "shortlist", "incentives", "open_issues", "sharing"},
    Stage.DECISION: {
        "committed",
        "municipality",
        "local_entity_nit",
        "involvement",
        "service",
        "evidence",
        "verified_by",
    },
    Stage.OPERATIONAL: {"operational_on", "headcount", "account_owner"},
}
ASKED_NO_MORE_AFTER = {
    Stage.VISIT: {"visit_on"},
    Stage.SHORTLIST: {
        "decision_to",
        "jobs_estimate",
        "capex_estimate_usd",
        "likelihood",
        "shortlist",
        "incentives",
        "open_issues",
        "sharing",
    },
    Stage.DECISION: {"next_step", "land_on"},
}


@pytest.mark.parametrize("stage", range(8))
def test_each_stage_asks_first_for_its_own_facts(stage: int) -> None:
    assert {rule.field for rule in RULES if rule.first == stage} == ASKED_FIRST[stage]


@pytest.mark.parametrize("stage", range(7))
def test_facts_that_a_later_stage_settles_are_asked_no_more(stage: int) -> None:
    assert {rule.field for rule in RULES if rule.last == stage} == ASKED_NO_MORE_AFTER.get(stage, set())


@pytest.mark.parametrize("stage", range(8))
def test_a_complete_lead_may_enter_every_stage(stage: int) -> None:
    assert missing_for(ready_lead(), stage) == []


def missing_fields(lead: Lead, stage: int) -> list[str]:
    return [requirement.field for requirement in missing_for(lead, stage)]


def test_an_empty_lead_hears_everything_a_qualified_opportunity_needs() -> None:
    all_stages()
    assert missing_fields(LeadFactory(), Stage.QUALIFIED) == [
        "origin_country",
        "sector",
        "source",
        "contact",
        "next_step",
        "activity",
        "investment_type",
        "decision_to",
        "jobs_estimate",
        "capex_estimate_usd",
        "competitors",
        "motives",
    ]


@pytest.mark.parametrize(
    ("stage", "facts", "missing"),
    [
        (Stage.LEAD, {"source": ""}, "source"),
        (Stage.LEAD, {"contact": None}, "contact"),
        (Stage.QUALIFIED, {"activity": None}, "activity"),
        (Stage.QUALIFIED, {"investment_type": None}, "investment_type"),
        (Stage.QUALIFIED, {"decision_to": None}, "decision_to"),
        (Stage.QUALIFIED, {"jobs_estimate": None}, "jobs_estimate"),
        (Stage.QUALIFIED, {"capex_estimate_usd": None}, "capex_estimate_usd"),
        (Stage.QUALIFIED, {"competitors": ""}, "competitors"),
        (Stage.QUALIFIED, {"motives": ""}, "motives"),
        (Stage.ACTIVE, {"project_manager": None}, "project_manager"),
        (Stage.ACTIVE, {"second_person": None}, "second_person"),
        (Stage.ACTIVE, {"requirements": ""}, "requirements"),
        (Stage.ACTIVE, {"likelihood": None}, "likelihood"),
        (Stage.ACTIVE, {"land_on": None}, "land_on"),
        (Stage.VISIT, {"visit_on": None}, "visit_on"),
        (Stage.SHORTLIST, {"visit_debrief": ""}, "visit_debrief"),
        (Stage.SHORTLIST, {"shortlist": ""}, "shortlist"),
        (Stage.SHORTLIST, {"incentives": ""}, "incentives"),
        (Stage.SHORTLIST, {"open_issues": ""}, "open_issues"),
        (Stage.SHORTLIST, {"sharing": ""}, "sharing"),
        (Stage.DECISION, {"municipality": None}, "municipality"),
        (Stage.DECISION, {"local_entity_nit": ""}, "local_entity_nit"),
        (Stage.DECISION, {"evidence": ""}, "evidence"),
        (Stage.DECISION, {"verified_by": None}, "verified_by"),
        (Stage.OPERATIONAL, {"operational_on": None}, "operational_on"),
    ],
)
def test_one_missing_fact_is_the_one_that_is_named(stage: int, facts: dict[str, object], missing: str) -> None:
    assert missing_fields(ready_lead(Stage.LEAD, **facts), stage) == [missing]


def test_unknown_amounts_are_fine_where_the_client_cannot_say() -> None:
    lead = ready_lead(jobs_estimate=None, capex_estimate_usd=None, client_cannot_say=True)

    assert missing_fields(lead, Stage.QUALIFIED) == []


def test_zero_jobs_are_known_jobs() -> None:
    assert missing_fields(ready_lead(jobs_estimate=0), Stage.QUALIFIED) == []


def test_the_sector_of_the_company_is_enough() -> None:
    lead = ready_lead(sector=None)
    assert missing_fields(lead, Stage.LEAD) == []

    bare = ready_lead(sector=None, company=CompanyFactory(origin_country=lead.company.origin_country))
    assert missing_fields(bare, Stage.LEAD) == ["sector"]


def test_a_contact_without_a_legal_basis_is_named() -> None:
    lead = ready_lead()
    lead.contact.legal_basis = ""  # type: ignore[union-attr]

    assert missing_fields(lead, Stage.LEAD) == ["legal_basis"]


def test_a_decision_beyond_three_years_is_no_qualified_opportunity() -> None:
    lead = ready_lead(decision_to=clock.agency_today() + timedelta(days=1200))

    assert str(missing_for(lead, Stage.QUALIFIED)[0].sentence) == "The decision must be expected within 36 months."


def test_a_done_follow_up_is_no_next_step() -> None:
    lead = ready_lead()
    lead.follow_ups.update(state="done", closed_at=clock.now())

    assert missing_fields(lead, Stage.QUALIFIED) == ["next_step"]


def test_a_follow_up_of_another_lead_is_no_next_step() -> None:
    lead = ready_lead()
    lead.follow_ups.all().delete()
    FollowUpFactory(company=lead.company)

    assert missing_fields(lead, Stage.QUALIFIED) == ["next_step"]


def test_the_second_person_is_somebody_else_than_the_manager() -> None:
    person = UserFactory()

    assert missing_fields(ready_lead(project_manager=person, second_person=person), Stage.ACTIVE) == ["second_person"]


def test_a_project_without_a_visit_needs_no_debrief() -> None:
    assert missing_fields(ready_lead(visit_on=None, visit_debrief=""), Stage.SHORTLIST) == []


def test_a_decision_needs_a_current_committed_reading() -> None:
    lead = ready_lead()
    lead.readings.filter(layer=Layer.COMMITTED).update(is_current=False)

    assert missing_fields(lead, Stage.DECISION) == ["committed"]


def test_a_committed_reading_may_say_that_nobody_knows() -> None:
    lead = ready_lead()
    lead.readings.filter(layer=Layer.COMMITTED).delete()
    ReadingFactory(lead=lead, layer=Layer.COMMITTED, jobs=None, jobs_unknown=True, capex=None, capex_unknown=True)

    assert missing_fields(lead, Stage.DECISION) == []


def test_an_unknown_headcount_starts_no_operation() -> None:
    lead = ready_lead()
    lead.readings.filter(layer=Layer.VERIFIED).update(jobs=None, jobs_unknown=True)

    assert missing_fields(lead, Stage.OPERATIONAL) == ["headcount"]


def test_an_operation_needs_somebody_for_aftercare() -> None:
    lead = ready_lead(company=CompanyFactory(sector=SectorFactory()))
    lead.company.origin_country_id = "US"

    assert missing_fields(lead, Stage.OPERATIONAL) == ["account_owner"]


def test_a_gate_costs_the_same_few_queries_for_every_stage(django_assert_max_num_queries: object) -> None:
    lead = Lead.objects.select_related("company", "contact").get(pk=ready_lead().pk)

    with django_assert_max_num_queries(2):  # type: ignore[operator]
        missing_for(lead, Stage.OPERATIONAL)
