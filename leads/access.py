"""Who may see a lead: its level, its team, the people named on it."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from config.staff.models import Team, User
from leads.errors import CodeNameTaken
from leads.models import Lead, LeadPerson
from leads.models.choices import Level
from leads.pipeline import moves as pipeline


def set_access(
    lead: Lead, level: str, *, by: User, seen_version: int, code_name: str, team: Team | None, people: Iterable[User]
) -> Lead:
    """Set the level and exactly these named people. Whoever closes the door stays inside."""
    changes: dict[str, object] = {"level": level, "code_name": code_name, "team": team}
    with transaction.atomic():
        try:
            with transaction.atomic():
                lead = pipeline.save_facts(lead, changes, seen_version=seen_version)
        except IntegrityError as fault:
            if "one_lead_a_code_name" not in str(fault):
                raise
            raise CodeNameTaken from fault
        named = {person.pk for person in people}
        if level != Level.OPEN and by.pk != lead.owner_id:
            named.add(by.pk)
        lead.lead_people.exclude(user__in=named).delete()
        LeadPerson.objects.bulk_create(
            [LeadPerson(lead=lead, user_id=person) for person in sorted(named)], ignore_conflicts=True
        )
        return lead
