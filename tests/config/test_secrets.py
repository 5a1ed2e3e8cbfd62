"""A lead that only named people may see, looked for on every page by everybody else."""

import pytest
from django.test import Client

from config.staff import clock
from config.staff.models import Role, User
from leads.models import FollowUp, Interaction, Lead
from tests.config.routes import every_route
from tests.config.world import CODE_NAME, SECRET, N, secret_lead
from tests.leads.factories import LeadFactory, LeadPersonFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

QUESTIONS = [
    "",
    f"?q={SECRET}",
    "?q=Ceiba",
    "?q=Openly",
    f"?company={N}&lead={N}&contact={N}&appointment={N}&person={N}",
]
PAGES = sorted({path for name, path in every_route() if "logout" not in name and name != "healthz"})


@pytest.fixture
def secret() -> Lead:
    return secret_lead()


def look_everywhere(client: Client, question: str) -> list[str]:
    """The pages and downloads on which the secret shows."""
    found = []
    for path in PAGES:
        answer = client.get(path + question)
        text = answer.getvalue().decode(errors="replace").replace(question.removeprefix("?q="), "")
        if SECRET in text or CODE_NAME in text or answer.status_code >= 500:
            found.append(f"{path}{question} {answer.status_code}")
    return found


@pytest.mark.walk
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("role", list(Role))
def test_a_restricted_lead_shows_nowhere_to_others(client: Client, secret: Lead, role: Role, question: str) -> None:
    client.force_login(UserFactory(role=role))

    assert look_everywhere(client, question) == []


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
