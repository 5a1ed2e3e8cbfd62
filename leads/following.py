"""What comes after a follow-up that is done."""

from datetime import date

from django.db import transaction

from config.staff.models import User
from leads.models import CadenceStep, FollowUp


@transaction.atomic
def plan_next(done: FollowUp, *, by: User, text: str, due_on: date, kind: str = "") -> FollowUp:
    """The next step for the same people. The same words for the same day again give the first one."""
    # Who sends the form twice waits here, and then finds what the first one made.
    done = FollowUp.objects.select_for_update().get(pk=done.pk)
    same = FollowUp.objects.open().filter(
        owner=done.owner_id, company=done.company_id, lead=done.lead_id, text=text, due_on=due_on
    )
    before = same.exclude(pk=done.pk).first()
    if before:
        return before
    return FollowUp.objects.create(
        kind=kind or CadenceStep.Kind.OTHER,
        text=text,
        owner_id=done.owner_id,
        company_id=done.company_id,
        contact_id=done.contact_id,
        lead_id=done.lead_id,
        interaction_id=done.interaction_id,
        due_on=due_on,
        known_to=by if by.pk == done.owner_id else None,
        created_by=by,
    )
