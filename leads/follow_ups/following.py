"""What is planned by hand: a follow-up of its own, or the one that comes after another."""

from datetime import date

from django.db import transaction

from companies.models import Company, Contact
from config.staff.models import User
from leads.models import CadenceStep, FollowUp, Lead


@transaction.atomic
def plan_next(done: FollowUp, *, by: User, text: str, due_on: date, kind: str = "") -> FollowUp:
    """The next step for the same people. The same words for the same day again give the first one."""
    # Who sends the form twice waits here, and then finds what the first one made.
    done = FollowUp.objects.select_for_update().get(pk=done.pk)
    same = FollowUp.objects.open().filter(
        owner=done.owner_id,
        company=done.company_id,
        mission=done.mission_id,
        lead=done.lead_id,
        text=text,
        due_on=due_on,
    )
    before = same.exclude(pk=done.pk).first()
    if before:
        return before
    return FollowUp.objects.create(
        kind=kind or CadenceStep.Kind.OTHER,
        text=text,
        owner_id=done.owner_id,
        company_id=done.company_id,
        mission_id=done.mission_id,
        contact_id=done.contact_id,
        lead_id=done.lead_id,
        interaction_id=done.interaction_id,
        due_on=due_on,
        known_to=by if by.pk == done.owner_id else None,
        created_by=by,
    )


@transaction.atomic
def add_follow_up(
    company: Company,
    *,
    by: User,
    text: str,
    due_on: date,
    owner: User,
    contact: Contact | None = None,
    lead: Lead | None = None,
) -> FollowUp:
    """Somebody's plan for a company. The same words for the same person and day again give the first one."""
    # Who sends the form twice waits here, and then finds what the first one made.
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    before = FollowUp.objects.open().filter(owner=owner, company=company, lead=lead, text=text, due_on=due_on).first()
    return before or FollowUp.objects.create(
        text=text,
        owner=owner,
        company=company,
        contact=contact,
        lead=lead,
        due_on=due_on,
        known_to=by if by == owner else None,
        created_by=by,
    )
