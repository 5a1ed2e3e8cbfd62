import pytest
from playwright.sync_api import Page, expect

from config.staff import clock
from leads.models import InvestorCase
from tests.browser.conftest import LoggedIn
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_red_flag_is_opened_and_admitted_on_a_phone(phone: Page, logged_in: LoggedIn) -> None:
    company = CompanyFactory(name="Globex", installed_since=clock.agency_today())
    logged_in(phone, UserFactory()).goto(f"/companies/{company.pk}/account/")

    phone.get_by_role("link", name="Open a case").click()
    phone.get_by_label("How urgent").select_option("red")
    phone.get_by_label("What it is about").select_option("closing")
    phone.get_by_label("In one line").fill("They look at Panama")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("heading", name="They look at Panama")).to_be_visible()
    assert accessibility_faults(phone) == []
    assert not too_wide(phone)
    phone.get_by_role("link", name="Admitted").click()
    phone.get_by_label("Authority involved").fill("Alcaldía de Cali")
    phone.get_by_role("button", name="Admitted").click()

    expect(phone.get_by_role("definition").filter(has_text="Alcaldía de Cali")).to_be_visible()
    assert InvestorCase.objects.get().state == "admitted"
    for path in ("/cases/", f"/companies/{company.pk}/"):
        phone.goto(path)
        expect(phone.get_by_role("link", name="They look at Panama").first).to_be_visible()
        assert accessibility_faults(phone) == []
        assert not too_wide(phone)
