"""Running steps end where a newer exchange takes their place: a meeting with steps of its own, or a reply of theirs.

Only one cadence runs at a time for the same people, so nobody is thanked twice or called as if nothing had been said.
Nothing ends into the void: a talk of which nobody said yet what follows stops nothing before it is marked, and a reply
opens one follow-up that asks what comes next. Promises stay: whoever made one decides.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from companies.models import MergeLog
from config.staff.clock import agency_day
from config.staff.models import User
from config.staff.working_days import next_working_day
from leads.follow_ups.stopping import cancel
from leads.models import FollowUp, Interaction, Participant
from leads.models.choices import Outcome

Kind, Direction, Origin = Interaction.Kind, Interaction.Direction, FollowUp.Origin

TOOK_PLACE = (Outcome.HELD, Outcome.PASSING)
# What they may say without having met us; a meeting goes by what follows from it.
REPLIES = (Kind.MAIL, Kind.MESSAGE, Kind.CALL)
# A merge is looked at for so long, so that a job that stood still for some days misses none.
LOOKED_BACK = timedelta(days=7)
BATCH = 200


@dataclass(eq=False)
class _Exchange:
    pk: int
    company_id: int
    lead_id: int | None
    happened_at: datetime
    is_reply: bool
    runs: bool
    people: set[int] = field(default_factory=set)
    # The first of theirs, to whom an answer goes.
    contact_id: int | None = None
    has_its_own: bool = False

    def came_after(self, other: "_Exchange") -> bool:
        return (self.happened_at, self.pk) > (other.happened_at, other.pk)

    def is_about_the_same(self, other: "_Exchange") -> bool:
        """One lead, or else people in common; where nobody was named, the company is all there is to go by."""
        if self.company_id != other.company_id:
            return False
        if self.lead_id and other.lead_id:
            return self.lead_id == other.lead_id
        return not self.people or not other.people or bool(self.people & other.people)


def give_way(companies: Iterable[int], *, at: datetime) -> set[int]:
    """End what runs at these companies and has been overtaken. Gives the ended ones; a fixed number of queries."""
    return _give_way(Q(company__in=set(companies)), at)


def give_way_to(interactions: list[Interaction], *, at: datetime) -> set[int]:
    """The same where these alone are new: of a company met a thousand times, only what shares a lead or people."""
    return _give_way(_near(interactions), at) if interactions else set()


def _give_way(there: Q, at: datetime) -> set[int]:
    exchanges = _exchanges(there)
    overtaken = _overtaken(exchanges)
    steps = FollowUp.objects.open().filter(origin=Origin.CADENCE, interaction__in=overtaken)
    switched: set[int] = set()
    answered: dict[int, list[FollowUp]] = defaultdict(list)
    for step in steps.only("interaction", "owner", "lead") if overtaken else ():
        newer = overtaken[step.interaction_id or 0]
        if newer.has_its_own:
            switched.add(step.pk)
        else:
            answered[newer.pk].append(step)
    stopped = {step.pk for steps in answered.values() for step in steps}
    _end(switched, gettext_lazy("Something newer was said, and has steps of its own."), at=at)
    _end(stopped, gettext_lazy("They replied."), at=at)
    _ask_what_next({exchanges[pk]: steps for pk, steps in answered.items()}, at=at)
    return switched | stopped


def give_way_after_merges(*, at: datetime) -> int:
    """Companies or people that became one may now have two cadences running; the newer one goes on."""
    merges = MergeLog.objects.filter(undone_at=None, at__gte=at - LOOKED_BACK)
    companies = merges.exclude(survivor_company=None).values("survivor_company")
    people = merges.exclude(survivor_contact=None).values("survivor_contact")
    there = Q(company__in=companies) | Q(interaction__participants__contact__in=people)
    steps = FollowUp.objects.open().filter(there, origin=Origin.CADENCE)
    several = steps.values("company").annotate(n=Count("interaction", distinct=True)).filter(n__gt=1)
    ids = list(several.order_by("company").values_list("company", flat=True)) if merges.exists() else []
    return sum(len(give_way(ids[n : n + BATCH], at=at)) for n in range(0, len(ids), BATCH))


def _near(interactions: list[Interaction]) -> Q:
    """What may be about the same as one of these; `is_about_the_same` says whether it is."""
    people = Participant.objects.filter(interaction__in=interactions).exclude(contact=None)
    named = list(people.values_list("interaction", "contact"))
    with_people = {pk for pk, _contact in named}
    of_nobody = {row.company_id for row in interactions if row.pk not in with_people}
    met = Participant.objects.filter(contact__in={contact for _pk, contact in named}).values("interaction")
    anybody = Participant.objects.filter(interaction=OuterRef("pk")).exclude(contact=None)
    leads = {row.lead_id for row in interactions if row.lead_id}
    near = Q(company__in=of_nobody) | Q(lead__in=leads) | Q(pk__in=met) | Q(~Exists(anybody))
    return Q(company__in={row.company_id for row in interactions}) & near


def _exchanges(there: Q) -> dict[int, _Exchange]:
    """What took place with them and not only from our side, and all that has steps running."""
    theirs = Q(outcome__in=TOOK_PLACE) & ~Q(direction=Direction.OUT)
    running = FollowUp.objects.open().filter(interaction=OuterRef("pk"), origin=Origin.CADENCE)
    rows = Interaction.objects.filter(there).annotate(runs=Exists(running)).filter(theirs | Q(runs=True))
    said = rows.values_list("pk", "company", "lead", "happened_at", "runs", "kind", "direction", "outcome")
    found = {
        pk: _Exchange(
            pk,
            company_id,
            lead_id,
            happened_at,
            is_reply=direction == Direction.IN and kind in REPLIES and outcome in TOOK_PLACE,
            runs=runs,
        )
        for pk, company_id, lead_id, happened_at, runs, kind, direction, outcome in said
    }
    people = Participant.objects.filter(interaction__in=found).exclude(contact=None).order_by("pk")
    for pk, contact_id in people.values_list("interaction", "contact"):
        found[pk].people.add(contact_id)
        found[pk].contact_id = found[pk].contact_id or contact_id
    own = FollowUp.objects.filter(interaction__in=found, interaction__outcome__in=TOOK_PLACE)
    own = own.exclude(interaction__direction=Direction.OUT).exclude(state=FollowUp.State.CANCELLED)
    for pk in own.exclude(origin=Origin.REPLY).values_list("interaction", flat=True).distinct():
        found[pk].has_its_own = True
    return found


def _overtaken(exchanges: dict[int, _Exchange]) -> dict[int, _Exchange]:
    """What runs though something newer was said, and the newest of that."""
    at_company: dict[int, list[_Exchange]] = defaultdict(list)
    for exchange in exchanges.values():
        if exchange.has_its_own or exchange.is_reply:
            at_company[exchange.company_id].append(exchange)
    for known in at_company.values():
        known.sort(key=lambda exchange: (exchange.happened_at, exchange.pk), reverse=True)
    running = (exchange for exchange in exchanges.values() if exchange.runs)
    newest = ((old.pk, _overtaken_by(old, at_company[old.company_id])) for old in running)
    return {pk: newer for pk, newer in newest if newer}


def _overtaken_by(old: _Exchange, newest_first: list[_Exchange]) -> _Exchange | None:
    newer = takewhile(lambda new: new.came_after(old), newest_first)
    return next((new for new in newer if new.is_about_the_same(old)), None)


def _end(steps: set[int], because: Promise, *, at: datetime) -> None:
    if steps:
        cancel(FollowUp.objects.filter(pk__in=steps), because, at=at)


def _ask_what_next(answered: dict[_Exchange, list[FollowUp]], *, at: datetime) -> None:
    """Whoever did the steps now reads the reply and decides."""
    owners = User.objects.in_bulk({steps[0].owner_id for steps in answered.values()}) if answered else {}
    due_on = next_working_day(agency_day(at), settings.AGENCY_COUNTRY)
    asked = []
    for reply, steps in answered.items():
        owner = owners[steps[0].owner_id]
        with override(owner.language):
            words = _("They replied: decide what comes next")
        asked.append(
            FollowUp(
                origin=Origin.REPLY,
                text=words,
                owner=owner,
                company_id=reply.company_id,
                contact_id=reply.contact_id,
                lead_id=reply.lead_id or steps[0].lead_id,
                interaction_id=reply.pk,
                due_on=due_on,
            )
        )
    FollowUp.objects.bulk_create(asked, ignore_conflicts=True)
