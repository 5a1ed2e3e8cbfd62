"""Visits to installed investors by the rhythm of their tier: when the next is due, and who is asked for it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from companies.models import Company
from config.staff.clock import agency_day
from config.staff.stand_in import stand_in_for
from leads.models import AccountPlan, FollowUp, Interaction, VisitRhythm
from leads.models.choices import Level, Outcome

# So long before its day a visit is asked for, so that there is time to agree on it.
AHEAD = timedelta(days=14)
VISITS = (Interaction.Kind.SITE_VISIT, Interaction.Kind.MEETING)
# Of one run; the next one goes on.
BATCH = 200


def visits() -> QuerySet[Interaction]:
    """We sat together, and it was written down. What was said of a restricted lead must not show in a date."""
    held = Interaction.objects.filter(kind__in=VISITS, outcome=Outcome.HELD)
    return held.filter(Q(lead=None) | Q(lead__level=Level.OPEN))


@transaction.atomic
def settle(plan: AccountPlan, *, at: datetime) -> AccountPlan:
    """Say when the next visit is due; ask its owner once, and let the question rest once there was a visit."""
    plan = AccountPlan.objects.select_for_update(of=("self",)).select_related("visit", "owner").get(pk=plan.pk)
    last = visits().filter(company=plan.company_id, happened_at__lte=at).order_by("-happened_at").first()
    plan.last_visit_at = last.happened_at if last else None
    if plan.visit and plan.visit.is_open and last and last.happened_at > plan.visit.created_at:
        plan.visit = plan.visit.complete(by=last.logged_by, interaction=last, at=at)
    days = VisitRhythm.days_of(plan.tier)
    plan.next_visit_on = _counted_from(plan) + timedelta(days=days)
    asked = plan.visit is not None and plan.visit.is_open
    if not asked and plan.next_visit_on <= agency_day(at) + AHEAD:
        plan.visit = _ask(plan, plan.next_visit_on, days)
    plan.save(update_fields=["last_visit_at", "next_visit_on", "visit"])
    return plan


def _counted_from(plan: AccountPlan) -> date:
    """The last visit; whoever closed the question without one is asked again when the rhythm comes round."""
    closed = plan.visit.closed_at if plan.visit else None
    return agency_day(max(moment for moment in (plan.last_visit_at or plan.created_at, closed) if moment))


def _ask(plan: AccountPlan, due_on: date, days: int) -> FollowUp:
    owner = stand_in_for(plan.owner)
    with override(owner.language):
        text = _("Visit them: tier %(tier)s, every %(days)d days") % {"tier": plan.tier, "days": days}
    return FollowUp.objects.create(text=text, owner=owner, company_id=plan.company_id, due_on=due_on)


def keep_visits_due(*, at: datetime) -> int:
    """The regular job: plans that were never settled, whose visit comes near, or that had a visit since."""
    newer = visits().filter(company=OuterRef("company"), happened_at__lte=at)
    newer = newer.filter(Q(happened_at__gt=OuterRef("last_visit_at")))
    first = visits().filter(company=OuterRef("company"), happened_at__lte=at)
    near = Q(next_visit_on__lte=agency_day(at) + AHEAD) & (Q(visit=None) | ~Q(visit__state=FollowUp.State.OPEN))
    visited = Exists(newer) | Q(Exists(first), last_visit_at=None)
    plans = AccountPlan.objects.current().filter(Q(next_visit_on=None) | near | visited)
    found = list(plans.order_by("next_visit_on", "pk")[:BATCH])
    for plan in found:
        settle(plan, at=at)
    return len(found)


def plan_of(company: Company) -> AccountPlan | None:
    rows = AccountPlan.objects.filter(company=company).select_related("owner", "deputy", "visit__owner")
    return rows.first()
