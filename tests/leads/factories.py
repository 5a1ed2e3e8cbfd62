from datetime import date, timedelta

import factory

from config.staff import clock
from leads.models import AccountPlan, FollowUp, Interaction, Lead, LeadPerson, Participant, Reading, Reason, Stage
from leads.models.choices import Layer, Level
from tests.companies.factories import CompanyFactory
from tests.making import Made
from tests.staff.factories import TeamFactory, UserFactory


class StageFactory(Made[Stage]):
    class Meta:
        model = Stage
        django_get_or_create = ("number",)

    number = Stage.LEAD
    name_en = factory.LazyAttribute(lambda stage: f"Stage {stage.number}")
    name_es = factory.LazyAttribute(lambda stage: f"Etapa {stage.number}")
    probability = "0.050"


class ReasonFactory(Made[Reason]):
    class Meta:
        model = Reason
        django_get_or_create = ("code",)

    code = "talent"
    kind = Reason.Kind.LOST
    name_en = "Talent availability"
    name_es = "Disponibilidad de talento"


class LeadFactory(Made[Lead]):
    class Meta:
        model = Lead

    class Params:
        named = factory.Trait(
            level=Level.NAMED, code_name=factory.Sequence(lambda n: f"Proyecto Ceiba {n}"), title="Hidden plan"
        )
        of_a_team = factory.Trait(
            level=Level.TEAM,
            code_name=factory.Sequence(lambda n: f"Proyecto Guadua {n}"),
            team=factory.SubFactory(TeamFactory),
        )

    company = factory.SubFactory(CompanyFactory)
    title = factory.Sequence(lambda n: f"Service centre {n}")
    stage = factory.SubFactory(StageFactory)
    stage_since = factory.LazyFunction(clock.now)
    owner = factory.SubFactory(UserFactory)


class LeadPersonFactory(Made[LeadPerson]):
    class Meta:
        model = LeadPerson

    lead = factory.SubFactory(LeadFactory)
    user = factory.SubFactory(UserFactory)


class ReadingFactory(Made[Reading]):
    class Meta:
        model = Reading

    lead = factory.SubFactory(LeadFactory)
    layer = Layer.ANNOUNCED
    jobs = 100
    capex = "1000000.00"
    dated_on = date(2026, 6, 1)


class InteractionFactory(Made[Interaction]):
    class Meta:
        model = Interaction

    company = factory.SubFactory(CompanyFactory)
    happened_at = factory.LazyFunction(clock.now)
    zone = "America/Bogota"
    logged_by = factory.SubFactory(UserFactory)


class ParticipantFactory(Made[Participant]):
    class Meta:
        model = Participant

    interaction = factory.SubFactory(InteractionFactory)


class FollowUpFactory(Made[FollowUp]):
    class Meta:
        model = FollowUp

    text = "Send the information pack"
    owner = factory.SubFactory(UserFactory)
    company = factory.SubFactory(CompanyFactory)
    due_on = factory.LazyFunction(lambda: clock.agency_today() + timedelta(days=3))


class AccountPlanFactory(Made[AccountPlan]):
    class Meta:
        model = AccountPlan

    company = factory.SubFactory(CompanyFactory)
    owner = factory.SubFactory(UserFactory)
    tier = "A"
