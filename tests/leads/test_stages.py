"""What an administrator may change of the pipeline, and what it then does."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from config.first_data.load import load_first_data
from config.staff.models import User
from leads.models import GateFact, Stage
from leads.models.choices import Status
from leads.pipeline.gate_rules import RULES
from leads.pipeline.gates import Mark, marks_for, missing_for
from tests.leads.factories import StageFactory
from tests.leads.ready import all_stages, ready_lead
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    all_stages()
    person: User = UserFactory(administrator=True)
    client.force_login(person)
    return person


def asked(code: str, first: int, last: int = Stage.OPERATIONAL, **words: object) -> GateFact:
    all_stages()
    return GateFact.objects.create(code=code, first_id=first, last_id=last, **words)


def missing(stage: int, **facts: Any) -> list[str]:
    return [requirement.field for requirement in missing_for(ready_lead(**facts), stage)]


def test_a_fact_is_asked_from_the_stage_the_agency_chose() -> None:
    asked("motives", Stage.ACTIVE)

    assert missing(Stage.QUALIFIED, motives="") == []
    assert missing(Stage.ACTIVE, motives="") == ["motives"]


def test_a_fact_is_asked_no_more_after_its_last_stage() -> None:
    asked("motives", Stage.QUALIFIED, Stage.QUALIFIED)

    assert missing(Stage.ACTIVE, motives="") == []


def test_a_fact_that_the_agency_does_not_want_is_never_asked() -> None:
    asked("motives", Stage.QUALIFIED, is_asked=False)

    assert missing(Stage.OPERATIONAL, motives="") == []


def test_the_horizon_of_a_decision_is_the_agencys() -> None:
    asked("decision_horizon", Stage.QUALIFIED, limit=3)
    [told] = missing_for(ready_lead(), Stage.QUALIFIED)

    assert told.sentence == "The decision must be expected within 3 months."


def test_the_agency_tells_it_in_its_own_words() -> None:
    asked("motives", Stage.QUALIFIED, sentence_en="Why Cali?")

    assert missing_for(ready_lead(motives=""), Stage.QUALIFIED)[0].sentence == "Why Cali?"


def test_the_first_data_asks_as_the_trade_does() -> None:
    load_first_data()

    assert set(GateFact.objects.values_list("code", "first", "last", "limit")) == {
        (rule.code, rule.first, rule.last, rule.limit) for rule in RULES
    }


def test_a_fact_cannot_end_before_it_begins() -> None:
    with pytest.raises(IntegrityError, match="gate_fact_ends_after_it_begins"):
        asked("motives", Stage.ACTIVE, Stage.LEAD)


def test_marks_tell_missing_from_needed_next_and_there() -> None:
    lead = ready_lead(Stage.QUALIFIED, motives="", requirements="")
    marks = marks_for(lead)

    assert (marks["motives"], marks["requirements"], marks["competitors"]) == (Mark.MISSING, Mark.NEXT, Mark.THERE)
    assert "shortlist" not in marks


def test_nothing_is_needed_next_of_a_lead_that_ended() -> None:
    assert "requirements" not in marks_for(ready_lead(Stage.QUALIFIED, status=Status.HANDED_OVER, requirements=""))


def test_the_worse_of_two_facts_marks_the_field() -> None:
    assert marks_for(ready_lead(Stage.QUALIFIED, decision_to=None))["decision_to"] == Mark.MISSING


def test_odds_and_usual_stay_are_changed_on_their_screen(client: Client, administrator: User) -> None:
    client.post(
        "/leads/stages/2/", {"name_en": "Q", "name_es": "C", "probability": "0.2", "norm_days": "45", "version": 1}
    )

    stage = Stage.objects.get(pk=2)
    assert (stage.name_en, str(stage.probability), stage.norm_days, stage.version) == ("Q", "0.200", 45, 2)


def test_a_stale_change_of_a_stage_is_refused(client: Client, administrator: User) -> None:
    typed = {"name_en": "Q", "name_es": "C", "probability": "0.2", "version": 1}
    client.post("/leads/stages/2/", typed)
    answer = client.post("/leads/stages/2/", typed | {"name_en": "Mine"})

    assert answer.status_code == 422
    assert Stage.objects.get(pk=2).name_en == "Q"


@pytest.mark.parametrize("wrong", [{"probability": "1.5"}, {"norm_days": "99999999999"}, {"name_en": "x" * 10_000}])
def test_what_no_stage_can_be_is_refused_in_words(client: Client, administrator: User, wrong: dict[str, str]) -> None:
    typed = {"name_en": "Q", "name_es": "C", "probability": "0.2", "norm_days": "45", "version": "1"} | wrong

    assert client.post("/leads/stages/2/", typed).status_code == 422


def test_a_fact_is_moved_to_another_stage_on_its_screen(client: Client, administrator: User) -> None:
    client.post("/leads/stages/facts/motives/", {"is_asked": "on", "first": 3, "last": 7, "version": 1})

    assert missing(Stage.QUALIFIED, motives="") == []
    assert "until" in client.get("/leads/stages/").text


def test_a_fact_that_nobody_knows_has_no_screen(client: Client, administrator: User) -> None:
    assert client.get("/leads/stages/facts/nonsense/").status_code == 404


def test_managers_read_the_gates_and_change_nothing(client: Client) -> None:
    StageFactory(number=2)
    client.force_login(UserFactory(manager_role=True))

    assert "Motives" in client.get("/leads/stages/").text
    assert client.get("/leads/stages/2/").status_code == 404
    assert client.get("/leads/stages/facts/motives/").status_code == 404


def test_officers_do_not_see_them(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/leads/stages/").status_code == 404


@pytest.mark.parametrize("path", ["/leads/board/", "/leads/"])
@pytest.mark.parametrize("asked", ["", "?source=research"])
def test_the_tabs_keep_the_filters(client: Client, administrator: User, path: str, asked: str) -> None:
    page = client.get(path + asked).text

    assert f'href="/leads/board/{asked}"' in page
    assert f'href="/leads/{asked}"' in page
