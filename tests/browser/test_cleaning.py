"""Keeping the records clean, in a real browser: the quality board and the lists behind it."""

import pytest
from playwright.sync_api import Page, expect

from companies.models import Company
from config.staff import clock
from leads import quality
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.leads.factories import LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_number_of_the_quality_board_opens_its_list(page: Page, logged_in: LoggedIn) -> None:
    CompanyFactory(name="GLOBEX SERVICES")
    CompanyFactory(name="Globex Services")
    quality.note(at=clock.now())
    logged_in(page, UserFactory(administrator=True)).goto("/admin/")

    page.get_by_role("link", name="Data quality").click()
    line = page.get_by_role("row").filter(has_text="Oddly written name").first
    line.get_by_role("link", name="Oddly written name").click()
    expect(page.get_by_role("heading", name="Oddly written name, by week")).to_be_visible()
    assert page.locator("#trend img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    line.get_by_role("link", name="1", exact=True).click()

    expect(page.get_by_role("link", name="GLOBEX SERVICES")).to_be_visible()
    expect(page.get_by_role("link", name="Globex Services", exact=True)).to_have_count(0)


def test_odd_names_are_tidied_where_ticked_and_put_back(page: Page, logged_in: LoggedIn) -> None:
    CompanyFactory(name="GLOBEX SERVICES")
    CompanyFactory(name="ADIDAS RUNNERS")
    logged_in(page, UserFactory(manager_role=True)).goto("/quality/")

    page.get_by_role("link", name="Tidy spellings").click()
    page.get_by_role("link", name="Names of companies").click()
    page.get_by_label("Change ADIDAS RUNNERS").uncheck()
    page.get_by_role("button", name="Change the ticked ones").click()
    expect(page.get_by_text("1 record was changed.")).to_be_visible()
    assert set(Company.objects.values_list("name", flat=True)) == {"Globex Services", "ADIDAS RUNNERS"}

    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("1 record is as it was.")).to_be_visible()
    assert Company.objects.filter(name="GLOBEX SERVICES").exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_fit_and_can_be_read(new_context: NewContext, logged_in: LoggedIn, scheme: str) -> None:
    user = UserFactory(administrator=True, language="es")
    CompanyFactory(name="COMPAÑÍA INTERNACIONAL DE SERVICIOS COMPARTIDOS DEL PACÍFICO S.A.S.")
    LeadFactory(owner=UserFactory(name="Juan Camilo Bustamante de la Cruz", is_active=False, closed_at=clock.now()))
    quality.note(at=clock.now())
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "color_scheme": scheme}
    for words in ({"color_scheme": scheme}, phone):
        page = logged_in(new_context(**words).new_page(), user)
        for path in ("/quality/", "/normalise/", "/normalise/company_name/", "/normalise/phone/"):
            page.goto(path)
            assert accessibility_faults(page) == [], path
            assert not too_wide(page), path
