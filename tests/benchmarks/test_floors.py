"""The floors' hand-written SQL fits the tables."""

import inspect
from types import ModuleType
from urllib.parse import urlencode

import pytest
from django.test import Client

from leads.models import Interaction
from tests.benchmarks.floors import capture, figures, lists, records
from tests.benchmarks.screens import SCREENS
from tests.benchmarks.subjects import Subjects, log_form
from tests.companies.factories import PositionFactory
from tests.leads.factories import LeadFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.benchmarks.urls")]


def floors_of(module: ModuleType) -> set[str]:
    return {name for name, made in inspect.getmembers(module, inspect.isfunction) if made.__module__ == module.__name__}


def test_every_screen_has_its_floor() -> None:
    made = floors_of(lists) | floors_of(records) | floors_of(capture) | floors_of(figures)

    assert {screen.name for screen in SCREENS} <= made


@pytest.mark.parametrize("name", [screen.name for screen in SCREENS if screen.name != "log_post"])
def test_a_floor_answers_with_as_many_bytes_as_it_is_asked_for(client: Client, name: str) -> None:
    user = UserFactory(manager_role=True)
    lead, mission, position = LeadFactory(owner=user), MissionFactory(lead_officer=user), PositionFactory()
    asked = {"company": lead.company_id, "contact": position.contact_id, "mission": mission.pk, "lead": lead.pk}
    client.force_login(user)

    answers = [client.get(f"/floor/{name}/?{urlencode({**asked, 'pad': pad})}") for pad in (0, 500)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(answers[1].content) - len(answers[0].content) == 500


def test_the_floor_of_the_log_form_writes_the_rows_that_the_form_writes(client: Client) -> None:
    position = PositionFactory()
    subjects = Subjects(UserFactory(manager_role=True), {"contact": position.contact_id})
    client.force_login(subjects.user)

    for address in ("/meetings/new/", f"/floor/log_post/?contact={position.contact_id}"):
        assert client.post(address, log_form(subjects)).status_code == 302

    rows = [(talk.company, talk.participants.count(), talk.follow_ups.get().text) for talk in Interaction.objects.all()]
    assert rows == [(position.company, 2, "Send the information pack")] * 2
