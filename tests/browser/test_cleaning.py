"""Keeping the records clean, in a real browser: the quality board and the lists behind it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from companies.models import Company, Contact
from config.staff import clock
from leads import quality, retention
from leads.models import Purge
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import LeadFactory
from tests.staff.factories import UserFactory

PASSWORD = "twelve tall palms"
PRIVACY = ("/privacy/retention/", "/privacy/retention/people/")
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


def test_people_whom_nobody_had_to_do_with_are_purged_after_a_simulated_run(page: Page, logged_in: LoggedIn) -> None:
    contact = ContactFactory(given_name="Ana", family_name="Olvidada")
    Contact.objects.filter(pk=contact.pk).update(created_at=clock.now() - timedelta(days=3000))
    user = UserFactory(administrator=True)
    user.set_password(PASSWORD)
    user.save()
    logged_in(page, user).goto("/privacy/")

    page.get_by_role("link", name="How long it is kept").click()
    page.get_by_role("link", name="People nobody has had to do with").click()
    expect(page.get_by_role("link", name="Ana Olvidada")).to_be_visible()
    page.get_by_label("I have looked at the simulated run").check()
    page.get_by_role("button", name="Purge").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").filter(has_text="Confirm").click()

    expect(page.get_by_text("It is being purged")).to_be_visible()
    retention.carry_on(Purge.objects.get().pk)
    page.reload()
    expect(page.get_by_text("1 of 1")).to_be_visible()
    assert Contact.objects.get(pk=contact.pk).anonymised_at


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_fit_and_can_be_read(new_context: NewContext, logged_in: LoggedIn, scheme: str) -> None:
    user = UserFactory(administrator=True, language="es")
    CompanyFactory(name="COMPAÑÍA INTERNACIONAL DE SERVICIOS COMPARTIDOS DEL PACÍFICO S.A.S.")
    LeadFactory(owner=UserFactory(name="Juan Camilo Bustamante de la Cruz", is_active=False, closed_at=clock.now()))
    quality.note(at=clock.now())
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "color_scheme": scheme}
    for words in ({"color_scheme": scheme}, phone):
        page = logged_in(new_context(**words).new_page(), user)
        for path in ("/quality/", "/normalise/", "/normalise/company_name/", "/normalise/phone/", *PRIVACY):
            page.goto(path)
            assert accessibility_faults(page) == [], path
            assert not too_wide(page), path
