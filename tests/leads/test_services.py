"""Services as the proof of "assisted", who looked at a restricted lead, and what may be told outside."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from config.staff import clock
from config.staff.models import User
from leads.models import Claim, Lead, LeadView, Service, ServiceKind, Stage
from leads.models.choices import Involvement, Level, Sharing
from leads.pipeline import code_names
from leads.pipeline.gates import missing_for
from tests.companies.factories import CompanyFactory
from tests.leads.factories import LeadFactory, LeadPersonFactory
from tests.leads.ready import all_stages, ready_lead
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    all_stages()
    person: User = UserFactory()
    client.force_login(person)
    return person


def kind(code: str = "information") -> ServiceKind:
    return ServiceKind.objects.get_or_create(code=code, defaults={"name_en": code.title(), "name_es": code})[0]


def service(lead: Lead, **facts: Any) -> Service:
    given: dict[str, Any] = {"kind": kind(), "given_on": clock.agency_today(), "by": lead.owner}
    return Service.objects.create(lead=lead, **given | facts)


def test_assisted_is_proved_by_a_service() -> None:
    lead = ready_lead(involvement=Involvement.ASSISTED)

    assert [requirement.field for requirement in missing_for(lead, Stage.DECISION)] == ["service"]
    service(lead)
    assert missing_for(lead, Stage.DECISION) == []


@pytest.mark.parametrize("part", [Involvement.GENERATED, Involvement.TRACKED])
def test_nobody_else_needs_a_service(part: Involvement) -> None:
    assert missing_for(ready_lead(involvement=part), Stage.DECISION) == []


def test_the_short_form_of_the_gate_takes_the_service(client: Client, officer: User) -> None:
    lead = ready_lead(Stage.SHORTLIST, involvement=Involvement.ASSISTED)
    sent = {"stage": 6, "version": 1, "service": kind().pk, "service_on": "2026-05-01"}
    client.post(f"/leads/{lead.pk}/move/", sent)

    lead.refresh_from_db()
    assert lead.stage_id == Stage.DECISION
    assert lead.services.get().given_on == date(2026, 5, 1)


def test_a_service_is_added_and_removed_on_the_page_of_its_lead(client: Client, officer: User) -> None:
    lead = LeadFactory()
    client.post(f"/leads/{lead.pk}/services/new/", {"kind": kind().pk, "given_on": "2026-05-01", "by": officer.pk})
    assert "Information" in client.get(lead.get_absolute_url()).text

    client.post(f"/leads/{lead.pk}/services/{Service.objects.get().pk}/remove/")
    assert not Service.objects.exists()


@pytest.mark.parametrize("wrong", [{"given_on": "2999-01-01"}, {"kind": "x"}, {"by": "0"}, {"note": "x" * 10_000}])
def test_a_service_that_cannot_be_is_refused(client: Client, officer: User, wrong: dict[str, str]) -> None:
    typed = {"kind": kind().pk, "given_on": "2026-05-01", "by": officer.pk}

    assert client.post(f"/leads/{LeadFactory().pk}/services/new/", typed | wrong).status_code == 422


def test_the_volume_counts_services_and_the_companies_that_had_them(client: Client, officer: User) -> None:
    company = CompanyFactory()
    for lead in (LeadFactory(company=company), LeadFactory(company=company), LeadFactory()):
        service(lead)
    service(LeadFactory(named=True), note="Hidden help")
    page = client.get("/services/")

    assert page.context["together"] == {"n": 3, "companies": 2}
    assert "Hidden help" not in page.text


def test_a_look_at_a_restricted_lead_is_written_down_once_a_day_for_its_owner(client: Client) -> None:
    all_stages()
    lead = LeadFactory(named=True)
    named = LeadPersonFactory(lead=lead, user=UserFactory(name="Nora Named")).user
    for _reload in range(2):
        client.force_login(named)
        client.get(lead.get_absolute_url())
    assert LeadView.objects.get().user == named
    assert "Who looked at it" not in client.get(lead.get_absolute_url()).text

    with clock.set_to(clock.now() + timedelta(days=1)):
        client.get(f"{lead.get_absolute_url()}edit/")
        client.force_login(lead.owner)
        page = client.get(lead.get_absolute_url()).text
    assert LeadView.objects.count() == 2
    assert "Who looked at it" in page
    assert page.count("Nora Named") >= 2


def test_a_look_at_an_open_lead_is_nobodys_business(client: Client, officer: User) -> None:
    client.get(LeadFactory().get_absolute_url())

    assert not LeadView.objects.exists()


def test_a_code_name_shares_no_word_with_any_name_of_the_company() -> None:
    company = CompanyFactory(name="Café Ceiba S.A.S.", legal_name="Inversiones Laguna")
    for _attempt in range(30):
        assert not code_names.gives_away(code_names.suggest(company), company)

    assert code_names.gives_away("Proyecto Ceiba Azul", company)
    assert code_names.gives_away("Project LAGUNA", company)
    assert not code_names.gives_away("Proyecto Garza Real", company)


def test_a_code_name_in_use_is_refused_without_telling_of_the_other_lead(client: Client, officer: User) -> None:
    LeadFactory(level=Level.NAMED, code_name="Proyecto Garza Real", title="Hidden plan")
    lead = LeadFactory(owner=officer)
    page = client.get(f"/leads/{lead.pk}/access/").context["form"]
    sent = {"level": "named", "code_name": "Proyecto Garza Real", "version": 1, "seen": page["seen"].value() or ""}
    answer = client.post(f"/leads/{lead.pk}/access/", sent)

    assert answer.status_code == 422
    assert "Take another code name" in answer.text
    assert "already exists" not in answer.text


def decided(**facts: Any) -> Lead:
    lead: Lead = LeadFactory(decided_on=clock.agency_today(), **facts)
    return lead


def test_the_reconciliation_list_tells_each_project_once_with_all_who_count_it(client: Client, officer: User) -> None:
    lead = decided(jobs_estimate=300)
    decided(parent=lead, company=lead.company)
    for name, case in [("ProColombia", "PC-1"), ("City of Cali", "")]:
        Claim.objects.create(lead=lead, organisation=CompanyFactory(name=name), external_id=case)
    page = client.get("/leads/claims/")

    [(shown, claimants)] = page.context["rows"]
    assert (shown, sorted(claimants)) == (lead, ["City of Cali", "ProColombia (PC-1)"])


@pytest.mark.parametrize(
    "facts",
    [
        {"embargo_until": date(2999, 1, 1)},
        {"sharing": Sharing.REFUSED},
        {"level": Level.NAMED, "code_name": "Proyecto Garza"},
    ],
)
def test_what_may_not_be_told_outside_is_left_out_and_counted(client: Client, facts: dict[str, Any]) -> None:
    all_stages()
    owner = UserFactory(manager_role=True)
    client.force_login(owner)
    lead = decided(owner=owner, company=CompanyFactory(name="Zq Secret Foods"), **facts)
    page = client.get("/leads/claims/")

    assert (page.context["rows"], page.context["left_out"]) == ([], 1)
    sent = client.post("/leads/claims/export/", {"format": "csv"})
    assert lead.company.name not in b"".join(sent.streaming_content).decode()  # type: ignore[attr-defined]


def test_an_embargo_ends_on_its_day() -> None:
    lead = decided(embargo_until=clock.agency_today())

    assert list(Lead.objects.announceable(on=clock.agency_today())) == [lead]


def test_a_code_name_that_was_taken_in_the_same_instant_is_told_in_the_form(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    LeadFactory(level=Level.NAMED, code_name="Proyecto Garza Real", title="Hidden plan")
    lead = LeadFactory(owner=officer)
    # The form looked a moment before the other one was stored.
    monkeypatch.setattr("leads.forms.lead_parts.AccessForm.clean", lambda form: form.cleaned_data)
    sent = {"level": "named", "code_name": "Proyecto Garza Real", "version": 1}
    answer = client.post(f"/leads/{lead.pk}/access/", sent)

    assert answer.status_code == 422
    assert "Take another code name" in answer.text
