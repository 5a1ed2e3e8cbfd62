import pytest
from django.test import Client

from missions.models import Mission
from tests.companies.factories import SectorFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory())
    return client


def saved(mission: Mission, **changes: object) -> dict[str, object]:
    return {
        "name": mission.name,
        "kind": mission.kind,
        "lead_officer": mission.lead_officer_id,
        "starts_on": mission.starts_on,
        "ends_on": mission.ends_on,
        "version": mission.version,
        **changes,
    }


def test_an_edit_counts_the_version_up(officer: Client) -> None:
    mission = MissionFactory()

    officer.post(f"/missions/{mission.pk}/edit/", saved(mission, name="Second name"))

    mission.refresh_from_db()
    assert (mission.name, mission.version) == ("Second name", 2)


def test_a_stale_edit_is_refused_and_shows_both(officer: Client) -> None:
    mission = MissionFactory()
    opened = saved(mission, name="Typed")
    officer.post(f"/missions/{mission.pk}/edit/", saved(mission, name="Theirs"))

    page = officer.post(f"/missions/{mission.pk}/edit/", opened).content.decode()

    mission.refresh_from_db()
    assert mission.name == "Theirs"
    assert 'value="Typed"' in page
    assert ">Theirs</td>" in page


def test_relations_of_a_colleague_are_shown_by_name(officer: Client) -> None:
    mission = MissionFactory()
    opened = saved(mission, lead_officer=UserFactory().pk)
    theirs = UserFactory(name="Renata Rojas").pk
    sectors = [SectorFactory().pk]
    officer.post(f"/missions/{mission.pk}/edit/", saved(mission, lead_officer=theirs, sectors=sectors))

    page = officer.post(f"/missions/{mission.pk}/edit/", opened).content.decode()

    assert ">Renata Rojas</td>" in page
    assert ">Software</td>" in page


def test_a_stale_edit_goes_through_when_sent_again(officer: Client) -> None:
    mission = MissionFactory()
    opened = saved(mission, name="Typed")
    officer.post(f"/missions/{mission.pk}/edit/", saved(mission, name="Theirs"))

    officer.post(f"/missions/{mission.pk}/edit/", {**opened, "version": 2})

    mission.refresh_from_db()
    assert mission.name == "Typed"


def test_what_the_person_did_not_touch_follows_the_colleague(officer: Client) -> None:
    mission = MissionFactory(name="Old name", objective="Old objective")
    form = officer.get(f"/missions/{mission.pk}/edit/").context["form"]
    opened = saved(mission, name="Typed", objective="Old objective", seen=form["seen"].value())
    officer.post(f"/missions/{mission.pk}/edit/", saved(mission, name="Old name", objective="Their objective"))

    refused = officer.post(f"/missions/{mission.pk}/edit/", opened).context["form"]
    officer.post(f"/missions/{mission.pk}/edit/", refused.data)

    mission.refresh_from_db()
    assert (mission.name, mission.objective) == ("Typed", "Their objective")
