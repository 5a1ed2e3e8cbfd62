"""A won project is handed over to whoever keeps the investor, and what they invest next names it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from config.staff import clock
from config.staff.models import User
from leads.errors import NotOpen, ReasonMissing
from leads.models import AccountPlan, AftercareOffer, FollowUp, InvestmentType, Lead
from leads.models.choices import Source, Status
from leads.won.handing_over import accept, decline, offer
from leads.won.reinvesting import predecessor_asked
from tests.leads.factories import AccountPlanFactory, LeadFactory, LeadPersonFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    person: User = UserFactory(name="Kay Keeper")
    return person


def won(**facts: object) -> Lead:
    lead: Lead = LeadFactory(**{"status": Status.WON, "decided_on": clock.agency_today()} | facts)
    return lead


def test_whoever_is_asked_gets_a_follow_up_and_nothing_else_yet(keeper: User) -> None:
    lead = won()
    offer(lead, to=keeper, by=lead.owner, note="Speak with Ann")
    offer(lead, to=keeper, by=lead.owner)

    question = FollowUp.objects.get()
    assert (question.owner, question.lead, question.origin) == (keeper, lead, "handover")
    assert not AccountPlan.objects.exists()


def test_who_accepts_has_the_account_plan_and_the_company(keeper: User) -> None:
    lead = won()
    offer(lead, to=keeper, by=lead.owner)
    plan = accept(lead, by=keeper)
    assert accept(lead, by=keeper) == plan

    lead.company.refresh_from_db()
    assert (plan.company, plan.owner, lead.company.owner) == (lead.company, keeper, keeper)
    assert plan.next_visit_on
    assert FollowUp.objects.get(origin="handover").state == "done"


def test_a_plan_that_is_there_changes_its_owner_and_keeps_the_rest(keeper: User) -> None:
    lead = won()
    AccountPlanFactory(company=lead.company, deputy=keeper, risks="Lease ends")
    offer(lead, to=keeper, by=lead.owner)
    accept(lead, by=keeper)

    plan = AccountPlan.objects.get()
    assert (plan.owner, plan.deputy, plan.risks) == (keeper, None, "Lease ends")


def test_who_declines_says_why_and_the_sender_looks_for_somebody_else(keeper: User) -> None:
    lead = won()
    offer(lead, to=keeper, by=lead.owner)
    with pytest.raises(ReasonMissing):
        decline(lead, by=keeper, reason=" ")
    decline(lead, by=keeper, reason="On leave until May")

    assert AftercareOffer.objects.get().answer == "On leave until May"
    assert FollowUp.objects.open().get().owner == lead.owner
    assert not AccountPlan.objects.exists()


def test_to_ask_somebody_else_takes_the_first_question_back(keeper: User) -> None:
    lead = won()
    offer(lead, to=UserFactory(), by=lead.owner)
    offer(lead, to=keeper, by=lead.owner)

    assert FollowUp.objects.open().get().owner == keeper
    assert AftercareOffer.objects.open().get().receiver == keeper


def test_nobody_accepts_what_was_offered_to_another(keeper: User) -> None:
    lead = won()
    offer(lead, to=keeper, by=lead.owner)
    with pytest.raises(PermissionDenied):
        accept(lead, by=UserFactory())


def test_only_a_won_project_is_handed_over(keeper: User) -> None:
    with pytest.raises(NotOpen):
        offer(LeadFactory(), to=keeper, by=UserFactory())


def test_a_restricted_project_goes_only_to_who_may_see_it(keeper: User) -> None:
    lead = won(named=True)
    with pytest.raises(PermissionDenied):
        offer(lead, to=keeper, by=lead.owner)
    LeadPersonFactory(lead=lead, user=keeper)
    assert offer(lead, to=keeper, by=lead.owner).is_open


def test_the_database_allows_one_open_offer_a_lead(keeper: User) -> None:
    lead = won()
    made = offer(lead, to=keeper, by=lead.owner)
    with pytest.raises(IntegrityError, match="one_open_aftercare_offer_a_lead"), transaction.atomic():
        AftercareOffer.objects.create(lead=lead, sender=keeper, receiver=lead.owner, offered_at=made.offered_at)


def test_it_goes_its_way_on_the_screens(client: Client, keeper: User) -> None:
    all_stages()
    lead = won()
    address = f"/leads/{lead.pk}/aftercare/"
    client.force_login(lead.owner)
    assert "Nobody keeps this investor" in client.get(lead.get_absolute_url()).text
    assert client.post(address, {"to": "0"}).status_code == 422
    client.post(address, {"to": keeper.pk, "note": "Speak with Ann"})
    assert "Kay Keeper has not answered yet" in client.get(lead.get_absolute_url()).text
    client.post(f"{address}accept/")  # not theirs to accept
    assert not AccountPlan.objects.exists()

    client.force_login(keeper)
    question = FollowUp.objects.get()
    assert client.post(f"/follow-ups/{question.pk}/done/").headers["Location"] == address
    assert "Speak with Ann" in client.get(address).text
    assert client.post(f"{address}decline/", {"reason": ""}).status_code == 422
    client.post(f"{address}accept/")
    assert AccountPlan.objects.get().owner == keeper
    assert "Kay Keeper keeps the investor" in client.get(lead.get_absolute_url()).text


def test_a_reinvestment_names_the_project_before_it_on_both_pages(client: Client) -> None:
    all_stages()
    kind = InvestmentType.objects.get_or_create(code="reinvestment", defaults={"is_reinvestment": True})[0]
    before = won(title="First plant")
    client.force_login(before.owner)
    form = client.get(f"/leads/new/?after={before.pk}").context["form"]
    assert form["predecessor"].value() == before.pk
    typed = {name: form[name].value() or "" for name in form.fields}
    sent = typed | {"company": before.company.name, "company_id": before.company_id, "title": "Second plant"}
    client.post(f"/leads/new/?after={before.pk}", sent)

    lead = Lead.objects.get(title="Second plant")
    assert (lead.predecessor, lead.source, lead.investment_type) == (before, Source.AFTERCARE, kind)
    assert "Second plant" in client.get(before.get_absolute_url()).text
    assert "First plant" in client.get(lead.get_absolute_url()).text


def test_from_an_installed_investor_it_comes_after_the_last_project_that_one_may_see() -> None:
    reader = UserFactory()
    seen = won(decided_on="2024-05-01")
    won(company=seen.company, named=True)

    assert predecessor_asked(reader, {"company": str(seen.company_id), "reinvestment": "1"}) == seen


@pytest.mark.parametrize("after", ["0", "x", "9" * 30, "²", ""])
def test_a_project_that_is_not_there_starts_nothing(after: str) -> None:
    assert predecessor_asked(UserFactory(), {"after": after}) is None


def test_a_phase_is_opened_from_its_project(client: Client) -> None:
    all_stages()
    project = LeadFactory(title="Whole plan")
    client.force_login(project.owner)
    address = f"/leads/new/?company={project.company_id}&parent={project.pk}"
    form = client.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    client.post(address, typed | {"company_id": project.company_id, "company": "", "title": "Phase two"})

    assert Lead.objects.get(title="Phase two").parent == project
