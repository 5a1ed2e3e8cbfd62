from datetime import timedelta

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.merging import merge
from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads.interactions.timeline import timeline_of
from leads.interactions.timeline_entries import SHOWN, Mark
from leads.models.choices import Level
from missions.models.appointment import Level as AppointmentLevel
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory, SectorFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = UserFactory(manager_role=True)
    client.force_login(user)
    return user


def page(client: Client, company: Company, kind: str = "") -> str:
    return client.get(f"{company.get_absolute_url()}?kind={kind}").content.decode()


def change(company: Company, by: User, **values: object) -> None:
    with pghistory.context(user=by.pk):
        Company.objects.filter(pk=company.pk).update(**values)


def test_a_change_says_what_it_was_what_it_is_and_by_whom(client: Client, manager: User) -> None:
    company = CompanyFactory(name="Acme", sector=SectorFactory())
    change(company, UserFactory(name="Renata"), name="Acme Nova", sector=None)

    shown = page(client, company)

    assert "Acme → Acme Nova" in shown
    assert "Software → –" in shown
    assert "Renata" in shown


def test_countries_and_owners_of_a_change_are_named(client: Client, manager: User) -> None:
    company = CompanyFactory(owner=UserFactory(name="Old Hand"))
    change(company, manager, owner=UserFactory(name="New Hand"), origin_country=CountryFactory())

    shown = page(client, company, "changes")

    assert "Old Hand → New Hand" in shown
    assert "– → United States" in shown


def test_a_save_that_changes_nothing_stands_nowhere(manager: User) -> None:
    company = CompanyFactory()
    company.save()
    company.version += 1
    company.save()

    assert timeline_of(company, reader=manager, kind="changes").entries == []


def test_a_merge_stands_there_with_its_undo(client: Client, manager: User) -> None:
    kept, lost = CompanyFactory(name="Kept"), CompanyFactory(name="Lost")
    log = merge(kept, lost, by=manager)

    shown = page(client, kept, "changes")

    assert f"Lost was merged into Kept by {manager.name}" in shown
    assert reverse("companies:merge_undo", args=[log.pk]) in shown


def test_an_officer_is_not_offered_the_undo_of_a_merge(client: Client) -> None:
    kept = CompanyFactory()
    log = merge(kept, CompanyFactory(), by=UserFactory(manager_role=True))
    client.force_login(UserFactory())

    assert reverse("companies:merge_undo", args=[log.pk]) not in page(client, kept)


def test_a_merge_of_contacts_stands_on_the_contact(client: Client, manager: User) -> None:
    kept, lost = ContactFactory(given_name="Ana", family_name="Uno"), ContactFactory()
    merge(kept, lost, by=manager)

    assert f"{lost.name} was merged into Ana Uno" in client.get(kept.get_absolute_url()).content.decode()


def test_a_past_appointment_stands_there_until_it_is_logged(client: Client, manager: User) -> None:
    appointment = AppointmentFactory(mission=MissionFactory(name="Bay tour"), status="no_show")
    appointment.local_start -= timedelta(days=900)
    appointment.local_end -= timedelta(days=900)
    appointment.save()
    assert "Bay tour</strong></a>: No-show" in page(client, appointment.company, "missions")

    InteractionFactory(company=appointment.company, appointment=appointment)
    assert "Bay tour</strong></a>: No-show" not in page(client, appointment.company, "missions")


def test_nothing_of_what_is_restricted_stands_there(client: Client, manager: User) -> None:
    company = CompanyFactory()
    lead = LeadFactory(company=company, level=Level.NAMED, title="zqsecret plan", code_name="Ceiba")
    InteractionFactory(company=company, lead=lead, note="zqsecret note")
    FollowUpFactory(company=company, lead=lead, text="zqsecret promise", state="done", closed_at=clock.now())
    hidden = AppointmentFactory(company=company, level=AppointmentLevel.RESTRICTED, purpose="zqsecret purpose")
    hidden.local_start -= timedelta(days=900)
    hidden.local_end -= timedelta(days=900)
    hidden.save()

    assert "zqsecret" not in page(client, company)


def test_pages_lose_and_repeat_nothing_where_many_share_one_moment(manager: User) -> None:
    company, at = CompanyFactory(), clock.now() - timedelta(days=1)
    said = {InteractionFactory(company=company, happened_at=at).pk for _n in range(SHOWN + 5)}
    done = {FollowUpFactory(company=company, state="done", closed_at=at).pk for _n in range(SHOWN + 5)}

    seen: list[Mark] = []
    timeline = timeline_of(company, reader=manager)
    seen += [entry.mark for entry in timeline.entries]
    while timeline.older_than:
        timeline = timeline_of(company, reader=manager, before=Mark.read(str(timeline.older_than)))
        seen += [entry.mark for entry in timeline.entries]

    assert len(seen) == len(set(seen))
    assert {mark.pk for mark in seen if mark.kind == 0} == said
    assert {mark.pk for mark in seen if mark.kind == 1} == done


@pytest.mark.parametrize("text", ["", "x", "2026-01-01", "~~", "2026-01-01T00:00:00+00:00~1~", "2026-02-31T0:00~1~1"])
def test_a_mark_that_says_nothing_is_the_first_page(text: str) -> None:
    assert Mark.read(text) is None


def test_more_changes_cost_no_more_queries(manager: User) -> None:
    company = CompanyFactory()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            timeline_of(company, reader=manager)
        return len(captured)

    def fill(n: int) -> None:
        change(company, UserFactory(), name=f"Name {n}", owner=UserFactory())
        merge(company, CompanyFactory(), by=manager)
        company.refresh_from_db()

    fill(1)
    once = queries()
    for n in range(2, 6):
        fill(n)
    assert queries() == once
