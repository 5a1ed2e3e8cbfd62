from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads.follow_ups.following import add_follow_up
from leads.models import FollowUp
from tests.companies.factories import CompanyFactory, PositionFactory
from tests.leads.factories import LeadFactory, StageFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# A Thursday.
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
NEW = "/follow-ups/new/"


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
def browser(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def company() -> Company:
    company: Company = CompanyFactory(name="Nuvola")
    return company


def words(owner: User, company: Company | None = None, **changes: Any) -> dict[str, Any]:
    picked = {"company": company.name, "company_id": company.pk} if company else {}
    return {"text": "Send the study", "due": "three", "owner": owner.pk, **picked, **changes}


def test_chip_counts_three_working_days(browser: Client, officer: User, company: Company) -> None:
    browser.post(NEW, words(officer, company))

    follow_up = FollowUp.objects.get()
    assert (follow_up.due_on, follow_up.origin, follow_up.company) == (date(2026, 11, 24), "manual", company)


def test_day_that_was_picked_needs_no_chip(browser: Client, officer: User, company: Company) -> None:
    browser.post(NEW, words(officer, company, due="", day="2026-12-01"))

    assert FollowUp.objects.get().due_on == date(2026, 12, 1)


def test_owner_is_me_unless_i_say_otherwise(browser: Client, officer: User) -> None:
    assert browser.get(NEW).context["form"]["owner"].value() == officer.pk


def test_somebody_elses_follow_up_is_news_to_them(browser: Client, company: Company) -> None:
    colleague = UserFactory()

    browser.post(NEW, words(colleague, company))

    assert list(FollowUp.objects.to_announce()) == list(colleague.follow_ups.all())


def test_my_own_is_no_news_to_me(browser: Client, officer: User, company: Company) -> None:
    browser.post(NEW, words(officer, company))

    assert not FollowUp.objects.to_announce().exists()


def test_company_of_the_page_is_preset(browser: Client, company: Company) -> None:
    answer = browser.get(NEW, {"company": company.pk})

    assert answer.context["form"]["company"].value() == ("Nuvola", str(company.pk))


def test_person_brings_the_company_along(browser: Client) -> None:
    position = PositionFactory()

    form = browser.get(NEW, {"contact": position.contact_id}).context["form"]

    assert form.initial == {"contact": position.contact, "company": position.company}


def test_junk_in_the_address_presets_nothing(browser: Client) -> None:
    assert browser.get(NEW, {"company": "9" * 30, "contact": "x\0"}).status_code == 200


def test_lead_brings_its_company_and_person_along(browser: Client, officer: User) -> None:
    lead = LeadFactory()

    answer = browser.post(reverse("leads:new_follow_up", args=[lead.pk]), words(officer))

    follow_up = lead.follow_ups.get()
    assert (answer["Location"], follow_up.company) == (lead.get_absolute_url(), lead.company)


def test_restricted_lead_is_not_given_to_who_may_not_see_it(browser: Client, officer: User) -> None:
    lead = LeadFactory(named=True, owner=officer)

    answer = browser.post(reverse("leads:new_follow_up", args=[lead.pk]), words(UserFactory()))

    assert (answer.status_code, lead.follow_ups.exists()) == (422, False)


def test_merged_company_cannot_be_chosen(browser: Client, officer: User, company: Company) -> None:
    gone = CompanyFactory(name="Nuvola Viejo", merged_into=company)

    assert browser.post(NEW, words(officer, gone)).status_code == 422


def test_without_a_day_what_was_typed_is_kept(browser: Client, officer: User, company: Company) -> None:
    answer = browser.post(NEW, words(officer, company, due=""))

    assert answer.status_code == 422
    assert b'value="Send the study"' in answer.content


def test_typed_company_is_found_without_scripts(browser: Client, officer: User, company: Company) -> None:
    browser.post(NEW, words(officer, company, company_id=""))

    assert FollowUp.objects.get().company == company


def test_form_sent_twice_is_one_follow_up(officer: User, company: Company) -> None:
    plans = [
        add_follow_up(company, by=officer, owner=officer, text="Call", due_on=date(2026, 11, 20)) for _time in range(2)
    ]

    assert plans[0] == plans[1]


def test_it_goes_back_to_where_it_was_asked_for(browser: Client, officer: User, company: Company) -> None:
    from_company = browser.post(NEW, words(officer, company))
    from_today = browser.post(NEW, words(officer, company, **{"from": "today"}))

    assert (from_company["Location"], from_today["Location"]) == (company.get_absolute_url(), "/today/")


@pytest.mark.parametrize("page", ["/today/", "/companies/{company}/", "/leads/{lead}/"])
def test_page_offers_to_add_one(browser: Client, company: Company, page: str) -> None:
    lead = LeadFactory(company=company)

    assert b"follow-ups/new/" in browser.get(page.format(company=company.pk, lead=lead.pk)).content
