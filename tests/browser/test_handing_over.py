import pytest
from playwright.sync_api import Page, expect

from companies.models import Company
from tests.browser.conftest import LoggedIn
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
