"""An investor comes: programme, hosts, sites, people of both sides, debrief, and the service that it counts as."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from companies.models import Position
from config.staff import clock
from config.staff.models import User
from leads.models import Lead, Service, SiteStop, SiteVisit
from leads.visits.visiting import debrief, paper, plan
from tests.companies.factories import ContactFactory
from tests.leads.factories import LeadFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
STOP = {"starts": "09:00", "ends": "10:30", "title": "Free zone", "host": "Ann Host, Zona Franca", "place": "Palmira"}


@pytest.fixture
def officer(client: Client) -> User:
    all_stages()
    person: User = UserFactory()
    client.force_login(person)
    return person


def visit(lead: Lead, day: date | None = None, **facts: object) -> SiteVisit:
    day = day or clock.agency_today()
    new = SiteVisit(lead=lead, starts_on=day, ends_on=day, **facts)
    return plan(new, by=lead.owner, contacts=[], colleagues=[])


def test_a_visit_is_planned_with_the_people_of_both_sides(client: Client, officer: User) -> None:
    lead = LeadFactory(owner=officer)
    contact = ContactFactory()
    Position.objects.create(contact=contact, company=lead.company)
    typed = {"starts_on": "2027-03-01", "ends_on": "2027-03-02", "contacts": [contact.pk], "colleagues": [officer.pk]}
    client.post(f"/leads/{lead.pk}/visits/new/", typed)

    made = SiteVisit.objects.get()
    assert [(row.contact, row.user) for row in made.visitors.order_by("pk")] == [(contact, None), (None, officer)]
    lead.refresh_from_db()
    assert lead.visit_on == date(2027, 3, 1)

    client.post(f"{made.get_absolute_url()}edit/", typed | {"contacts": []})
    assert made.visitors.get().user == officer


def test_its_programme_is_made_stop_by_stop(client: Client, officer: User) -> None:
    made = visit(LeadFactory(), purpose="Two sites")
    for stop in (STOP, STOP | {"starts": "08:00", "ends": "", "title": "Airport"}):
        client.post(made.get_absolute_url(), stop | {"day": made.starts_on.isoformat()})
    page = client.get(made.get_absolute_url())

    assert [stop.title for stop in page.context["stops"]] == ["Airport", "Free zone"]
    assert "Ann Host" in page.text
    client.post(f"{made.get_absolute_url()}stops/{SiteStop.objects.first().pk}/")  # type: ignore[union-attr]
    assert SiteStop.objects.get().title == "Free zone"


@pytest.mark.parametrize(
    "wrong",
    [{"day": "2020-01-01"}, {"ends": "08:00"}, {"starts": "x"}, {"title": ""}, {"title": "x" * 10_000}, {"day": "\0"}],
)
def test_a_stop_that_cannot_be_is_refused(client: Client, officer: User, wrong: dict[str, str]) -> None:
    made = visit(LeadFactory())
    typed = STOP | {"day": made.starts_on.isoformat()} | wrong

    assert client.post(made.get_absolute_url(), typed).status_code == 422


def test_the_debrief_is_a_service_given_once_and_stands_on_the_lead() -> None:
    lead = LeadFactory()
    made = visit(lead, purpose="Two sites")
    debrief(made, by=lead.owner, showed="They liked Palmira.", objections="Rent")
    debrief(made, by=lead.owner, showed="They liked Palmira much.", objections="")

    given = Service.objects.get()
    lead.refresh_from_db()
    assert (given.kind_id, given.given_on, given.lead) == ("site_visit", made.ends_on, lead)
    assert lead.visit_debrief == "They liked Palmira much."


def test_a_visit_to_come_has_no_debrief(client: Client, officer: User) -> None:
    made = visit(LeadFactory(), clock.agency_today() + timedelta(days=9))
    client.post(f"{made.get_absolute_url()}debrief/", {"debrief": "Early"})

    assert not Service.objects.exists()


def test_the_debrief_is_typed_on_its_page(client: Client, officer: User) -> None:
    made = visit(LeadFactory())
    assert client.post(f"{made.get_absolute_url()}debrief/", {"debrief": ""}).status_code == 422
    client.post(f"{made.get_absolute_url()}debrief/", {"debrief": "All good"})

    assert Service.objects.get().by == officer


@pytest.mark.parametrize("language", ["es", "en", "xx"])
def test_the_programme_is_printed(client: Client, officer: User, language: str) -> None:
    made = visit(LeadFactory())
    client.post(made.get_absolute_url(), STOP | {"day": made.starts_on.isoformat()})
    answer = client.get(f"{made.get_absolute_url()}programme.pdf?language={language}")

    assert answer.content.startswith(b"%PDF")


def test_the_paper_of_a_restricted_lead_has_its_code_name(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = LeadFactory(named=True)
    told: dict[str, object] = {}

    def pdf(_template: str, _data: object, **words: object) -> bytes:
        told.update(words)
        return b"%PDF"

    monkeypatch.setattr("companies.printing.pdf", pdf)
    paper(visit(lead))

    assert told["title"] == lead.code_name


@pytest.mark.parametrize("path", ["", "edit/", "debrief/", "programme.pdf"])
def test_the_visit_of_a_restricted_lead_is_not_there_for_others(client: Client, officer: User, path: str) -> None:
    made = visit(LeadFactory(named=True))

    assert client.get(f"{made.get_absolute_url()}{path}").status_code == 404


def test_the_database_knows_that_time_goes_on() -> None:
    made = visit(LeadFactory())
    with pytest.raises(IntegrityError, match="site_stop_ends_after"), transaction.atomic():
        SiteStop.objects.create(visit=made, day=made.starts_on, starts="10:00", ends="09:00", title="Back in time")
    with pytest.raises(IntegrityError, match="site_visit_ends_after"), transaction.atomic():
        SiteVisit.objects.create(lead=made.lead, starts_on=date(2027, 2, 2), ends_on=date(2027, 2, 1))
