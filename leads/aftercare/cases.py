"""Cases of installed investors: opened with the clock of their flag, moved by their gates, each step logged."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from companies.models import Company
from config.staff.clock import agency_day
from config.staff.models import User
from config.staff.stand_in import stand_in_for
from leads.models import CaseStep, FollowUp, InvestorCase

State = InvestorCase.State
# As many about one thing within a year call for a reform, not for one more solution.
SYSTEMIC = 3
YEAR = timedelta(days=365)
# What each state asks for.
GATES: dict[str, tuple[str, ...]] = {
    State.ADMITTED: ("authority",),
    State.PLANNED: ("plan",),
    State.ESCALATED: ("level",),
    **dict.fromkeys((*InvestorCase.OUTCOMES, State.INADMISSIBLE), ("outcome",)),
}


class CannotMove(Exception):  # noqa: N818 - the domain's word for it
    """From where it stands it does not go there, or a fact is missing."""


@transaction.atomic
def open_case(case: InvestorCase, *, by: User, at: datetime) -> InvestorCase:
    """Its owner is asked for an answer in time; whoever is late is escalated as with every promise."""
    case.opened_by, case.opened_at = by, at
    case.due_on = agency_day(at) + timedelta(days=InvestorCase.DAYS[InvestorCase.Flag(case.flag)])
    owner = stand_in_for(case.owner)
    with override(owner.language):
        # A follow-up is seen by all who see the company.
        told = _("Answer a case") if case.is_confidential else _("Answer the case: %(what)s") % {"what": case.what}
    case.follow_up = FollowUp.objects.create(
        text=told[:200], owner=owner, company_id=case.company_id, due_on=case.due_on
    )
    case.save()
    CaseStep.objects.create(case=case, after=case.state, by=by, at=at)
    return case


@transaction.atomic
def move(
    case: InvestorCase, to: str, *, by: User, at: datetime, seen_version: int, facts: Mapping[str, Any], note: str = ""
) -> InvestorCase:
    """To its next state with the facts that this one asks for. Raises StaleEdit and CannotMove."""
    case = InvestorCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    case.refuse_stale(seen_version)
    if to not in case.next_states:
        raise CannotMove
    before = case.state
    for name in GATES.get(to, ()):
        setattr(case, name, facts.get(name))
        if facts.get(name) in (None, ""):
            raise CannotMove
    case.state, case.version = State(to), case.version + 1
    case.save()
    CaseStep.objects.create(case=case, before=before, after=to, note=note[:500], by=by, at=at)
    if before == State.RECEIVED and case.follow_up:
        case.follow_up.complete(by=by, note=str(State(to).label), at=at)
    return case


@transaction.atomic
def confirm(case: InvestorCase, *, by: User, at: datetime, seen_version: int) -> InvestorCase:
    """The investor says so too. A second time changes nothing."""
    case = InvestorCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.confirmed_on:
        return case
    case.refuse_stale(seen_version)
    if not case.is_over:
        raise CannotMove
    case.confirmed_on, case.version = agency_day(at), case.version + 1
    case.save(update_fields=["confirmed_on", "version"])
    CaseStep.objects.create(case=case, before=case.state, after=case.state, note=_("Confirmed"), by=by, at=at)
    return case


def systemic(reader: User, *, at: datetime) -> list[tuple[str, int]]:
    """What several investors have met within a year, of the cases that this person may see."""
    rows = InvestorCase.objects.visible_to(reader).filter(opened_at__gte=at - YEAR)
    counted = rows.values("about").annotate(n=models.Count("company", distinct=True)).filter(n__gte=SYSTEMIC)
    return [(str(InvestorCase.About(row["about"]).label), row["n"]) for row in counted.order_by("-n", "about")]


def of_company(company: Company, reader: User, *, shown: int = 10) -> list[InvestorCase]:
    """The newest ones that this person may see."""
    rows = InvestorCase.objects.visible_to(reader).filter(company=company).select_related("owner")
    return list(rows.order_by("-opened_at", "-pk")[:shown])
