import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp, Interaction
from leads.views import offline
from missions.models import Appointment, Mission
from missions.models.appointment import Level
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import InteractionFactory, StageFactory
from tests.missions.factories import (
    AppointmentFactory,
    DelegateFactory,
    MissionFactory,
    MissionTargetFactory,
    SeatFactory,
    StopFactory,
)
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# 10:00 in San Francisco, a Thursday.
NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    StageFactory()
    with clock.set_to(NOW):
        yield


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def mission(officer: User) -> Mission:
    mission: Mission = MissionFactory(under_way=True, name="California")
    DelegateFactory(mission=mission, user=officer)
    StopFactory(mission=mission)
    return mission


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def capture(**fields: Any) -> dict[str, Any]:
    said = {"kind": "meeting", "outcome": "held", "zone": "America/Los_Angeles", "happened_at": "2026-11-19T09:30"}
    named = [(name, str(value)) for name, value in (said | fields).items()]
    return {"id": str(uuid4()), "fields": named}


def send(client: Client, user: User, *entries: dict[str, Any]) -> Any:
    body = json.dumps({"user": user.pk, "captures": list(entries)})
    return client.post("/meetings/captures/", body, content_type="application/json")


def states(answer: Any) -> list[str]:
    return [entry["state"] for entry in answer.json()["answers"]]


def test_what_waited_is_logged_as_the_form_would(client: Client, officer: User, mission: Mission) -> None:
    company = CompanyFactory()

    answer = send(
        client, officer, capture(company=company.pk, mission=mission.pk, note="They want a site", interest="hot")
    )

    stored = Interaction.objects.get()
    assert states(answer) == ["stored"]
    assert (stored.company, stored.mission, stored.note, stored.interest) == (
        company,
        mission,
        "They want a site",
        "hot",
    )
    assert stored.happened_at == datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def test_sent_again_it_is_stored_once(client: Client, officer: User) -> None:
    entry = capture(company=CompanyFactory().pk)

    answers = [send(client, officer, entry), send(client, officer, entry)]

    assert [states(answer) for answer in answers] == [["stored"], ["stored"]]
    assert Interaction.objects.count() == 1


def test_a_new_firm_told_twice_is_one_firm(client: Client, officer: User) -> None:
    people = [{"is_new": 1, "person": name, "new_company": "Kallpa Robotics"} for name in ("Inés Paz", "Luis Mora")]

    answer = send(client, officer, *[capture(**person) for person in people])

    assert states(answer) == ["stored", "stored"]
    assert Company.objects.filter(name="Kallpa Robotics").count() == 1


def test_a_bad_one_blocks_no_other_and_says_why(client: Client, officer: User) -> None:
    answer = send(client, officer, capture(), capture(company=CompanyFactory().pk), capture(outcome="odd"))

    assert states(answer) == ["refused", "stored", "refused"]
    assert answer.json()["answers"][0]["reason"] == "Say whom you met: a person or a company."


def test_one_that_the_server_stumbles_over_waits(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("leads.on_mission.offline.log_interaction", stumble)

    assert states(send(client, officer, capture(company=CompanyFactory().pk))) == ["later"]


def test_an_appointment_that_a_colleague_logged_is_told(client: Client, officer: User, mission: Mission) -> None:
    appointment = AppointmentFactory(mission=mission)
    InteractionFactory(appointment=appointment, logged_by=UserFactory(name="Luz"))

    answer = send(client, officer, capture(appointment=appointment.pk))

    assert answer.json()["answers"][0]["reason"] == "Luz has logged this appointment already."


def test_somebody_who_is_gone_is_not_left_out_in_silence(client: Client, officer: User) -> None:
    gone = ContactFactory(merged_into=ContactFactory())

    assert states(send(client, officer, capture(company=CompanyFactory().pk, contact=gone.pk))) == ["refused"]


def test_days_count_from_when_it_was_said(client: Client, officer: User, mission: Mission) -> None:
    promise = {"p1-promised": "on", "p1-words": "material", "p1-due": "tomorrow"}

    with clock.set_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC)):
        answer = send(client, officer, capture(company=CompanyFactory().pk, mission=mission.pk, **promise))

    assert states(answer) == ["stored"]
    assert FollowUp.objects.get().due_on == date(2026, 11, 20)


def test_a_queue_is_never_sent_under_another_account(client: Client, officer: User) -> None:
    answer = send(client, UserFactory(), capture(company=CompanyFactory().pk))

    assert answer.status_code == 409
    assert not Interaction.objects.exists()


def test_who_is_signed_in_is_told_first(client: Client, officer: User) -> None:
    assert client.get("/meetings/captures/").json()["user"] == officer.pk


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{}", '{"user": 1, "captures": [{}]}', '{"user": 1, "captures": [{"id": "x", "fields": []}]}'],
)
def test_what_is_no_capture_is_refused(client: Client, body: str) -> None:
    assert client.post("/meetings/captures/", body, content_type="application/json").status_code == 400


def test_a_device_keeps_this_mission_and_nothing_restricted(client: Client, officer: User, mission: Mission) -> None:
    delegate = mission.delegates.get()
    for hour, name, level in ((9, "Globant", Level.OPEN), (11, "Secret Co", Level.RESTRICTED)):
        hours = {"local_start": datetime(2026, 11, 19, hour), "local_end": datetime(2026, 11, 19, hour + 1)}
        row = AppointmentFactory(mission=mission, company=CompanyFactory(name=name), level=level, **hours)
        SeatFactory(appointment=row, delegate=delegate)
    AppointmentFactory(company=CompanyFactory(name="Elsewhere"))
    target = MissionTargetFactory(mission=mission, company=CompanyFactory(name="Endava")).company
    PositionFactory(contact=ContactFactory(given_name="Inés", family_name="Paz"), company=target)

    kept = client.get(f"/missions/{mission.pk}/kept/").json()

    assert [row["name"] for row in kept["appointments"]] == ["Globant"]
    assert {row["name"] for row in kept["companies"]} == {"Globant", "Endava"}
    assert [row["name"] for row in kept["people"]] == ["Inés Paz"]
    assert "Secret" not in json.dumps(kept)


@pytest.mark.parametrize("status", [Mission.Status.PLANNED, Mission.Status.ENDED])
def test_a_device_keeps_only_what_is_under_way(client: Client, mission: Mission, status: str) -> None:
    Mission.objects.filter(pk=mission.pk).update(status=status)

    assert client.get(f"/missions/{mission.pk}/kept/").status_code == 404


def test_the_page_is_the_same_for_everybody(client: Client, officer: User) -> None:
    pages = [who.get("/offline/en/").content for who in (Client(), client)]

    assert pages[0] == pages[1]
    assert b"Ana Ruiz" not in pages[0]
    assert b"csrf" not in pages[0]


def test_the_worker_is_another_one_when_a_file_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    offline._version.cache_clear()
    before = offline._version()
    monkeypatch.setattr(offline, "FILES", offline.FILES[:-1])
    offline._version.cache_clear()
    after = offline._version()
    offline._version.cache_clear()

    assert before != after


def test_the_worker_is_asked_for_anew_each_time(client: Client) -> None:
    answer = Client().get("/service-worker.js")

    assert answer.headers["Content-Type"] == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]


def test_one_tap_without_a_network_says_that_nobody_came(client: Client, officer: User, mission: Mission) -> None:
    appointment = AppointmentFactory(mission=mission)

    send(client, officer, capture(company=appointment.company_id, appointment=appointment.pk, outcome="no_show"))

    appointment.refresh_from_db()
    assert appointment.status == Appointment.Status.NO_SHOW
