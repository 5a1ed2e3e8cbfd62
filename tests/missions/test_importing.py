import pytest
from django.test import Client

from companies.models import Company, Contact
from missions.models import MissionTarget
from tests.companies.factories import CompanyFactory
from tests.companies.importing import imported, outcomes, undone
from tests.missions.factories import MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

ATTENDEES = "Name,Company,E-mail,Why\nAna Gómez,Moove It,ana@moove-it.com,Wants a site\nLuis Pérez,Moove It,,\n"


def test_attendees_become_people_and_their_companies_targets() -> None:
    mission = MissionFactory()

    done = imported(ATTENDEES, "attendee", about={"mission": mission})

    target = MissionTarget.objects.get()
    assert outcomes(done) == ["create", "create"]
    assert (target.mission, target.company.name, target.reason) == (mission, "Moove It", "Wants a site")
    assert target.contact == Contact.objects.get(given_name="Ana")


def test_a_company_that_is_a_target_already_stays_one() -> None:
    target = MissionTargetFactory(company=CompanyFactory(name="Moove It"))

    imported(ATTENDEES, "attendee", about={"mission": target.mission})

    assert MissionTarget.objects.get() == target


def test_undoing_takes_the_targets_back() -> None:
    done = imported(ATTENDEES, "attendee", about={"mission": MissionFactory()})

    undone(done)

    assert not MissionTarget.objects.exists()
    assert not Company.objects.exists()


def test_an_officer_brings_attendees_of_their_own_mission_only(client: Client) -> None:
    officer = UserFactory()
    MissionFactory(name="Theirs", lead_officer=officer)
    MissionFactory(name="Of others", lead_officer=UserFactory())
    client.force_login(officer)

    page = client.get("/imports/new/attendee/").content.decode()

    assert "Theirs" in page
    assert "Of others" not in page
