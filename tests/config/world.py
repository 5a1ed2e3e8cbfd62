"""One record of every kind under the same number, so that each address of the site leads to one of them."""

from companies.models import DataRequest, Incident, LookAlike
from config.staff import clock
from leads.models import Claim, Goal, InvestorCase, Lead, LeadView, Report, Service, ServiceKind, StageChange
from leads.models.choices import Level
from missions.models.appointment import Level as AppointmentLevel
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import (
    FollowUpFactory,
    InteractionFactory,
    LeadFactory,
    ParticipantFactory,
    ReadingFactory,
)
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

N = 7777
SECRET = "zqsecret"
CODE_NAME = "Proyecto Ceiba Azul"


def secret_lead() -> Lead:
    """A lead that only its owner may see, and everything that hangs on it."""
    owner = UserFactory(pk=N)
    company = CompanyFactory(pk=N, name="Openly Known")
    contact = ContactFactory(pk=N, given_name="Openly", family_name="Known")
    PositionFactory(pk=N, company=company, contact=contact)
    low = CompanyFactory(pk=N - 1, name="Openly Known Inc.")
    LookAlike.objects.create(pk=N, low=low, high=company, score=95, reasons=["name"], found_at=clock.now())
    mission = MissionFactory(pk=N, lead_officer=UserFactory())
    DelegateFactory(pk=N, mission=mission, user=owner)
    MissionTargetFactory(pk=N, mission=mission, company=company)
    AppointmentFactory(
        pk=N, mission=mission, company=company, level=AppointmentLevel.RESTRICTED, purpose=f"{SECRET} purpose"
    )
    lead = LeadFactory(
        pk=N,
        company=company,
        owner=owner,
        mission=mission,
        level=Level.NAMED,
        code_name=CODE_NAME,
        title=f"{SECRET} plan",
    )
    interaction = InteractionFactory(
        pk=N, company=company, lead=lead, mission=mission, logged_by=owner, note=f"{SECRET} note"
    )
    ParticipantFactory(pk=N, interaction=interaction, contact=contact, company_then=company)
    FollowUpFactory(
        pk=N,
        company=company,
        contact=contact,
        lead=lead,
        interaction=interaction,
        owner=owner,
        text=f"{SECRET} promise",
    )
    # Said of the same lead through its meeting only.
    FollowUpFactory(company=company, interaction=interaction, owner=owner, text=f"{SECRET} second promise")
    ReadingFactory(pk=N, lead=lead, evidence_note=f"{SECRET} evidence")
    StageChange.objects.create(
        pk=N,
        lead=lead,
        stage_after=lead.stage,
        status_after=lead.status,
        level=lead.level,
        note=f"{SECRET} change",
        at=clock.now(),
        by=owner,
    )
    today = clock.agency_today()
    DataRequest.objects.create(
        pk=N, contact=contact, kind="access", asked_by="Openly Known", received_on=today, due_on=today
    )
    Incident.objects.create(pk=N, what="A lost phone", found_on=today, whose="Two people")
    kind = ServiceKind.objects.create(code="pack", name_en="Pack", name_es="Paquete")
    Service.objects.create(pk=N, lead=lead, kind=kind, given_on=today, by=owner, note=f"{SECRET} service")
    LeadView.objects.create(pk=N, lead=lead, user=UserFactory(), day=today)
    goal = Goal(pk=N, figure="projects", year=2026, value=1, proposed_by=owner, proposed_at=clock.now())
    goal.save()
    InvestorCase.objects.create(
        pk=N,
        company=company,
        about="permits",
        what="A permit",
        owner=owner,
        opened_by=owner,
        opened_at=clock.now(),
        due_on=today,
    )
    Report.objects.create(pk=N, person=owner, next_on=today)
    Claim.objects.create(pk=N, lead=lead, organisation=CompanyFactory(), role=f"{SECRET} role")
    return lead
