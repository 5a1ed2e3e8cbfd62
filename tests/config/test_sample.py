import hashlib
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction

from companies.models import Company, Contact, ContactPoint
from config.sample.accounts import DEMO_ACCOUNTS, OFFICER
from config.sample.load import AlreadyLoaded, load_sample
from config.sample.sizes import SIZES, TINY, Size
from config.sample.world import World
from config.sample.writer import ORDER
from config.staff.models import User
from leads.models import (
    AccountPlan,
    CaseStep,
    Enquiry,
    FollowUp,
    Goal,
    Interaction,
    InvestorCase,
    Lead,
    Nda,
    SiteStop,
    SiteVisit,
    SiteVisitor,
)
from missions.models import Appointment, Event, Mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_data")]
TODAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=ZoneInfo("America/Bogota"))


def load(size: Size = TINY, seed: int = 1) -> World:
    return load_sample(size, seed=seed, today=TODAY)


SEED_ROW = """
SELECT count(DISTINCT lead.id), count(DISTINCT coalesce(company.ultimate_parent_id, company.id)),
       sum(reading.capex_usd), sum(reading.jobs), count(reading.id)
FROM leads_lead lead
JOIN companies_company company ON company.id = lead.company_id
LEFT JOIN leads_reading reading ON reading.lead_id = lead.id AND reading.layer = 'announced' AND reading.is_current
WHERE lead.decided_on IS NOT NULL AND lead.parent_id IS NULL AND lead.status <> 'merged'
"""


def asked(sql: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[int, ...] = cursor.fetchone()
    return row


@pytest.mark.parametrize("size", [TINY, SIZES["regional-1y"]], ids=["tiny", "regional-1y"])
def test_the_united_states_row_is_the_seeds(size: Size) -> None:
    load(size)

    projects, companies, capex, jobs, announced = asked(f"{SEED_ROW} AND company.origin_country_id = 'US'")
    everywhere = asked(SEED_ROW)[0]

    assert (projects, companies, announced) == (124, 77, 124)
    assert capex == 700_500_000
    assert jobs == 9_052
    assert 440 <= everywhere <= 480
    assert 0.26 <= projects / everywhere <= 0.28


def checksum() -> str:
    """Of every column of every row, but the hashes of passwords, which have a salt of their own."""
    digest = hashlib.sha256()
    for model in ORDER:
        names = [field.attname for field in model._meta.concrete_fields if field.name != "password"]
        for row in model._default_manager.order_by("pk").values_list(*names):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def of_a_load(seed: int) -> str:
    with transaction.atomic():
        load(seed=seed)
        found = checksum()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_rows() -> None:
    assert of_a_load(1) == of_a_load(1)


def test_another_seed_gives_others() -> None:
    assert of_a_load(1) != of_a_load(2)


def test_a_second_load_is_refused() -> None:
    load()

    with pytest.raises(AlreadyLoaded):
        load()


def test_history_is_written_again_after_the_load() -> None:
    load()
    company = Company.objects.investors().earliest("pk")

    Company.objects.filter(pk=company.pk).update(description="Nueva")

    rows = company.history.all()  # type: ignore[attr-defined]  # made by the triggers' library
    assert [row.pgh_label for row in rows] == ["update"]


def test_new_rows_get_numbers_of_their_own() -> None:
    load()

    assert Company.objects.create(name="Otra").pk > Company.objects.earliest("-pk").pk - 1


def test_the_california_mission_is_under_way() -> None:
    load()

    mission = Mission.objects.under_way().get()
    disrupt = Event.objects.get(name="TechCrunch Disrupt")
    to_come = Appointment.objects.filter(mission=mission).to_come()
    assert [stop.city.name for stop in mission.stops.all()] == ["San Francisco", "Los Angeles"]
    assert disrupt.local_end.date() == TODAY - timedelta(days=2)
    assert to_come.count() == 10
    assert all(appointment.starts_at > MIDNIGHT for appointment in to_come)
    assert mission.leads.count() >= 3


def test_the_officer_is_in_los_angeles() -> None:
    load()

    assert User.objects.get(email=OFFICER.email).zone_at(MIDNIGHT) == "America/Los_Angeles"


def test_the_officer_has_somebody_to_meet_on_the_day_of_the_demo() -> None:
    load()

    today = Appointment.objects.to_come().filter(local_start__date=TODAY)
    assert today.filter(delegates__user__email=OFFICER.email).exists()


def test_today_has_every_group_for_the_officer() -> None:
    load()
    mine = FollowUp.objects.open().filter(owner__email=OFFICER.email)

    assert mine.ours().filter(due_on__lt=TODAY).exists()
    assert mine.ours().filter(due_on=TODAY).exists()
    assert mine.ours().filter(due_on__gt=TODAY, due_on__lte=TODAY + timedelta(days=7)).exists()
    assert mine.exclude(waiting_for="").exists()


def test_a_mail_is_due_at_the_first_start_and_no_flood() -> None:
    load()
    nobody_was_told = FollowUp.objects.to_remind().filter(due_on__lt=TODAY)

    assert FollowUp.objects.to_ring().filter(due_at__lte=MIDNIGHT, owner__email=OFFICER.email).exists()
    assert not nobody_was_told.exists()
    assert not FollowUp.objects.to_announce().exists()
    assert not FollowUp.objects.to_escalate().filter(due_on__lt=TODAY).exists()
    assert not Interaction.objects.filter(follow_ups_opened_at=None).exists()


def test_a_regional_year_has_its_dirt() -> None:
    world = load(SIZES["regional-1y"])

    companies, contacts = Company.objects.count(), Contact.objects.count()
    leads = Lead.objects.exclude(involvement="tracked")
    assert 0.05 <= len(world.labels["duplicates"]) / companies <= 0.07
    assert 0.02 <= len(world.labels["wrong_country"]) / companies <= 0.04
    assert 0.05 <= Contact.objects.filter(positions__ended_on__isnull=False).count() / contacts <= 0.11
    assert 0.03 <= ContactPoint.objects.emails().filter(bounced_at__isnull=False).count() / contacts <= 0.07
    assert 0.02 <= Contact.objects.filter(objected_at__isnull=False).count() / contacts <= 0.04
    assert 0.005 <= leads.exclude(level="open").count() / leads.count() <= 0.03
    assert Lead.objects.open().filter(owner__is_active=False).exists()
    assert Lead.objects.open().exclude(follow_ups__state="open").exists()
    assert Company.objects.filter(tax_id="N/A").exists()
    assert Company.objects.filter(name__regex="[\u0600-\u06ff]").exists()
    assert Company.objects.filter(name__contains="🚀").exists()
    assert max(len(name) for name in Company.objects.values_list("name", flat=True)) == 200


def test_nobodys_real_address_or_number_is_used() -> None:
    load()

    emails = ContactPoint.objects.emails().values_list("value", flat=True)
    ours = re.compile(r"[a-z0-9.]+@[a-z0-9.]*example\.(com|org|net)")
    assert [address for address in emails if not ours.fullmatch(address)] == []
    assert all("555" in number for number in ContactPoint.objects.phones().values_list("value", flat=True))


def test_real_companies_have_no_invented_people_or_projects() -> None:
    load()
    real = Company.objects.filter(is_public_seed=True).investors()

    assert {"TaskUs", "Alorica", "Globant", "TSO Mobile", "Moove it", "Foundever", "Encora"} <= {
        company.name for company in real
    }
    assert not Contact.objects.filter(positions__company__in=real).exists()
    assert not Lead.objects.filter(company__in=real).exists()
    assert not Interaction.objects.filter(company__in=real).exists()


def test_the_biggest_investors_are_looked_after_by_people_who_are_here() -> None:
    load()
    plans = AccountPlan.objects.select_related("company", "owner")

    assert plans.filter(tier="A").count() == 10
    assert not plans.filter(company__installed_since=None).exists()
    assert all(plan.owner.is_active and plan.next_visit_on and plan.company.headcounts.exists() for plan in plans)


def test_questions_wait_were_closed_and_became_leads() -> None:
    load()

    assert set(Enquiry.objects.values_list("state", flat=True)) == {"waiting", "closed", "lead"}
    assert not Enquiry.objects.filter(state="lead", leads=None).exists()
    assert not Enquiry.objects.waiting().filter(told_at=None).exists()


def test_the_board_asked_for_something_this_year() -> None:
    load()

    assert Goal.objects.in_force().filter(year=TODAY.year, figure="projects").exists()
    assert Goal.objects.waiting().exists()


def test_the_demo_accounts_pass_the_rules_of_passwords() -> None:
    load()

    for account in DEMO_ACCOUNTS:
        user = User.objects.get(email=account.email)
        validate_password(account.password, user)
        assert check_password(account.password, user.password)


def test_outside_the_demo_no_password_opens_them(settings: "pytest.FixtureRequest") -> None:
    settings.DEMO = settings.TESTING = False  # type: ignore[attr-defined]
    load()

    assert not any(user.has_usable_password() for user in User.objects.all())


def test_what_is_done_around_projects_is_there_to_be_seen() -> None:
    load()

    for model in (Nda, SiteVisit, SiteStop, SiteVisitor, InvestorCase, CaseStep):
        assert model.objects.exists(), model
    told, shared = asked(
        "SELECT count(*), count(*) FILTER (WHERE r.jobs = s.jobs) FROM leads_reading r JOIN (SELECT reading_id,"
        " sum(jobs) AS jobs FROM leads_readingshare GROUP BY 1) s ON s.reading_id = r.id"
    )
    assert told == shared > 0
