"""What comes after the win, the visit of an investor, services, rates and claims, before a strict eye."""

from datetime import date, time, timedelta

import pytest

from config.staff import clock
from config.staff.models import User
from leads.models import AftercareOffer, Claim, Lead, Nda, Service, ServiceKind, SiteStop, SiteVisit
from leads.won.handing_over import offer
from leads.won.yearly import keep_verifications
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.leads.factories import LeadFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def world(manager: User) -> tuple[Lead, SiteVisit]:
    all_stages()
    today = clock.agency_today()
    won: Lead = LeadFactory(
        title="Centro de servicios compartidos para América Latina",
        status="won",
        decided_on=today - timedelta(days=360),
        second_person=manager,
    )
    keep_verifications(at=clock.now())
    offer(won, to=manager, by=won.owner, note="Hablen primero con la gerente de planta.")
    Claim.objects.create(lead=won, organisation=CompanyFactory(name="ProColombia"), external_id="PC-10293")
    kind = ServiceKind.objects.get_or_create(code="permit", defaults={"name_en": "Permit help", "name_es": "Trámites"})
    Service.objects.create(lead=won, kind=kind[0], given_on=today, by=manager)
    visit = SiteVisit.objects.create(lead=won, starts_on=today, ends_on=today, purpose="Dos parques y la universidad")
    SiteStop.objects.create(
        visit=visit, day=today, starts=time(9), ends=time(10, 30), title="Zona Franca del Pacífico", host="Ana Ruiz"
    )
    reserved = LeadFactory(named=True, owner=manager)
    Nda.objects.create(lead=reserved, parties="Invest Pacific", signed_on=date(2026, 1, 2), scope="Todo")
    return won, visit


@pytest.mark.parametrize("look", [(390, "es"), (1280, "en")])
def test_the_pages_after_the_win_stand_a_strict_eye(
    new_context: NewContext, logged_in: LoggedIn, look: tuple[int, str]
) -> None:
    width, language = look
    manager: User = UserFactory(manager_role=True, language=language, name="Marta Manager")
    won, visit = world(manager)
    scheme = "dark" if language == "es" else "light"
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, manager)
    paths = [
        *(f"/leads/{won.pk}/", f"/leads/{won.pk}/aftercare/", visit.get_absolute_url(), "/leads/verifications/"),
        *("/leads/ndas/", "/services/", "/leads/claims/", "/rates/"),
    ]
    for path in paths:
        page.goto(path)
        assert not accessibility_faults(page), path
        assert not too_wide(page), path

    page.goto(f"/leads/{won.pk}/aftercare/")
    page.locator("form[action$='/accept/'] button").click()
    page.wait_for_url("**/account/edit/")
    assert AftercareOffer.objects.get().state == "accepted"
