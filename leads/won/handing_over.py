"""From whoever won the project to whoever keeps the investor: offered, accepted, and then an account plan."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from config.staff.working_days import add_working_days
from leads.aftercare import rhythm as aftercare
from leads.errors import NotOpen, ReasonMissing
from leads.follow_ups.stopping import cancel
from leads.models import AccountPlan, AftercareOffer, FollowUp, Lead
from leads.models.choices import Layer, Level, Status

State = AftercareOffer.State
# Working days in which whoever is asked answers.
TO_ANSWER = 3


def checklist(lead: Lead) -> list[tuple[str, bool]]:
    """What the receiver needs, and whether it is there."""
    return [
        (_("The person we speak with"), lead.contact_id is not None),
        (_("Committed jobs and capex"), lead.readings.filter(layer=Layer.COMMITTED, is_current=True).exists()),
        (_("Municipality"), lead.municipality_id is not None),
        (_("NIT of the local entity"), bool(lead.local_entity_nit)),
        (_("Evidence, checked"), lead.verified_by_id is not None),
        (_("Start of the operation"), bool(lead.operational_on or lead.land_on)),
        (_("No open promise of the owner"), not lead.follow_ups.open().promises().filter(owner=lead.owner_id).exists()),
    ]


def receivers(lead: Lead, *, besides: User) -> Iterator[User]:
    """Colleagues who may see it."""
    people = User.objects.staff().active().exclude(pk=besides.pk).order_by("name")
    if lead.level == Level.OPEN:
        yield from people
        return
    inside = {lead.owner_id, *lead.lead_people.values_list("user", flat=True)}
    of_team = lead.team_id if lead.level == Level.TEAM else None
    yield from (one for one in people if one.pk in inside or (of_team and one.team_id == of_team))


def last_offer(lead: Lead) -> AftercareOffer | None:
    return lead.aftercare_offers.select_related("receiver").first() if lead.status == Status.WON else None


@transaction.atomic
def offer(lead: Lead, *, to: User, by: User, note: str = "") -> AftercareOffer:
    """Ask a colleague to take the investor over. Asking somebody else takes the first question back."""
    lead = _locked(lead)
    if lead.status != Status.WON:
        raise NotOpen
    if to.pk == by.pk or to not in list(receivers(lead, besides=by)):
        raise PermissionDenied
    before = lead.aftercare_offers.open().first()
    if before and before.receiver_id == to.pk:
        return before
    at = clock.now()
    if before:
        _answer(before, State.WITHDRAWN, gettext_lazy("Somebody else was asked."))
    with override(to.language):
        text = _("%(name)s asks you to take this investor into aftercare: answer") % {"name": by.name}
    question = FollowUp.objects.create(
        origin=FollowUp.Origin.HANDOVER,
        text=text,
        owner=to,
        company_id=lead.company_id,
        lead=lead,
        due_on=add_working_days(clock.agency_day(at), TO_ANSWER, settings.AGENCY_COUNTRY),
        created_by=by,
    )
    return AftercareOffer.objects.create(
        lead=lead, sender=by, receiver=to, note=note.strip(), offered_at=at, question=question
    )


@transaction.atomic
def accept(lead: Lead, *, by: User) -> AccountPlan:
    """Whoever was asked keeps the investor from now on; a second time gives the same plan."""
    lead = _locked(lead)
    waiting = lead.aftercare_offers.open().filter(receiver=by).first()
    if waiting is None:
        plan = AccountPlan.objects.filter(company=lead.company_id, owner=by).first()
        if plan and lead.aftercare_offers.filter(receiver=by, state=State.ACCEPTED).exists():
            return plan
        raise PermissionDenied
    _answer(waiting, State.ACCEPTED)
    if waiting.question:
        waiting.question.complete(by=by, answered=True)
    company = Company.objects.select_for_update(of=("self",), no_key=True).get(pk=lead.company_id)
    Company.objects.filter(pk=company.pk).exclude(owner=by).update(owner=by, version=F("version") + 1)
    plan = AccountPlan.objects.select_for_update(of=("self",)).filter(company=company).first()
    if plan is None:
        plan = AccountPlan(company=company, created_by=by)
    plan.owner = by
    if plan.deputy_id == by.pk:
        plan.deputy = None
    plan.version += 1
    plan.save()
    return aftercare.settle(plan, at=clock.now())


@transaction.atomic
def decline(lead: Lead, *, by: User, reason: str) -> AftercareOffer:
    """Whoever was asked cannot, and says why; the sender is asked to find somebody else."""
    lead = _locked(lead)
    waiting = lead.aftercare_offers.open().filter(receiver=by).select_related("sender").first()
    if waiting is None:
        raise PermissionDenied
    if not reason.strip():
        raise ReasonMissing
    _answer(waiting, State.DECLINED, reason.strip())
    if waiting.question:
        waiting.question.complete(by=by, note=reason, answered=True)
    with override(waiting.sender.language):
        text = _("Find somebody else for aftercare: %(name)s cannot") % {"name": by.name}
    FollowUp.objects.create(
        text=text,
        owner=waiting.sender,
        company_id=lead.company_id,
        lead=lead,
        due_on=clock.agency_today() + timedelta(days=1),
        created_by=by,
    )
    return waiting


def _locked(lead: Lead) -> Lead:
    return Lead.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=lead.pk)


def _answer(waiting: AftercareOffer, state: str, words: object = "") -> None:
    waiting.state, waiting.answered_at, waiting.answer = state, clock.now(), str(words)[:300]
    waiting.save(update_fields=["state", "answered_at", "answer"])
    if state == State.WITHDRAWN and waiting.question_id:
        questions = FollowUp.objects.open().filter(pk=waiting.question_id)
        cancel(questions, gettext_lazy("Somebody else was asked."), at=clock.now())
