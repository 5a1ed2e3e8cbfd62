from datetime import timedelta

import pytest
from django.test import Client

from companies.groups import move_under
from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads.interactions.collisions import WITHIN
from leads.models.choices import Level
from missions.models.appointment import Level as AppointmentLevel
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ReadingFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, SeatFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
WARNED = "A colleague meets them too."


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def group() -> tuple[Company, Company]:
    top, child = CompanyFactory(name="Top", owner=UserFactory(name="Ana Holder")), CompanyFactory(name="Below")
    return top, move_under(child, top)


def page(client: Client, company: Company, asked: str = "") -> str:
    return client.get(f"{company.get_absolute_url()}{asked}").content.decode()


def appointment(company: Company, **values: object) -> object:
    planned = AppointmentFactory(company=company, **values)
    planned.local_start = (clock.now() + timedelta(days=3)).replace(tzinfo=None)
    planned.local_end = planned.local_start + timedelta(hours=1)
    planned.save()
    return planned


def test_an_appointment_of_a_colleague_warns(client: Client, officer: User) -> None:
    company = CompanyFactory()
    planned = appointment(company)
    SeatFactory(appointment=planned, delegate=DelegateFactory(mission=planned.mission, name="Renata"))  # type: ignore[attr-defined]

    assert WARNED in page(client, company)
    assert "Renata will meet" in page(client, company)


def test_a_meeting_of_a_colleague_in_the_group_warns(
    client: Client, officer: User, group: tuple[Company, Company]
) -> None:
    InteractionFactory(company=group[1], logged_by=UserFactory(name="Renata"))

    assert "Renata met Below" in page(client, group[0])


def test_ones_own_meeting_an_old_one_and_a_call_warn_of_nothing(client: Client, officer: User) -> None:
    company = CompanyFactory()
    InteractionFactory(company=company, logged_by=officer)
    InteractionFactory(company=company, happened_at=clock.now() - WITHIN - timedelta(days=1))
    InteractionFactory(company=company, kind="call")

    assert WARNED not in page(client, company)


def test_what_is_restricted_warns_of_nothing(client: Client, officer: User) -> None:
    company = CompanyFactory()
    appointment(company, level=AppointmentLevel.RESTRICTED)
    InteractionFactory(company=company, lead=LeadFactory(company=company, named=True))

    assert WARNED not in page(client, company)


def test_the_timeline_of_the_group_shows_all_of_its_companies(
    client: Client, officer: User, group: tuple[Company, Company]
) -> None:
    InteractionFactory(company=group[1], note="said below", happened_at=clock.now() - timedelta(days=90))

    assert "said below" not in page(client, group[0])
    assert "said below" in page(client, group[0], "?of=group")
    assert "said below" in page(client, group[0], "?of=group&kind=meetings")


def test_a_company_without_an_owner_has_that_of_the_one_above(
    client: Client, officer: User, group: tuple[Company, Company]
) -> None:
    shown = page(client, group[1])

    assert "Ana Holder" in shown
    assert "From Top" in shown


def test_open_and_closed_promises_are_kept_apart(client: Client, officer: User) -> None:
    company = CompanyFactory()
    FollowUpFactory(company=company, text="done one", state="done", closed_at=clock.now(), closed_by=officer)
    FollowUpFactory(company=company, text="later one", due_on=clock.agency_today() + timedelta(days=9))
    first = FollowUpFactory(company=company, text="first one")

    answer = client.get(company.get_absolute_url())

    assert answer.context["next_promise"] == first
    assert [row.text for row in answer.context["follow_ups"]] == ["first one", "later one"]
    assert "done one" in answer.content.decode()


def test_many_open_promises_hide_no_closed_one(client: Client, officer: User) -> None:
    company = CompanyFactory()
    for _n in range(45):
        FollowUpFactory(company=company)
    FollowUpFactory(company=company, text="done one", state="done", closed_at=clock.now(), closed_by=officer)

    assert "done one" in page(client, company)


def test_the_figures_of_a_group_say_how_many_they_could_count(
    client: Client, officer: User, group: tuple[Company, Company]
) -> None:
    for company, known in ((group[0], True), (group[1], False)):
        lead = LeadFactory(company=company, title=f"Plan of {company}", decided_on=clock.agency_today())
        ReadingFactory(lead=lead, jobs=100 if known else None, jobs_unknown=not known)
    LeadFactory(company=group[1], named=True, decided_on=clock.agency_today())

    answer = client.get(f"/companies/{group[1].pk}/group/?figure=jobs")

    whole = answer.context["whole"]
    assert (whole.projects, whole.jobs, whole.jobs_known) == (2, 100, 1)
    assert [lead.title for lead in answer.context["projects"]] == ["Plan of Top"]


def test_the_group_names_no_restricted_project(client: Client, officer: User, group: tuple[Company, Company]) -> None:
    LeadFactory(company=group[1], level=Level.NAMED, code_name="Ceiba", decided_on=clock.agency_today())

    assert "Ceiba" not in client.get(f"/companies/{group[1].pk}/group/").content.decode()
