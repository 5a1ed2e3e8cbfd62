from datetime import date, timedelta

import pytest

from config.staff import clock
from config.staff.models import User
from missions.models import CostLine
from tests.browser.conftest import LoggedIn, NewContext
from tests.browser.looking import accessibility_faults, too_wide
from tests.companies.factories import CompanyFactory
from tests.leads.factories import InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("look", [(390, "es"), (1280, "en")])
def test_the_result_stands_a_strict_eye_and_prints(
    new_context: NewContext, logged_in: LoggedIn, look: tuple[int, str]
) -> None:
    width, language = look
    manager: User = UserFactory(manager_role=True, language=language)
    days = {"starts_on": date(2026, 1, 12), "ends_on": date(2026, 1, 16)}
    mission = MissionFactory(name="Misión comercial y de inversión a California", status="ended", **days)
    MissionFactory(name="Madrid", starts_on=date(2025, 1, 12), ends_on=date(2025, 1, 16))
    CostLine.objects.create(mission=mission, kind="travel", planned=12000, actual=9800, rate_on=date(2026, 1, 2))
    AppointmentFactory(mission=mission, status="held")
    InteractionFactory(mission=mission, company=CompanyFactory(), happened_at=clock.now() - timedelta(days=5))
    LeadFactory(mission=mission)
    scheme = "dark" if language == "es" else "light"
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    logged_in(page, manager).goto(f"/missions/{mission.pk}/result/")

    assert not accessibility_faults(page)
    assert not too_wide(page)
    with page.expect_download() as printed:
        page.locator(".page-actions .btn-primary").click()
    assert printed.value.suggested_filename.endswith(".pdf")
