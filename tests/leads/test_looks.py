"""Who meets a restricted lead by name is written down for its owner: once a person, place and day."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff import clock
from config.staff.models import User
from leads.files import INTERACTION, LEAD
from leads.models import Lead, LeadView
from leads.models.choices import Level
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, LeadPersonFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
Where = LeadView.Where


@pytest.fixture
def lead() -> Lead:
    all_stages()
    made: Lead = LeadFactory(named=True, title="Plant of Nimbus", decided_on=clock.agency_today())
    return made


@pytest.fixture
def reader(client: Client, lead: Lead) -> User:
    person: User = UserFactory(manager_role=True)
    LeadPersonFactory(lead=lead, user=person)
    client.force_login(person)
    return person


def places(lead: Lead) -> set[str]:
    return set(lead.views.values_list("where", flat=True))


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/leads/board/", Where.BOARD),
        ("/leads/", Where.LIST),
        ("/search/?q=Nimbus", Where.SEARCH),
        ("/figures/projects/?period=ever&scope=all", Where.FIGURE),
    ],
)
def test_a_page_that_names_it_is_a_look(client: Client, reader: User, lead: Lead, address: str, where: str) -> None:
    for _reload in range(2):
        assert client.get(address).status_code == 200

    seen = lead.views.get()
    assert (seen.user, seen.where, seen.day) == (reader, where, clock.today_for(reader))
    assert seen.at is not None


def test_so_are_the_page_of_its_company_and_of_what_was_said(client: Client, reader: User, lead: Lead) -> None:
    said = InteractionFactory(lead=lead, company=lead.company)
    client.get(lead.company.get_absolute_url())
    client.get(said.get_absolute_url())

    assert places(lead) == {Where.COMPANY, Where.SAID}


def test_so_is_a_step_of_it_on_today(client: Client, reader: User, lead: Lead) -> None:
    FollowUpFactory(lead=lead, company=lead.company, owner=reader, due_on=clock.today_for(reader))
    client.get("/today/")

    assert places(lead) == {Where.TODAY}


def test_so_is_a_file_of_it_or_of_what_was_said(reader: User, lead: Lead) -> None:
    for shelf, record in ((LEAD, lead), (INTERACTION, InteractionFactory(lead=lead, company=lead.company))):
        assert shelf.opened
        shelf.opened(record, reader)
        assert places(lead) == {Where.FILE}
        lead.views.all().delete()


def test_so_is_an_export(client: Client, reader: User, lead: Lead) -> None:
    b"".join(client.post(reverse("leads:leads_export"), {"format": "csv"}).streaming_content)  # type: ignore[attr-defined]
    assert places(lead) == {Where.EXPORT}

    b"".join(client.post("/figures/projects/export/?period=ever&scope=all", {"format": "csv"}).streaming_content)  # type: ignore[attr-defined]
    assert lead.views.count() == 1


def test_who_sees_the_code_name_alone_has_not_looked(client: Client, lead: Lead) -> None:
    client.force_login(UserFactory(manager_role=True))
    client.get("/figures/projects/?period=ever&scope=all")
    client.get("/leads/")

    assert not LeadView.objects.exists()


def test_the_owner_and_open_leads_are_not_written_down(client: Client, reader: User, lead: Lead) -> None:
    LeadFactory(level=Level.OPEN)
    client.force_login(lead.owner)
    for address in ("/leads/board/", "/leads/", "/search/?q=Nimbus", "/today/"):
        client.get(address)

    assert not LeadView.objects.exists()


def test_the_owner_is_told_where_and_when(client: Client, reader: User, lead: Lead) -> None:
    client.get("/leads/board/")
    client.force_login(lead.owner)
    shown = client.get(lead.get_absolute_url()).context["views"]

    assert [(row.user, row.get_where_display()) for row in shown] == [(reader, "Board")]


def test_many_cost_the_board_one_statement(client: Client, reader: User, lead: Lead) -> None:
    for _each in range(5):
        LeadPersonFactory(lead=LeadFactory(named=True), user=reader)
    with CaptureQueriesContext(connection) as asked:
        client.get("/leads/board/")

    assert LeadView.objects.count() == 6
    assert sum("leads_leadview" in query["sql"] for query in asked) == 1
