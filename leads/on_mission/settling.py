"""What a debrief adds to meetings of the day: interest, owner, promise, lead, or that nothing more comes of one."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads.interactions.capture import Promise, Said, ask_for_follow_ups, first_touch, log_interaction, promise_in
from leads.models import DebriefMark, FollowUp, Interaction, Lead
from leads.models.choices import Interest, Outcome
from missions.models import Appointment


@dataclass(frozen=True, kw_only=True)
class Added:
    """What one row of the debrief says. Empty means that nothing was said about it."""

    interest: Interest | str = ""
    owner: User | None = None
    promise: Promise | None = None
    lead: Lead | None = None
    opens_lead: bool = False
    nothing_more: bool = False


@transaction.atomic
def settle(interaction: Interaction, added: Added, *, by: User, seen_version: int) -> Interaction:
    """Add it all, unless a colleague was quicker."""
    contacts = list(interaction.contacts.order_by("pk"))
    changes: dict[str, object] = {"interest": added.interest} if added.interest else {}
    interaction = interaction.revise(changes, seen_version=seen_version)
    if added.owner:
        _own(interaction.company_id, added.owner)
    lead = added.lead
    if added.opens_lead and not interaction.lead_id:
        owner = interaction.logged_by if interaction.logged_by.is_staff_member else by
        mission, event = interaction.mission, interaction.event
        lead = first_touch(interaction.company, contacts, by=by, owner=owner, mission=mission, event=event)
    if lead and not interaction.lead_id:
        _belongs_to(interaction, lead)
    if added.promise:
        promise_in(interaction, contacts, [added.promise], by=by)
    if added.nothing_more:
        DebriefMark.objects.get_or_create(interaction=interaction, defaults={"by": by, "at": clock.now()})
    transaction.on_commit(partial(ask_for_follow_ups, interaction.pk))
    return interaction


def log_appointment(
    appointment: Appointment, *, capture_id: UUID, by: User, interest: str, note: str, promise: Promise | None
) -> Interaction:
    """Say in a line what was said in an appointment that was held; its people, hour and place are the plan's."""
    colleagues = User.objects.staff().active().filter(delegations__seats__appointment=appointment).exclude(pk=by.pk)
    said = Said(
        happened_at=appointment.starts_at,
        zone=appointment.zone,
        outcome=Outcome.HELD,
        interest=interest,
        note=note,
        place=appointment.place or (appointment.stop.city.name if appointment.stop else ""),
        contacts=list(appointment.contacts.filter(merged_into=None)),
        colleagues=list(colleagues.distinct()),
        mission=appointment.mission,
        event=appointment.event,
        appointment=appointment,
        promises=[promise] if promise else [],
    )
    return log_interaction(appointment.company, capture_id=capture_id, by=by, said=said)


def _own(company_id: int, owner: User) -> None:
    """Whoever came first stays the owner."""
    company = Company.objects.select_for_update(of=("self",)).select_related("owner").get(pk=company_id)
    if company.owner is None or not company.owner.is_active:
        company.owner, company.version = owner, company.version + 1
        company.save(update_fields=["owner", "version", "updated_at"])


def _belongs_to(interaction: Interaction, lead: Lead) -> None:
    interaction.lead = lead
    interaction.save(update_fields=["lead", "updated_at"])
    loose = FollowUp.objects.open().filter(interaction=interaction, lead=None)
    loose.update(lead=lead, version=F("version") + 1)
