import pytest
from playwright.sync_api import Page, expect

from companies.models import Company
from tests.browser.conftest import LoggedIn, Watch
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_work_of_a_leaver_goes_to_one_person(phone: Page, logged_in: LoggedIn) -> None:
    leaver, heir = UserFactory(name="Lena Leaver"), UserFactory(name="Hugo Heir")
    CompanyFactory(owner=leaver)
    logged_in(phone, UserFactory(administrator=True)).goto(f"/settings/people/{leaver.pk}/")

    phone.get_by_role("link", name="Hand over their work").click()
    assert not too_wide(phone)
    assert accessibility_faults(phone) == []
    phone.get_by_label("Who gets it").select_option("Hugo Heir")
    phone.get_by_role("button", name="Hand over everything").click()

    expect(phone.get_by_text("Hugo Heir got: Companies 1.")).to_be_visible()
    expect(phone.get_by_text("Nothing open belongs to this person")).to_be_visible()
    assert Company.objects.get().owner == heir


def test_an_account_closes_only_with_its_work_handed_over(page: Page, logged_in: LoggedIn, watch: Watch) -> None:
    watch.expect("422")
    leaver, heir = UserFactory(name="Lena Leaver"), UserFactory(name="Hugo Heir")
    CompanyFactory(owner=leaver)
    logged_in(page, UserFactory(administrator=True)).goto(f"/settings/people/{leaver.pk}/")

    page.get_by_role("link", name="Close the account").click()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Hand over everything and close the account").click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    page.get_by_label("Who gets it").select_option("Hugo Heir")
    page.get_by_role("button", name="Hand over everything and close the account").click()

    expect(page.get_by_text("The account is closed. Handed over: Companies 1.")).to_be_visible()
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert Company.objects.get().owner == heir
