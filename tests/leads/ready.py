"""Leads that have all that a stage asks for, so that a test takes one thing away."""

from datetime import date, timedelta

from django.db.models import Model

from companies.models import Activity, Municipality
from companies.models.contact import LegalBasis
from config.staff import clock
from leads.models import InvestmentType, Lead, Stage
from leads.models.choices import Layer, Source
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory, SectorFactory
from tests.leads.factories import FollowUpFactory, LeadFactory, ReadingFactory, StageFactory
from tests.staff.factories import UserFactory


def all_stages() -> list[Stage]:
    return [StageFactory(number=number) for number in range(8)]


def _known(model: type[Model], code: str, **names: str) -> Model:
    return model._default_manager.get_or_create(code=code, defaults=names)[0]


def ready_lead(stage: int = Stage.LEAD, **facts: object) -> Lead:
    """Stands in `stage` and lacks nothing for any stage, but for what `facts` says."""
    all_stages()
    today = clock.agency_today()
    company = CompanyFactory(origin_country=CountryFactory(), sector=SectorFactory(), owner=UserFactory())
    contact = ContactFactory(legal_basis=LegalBasis.CONDUCT, legal_basis_on=today)
    defaults: dict[str, object] = {
        "company": company,
        "contact": contact,
        "stage": StageFactory(number=stage),
        "source": Source.MISSION,
        "sector": SectorFactory(),
        "activity": _known(Activity, "contact_centre", name_en="Contact centre", name_es="Centro de contacto"),
        "investment_type": _known(InvestmentType, "new", name_en="New", name_es="Nueva"),
        "decision_to": today + timedelta(days=200),
        "jobs_estimate": 120,
        "capex_estimate_usd": "1500000.00",
        "competitors": "Guadalajara",
        "motives": "Talent",
        "project_manager": UserFactory(),
        "second_person": UserFactory(),
        "requirements": "2,000 square metres",
        "likelihood": 60,
        "land_on": date(2027, 6, 1),
        "visit_on": today,
        "visit_debrief": "They liked the campus.",
        "shortlist": "Cali, Guadalajara",
        "incentives": "None",
        "open_issues": "None",
        "sharing": "allowed",
        "municipality": _known(Municipality, "76001", name="Cali", department="Valle del Cauca"),
        "local_entity_nit": "900123456",
        "evidence": "Signed letter in the project folder",
        "verified_by": UserFactory(),
        "operational_on": date(2027, 6, 1),
    }
    lead: Lead = LeadFactory(**{**defaults, **facts})
    FollowUpFactory(lead=lead, company=lead.company, owner=lead.owner)
    ReadingFactory(lead=lead, layer=Layer.COMMITTED, evidence="letter")
    ReadingFactory(lead=lead, layer=Layer.VERIFIED, jobs=40)
    return Lead.objects.get(pk=lead.pk)
