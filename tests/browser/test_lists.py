"""Lists in a real browser: views and columns, the way through from inside a record, bulk edit with undo, export."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from companies.models import Company, Export, SavedView
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory, SectorFactory
from tests.leads.factories import InteractionFactory, LeadFactory
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "twelve tall palms"


def test_a_view_is_made_shared_and_begun_with(page: Page, logged_in: LoggedIn) -> None:
    CompanyFactory(name="Partner", kind="institution")
    CompanyFactory(name="Investor")
    user = UserFactory(team=TeamFactory())
    logged_in(page, user).goto("/companies/")

    page.locator("select[name=kind]").select_option("institution")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_text("Columns").click()
    page.get_by_label("Web domain").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Web domain")).to_be_visible()
    expect(page.get_by_role("link", name="Investor", exact=True)).to_have_count(0)

    page.locator(".list-tools summary").first.click()
    page.get_by_role("link", name="Save as a new view").click()
    page.get_by_label("Name").fill("Our partners")
    page.get_by_label("My team").check()
    page.get_by_label("Begin with it").check()
    page.get_by_role("button", name="Save").click()

    page.goto("/companies/")
    expect(page.locator(".list-tools summary").first).to_have_text("Our partners")
    expect(page.get_by_role("columnheader", name="Web domain")).to_be_visible()
    assert SavedView.objects.visible_to(UserFactory(team=user.team)).get().name == "Our partners"


def test_a_list_is_walked_from_inside_a_record(page: Page, logged_in: LoggedIn) -> None:
    for name in ("Ceiba", "Acacia", "Balso"):
        CompanyFactory(name=name)
    logged_in(page, UserFactory()).goto("/companies/")
    page.get_by_role("link", name="Company", exact=True).click()  # the other way round

    page.get_by_role("link", name="Ceiba", exact=True).click()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_role("heading", name="Balso")).to_be_visible()
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(page.get_by_role("heading", name="Ceiba")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()

    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")


def test_ticked_rows_are_edited_and_put_back(page: Page, logged_in: LoggedIn) -> None:
    SectorFactory(code="bpo", name_en="Business services")
    for name in ("Acacia", "Balso", "Ceiba"):
        CompanyFactory(name=name)
    logged_in(page, UserFactory()).goto("/companies/")
    expect(page.get_by_role("button", name="Edit the selected ones")).to_be_hidden()

    page.get_by_label("Select Acacia").check()
    page.get_by_label("Select Balso").check()
    expect(page.get_by_text("Selected: 2")).to_be_visible()
    page.get_by_role("button", name="Edit the selected ones").click()
    page.get_by_role("link", name="Sector", exact=True).click()
    page.get_by_label("Sector").select_option("bpo")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("link", name="Balso")).to_be_visible()
    assert not Company.objects.filter(sector="bpo").exists()
    page.get_by_role("button", name="Change 2 records").click()

    expect(page.get_by_text("2 records were changed.")).to_be_visible()
    assert Company.objects.filter(sector="bpo").count() == 2
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("2 records are as they were.")).to_be_visible()
    assert not Company.objects.filter(sector="bpo").exists()


def test_what_is_shown_leaves_as_a_file_after_the_password(page: Page, logged_in: LoggedIn, tmp_path: Path) -> None:
    CompanyFactory(name="=cmd|' /C calc'!A0")
    CompanyFactory(name="Partner", kind="institution")
    user = UserFactory(manager_role=True)
    user.set_password(PASSWORD)
    user.save()
    logged_in(page, user).goto("/companies/?kind=investor&columns=kind")

    page.get_by_role("link", name="Export").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").filter(has_text="Confirm").click()
    page.get_by_label("CSV, for other programs").check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    saved.value.save_as(tmp_path / "companies.csv")

    text = (tmp_path / "companies.csv").read_text(encoding="utf-8-sig")
    assert text == "Company,Kind\n'=cmd|' /C calc'!A0,Company\n"
    assert Export.objects.get().rows == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_fit_and_can_be_read(new_context: NewContext, logged_in: LoggedIn, scheme: str) -> None:
    user = UserFactory(manager_role=True, language="es")
    lead = LeadFactory(company__name="Compañía Internacional de Servicios Compartidos del Pacífico S.A.S.")
    InteractionFactory(company=lead.company, interest="hot", note="Quieren 200 puestos. " * 10)
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "color_scheme": scheme}
    for words in ({"color_scheme": scheme}, phone):
        page = logged_in(new_context(**words).new_page(), user)
        for path in ("/companies/", "/contacts/", "/leads/", "/interactions/", "/companies/views/new/", "/bulk-edits/"):
            page.goto(path)
            assert accessibility_faults(page) == [], path
            assert not too_wide(page), path
        page.goto(f"/companies/bulk/?pk={lead.company_id}&field=kind&value=institution")
        assert accessibility_faults(page) == []
        assert not too_wide(page)
