"""The target list: where companies come from, how they score, how many are moved at once."""

import pytest
from django.db import IntegrityError, connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.models import BulkEdit, SavedView
from config.staff.models import User
from missions import targeting
from missions.models import Appointment, Criterion, MissionTarget, Touch
from missions.targeting import score_of
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.missions.factories import AppointmentFactory, MissionFactory, MissionTargetFactory, StopFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
Status = MissionTarget.Status


@pytest.fixture
def officer(client: Client) -> User:
    user: User = UserFactory()
    client.force_login(user)
    return user


def view_of(owner: User, query: str = "") -> SavedView:
    return SavedView.objects.create(owner=owner, list="companies", name="Wanted", query=query)


def test_companies_of_a_saved_view_become_targets(client: Client, officer: User) -> None:
    mission = MissionFactory()
    wanted = CompanyFactory(owner=officer)
    CompanyFactory()
    view = view_of(officer, f"owner={officer.pk}")
    sent = {"view": str(view.pk), "priority": "A", "wave": "2", "reason": "Grows", "caller": str(officer.pk)}

    page = client.get(f"/missions/{mission.pk}/targets/add/", sent).content.decode()
    client.post(f"/missions/{mission.pk}/targets/add/", {**sent, "new": "1"})

    assert wanted.name in page
    target = MissionTarget.objects.get()
    assert (target.company, target.priority, target.wave, target.caller) == (wanted, "A", 2, officer)
    assert (target.reason, target.source) == ("Grows", "view")


def test_who_is_a_target_already_stays_as_it_is(officer: User) -> None:
    target = MissionTargetFactory(status=Status.REPLIED)
    companies = type(target.company).objects.all()

    added = targeting.add_companies(target.mission, companies, source="view", plan=targeting.Plan(priority="C"))

    assert added == 0
    assert MissionTarget.objects.get().status == Status.REPLIED


def test_companies_that_came_meanwhile_are_shown_before_they_are_added(client: Client, officer: User) -> None:
    mission = MissionFactory()
    CompanyFactory.create_batch(2)
    sent = {"view": view_of(officer).pk, "priority": "B", "wave": "1", "new": "1"}

    client.post(f"/missions/{mission.pk}/targets/add/", sent)

    assert not MissionTarget.objects.exists()


def test_a_view_that_nobody_shared_is_no_choice(client: Client, officer: User) -> None:
    mission = MissionFactory()
    CompanyFactory()
    view = view_of(UserFactory())

    answer = client.post(
        f"/missions/{mission.pk}/targets/add/", {"view": view.pk, "priority": "B", "wave": "1", "new": "1"}
    )

    assert answer.status_code == 422
    assert not MissionTarget.objects.exists()


def test_a_score_is_a_percentage_by_weight_of_what_was_judged() -> None:
    weights = {"1": 3, "2": 1, "3": 9}

    assert score_of({"1": 3, "2": 0}, weights) == 75


def test_what_nobody_judged_has_no_score() -> None:
    assert score_of({}, {"1": 3}) is None


def test_a_judged_target_has_its_score(client: Client, officer: User) -> None:
    target = MissionTargetFactory()
    one = Criterion.objects.create(mission=target.mission, name="Fit", weight=2)
    sent = {"status": "not_sent", "priority": "B", "wave": "1", "version": "1", f"criterion_{one.pk}": "2"}

    client.post(target.get_absolute_url(), sent)

    target.refresh_from_db()
    assert (target.points, target.score) == ({str(one.pk): 2}, 67)


def test_another_weight_scores_every_target_anew(client: Client, officer: User) -> None:
    mission = MissionFactory()
    fit, size = (Criterion.objects.create(mission=mission, name=name, weight=1) for name in ("Fit", "Size"))
    target = MissionTargetFactory(mission=mission, points={str(fit.pk): 3, str(size.pk): 0}, score=50)
    sent = {
        "criteria-TOTAL_FORMS": "2",
        "criteria-INITIAL_FORMS": "2",
        "criteria-0-id": fit.pk,
        "criteria-0-name": "Fit",
        "criteria-0-weight": "3",
        "criteria-1-id": size.pk,
        "criteria-1-name": "Size",
        "criteria-1-weight": "1",
    }

    client.post(f"/missions/{mission.pk}/targets/criteria/", sent)

    target.refresh_from_db()
    assert target.score == 75


def test_a_criterion_that_goes_takes_its_points_along(client: Client, officer: User) -> None:
    mission = MissionFactory()
    fit = Criterion.objects.create(mission=mission, name="Fit", weight=1)
    target = MissionTargetFactory(mission=mission, points={str(fit.pk): 3}, score=100)
    sent = {
        "criteria-TOTAL_FORMS": "1",
        "criteria-INITIAL_FORMS": "1",
        "criteria-0-DELETE": "on",
        "criteria-0-id": fit.pk,
        "criteria-0-name": "Fit",
        "criteria-0-weight": "1",
    }

    client.post(f"/missions/{mission.pk}/targets/criteria/", sent)

    target.refresh_from_db()
    assert (target.points, target.score) == ({}, None)


def test_the_usual_criteria_come_once(client: Client, officer: User) -> None:
    mission = MissionFactory()

    for _time in range(2):
        client.post(f"/missions/{mission.pk}/targets/criteria/", {"act": "usual"})

    assert mission.criteria.count() == 4


def test_what_is_ticked_moves_together(client: Client, officer: User) -> None:
    mission = MissionFactory()
    ticked = [MissionTargetFactory(mission=mission) for _n in range(2)]
    other = MissionTargetFactory(mission=mission)

    client.post(f"/missions/{mission.pk}/targets/move/", {"pk": [one.pk for one in ticked], "status": "accepted"})

    assert set(mission.targets.filter(status="accepted")) == set(ticked)
    assert mission.targets.get(pk=other.pk).status == "not_sent"


def test_a_move_of_many_can_be_undone(client: Client, officer: User) -> None:
    target = MissionTargetFactory(status=Status.SENT)
    client.post(f"/missions/{target.mission_id}/targets/move/", {"pk": target.pk, "status": "no_answer"})

    client.post(f"{BulkEdit.objects.get().get_absolute_url()}undo/")

    target.refresh_from_db()
    assert target.status == Status.SENT


def test_targets_of_another_mission_are_not_moved(client: Client, officer: User) -> None:
    target = MissionTargetFactory()

    client.post(f"/missions/{MissionFactory().pk}/targets/move/", {"pk": target.pk, "status": "accepted"})

    target.refresh_from_db()
    assert target.status == Status.NOT_SENT


def test_many_decline_with_a_reason(client: Client, officer: User) -> None:
    target = MissionTargetFactory()
    sent = {"pk": target.pk, "status": "declined", "because": "No budget"}

    client.post(f"/missions/{target.mission_id}/targets/move/", sent)

    target.refresh_from_db()
    assert (target.status, target.declined_because) == ("declined", "No budget")


def test_nobody_declines_without_a_reason(client: Client, officer: User) -> None:
    target = MissionTargetFactory()

    client.post(f"/missions/{target.mission_id}/targets/move/", {"pk": target.pk, "status": "declined"})

    target.refresh_from_db()
    assert target.status == Status.NOT_SENT


def test_the_database_asks_for_the_reason_too() -> None:
    with pytest.raises(IntegrityError, match="declined_target_has_its_reason"):
        MissionTargetFactory(status=Status.DECLINED)


@pytest.mark.parametrize(
    ("sent", "field", "value"),
    [
        ("priority:A", "priority", "A"),
        ("wave:3", "wave", 3),
        ("priority:Z", "priority", "B"),
        ("caller:", "caller", None),
    ],
)
def test_priority_wave_and_caller_are_set_for_many(
    client: Client, officer: User, sent: str, field: str, value: object
) -> None:
    target = MissionTargetFactory()

    client.post(f"/missions/{target.mission_id}/targets/move/", {"pk": target.pk, "set": sent})

    target.refresh_from_db()
    assert getattr(target, field) == value


def test_a_touch_asks_whom_nobody_had_asked(client: Client, officer: User) -> None:
    target = MissionTargetFactory()

    client.post(f"/missions/{target.mission_id}/targets/move/", {"pk": target.pk, "set": "touch:call"})

    target.refresh_from_db()
    touch = Touch.objects.get()
    assert (touch.target, touch.kind, touch.by, target.status) == (target, "call", officer, Status.SENT)


def test_a_touch_leaves_an_answer_as_it_is(officer: User) -> None:
    target = MissionTargetFactory(status=Status.REPLIED)

    targeting.touch(MissionTarget.objects.all(), "mail", by=officer)

    target.refresh_from_db()
    assert target.status == Status.REPLIED


def test_an_accepted_target_becomes_an_appointment(client: Client, officer: User) -> None:
    stop = StopFactory()
    position = PositionFactory(contact=ContactFactory())
    target = MissionTargetFactory(
        mission=stop.mission, company=position.company, contact=position.contact, status=Status.ACCEPTED, reason="Grows"
    )
    address = f"/missions/{stop.mission.pk}/appointments/new/"
    form = client.get(address, {"target": target.pk}).context["form"]
    company, company_id = form["company"].value() and form.fields["company"].prepare_value(form["company"].value())
    sent = {
        "company": company,
        "company_id": company_id,
        "purpose": form["purpose"].value(),
        "stop": stop.pk,
        "local_start": "2026-11-18T10:00",
        "local_end": "2026-11-18T11:00",
        "level": "open",
        "status": "proposed",
    }

    client.post(address, sent)

    planned = Appointment.objects.get()
    assert (planned.target, planned.company, planned.purpose) == (target, target.company, "Grows")
    assert list(planned.contacts.all()) == [position.contact]


def test_the_numbers_tell_how_far_the_asking_has_come() -> None:
    mission = MissionFactory()
    for status in (Status.NOT_SENT, Status.SENT, Status.REPLIED, Status.ACCEPTED):
        MissionTargetFactory(mission=mission, status=status)
    met = MissionTargetFactory(mission=mission, status=Status.ACCEPTED)
    AppointmentFactory(mission=mission, company=met.company, status="held")

    assert [one.count for one in targeting.reach_of(mission)] == [5, 4, 3, 2, 1, 1]


@pytest.mark.parametrize("shows", ["contacted", "answered", "accepted", "unbooked", "met", ""])
def test_each_number_is_the_length_of_its_list(client: Client, officer: User, shows: str) -> None:
    mission = MissionFactory()
    for status in (Status.NOT_SENT, Status.SENT, Status.REPLIED, Status.ACCEPTED):
        MissionTargetFactory(mission=mission, status=status)
    met = MissionTargetFactory(mission=mission, status=Status.ACCEPTED)
    AppointmentFactory(mission=mission, company=met.company, status="held")

    page = client.get(f"/missions/{mission.pk}/targets/", {"status": shows}).context

    assert page["page"].count == next(one.count for one in page["reach"] if one.shows == shows)


def test_a_stale_edit_of_a_target_is_refused(client: Client, officer: User) -> None:
    target = MissionTargetFactory(version=2)
    sent = {"status": "accepted", "priority": "B", "wave": "1", "version": "1"}

    answer = client.post(target.get_absolute_url(), sent)

    target.refresh_from_db()
    assert (answer.status_code, target.status) == (422, Status.NOT_SENT)


@pytest.mark.parametrize("query", ["wave=x", "wave=99999999999999999999", "caller=-1", "q=\0", "status=\0"])
def test_a_filter_that_cannot_be_meant_filters_nothing(client: Client, officer: User, query: str) -> None:
    target = MissionTargetFactory()

    answer = client.get(f"/missions/{target.mission_id}/targets/?{QueryDict(query).urlencode()}")

    assert answer.status_code == 200


def test_a_guest_sees_no_target(client: Client) -> None:
    target = MissionTargetFactory()
    client.force_login(UserFactory(guest=True))

    assert client.get(target.get_absolute_url()).status_code == 404


def test_the_target_list_costs_the_same_for_one_and_for_many(client: Client, officer: User) -> None:
    mission = MissionFactory()
    MissionTargetFactory(mission=mission)
    client.get(f"/missions/{mission.pk}/targets/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(f"/missions/{mission.pk}/targets/")
    MissionTargetFactory.create_batch(30, mission=mission)

    with CaptureQueriesContext(connection) as many:
        client.get(f"/missions/{mission.pk}/targets/")

    assert len(many) == len(one)
