from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff import clock
from config.staff.models import User
from leads.models import Claim, FollowUp, Lead, Reading, Stage, StageChange
from leads.models.choices import Layer, Level, Status
from leads.pipeline import code_names
from leads.pipeline import moves as pipeline
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory
from tests.leads.factories import (
    FollowUpFactory,
    InteractionFactory,
    LeadFactory,
    LeadPersonFactory,
    ParticipantFactory,
    ReadingFactory,
    ReasonFactory,
)
from tests.leads.ready import all_stages, ready_lead
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

SUB_ROUTES = ["detail", "edit", "move", "status", "access", "new_reading", "new_claim", "new_follow_up"]
POSTED_ROUTES = ["undo_move", "check"]


@pytest.fixture
def officer() -> User:
    all_stages()
    person: User = UserFactory()
    return person


@pytest.fixture
def browser(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def url(name: str, lead: Lead, *more: object) -> str:
    return reverse(f"leads:{name}", args=[lead.pk, *more])


# Who may come in


@pytest.mark.parametrize("route", SUB_ROUTES)
def test_a_restricted_lead_is_not_there_for_others_on_any_route(browser: Client, route: str) -> None:
    lead = LeadFactory(named=True)

    assert browser.get(url(route, lead)).status_code == 404
    assert browser.post(url(route, lead)).status_code == (405 if route == "detail" else 404)


@pytest.mark.parametrize("route", POSTED_ROUTES)
def test_a_restricted_lead_takes_no_post_of_others(browser: Client, route: str) -> None:
    assert browser.post(url(route, LeadFactory(named=True))).status_code == 404


def test_a_claim_of_a_restricted_lead_is_not_there_for_others(browser: Client) -> None:
    lead = LeadFactory(named=True)
    claim = Claim.objects.create(lead=lead, organisation=CompanyFactory())

    assert browser.post(url("remove_claim", lead, claim.pk)).status_code == 404
    assert Claim.objects.exists()


@pytest.mark.parametrize("trait", ["administrator", "manager_role", "guest"])
def test_no_role_opens_a_secret(client: Client, trait: str) -> None:
    all_stages()
    client.force_login(UserFactory(**{trait: True}))

    assert client.get(url("detail", LeadFactory(named=True))).status_code == 404


def test_the_owner_the_named_and_the_team_come_in(client: Client) -> None:
    all_stages()
    named, of_team = LeadPersonFactory(lead=LeadFactory(named=True)), LeadFactory(of_a_team=True)
    for person, lead in [
        (named.lead.owner, named.lead),
        (named.user, named.lead),
        (UserFactory(team=of_team.team), of_team),
    ]:
        client.force_login(person)
        assert client.get(url("detail", lead)).status_code == 200


def test_a_hidden_project_is_not_named_on_the_page_of_its_phase(browser: Client) -> None:
    hidden = LeadFactory(named=True)
    phase = LeadFactory(parent=hidden, company=hidden.company)
    page = browser.get(url("detail", phase)).content.decode()

    assert hidden.code_name not in page
    assert "a reserved project" in page


# The page


def test_the_page_is_loud_when_nothing_is_planned(browser: Client) -> None:
    assert "No next step is planned for this lead." in browser.get(url("detail", LeadFactory())).content.decode()


def test_the_page_shows_the_next_step_and_an_overdue_one(browser: Client) -> None:
    lead = LeadFactory()
    FollowUpFactory(lead=lead, due_on=clock.agency_today() - timedelta(days=2))

    assert "Overdue:" in browser.get(url("detail", lead)).content.decode()


def test_the_page_names_what_the_next_stage_misses(browser: Client) -> None:
    page = browser.get(url("detail", ready_lead(motives="")))

    assert [row.field for row in page.context["missing"]] == ["motives"]
    assert "needed next" in page.content.decode()


def test_unknown_figures_read_as_unknown(browser: Client) -> None:
    lead = LeadFactory()
    ReadingFactory(lead=lead, jobs=None, jobs_unknown=True)
    page = browser.get(url("detail", lead)).content.decode()

    assert "nobody knows" in page
    assert "none yet" in page


def test_the_page_tells_how_the_lead_went(browser: Client, officer: User) -> None:
    lead = pipeline.move_to(ready_lead(), Stage.QUALIFIED, by=officer, seen_version=1)
    page = browser.get(url("detail", lead)).content.decode()

    assert "Stage 1 → Stage 2" in page


def test_a_closed_lead_says_why(browser: Client) -> None:
    lead = LeadFactory(status=Status.LOST, reason=ReasonFactory(), lost_to_city="Austin")
    page = browser.get(url("detail", lead)).content.decode()

    assert "Talent availability" in page
    assert "Austin" in page


def test_the_page_costs_the_same_queries_however_much_hangs_on_it(browser: Client) -> None:
    lead = ready_lead()
    InteractionFactory(lead=lead, company=lead.company)
    browser.get(url("detail", lead))
    with CaptureQueriesContext(connection) as few:
        browser.get(url("detail", lead))
    for _ in range(6):
        ParticipantFactory(interaction=InteractionFactory(lead=lead, company=lead.company), contact=ContactFactory())
        FollowUpFactory(lead=lead, company=lead.company)
        Claim.objects.create(lead=lead, organisation=CompanyFactory())
        LeadFactory(parent=lead, company=lead.company)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("detail", lead))

    assert len(many) <= len(few) + 1  # contacts of what was said, asked once there are any


# Editing


def facts_of(browser: Client, lead: Lead) -> dict[str, str]:
    form = browser.get(url("edit", lead)).context["form"]
    return {name: "" if (value := form[name].value()) in (None, False) else str(value) for name in form.fields}


def test_facts_are_edited(browser: Client) -> None:
    lead = ready_lead()
    answer = browser.post(url("edit", lead), {**facts_of(browser, lead), "motives": "Language"})

    assert answer.status_code == 302
    lead.refresh_from_db()
    assert (lead.motives, lead.version) == ("Language", 2)


def test_a_stale_edit_shows_both_and_keeps_what_was_typed(browser: Client, officer: User) -> None:
    lead = ready_lead()
    typed = {**facts_of(browser, lead), "motives": "Mine"}
    pipeline.save_facts(lead, {"motives": "Theirs", "shortlist": "Cali, Lima"}, seen_version=1)

    answer = browser.post(url("edit", lead), typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine" in page
    assert "Theirs" in page
    lead.refresh_from_db()
    assert lead.motives == "Theirs"


def test_saving_again_keeps_mine_and_what_i_did_not_touch_follows_the_colleague(browser: Client) -> None:
    lead = ready_lead()
    typed = {**facts_of(browser, lead), "motives": "Mine"}
    pipeline.save_facts(lead, {"motives": "Theirs", "shortlist": "Cali, Lima"}, seen_version=1)
    form = browser.post(url("edit", lead), typed).context["form"]
    again = {name: "" if (value := form[name].value()) in (None, False) else str(value) for name in form.fields}

    assert browser.post(url("edit", lead), again).status_code == 302
    lead.refresh_from_db()
    assert (lead.motives, lead.shortlist) == ("Mine", "Cali, Lima")


def test_a_decision_cannot_end_before_it_starts(browser: Client) -> None:
    lead = ready_lead()
    typed = {**facts_of(browser, lead), "decision_from": "2027-05-01", "decision_to": "2027-04-01"}

    assert browser.post(url("edit", lead), typed).status_code == 422


def test_who_checked_the_evidence_cannot_own_the_lead(browser: Client) -> None:
    lead = ready_lead()
    typed = {**facts_of(browser, lead), "owner": str(lead.verified_by_id)}

    assert "owner" in browser.post(url("edit", lead), typed).context["form"].errors


@pytest.mark.parametrize(
    ("field", "junk"),
    [
        ("title", "x" * 10_000),
        ("motives", "a\0b"),
        ("land_on", "20000-01-01"),
        ("likelihood", "120"),
        ("jobs_estimate", "-3"),
        ("capex_estimate_usd", "1e999"),
        ("contact", "99999999999999999999"),
        ("version", "x"),
    ],
)
def test_what_nobody_should_type_is_answered_in_the_form(browser: Client, field: str, junk: str) -> None:
    lead = ready_lead()

    assert browser.post(url("edit", lead), {**facts_of(browser, lead), field: junk}).status_code == 422


# Moving by request


def move(browser: Client, lead: Lead, stage: int, **words: object) -> tuple[int, str]:
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/board/?q=service"}
    data = {"stage": stage, "version": lead.version, "seen_stage": lead.stage_id, **words}
    answer = browser.post(url("move", lead), data, headers=htmx)
    return answer.status_code, answer.content.decode()


def test_a_move_answers_with_both_columns_and_the_card(browser: Client) -> None:
    lead = ready_lead(title="Service centre")
    status, part = move(browser, lead, Stage.QUALIFIED)

    assert status == 200
    assert all(piece in part for piece in ['id="head-1"', 'id="head-2"', f'id="card-{lead.pk}"', "#cards-2", "Undo"])


def test_a_closed_gate_asks_for_exactly_what_is_missing(browser: Client) -> None:
    lead = ready_lead(motives="", competitors="")
    status, part = move(browser, lead, Stage.QUALIFIED)

    assert status == 422
    assert 'name="motives"' in part
    assert 'name="competitors"' in part
    assert 'name="activity"' not in part
    assert not StageChange.objects.exists()


def test_the_short_form_fills_in_and_moves(browser: Client) -> None:
    lead = ready_lead(motives="", competitors="", jobs_estimate=None)
    lead.follow_ups.all().delete()
    filled = {
        "motives": "Talent",
        "competitors": "Lima",
        "jobs_estimate": "0",
        "next_step": "Send pack",
        "next_step_on": "2027-01-15",
    }
    status, _part = move(browser, lead, Stage.QUALIFIED, **filled)

    lead.refresh_from_db()
    assert (status, lead.stage_id, lead.jobs_estimate) == (200, Stage.QUALIFIED, 0)
    assert FollowUp.objects.get(lead=lead).due_on == date(2027, 1, 15)


def test_what_was_filled_in_stays_where_more_is_missing(browser: Client) -> None:
    lead = ready_lead(motives="", competitors="")
    status, part = move(browser, lead, Stage.QUALIFIED, motives="Talent")

    lead.refresh_from_db()
    assert (status, lead.motives, lead.stage_id) == (422, "Talent", Stage.LEAD)
    assert 'name="motives"' not in part


def test_a_lead_fills_everything_for_a_decision_in_one_form(client: Client) -> None:
    lead = ready_lead(Stage.SHORTLIST, verified_by=None, municipality=None, local_entity_nit="")
    lead.readings.all().delete()
    client.force_login(UserFactory())
    filled = {
        "committed_on_day": "2026-11-20",
        "committed_jobs": "80",
        "municipality": "76001",
        "local_entity_nit": "900123456",
        "evidence_is_right": "on",
    }
    ready_lead()  # the municipality of the register
    status, part = move(client, lead, Stage.DECISION, **filled)

    lead.refresh_from_db()
    assert (status, lead.status) == (200, Status.WON), part
    reading = Reading.objects.get(lead=lead)
    assert (reading.jobs, reading.capex_unknown, reading.layer) == (80, True, Layer.COMMITTED)


def test_the_owner_is_told_that_a_colleague_checks(client: Client) -> None:
    lead = ready_lead(Stage.SHORTLIST, verified_by=None)
    client.force_login(lead.owner)
    status, part = move(client, lead, Stage.DECISION, evidence_is_right="on")

    lead.refresh_from_db()
    assert (status, lead.verified_by, lead.stage_id) == (422, None, Stage.SHORTLIST)
    assert "a colleague checks the evidence" in part


def test_a_stale_move_shows_both_states_and_offers_a_retry(browser: Client) -> None:
    lead = ready_lead()
    pipeline.move_to(lead, Stage.QUALIFIED, by=UserFactory(name="Ana Ruiz"), seen_version=1)
    status, part = move(browser, lead, Stage.ACTIVE)

    assert status == 409
    assert all(words in part for words in ["Stage 1", "Stage 2", "Stage 3", "Ana Ruiz", 'name="version" value="2"'])
    assert move(browser, Lead.objects.get(pk=lead.pk), Stage.ACTIVE)[0] == 200


def test_a_stale_move_stores_none_of_its_facts(browser: Client) -> None:
    lead = ready_lead(motives="")
    pipeline.save_facts(lead, {"competitors": "Quito"}, seen_version=1)

    assert move(browser, lead, Stage.QUALIFIED, motives="Mine")[0] == 409
    lead.refresh_from_db()
    assert lead.motives == ""


def test_going_back_asks_for_a_word_of_why(browser: Client) -> None:
    lead = ready_lead(Stage.ACTIVE)

    assert move(browser, lead, Stage.QUALIFIED)[0] == 422
    assert move(browser, lead, Stage.QUALIFIED, note="Too early")[0] == 200


def test_a_manager_may_skip_with_a_note(client: Client) -> None:
    lead = ready_lead(motives="")
    client.force_login(UserFactory(manager_role=True))

    assert move(client, lead, Stage.QUALIFIED, override="on")[0] == 422
    assert move(client, lead, Stage.QUALIFIED, override="on", note="Board")[0] == 200
    assert StageChange.objects.get().override


def test_an_officer_skips_nothing(browser: Client) -> None:
    status, part = move(browser, ready_lead(motives=""), Stage.QUALIFIED, override="on", note="Please")

    assert status == 422
    assert 'name="override"' not in part


def test_an_ended_lead_is_reopened_first(browser: Client) -> None:
    lead = ready_lead(status=Status.DEAD, reason=ReasonFactory())
    status, part = move(browser, lead, Stage.QUALIFIED)

    assert status == 422
    assert "Reopen it before it moves" in part


def test_without_scripts_a_move_leads_to_the_page_of_the_lead(browser: Client) -> None:
    lead = ready_lead()
    answer = browser.post(url("move", lead), {"stage": 2, "version": 1})

    assert answer.headers["Location"] == lead.get_absolute_url()


def test_undo_takes_the_move_back(browser: Client) -> None:
    lead = ready_lead()
    move(browser, lead, Stage.QUALIFIED)
    change = StageChange.objects.get()
    browser.post(url("undo_move", lead), {"change": change.pk, "version": 2})

    lead.refresh_from_db()
    assert lead.stage_id == Stage.LEAD


@pytest.mark.parametrize("stage", ["", "0", "9", "x", "99999999999999999999"])
def test_no_such_stage_is_no_fault(browser: Client, stage: str) -> None:
    lead = ready_lead()

    assert browser.get(url("move", lead), {"stage": stage}).status_code == 200
    assert browser.post(url("move", lead), {"stage": stage, "version": 1}).status_code == 422


# Status, figures, claims, people


def test_each_end_asks_for_its_reason(browser: Client) -> None:
    lead = ready_lead()
    reason = ReasonFactory()

    assert browser.post(url("status", lead), {"status": "lost", "version": 1}).status_code == 422
    typed = {"status": "lost", "version": 1, "reason": reason.pk, "lost_to_city": "Lima"}
    assert browser.post(url("status", lead), typed).status_code == 422
    browser.post(url("status", lead), typed | {"lost_to_country": CountryFactory(code="PE").pk})
    lead.refresh_from_db()
    assert (lead.status, lead.reason, lead.lost_to_city) == (Status.LOST, reason, "Lima")


def test_nobody_may_know_where_it_went(browser: Client) -> None:
    lead, typed = ready_lead(), {"status": "lost", "version": 1, "reason": ReasonFactory().pk}
    browser.post(url("status", lead), typed | {"nobody_knows_where": "on"})

    lead.refresh_from_db()
    assert (lead.status, lead.lost_to_country) == (Status.LOST, None)


def test_a_reason_is_corrected_from_what_was_said(browser: Client) -> None:
    lead = ready_lead(status=Status.DEAD, reason=ReasonFactory(code="macro", kind="dead"), reason_note="Elections")
    page = browser.get(url("status", lead), {"status": "dead"})

    assert (page.context["form"]["reason"].value(), page.context["form"]["note"].value()) == ("macro", "Elections")


def test_on_hold_is_looked_at_again_on_a_day_to_come(browser: Client) -> None:
    lead = ready_lead()
    reason = ReasonFactory(code="wait", kind="on_hold")
    words = {"status": "on_hold", "version": 1, "reason": reason.pk}

    assert browser.post(url("status", lead), {**words, "review_on": "2020-01-01"}).status_code == 422
    day = clock.agency_today() + timedelta(days=30)
    assert browser.post(url("status", lead), {**words, "review_on": day.isoformat()}).status_code == 302


def test_a_stale_status_is_refused_with_what_was_typed(browser: Client) -> None:
    lead = ready_lead()
    pipeline.move_to(lead, Stage.QUALIFIED, by=lead.owner, seen_version=1)
    words = {"status": "handed_over", "version": 1, "note": "To ProColombia"}
    answer = browser.post(url("status", lead), words)

    assert answer.status_code == 409
    assert "To ProColombia" in answer.content.decode()
    assert browser.post(url("status", lead), {**words, "version": 2}).status_code == 302


def test_won_cannot_be_chosen(browser: Client) -> None:
    assert browser.get(url("status", ready_lead()), {"status": "won"}).status_code == 404


def test_a_colleague_checks_the_evidence(browser: Client, officer: User) -> None:
    lead = ready_lead(verified_by=None)
    browser.post(url("check", lead), {"version": 1})

    lead.refresh_from_db()
    assert lead.verified_by == officer


def test_the_owner_is_refused_the_check(client: Client) -> None:
    lead = ready_lead(verified_by=None)
    client.force_login(lead.owner)

    assert client.post(url("check", lead), {"version": 1}).status_code == 403


READING = {"layer": "announced", "dated_on": "2026-05-01", "currency": "USD", "source": "company"}


def test_figures_are_added_with_unknown_as_unknown(browser: Client) -> None:
    lead = LeadFactory()
    browser.post(url("new_reading", lead), {**READING, "jobs": "0", "capex_unknown": "on"})

    reading = lead.readings.get()
    assert (reading.jobs, reading.capex, reading.capex_unknown) == (0, None, True)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"capex_unknown": "on"}, "jobs"),
        ({"jobs": "1", "jobs_unknown": "on", "capex_unknown": "on"}, "jobs"),
        ({"jobs": "1", "capex": "5", "currency": "COP"}, "usd_rate"),
        ({"jobs": "1", "capex": "5", "currency": "pesos"}, "currency"),
        ({"jobs": "-1", "capex": "5"}, "jobs"),
        ({"jobs": "1", "capex": "NaN"}, "capex"),
    ],
)
def test_figures_that_cannot_be_are_refused(browser: Client, words: dict[str, str], wrong: str) -> None:
    answer = browser.post(url("new_reading", LeadFactory()), {**READING, **words})

    assert wrong in answer.context["form"].errors


def test_the_owner_adds_no_verified_figures(client: Client) -> None:
    all_stages()
    lead = LeadFactory()
    client.force_login(lead.owner)
    answer = client.post(url("new_reading", lead), {**READING, "layer": "verified", "jobs": "1", "capex": "1"})

    assert "layer" in answer.context["form"].errors


def test_other_organisations_claim_a_project_once(browser: Client) -> None:
    lead, agency = LeadFactory(), CompanyFactory(name="ProColombia")
    words = {"organisation": "ProColombia", "organisation_id": agency.pk, "role": "Overseas post"}

    assert browser.post(url("new_claim", lead), words).status_code == 302
    assert browser.post(url("new_claim", lead), words).status_code == 422
    browser.post(url("remove_claim", lead, lead.claims.get().pk))
    assert not lead.claims.exists()


def test_a_step_is_planned(browser: Client, officer: User) -> None:
    lead = LeadFactory()
    browser.post(url("new_follow_up", lead), {"text": "Call", "day": "2027-01-10", "owner": officer.pk})

    assert lead.follow_ups.get().company == lead.company


# Restricting


def test_the_owner_restricts_to_named_people(client: Client) -> None:
    lead, colleague, stranger = ready_lead(), UserFactory(), UserFactory()
    client.force_login(lead.owner)
    words = {"level": "named", "code_name": "Proyecto Samán Azul", "people": [colleague.pk], "version": 1, "seen": ""}

    assert client.post(url("access", lead), words).status_code == 302
    assert Lead.objects.visible_to(colleague).filter(pk=lead.pk).exists()
    assert not Lead.objects.visible_to(stranger).filter(pk=lead.pk).exists()


def test_a_manager_who_closes_the_door_stays_inside(client: Client) -> None:
    lead, manager = ready_lead(), UserFactory(manager_role=True)
    client.force_login(manager)
    client.post(url("access", lead), {"level": "named", "code_name": "Proyecto Samán", "version": 1})

    assert Lead.objects.visible_to(manager).filter(pk=lead.pk).exists()


def test_a_colleague_sets_no_access(browser: Client) -> None:
    assert browser.get(url("access", ready_lead())).status_code == 404


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"level": "named", "code_name": ""}, "code_name"),
        ({"level": "named", "code_name": "Plan Moove It"}, "code_name"),
        ({"level": "team", "code_name": "Proyecto Garza"}, "team"),
    ],
)
def test_a_restricted_lead_gets_a_neutral_name_and_its_team(client: Client, words: dict[str, str], wrong: str) -> None:
    lead = ready_lead(company=CompanyFactory(name="Moove It"))
    client.force_login(lead.owner)

    assert wrong in client.post(url("access", lead), {**words, "version": 1}).context["form"].errors


def test_a_code_name_is_suggested(client: Client) -> None:
    lead = ready_lead()
    client.force_login(lead.owner)

    assert client.get(url("access", lead)).context["form"]["code_name"].value().startswith("Project ")


def test_a_suggested_name_is_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_names, "THINGS", ("Ceiba",))
    monkeypatch.setattr(code_names, "KINDS", ("Azul",))
    LeadFactory(level=Level.NAMED, code_name="Project Ceiba Azul")

    assert code_names.suggest(CompanyFactory()) != "Project Ceiba Azul"


# A new one


def test_a_lead_opens_for_a_company(browser: Client, officer: User) -> None:
    company = CompanyFactory()
    page = browser.get(reverse("leads:new"), {"company": company.pk})
    assert company.name in page.content.decode()
    words = {
        "company": company.name,
        "company_id": company.pk,
        "title": "Second site",
        "owner": officer.pk,
        "next_step": "Call",
        "next_step_on": "2027-01-10",
    }
    for _ in range(2):  # a double click
        browser.post(reverse("leads:new"), words)

    lead = Lead.objects.get()
    assert (lead.title, lead.stage_id, lead.company) == ("Second site", Stage.LEAD, company)
    assert lead.follow_ups.get().text == "Call"


def test_a_company_typed_without_scripts_is_found(browser: Client, officer: User) -> None:
    company = CompanyFactory(name="Globant S.A.")
    browser.post(reverse("leads:new"), {"company": "globant", "company_id": "", "title": "Plan", "owner": officer.pk})

    assert Lead.objects.get().company == company


def test_a_team_is_chosen_for_a_team_level(client: Client) -> None:
    lead, team = ready_lead(), TeamFactory()
    client.force_login(lead.owner)
    words = {"level": "team", "team": team.pk, "code_name": "Proyecto Garza", "version": 1}

    assert client.post(url("access", lead), words).status_code == 302
    assert Lead.objects.visible_to(UserFactory(team=team)).filter(pk=lead.pk).exists()
