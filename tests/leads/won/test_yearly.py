"""Won projects are verified year by year, by somebody other than their owner, with evidence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from config.staff import clock
from leads.cleanup import without_next_step
from leads.follow_ups.opening import keep_up
from leads.models import FollowUp, Lead, Reading
from leads.models.choices import Layer, Status
from leads.pipeline.readings import add_reading
from leads.reminding.reminders import raise_due
from leads.won.yearly import keep_verifications, year_of
from tests.leads.factories import FollowUpFactory, LeadFactory, LeadPersonFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
A_YEAR_AGO = date(2025, 12, 1)


@pytest.fixture(autouse=True)
def _stopped_clock():  # type: ignore[no-untyped-def]
    with clock.set_to(NOW):
        yield


def won(decided_on: date = A_YEAR_AGO, **facts: object) -> Lead:
    given = {"status": Status.WON, "decided_on": decided_on, "second_person": UserFactory(name="Sara Second")}
    lead: Lead = LeadFactory(**given | facts)
    return lead


def verified(lead: Lead, day: date, **facts: object) -> Reading:
    given = {"layer": Layer.VERIFIED, "jobs": 80, "capex": 1000, "dated_on": day, "evidence": "payroll"} | facts
    return add_reading(lead, Reading(**given), by=UserFactory(name="Vera Verifier"))


def asked() -> list[tuple[int | None, date]]:
    return list(FollowUp.objects.filter(origin="verify").order_by("due_on").values_list("verifies_year", "due_on"))


def test_the_second_person_is_asked_once_when_the_anniversary_comes_near() -> None:
    lead = won()

    keep_verifications(at=NOW)
    keep_verifications(at=NOW)

    question = FollowUp.objects.get()
    assert (question.owner, question.lead, question.due_on) == (lead.second_person, lead, date(2026, 12, 1))


def test_each_year_is_asked_for_until_the_set_number_of_years_is_over() -> None:
    won(date(2025, 1, 1))
    for day in range(0, 365 * 7, 20):
        keep_verifications(at=NOW + timedelta(days=day))

    assert [year for year, _due in asked()] == [2, 3]


def test_the_number_of_years_is_the_agencys(settings: object) -> None:
    settings.VERIFICATION_YEARS = 0  # type: ignore[attr-defined]
    won()

    assert keep_verifications(at=NOW) == 0


def test_years_long_gone_are_history() -> None:
    won(date(2020, 1, 1))

    assert keep_verifications(at=NOW) == 0


def test_a_phase_is_verified_with_its_project() -> None:
    won(parent=won())
    keep_verifications(at=NOW)

    assert len(asked()) == 1


def test_a_verified_figure_with_evidence_answers_the_nearest_year() -> None:
    lead = won()
    keep_verifications(at=NOW)
    verified(lead, date(2026, 11, 20), evidence_note="PILA of October")

    question = FollowUp.objects.get()
    assert (question.state, question.closed_with) == ("done", "PILA headcount or payroll letter: PILA of October")
    assert question.in_time


@pytest.mark.parametrize(
    "facts",
    [
        {"evidence": ""},
        {"layer": Layer.COMMITTED},
        {"jobs": None, "jobs_unknown": True, "capex": None, "capex_unknown": True},
        {"dated_on": date(2026, 2, 1)},
    ],
)
def test_what_proves_nothing_of_that_year_leaves_it_open(facts: dict[str, object]) -> None:
    lead = won()
    keep_verifications(at=NOW)
    verified(lead, date(2026, 11, 20), **facts)

    assert FollowUp.objects.get().is_open


@pytest.mark.parametrize(
    ("day", "year"),
    [("2025-12-01", 0), ("2026-05-31", 0), ("2026-06-01", 1), ("2027-05-31", 1), ("2027-06-01", 2)],
)
def test_a_figure_belongs_to_the_anniversary_that_is_nearest(day: str, year: int) -> None:
    assert year_of(A_YEAR_AGO, date.fromisoformat(day)) == year


def test_to_say_done_is_no_verification(client: Client) -> None:
    won()
    keep_verifications(at=NOW)
    question = FollowUp.objects.get()
    client.force_login(question.owner)

    answer = client.post(f"/follow-ups/{question.pk}/done/")
    tapped = client.post(f"/follow-ups/{question.pk}/done/", headers={"HX-Request": "true"})
    question.complete(by=question.owner)

    form = f"/leads/{question.lead_id}/figures/new/?layer=verified"
    assert (answer.headers["Location"], tapped.headers["HX-Redirect"]) == (form, form)
    question.refresh_from_db()
    assert question.is_open


def test_a_verified_figure_without_evidence_is_refused_in_the_form(client: Client) -> None:
    lead = won()
    client.force_login(UserFactory())
    typed = {
        "layer": "verified",
        "dated_on": "2026-11-20",
        "source": "company",
        "jobs": 5,
        "capex": 5,
        "currency": "USD",
    }

    assert client.post(f"/leads/{lead.pk}/figures/new/", typed).status_code == 422
    assert client.post(f"/leads/{lead.pk}/figures/new/", typed | {"evidence": "payroll"}).status_code == 302


def test_a_late_one_is_seen_on_its_page_and_told_to_the_manager(client: Client) -> None:
    boss = UserFactory(manager_role=True)
    second = UserFactory(manager=boss)
    won(second_person=second)
    keep_verifications(at=NOW)
    for days in range(40):
        with clock.set_to(NOW + timedelta(days=days)):
            raise_due(at=clock.now())
            FollowUp.objects.get().reminders.update(state="delivered", delivered_at=clock.now())
    with clock.set_to(NOW + timedelta(days=40)):
        client.force_login(boss)
        page = client.get("/leads/verifications/?which=late")

    assert page.context["counts"] == {"all": 1, "late": 1, "mine": 0}
    assert FollowUp.objects.get().reminders.filter(rule="escalated", person=boss).exists()


def test_a_restricted_project_is_verified_by_somebody_who_may_see_it() -> None:
    lead = won(named=True, second_person=None)
    UserFactory(manager_role=True)
    named = LeadPersonFactory(lead=lead).user
    keep_verifications(at=NOW)

    assert FollowUp.objects.get().owner == named


def test_a_restricted_project_is_not_in_the_list_of_others(client: Client) -> None:
    lead = won(named=True)
    keep_verifications(at=NOW)
    client.force_login(UserFactory(manager_role=True))

    page = client.get("/leads/verifications/")
    assert page.context["counts"]["all"] == 0
    assert lead.code_name not in page.text


def test_whoever_becomes_the_owner_does_not_verify_any_more() -> None:
    lead = won()
    keep_verifications(at=NOW)
    Lead.objects.filter(pk=lead.pk).update(owner=lead.second_person, second_person=UserFactory())
    keep_verifications(at=NOW)

    lead.refresh_from_db()
    assert FollowUp.objects.get().owner == lead.second_person


def test_it_rests_while_the_project_is_not_won_and_goes_on_when_it_is() -> None:
    lead = won()
    keep_verifications(at=NOW)
    Lead.objects.update(status=Status.ACTIVE)
    keep_verifications(at=NOW)
    assert FollowUp.objects.get().state == "cancelled"

    Lead.objects.filter(pk=lead.pk).update(status=Status.WON)
    keep_verifications(at=NOW)
    assert FollowUp.objects.get().is_open


def test_what_a_person_cancelled_stays_so() -> None:
    won()
    keep_verifications(at=NOW)
    question = FollowUp.objects.get()
    question.cancel(by=question.owner, reason="The firm is gone")
    keep_verifications(at=NOW)

    assert FollowUp.objects.get().state == "cancelled"


def test_it_moves_with_the_day_of_the_decision() -> None:
    won()
    keep_verifications(at=NOW)
    Lead.objects.update(decided_on=date(2025, 12, 10))
    keep_verifications(at=NOW)

    assert asked() == [(1, date(2026, 12, 10))]


def test_the_regular_job_keeps_them() -> None:
    won()
    keep_up(at=NOW)

    assert asked()


def test_the_page_of_the_lead_tells_the_years(client: Client) -> None:
    all_stages()
    lead = won()
    keep_verifications(at=NOW)
    client.force_login(lead.owner)
    page = client.get(lead.get_absolute_url())

    assert [(year.number, year.is_open) for year in page.context["verified_years"]] == [
        (1, True),
        (2, False),
        (3, False),
    ]
    assert "layer=verified" not in page.text


def test_a_verification_that_waits_is_no_next_step(client: Client) -> None:
    lead = LeadFactory(status=Status.ACTIVE)
    FollowUpFactory(origin="verify", lead=lead, verifies_year=1, company=lead.company)
    client.force_login(lead.owner)
    all_stages()

    page = client.get(lead.get_absolute_url())

    assert (page.context["next_step"], len(page.context["steps"])) == (None, 1)
    assert list(without_next_step(Lead.objects.all())) == [lead]
    assert lead.title in client.get("/leads/?step=none").text
    assert lead.title not in client.get("/leads/?step=overdue").text


def test_the_database_allows_one_question_a_year() -> None:
    lead = won()
    FollowUpFactory(origin="verify", lead=lead, verifies_year=1)
    with pytest.raises(IntegrityError, match="one_verification_a_project_and_year"), transaction.atomic():
        FollowUpFactory(origin="verify", lead=lead, verifies_year=1)
    with pytest.raises(IntegrityError, match="verification_names_its_project_and_year"), transaction.atomic():
        FollowUpFactory(origin="verify", lead=lead)
