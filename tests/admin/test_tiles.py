import pytest
from django.test import Client

from companies.merging import merge
from config.staff import clock
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client: Client) -> Client:
    client.force_login(UserFactory(administrator=True))
    return client


def tile(client: Client, url: str) -> int:
    [found] = [tile.count for tile in client.get("/admin/").context["tiles"] if tile.url == url]
    return int(found)


def test_leads_without_a_next_step_are_counted_and_listed(inside: Client) -> None:
    stuck = LeadFactory()
    FollowUpFactory(lead=stuck, company=stuck.company, state="done", closed_at=clock.now())
    FollowUpFactory(lead=LeadFactory())
    LeadFactory(named=True)

    listed = inside.get("/admin/leads/lead/?next=none").context["cl"].result_list

    assert list(listed) == [stuck]
    assert tile(inside, "/admin/leads/lead/?next=none") == 1


def test_merges_are_counted_as_their_list_does(inside: Client) -> None:
    merge(CompanyFactory(), CompanyFactory(), by=UserFactory(administrator=True))

    assert tile(inside, "/merges/") == inside.get("/merges/").context["page"].count == 1
