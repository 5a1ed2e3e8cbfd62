"""Agreements not to tell, and the restricted leads that lack one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from config.staff import clock
from config.staff.models import User
from leads.models import Lead, Nda
from leads.models.choices import Status
from leads.pipeline.ndas import warning_of, without
from tests.leads.factories import LeadFactory, LeadPersonFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
TYPED = {"parties": "Invest Pacific, Acme Inc.", "signed_on": "2026-01-10", "scope": "All that they plan"}


@pytest.fixture
def officer(client: Client) -> User:
    all_stages()
    person: User = UserFactory()
    client.force_login(person)
    return person


def nda(lead: Lead, *, ends_in: int | None = None, **facts: Any) -> Nda:
    today = clock.agency_today()
    ends = None if ends_in is None else today + timedelta(days=ends_in)
    given = {"parties": "Both", "signed_on": today - timedelta(days=100), "expires_on": ends, "scope": "All"}
    return Nda.objects.create(lead=lead, **given | facts)


def test_it_is_added_changed_and_removed_on_the_page_of_its_lead(client: Client, officer: User) -> None:
    lead = LeadFactory()
    client.post(f"/leads/{lead.pk}/ndas/new/", TYPED)
    made = Nda.objects.get()
    client.post(f"/leads/{lead.pk}/ndas/{made.pk}/", TYPED | {"expires_on": "2027-01-10"})
    assert "Acme Inc." in client.get(lead.get_absolute_url()).text
    assert Nda.objects.get().expires_on == date(2027, 1, 10)

    client.post(f"/leads/{lead.pk}/ndas/{made.pk}/remove/")
    assert not Nda.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"expires_on": "2025-01-01"}, {"signed_on": ""}, {"parties": "x" * 10_000}, {"scope": ""}, {"file": "9"}]
)
def test_an_agreement_that_cannot_be_is_refused(client: Client, officer: User, wrong: dict[str, str]) -> None:
    assert client.post(f"/leads/{LeadFactory().pk}/ndas/new/", TYPED | wrong).status_code == 422


@pytest.mark.parametrize(("ends_in", "warning"), [(None, ""), (400, ""), (29, "soon"), (-1, "none")])
def test_an_active_restricted_lead_warns_where_none_lasts(ends_in: int | None, warning: str) -> None:
    lead = LeadFactory(named=True)
    made = nda(lead, ends_in=ends_in)

    assert warning_of(lead, [made], today=clock.agency_today()) == warning
    assert without(lead.owner, today=clock.agency_today()).exists() == bool(warning)


@pytest.mark.parametrize("facts", [{}, {"named": True, "status": Status.DORMANT}])
def test_a_lead_without_any(facts: dict[str, Any]) -> None:
    lead = LeadFactory(**facts)

    assert warning_of(lead, [], today=clock.agency_today()) == ("none" if facts else "")


def test_the_owner_hears_of_it_on_today_on_the_lead_and_in_the_list(client: Client, officer: User) -> None:
    lead = LeadFactory(named=True, owner=officer)
    assert "1 restricted lead" in client.get("/today/").text
    assert "No agreement not to tell is in force" in client.get(lead.get_absolute_url()).text
    assert lead.code_name in client.get("/leads/ndas/").text

    nda(lead)
    assert "restricted lead" not in client.get("/today/").text
    assert "No agreement not to tell is in force" not in client.get(lead.get_absolute_url()).text


def test_the_company_page_shows_those_of_leads_that_one_may_see(client: Client, officer: User) -> None:
    lead = LeadFactory(named=True)
    nda(lead, parties="Zq Secret Foods")
    assert "Zq Secret Foods" not in client.get(lead.company.get_absolute_url()).text
    assert "Zq Secret Foods" not in client.get("/leads/ndas/").text

    LeadPersonFactory(lead=lead, user=officer)
    assert "Zq Secret Foods" in client.get(lead.company.get_absolute_url()).text


@pytest.mark.parametrize("path", ["new/", "1/"])
def test_those_of_a_restricted_lead_are_not_there_for_others(client: Client, officer: User, path: str) -> None:
    assert client.get(f"/leads/{LeadFactory(named=True).pk}/ndas/{path}").status_code == 404


def test_the_database_knows_that_it_ends_after_its_start() -> None:
    with pytest.raises(IntegrityError, match="nda_expires_after"), transaction.atomic():
        nda(LeadFactory(), ends_in=-200)
