"""Red flags and grievances of installed investors: their clock, their workflow, and who may see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from config.staff import clock
from config.staff.models import User
from leads.aftercare.cases import SYSTEMIC, open_case, systemic
from leads.models import CaseStep, FollowUp, InvestorCase
from tests.companies.factories import CompanyFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
State = InvestorCase.State
SENT = {"flag": "red", "about": "closing", "what": "They look at Panama"}
FACTS = {"authority": "Alcaldía", "plan": "Meet them", "level": 2, "outcome": "They stay"}


@pytest.fixture
def officer(client: Client) -> User:
    user: User = UserFactory()
    client.force_login(user)
    return user


def opened(by: User, **more: Any) -> InvestorCase:
    facts: dict[str, Any] = {"about": "permits", "what": "A permit", "owner": by, **more}
    facts.setdefault("company", CompanyFactory())
    return open_case(InvestorCase(**facts), by=by, at=clock.now())


def go(client: Client, case: InvestorCase, *states: str, **more: Any) -> int:
    code = 0
    for to in states:
        case.refresh_from_db()
        sent = {**FACTS, "version": case.version, "to": to, **more}
        code = client.post(f"/cases/{case.pk}/move/{to}/", sent).status_code
    case.refresh_from_db()
    return code


@pytest.mark.parametrize(("flag", "days"), [("red", 1), ("yellow", 10)])
def test_a_flag_sets_the_day_of_the_answer_and_asks_its_owner(
    client: Client, officer: User, flag: str, days: int
) -> None:
    company = CompanyFactory()

    answer = client.post(f"/companies/{company.pk}/cases/new/", {**SENT, "flag": flag, "owner": officer.pk})

    case = InvestorCase.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.pk}/"
    asked = FollowUp.objects.open().get(company=company)
    assert case.due_on == asked.due_on == clock.agency_today() + timedelta(days=days)
    assert asked.owner == officer


def test_a_case_goes_its_way_and_each_step_is_logged(client: Client, officer: User) -> None:
    case = opened(officer)

    go(client, case, State.ADMITTED, State.PLANNED, State.ESCALATED, State.RESOLVED, note="Why")

    assert (case.state, case.level, case.outcome) == (State.RESOLVED, 2, "They stay")
    assert [step.after for step in case.steps.all()][::-1] == [
        State.RECEIVED,
        State.ADMITTED,
        State.PLANNED,
        State.ESCALATED,
        State.RESOLVED,
    ]
    client.post(f"/cases/{case.pk}/confirm/", {"version": case.version})
    case.refresh_from_db()
    assert case.confirmed_on == clock.agency_today()
    assert case.next_states == []


def test_the_first_answer_closes_what_its_owner_was_asked(client: Client, officer: User) -> None:
    case = opened(officer)

    go(client, case, State.ADMITTED)

    assert not FollowUp.objects.open().exists()


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("after", State.values)
def test_it_goes_only_where_its_state_allows(client: Client, officer: User, before: str, after: str) -> None:
    case = opened(officer)
    InvestorCase.objects.filter(pk=case.pk).update(state=before, plan="Plan", level=1, outcome="Told")
    allowed = after in InvestorCase.NEXT.get(before, ())

    go(client, case, after)

    assert case.state == (after if allowed else before)
    assert CaseStep.objects.filter(case=case, after=after).count() == allowed + (after == State.RECEIVED)


@pytest.mark.parametrize(
    ("states", "missing"),
    [
        ([State.ADMITTED], "authority"),
        ([State.ADMITTED, State.PLANNED], "plan"),
        ([State.ADMITTED, State.PLANNED, State.ESCALATED], "level"),
        ([State.ADMITTED, State.PLANNED, State.PARTLY], "outcome"),
        ([State.INADMISSIBLE], "outcome"),
    ],
)
def test_a_state_asks_for_its_facts(client: Client, officer: User, states: list[str], missing: str) -> None:
    case = opened(officer)
    go(client, case, *states[:-1])
    before = case.state

    assert go(client, case, states[-1], **{missing: ""}) == 422

    assert case.state == before


def test_what_a_colleague_has_moved_meanwhile_is_not_moved_again(client: Client, officer: User) -> None:
    case = opened(officer)

    assert go(client, case, State.ADMITTED, version=99) == 422

    assert case.state == State.RECEIVED


def test_an_outcome_with_which_the_investor_disagrees_is_planned_anew(client: Client, officer: User) -> None:
    case = opened(officer)
    go(client, case, State.ADMITTED, State.PLANNED, State.RESOLVED, State.PLANNED)

    assert case.state == State.PLANNED


def test_what_was_said_in_confidence_is_for_its_owner_and_managers(client: Client) -> None:
    owner, colleague, manager = UserFactory(), UserFactory(), UserFactory(manager_role=True)
    company = CompanyFactory(installed_since=clock.agency_today())
    case = opened(owner, company=company, is_confidential=True, what="zqsecret")

    for reader, sees in ((owner, True), (colleague, False), (manager, True)):
        client.force_login(reader)
        assert (client.get(f"/cases/{case.pk}/").status_code == 200) == sees
        for page in ("/cases/", f"/companies/{company.pk}/", f"/companies/{company.pk}/account/"):
            text = client.get(page).content.decode()
            assert ("zqsecret" in text) == sees, page


def test_guests_see_no_case(client: Client) -> None:
    case = opened(UserFactory())
    client.force_login(UserFactory(role="guest"))

    assert client.get("/cases/").status_code == 404
    assert client.get(f"/cases/{case.pk}/").status_code == 404


def test_what_several_investors_met_within_a_year_calls_for_a_reform(officer: User) -> None:
    for _ in range(SYSTEMIC - 1):
        opened(officer)
    opened(officer, company=InvestorCase.objects.latest("pk").company)
    assert systemic(officer, at=clock.now()) == []

    opened(officer)

    assert systemic(officer, at=clock.now()) == [("Permits", SYSTEMIC)]


def test_the_list_shows_open_ones_and_the_ended_where_asked(client: Client, officer: User) -> None:
    one, ended = opened(officer), opened(officer)
    go(client, ended, State.INADMISSIBLE)

    assert client.get("/cases/").context["page"].rows == [one]
    assert client.get("/cases/?state=over").context["page"].rows == [ended]
    assert client.get("/cases/?state=%00&flag=x&owner=9999999999999999999999").status_code == 200
