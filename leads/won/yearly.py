"""Jobs and capex of a won project are verified once a year: a follow-up each, for somebody other than its owner.

A year is answered by a verified reading with evidence whose date is nearest to that anniversary, and by nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from config.staff.clock import agency_day
from config.staff.models import Role, User
from leads.follow_ups.steps import HISTORY, at_once
from leads.follow_ups.stopping import cancel
from leads.models import CadenceStep, FollowUp, Lead, Reading
from leads.models.choices import Layer, Level, Status
from leads.models.follow_up_queries import FollowUpQuerySet
from leads.months import AfterMonths, add_months

# So long before its day it is asked for: payrolls and letters take their time.
AHEAD = timedelta(days=30)
# Of one year and one run; the next run goes on.
BATCH = 500


def day_of(decided_on: date, year: int) -> date:
    return add_months(decided_on, 12 * year)


def year_of(decided_on: date, day: date) -> int:
    """The anniversary that is nearest to this day; 0 in the first half year, which verifies no year."""
    months = (day.year - decided_on.year) * 12 + day.month - decided_on.month - (day.day < decided_on.day)
    return (months + 6) // 12


def won_projects() -> QuerySet[Lead]:
    """Phases are verified with their project, which counts for them."""
    return Lead.objects.filter(status=Status.WON, parent=None, decided_on__isnull=False)


def of(lead: Lead) -> FollowUpQuerySet:
    return FollowUp.objects.filter(origin=FollowUp.Origin.VERIFY, lead=lead)


def keep_verifications(*, at: datetime) -> int:
    """The regular job: open what comes near, move what another day of decision moved, rest what is not won."""
    changed = _rest(at) + _move_all(at) + _leave_owners()
    for year in range(1, settings.VERIFICATION_YEARS + 1):
        changed += sum(ask(lead, year, at=at) for lead in _lacking(year, at))
    return changed


@transaction.atomic
def ask(lead: Lead, year: int, *, at: datetime) -> int:
    """Open the question of one year, or open it again where it had rested; a second time changes nothing."""
    # Two at once wait here, and the second finds what the first one made.
    locked = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("owner")
    lead = locked.get(pk=lead.pk)
    if lead.status != Status.WON or lead.decided_on is None:
        return 0
    there = of(lead).filter(verifies_year=year).first()
    if there and not _rests(there):
        return 0
    if there:
        _move(there, lead.decided_on, at)
        return 1
    owner = verifier_of(lead)
    with override(owner.language):
        text = ngettext(
            "Verify jobs and investment %(n)d year after the win, with evidence",
            "Verify jobs and investment %(n)d years after the win, with evidence",
            year,
        )
    FollowUp.objects.create(
        origin=FollowUp.Origin.VERIFY,
        kind=CadenceStep.Kind.CHECK,
        text=text % {"n": year},
        owner=owner,
        company_id=lead.company_id,
        lead=lead,
        verifies_year=year,
        anchor_at=_anchor(lead.decided_on),
        due_on=_due(lead.decided_on, year, at),
    )
    return 1


def answer(lead: Lead, reading: Reading, *, by: User) -> FollowUp | None:
    """A verified reading with evidence answers the year whose day is nearest to its own."""
    proves = bool(reading.evidence) and (reading.jobs is not None or reading.capex is not None)
    if reading.layer != Layer.VERIFIED or lead.decided_on is None or not proves:
        return None
    question = of(lead).open().filter(verifies_year=year_of(lead.decided_on, reading.dated_on)).first()
    words = ": ".join(part for part in (reading.get_evidence_display(), reading.evidence_note) if part)
    return question.complete(by=by, note=words, answered=True) if question else None


def verifier_of(lead: Lead) -> User:
    """Whoever assures or checked it, else who stands above or beside its owner; of a restricted one, who may see it.

    Where there is nobody, it falls to the owner, who can hand it over and cannot answer it.
    """
    return next((person for person in _may_verify(lead) if _fits(person, lead)), lead.owner)


def _may_verify(lead: Lead) -> Iterator[User]:
    owner = lead.owner
    in_order = (lead.second_person_id, lead.verified_by_id, owner.manager_id, lead.project_manager_id, owner.deputy_id)
    people = User.objects.in_bulk({pk for pk in in_order if pk})
    yield from (people[pk] for pk in in_order if pk)
    yield from User.objects.filter(lead_people__lead=lead).order_by("pk")
    if lead.level == Level.TEAM:
        yield from User.objects.filter(team=lead.team_id).order_by("pk")
    yield from User.objects.active().filter(role__in=[Role.MANAGER, Role.ADMINISTRATOR]).order_by("pk")


def _fits(person: User, lead: Lead) -> bool:
    there = person.is_active and person.is_staff_member and person.pk != lead.owner_id
    return there and (not lead.is_restricted or Lead.objects.visible_to(person).filter(pk=lead.pk).exists())


def _lacking(year: int, at: datetime) -> QuerySet[Lead]:
    """Won projects whose day of this year is near, and not so long gone that it is history."""
    today = agency_day(at)
    near = Q(verify_on__gte=today - HISTORY, verify_on__lte=today + AHEAD)
    projects = won_projects().filter(decided_on__gte=add_months(today - HISTORY, -12 * year) - timedelta(days=3))
    projects = projects.annotate(
        verify_on=AfterMonths(F("decided_on"), 12 * year),
        asked=Subquery(_asked(year).values("state")[:1]),
        closed_by_somebody=Subquery(_asked(year).values("closed_by")[:1]),
    )
    rests = Q(asked=FollowUp.State.CANCELLED, closed_by_somebody=None)
    return projects.filter(near & (Q(asked=None) | rests)).order_by("decided_on", "pk")[:BATCH]


def _asked(year: int) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(lead=OuterRef("pk"), origin=FollowUp.Origin.VERIFY, verifies_year=year)


def _rests(row: FollowUp) -> bool:
    """Set aside by Puente while the project was not won; what a person closed stays closed."""
    return row.state == FollowUp.State.CANCELLED and row.closed_by_id is None


def _rest(at: datetime) -> int:
    still_open = FollowUp.objects.open().filter(origin=FollowUp.Origin.VERIFY)
    return cancel(still_open.exclude(lead__status=Status.WON), _("The project is not won any more."), at=at)


def _move_all(at: datetime) -> int:
    moved = 0
    still_open = FollowUp.objects.open().filter(origin=FollowUp.Origin.VERIFY, lead__decided_on__isnull=False)
    for row in still_open.select_related("lead").only("anchor_at", "verifies_year", "version", "lead__decided_on"):
        decided_on = row.lead and row.lead.decided_on
        if decided_on and row.anchor_at != _anchor(decided_on):
            moved += _move(row, decided_on, at)
    return moved


def _move(row: FollowUp, decided_on: date, at: datetime) -> int:
    return FollowUp.objects.filter(pk=row.pk, version=row.version).update(
        state=FollowUp.State.OPEN,
        closed_at=None,
        closed_with="",
        anchor_at=_anchor(decided_on),
        due_on=_due(decided_on, row.verifies_year or 0, at),
        due_at=None,
        version=F("version") + 1,
        updated_at=at,
    )


def _due(decided_on: date, year: int, at: datetime) -> date:
    return max(day_of(decided_on, year), at_once(at))


def _leave_owners() -> int:
    """Whoever became the owner of the lead cannot verify it any more."""
    left = 0
    theirs = FollowUp.objects.open().filter(origin=FollowUp.Origin.VERIFY, owner=F("lead__owner"), offered_to=None)
    for row in theirs.select_related("lead__owner"):
        other = verifier_of(row.lead) if row.lead else row.owner
        if other.pk != row.owner_id:
            left += FollowUp.objects.filter(pk=row.pk, version=row.version).update(
                owner=other, known_to=None, version=F("version") + 1
            )
    return left


def _anchor(decided_on: date) -> datetime:
    return datetime.combine(decided_on, time(), ZoneInfo(settings.AGENCY_ZONE))


@dataclass(frozen=True)
class Year:
    """One line of the lead's page: when it is due, and what became of it."""

    number: int
    day: date
    question: FollowUp | None

    @property
    def is_done(self) -> bool:
        return self.question is not None and self.question.state == FollowUp.State.DONE

    @property
    def is_open(self) -> bool:
        return self.question is not None and self.question.is_open


def years_of(lead: Lead, *, today: date) -> list[Year]:
    if lead.status != Status.WON or lead.parent_id or lead.decided_on is None:
        return []
    rows = of(lead).select_related("owner", "closed_by")
    asked = {row.verifies_year: row for row in rows}
    years = (Year(n, day_of(lead.decided_on, n), asked.get(n)) for n in range(1, settings.VERIFICATION_YEARS + 1))
    return [year for year in years if year.question or year.day >= today - HISTORY]
