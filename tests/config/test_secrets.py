"""A lead that only named people may see, and everything that hangs on it, looked for on every page by everybody else.

Every record has the same number, so that each address of the site leads to one of them.
"""

import pytest
from django.test import Client

from config.staff import clock
from config.staff.models import Role, User
from leads.models import Claim, FollowUp, Interaction, Lead, StageChange
from leads.models.choices import Level
from missions.models.appointment import Level as AppointmentLevel
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.config.routes import every_route
from tests.leads.factories import (
    FollowUpFactory,
    InteractionFactory,
    LeadFactory,
    LeadPersonFactory,
    ParticipantFactory,
    ReadingFactory,
)
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

N = 7777
SECRET = "zqsecret"
CODE_NAME = "Proyecto Ceiba Azul"
QUESTIONS = [
    "",
    f"?q={SECRET}",
    "?q=Ceiba",
    "?q=Openly",
    f"?company={N}&lead={N}&contact={N}&appointment={N}&person={N}",
]
PAGES = sorted({path for name, path in every_route() if "logout" not in name and "static" not in path})


@pytest.fixture
def secret() -> Lead:
    owner = UserFactory(pk=N)
    company = CompanyFactory(pk=N, name="Openly Known")
    contact = ContactFactory(pk=N, given_name="Openly", family_name="Known")
    PositionFactory(pk=N, company=company, contact=contact)
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
    Claim.objects.create(pk=N, lead=lead, organisation=CompanyFactory(), role=f"{SECRET} role")
    return lead


def look_everywhere(client: Client) -> list[str]:
    """The pages on which the secret shows."""
    found = []
    for path in PAGES:
        for question in QUESTIONS:
            answer = client.get(path + question)
            text = (
                answer.content.decode(errors="replace").replace(question.removeprefix("?q="), "")
                if not answer.streaming
                else ""
            )
            if SECRET in text or CODE_NAME in text or answer.status_code >= 500:
                found.append(f"{path}{question} {answer.status_code}")
    return found


@pytest.mark.parametrize("role", list(Role))
def test_a_restricted_lead_shows_nowhere_to_others(client: Client, secret: Lead, role: Role) -> None:
    client.force_login(UserFactory(role=role))

    assert look_everywhere(client) == []


def test_the_search_for_the_secret_would_find_it(client: Client, secret: Lead) -> None:
    client.force_login(secret.owner)

    assert SECRET in client.get(secret.get_absolute_url()).content.decode()


def outsider() -> User:
    return UserFactory(administrator=True)


def named(lead: Lead) -> User:
    user: User = LeadPersonFactory(lead=lead).user
    return user


@pytest.mark.parametrize("model", [Lead, Interaction, FollowUp])
def test_visible_to_hides_what_hangs_on_it(
    secret: Lead, model: type[Lead] | type[Interaction] | type[FollowUp]
) -> None:
    assert not model.objects.visible_to(outsider()).exists()
    assert model.objects.visible_to(named(secret)).exists()


def test_the_team_sees_what_is_the_teams() -> None:
    lead = LeadFactory(of_a_team=True)

    assert Lead.objects.visible_to(UserFactory(team=lead.team)).exists()
    assert not Lead.objects.visible_to(UserFactory(manager_role=True)).exists()


def test_a_closed_account_sees_nothing() -> None:
    LeadFactory()

    assert not Lead.objects.visible_to(UserFactory(is_active=False, closed_at=clock.now())).exists()


def test_restricted_leads_count_for_the_agency(secret: Lead) -> None:
    assert Lead.objects.countable().count() == 1
