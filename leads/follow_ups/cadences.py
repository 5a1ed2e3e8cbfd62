"""What is to be done after a meeting: the steps of its cadence are opened once, and fit it whatever changes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from config.staff import clock
from config.staff.clock import agency_day
from config.staff.models import User
from config.staff.working_days import on_a_common_day
from leads.follow_ups.giving_way import give_way_to
from leads.follow_ups.step_owners import StepOwners
from leads.follow_ups.steps import (
    TheirPerson,
    addressee,
    anchor_of,
    at_once,
    country_of,
    due_day,
    has_ended,
    in_order,
    still_to_do,
    trigger_of,
)
from leads.follow_ups.stopping import cancel
from leads.models import CadenceStep, CadenceVersion, FollowUp, Interaction, OpeningFault, Participant
from leads.models.choices import ENDED


def open_follow_ups_of(interaction: Interaction, *, at: datetime) -> list[FollowUp]:
    """Open what its cadence asks for and is not there yet; nothing while its event goes on.

    After an edit of the interaction it is called again: steps are counted anew, and those that no longer fit stop.
    """
    with transaction.atomic():
        locked = Interaction.objects.filter(pk=interaction.pk).select_for_update(of=("self",), no_key=True)
        return open_for(list(with_what_counts(locked)), at=at)


def with_what_counts(interactions: QuerySet[Interaction]) -> QuerySet[Interaction]:
    # Many share an event and a few colleagues: fetched beside them, each is read once.
    return interactions.prefetch_related("company", "event__cadence", "lead", "logged_by__deputy", "logged_by__manager")


def open_for(interactions: list[Interaction], *, at: datetime) -> list[FollowUp]:
    """The same for many, whose rows are locked, with a fixed number of queries."""
    ready = [interaction for interaction in interactions if has_ended(interaction.event, at)]
    there = _steps_there(ready)
    for interaction in ready:
        _drop_misfits(interaction, there[interaction.pk], at)
    recount((step for steps in there.values() for step in steps), at=at)
    missing = _missing(ready, there, at)
    stopped = [step for step in missing if step.pk]
    opened = FollowUp.objects.bulk_create(step for step in missing if not step.pk)
    opened += _taken_up_again(stopped, at)
    gone = give_way_to(ready, at=at)
    ids = [interaction.pk for interaction in ready]
    Interaction.objects.filter(pk__in=ids, follow_ups_opened_at=None).update(follow_ups_opened_at=at)
    OpeningFault.objects.filter(interaction__in=ids).delete()
    return [step for step in opened if step.pk not in gone]


def recount(follow_ups: Iterable[FollowUp], *, at: datetime) -> int:
    """Move open steps whose meeting, or its event, now ends at another moment; they are news to their owners.

    A day that the owner chose by snoozing stays, unless the step would now be due later than that.
    """
    moves: dict[tuple[datetime, date], list[int]] = defaultdict(list)
    moved = [row for row in follow_ups if row.is_open and row.step and row.interaction and _has_moved(row)]
    countries = _countries(moved)
    for follow_up in moved:
        assert follow_up.interaction  # noqa: S101
        anchor_at = anchor_of(follow_up.interaction)
        moves[anchor_at, _new_day(follow_up, anchor_at, at, countries[follow_up.pk])].append(follow_up.pk)
    for (anchor_at, day), ids in moves.items():
        steps = FollowUp.objects.open().filter(pk__in=ids)
        steps.exclude(due_on=day).update(due_on=day, due_at=None, known_to=None, version=F("version") + 1)
        steps.update(anchor_at=anchor_at)
    return sum(len(ids) for ids in moves.values())


class Next(NamedTuple):
    kind: str
    text: str
    day: date


def next_default(follow_up: FollowUp) -> Next | None:
    """What to propose when this one is done; nothing where more steps of the same meeting stand open anyway."""
    if follow_up.mission_id:
        return None
    others = FollowUp.objects.open().exclude(pk=follow_up.pk)
    if follow_up.interaction_id and others.filter(interaction=follow_up.interaction_id).exists():
        return None
    step = follow_up.step or _its_like(follow_up)
    if step is None:
        return None
    now = clock.now()
    theirs = _countries([follow_up])[follow_up.pk]
    days = in_order(list(step.version.steps.filter(trigger=step.trigger)), now, theirs)
    here = next(place for place, (other, _day) in enumerate(days) if other.pk == step.pk)
    if here + 1 == len(days):
        return None
    later, day = days[here + 1]
    wait = max(day - days[here][1], timedelta(days=1))
    with override(follow_up.owner.language):
        words = later.text
    return Next(later.kind, words, on_a_common_day(agency_day(now) + wait, settings.AGENCY_COUNTRY, theirs))


def _its_like(follow_up: FollowUp) -> CadenceStep | None:
    """For what was promised or added by hand: the same kind of step, by the interest shown, in the default cadence."""
    version = _default_version(clock.now())
    trigger = trigger_of(follow_up.interaction) if follow_up.interaction else ""
    if version is None:
        return None
    trigger = trigger or CadenceStep.Trigger.WARM
    return version.steps.select_related("version").filter(trigger=trigger, kind=follow_up.kind).first()


def _default_version(at: datetime) -> CadenceVersion | None:
    published = CadenceVersion.objects.filter(cadence__is_default=True, published_at__lte=at)
    return published.order_by("-number").first()


def _steps_there(interactions: list[Interaction]) -> dict[int, list[FollowUp]]:
    there: dict[int, list[FollowUp]] = defaultdict(list)
    by_id = {interaction.pk: interaction for interaction in interactions}
    for follow_up in FollowUp.objects.filter(interaction__in=by_id, step__isnull=False).select_related("step"):
        follow_up.interaction = by_id[follow_up.interaction_id or 0]
        there[follow_up.interaction.pk].append(follow_up)
    return there


def _drop_misfits(interaction: Interaction, there: list[FollowUp], at: datetime) -> None:
    """The meeting was first marked otherwise, say warm instead of hot: what is still open of that goes."""
    misfits = [step for step in there if step.is_open and step.step and step.step.trigger != trigger_of(interaction)]
    if not misfits:
        return
    because = _("The meeting was marked anew, so other steps follow.")
    cancel(FollowUp.objects.filter(pk__in=[step.pk for step in misfits]), because, at=at)
    for step in misfits:
        step.state = FollowUp.State.CANCELLED


def _missing(interactions: list[Interaction], there: dict[int, list[FollowUp]], at: datetime) -> list[FollowUp]:
    versions = _versions(interactions, there, at)
    steps = _steps_by_version(set(versions.values()))
    people = _people(interactions)
    owners = StepOwners(interactions, (step for found in steps.values() for step in found))
    missing: list[FollowUp] = []
    for interaction in interactions:
        if interaction.lead and interaction.lead.status in ENDED:
            continue
        trigger = trigger_of(interaction)
        candidates = [step for step in steps[versions.get(interaction.pk, 0)] if step.trigger == trigger]
        missing += _new_steps(
            interaction, candidates, there[interaction.pk], people[interaction.pk], owners=owners, at=at
        )
    return missing


def _versions(interactions: list[Interaction], there: dict[int, list[FollowUp]], at: datetime) -> dict[int, int]:
    """What runs keeps its version; a new one goes by its event, or else by the default."""
    default = _default_version(at)
    versions: dict[int, int] = {}
    for interaction in interactions:
        running = [step.step.version_id for step in there[interaction.pk] if step.step]
        of_event = getattr(interaction.event, "cadence", None)
        if running:
            versions[interaction.pk] = running[0]
        elif of_event:
            versions[interaction.pk] = of_event.version_id
        elif default:
            versions[interaction.pk] = default.pk
    return versions


def _steps_by_version(versions: set[int]) -> dict[int, list[CadenceStep]]:
    steps: dict[int, list[CadenceStep]] = defaultdict(list)
    for step in CadenceStep.objects.filter(version__in=versions):
        steps[step.version_id].append(step)
    return steps


def _people(interactions: list[Interaction]) -> dict[int, list[TheirPerson]]:
    people: dict[int, list[TheirPerson]] = defaultdict(list)
    rows = Participant.objects.filter(interaction__in=interactions).exclude(contact=None).order_by("pk")
    of_contact = (f"contact__{name}" for name in ("objected_at", "anonymised_at", "country"))
    for interaction_id, contact_id, objected_at, anonymised_at, country in rows.values_list(
        "interaction", "contact", *of_contact
    ):
        may_be_written_to = objected_at is None and anonymised_at is None
        people[interaction_id].append(TheirPerson(contact_id, may_be_written_to, country or ""))
    return people


def _new_steps(
    interaction: Interaction,
    candidates: list[CadenceStep],
    there: list[FollowUp],
    people: list[TheirPerson],
    *,
    owners: StepOwners,
    at: datetime,
) -> list[FollowUp]:
    before = {step.step_id: step for step in there}
    kinds_done = {step.kind for step in there if step.state == FollowUp.State.DONE}
    new: list[FollowUp] = []
    theirs = country_of(people, interaction.company)
    for step, day in still_to_do(candidates, anchor_of(interaction), at, theirs):
        to = addressee(step, people)
        everybody_objected = people and not to
        if step.kind in kinds_done or everybody_objected:
            continue
        old = before.get(step.pk)
        if old is None:
            new.append(_follow_up(interaction, step, day, owner=owners.of(step, interaction), to=to))
        elif old.state == FollowUp.State.CANCELLED and old.closed_by_id is None:
            # No person cancelled it: the meeting was marked otherwise for a while.
            old.due_on = day
            new.append(old)
    return new


def _taken_up_again(steps: list[FollowUp], at: datetime) -> list[FollowUp]:
    for step in steps:
        step.state, step.closed_at, step.closed_with = FollowUp.State.OPEN, None, ""
        step.known_to, step.updated_at = None, at
        step.version += 1
    fields = ("state", "closed_at", "closed_with", "due_on", "known_to", "updated_at", "version")
    FollowUp.objects.bulk_update(steps, fields)
    return steps


def _follow_up(
    interaction: Interaction, step: CadenceStep, day: date, *, owner: User, to: TheirPerson | None
) -> FollowUp:
    with override(owner.language):
        words = step.text
    return FollowUp(
        origin=FollowUp.Origin.CADENCE,
        kind=step.kind,
        text=words,
        owner=owner,
        company_id=interaction.company_id,
        contact_id=to.contact_id if to else None,
        lead_id=interaction.lead_id,
        interaction=interaction,
        step=step,
        anchor_at=anchor_of(interaction),
        due_on=day,
    )


def _has_moved(follow_up: FollowUp) -> bool:
    return bool(follow_up.interaction) and anchor_of(follow_up.interaction) != follow_up.anchor_at  # type: ignore[arg-type]


def _countries(follow_ups: list[FollowUp]) -> dict[int, str]:
    """Where whoever each is about works: the person's country, or their company's."""
    ids = [row.pk for row in follow_ups]
    rows = FollowUp.objects.filter(pk__in=ids) if ids else FollowUp.objects.none()
    found = rows.values_list("pk", "contact__country", "company__origin_country")
    return {pk: of_person or of_company or "" for pk, of_person, of_company in found}


def _new_day(follow_up: FollowUp, anchor_at: datetime, at: datetime, theirs: str) -> date:
    assert follow_up.step  # noqa: S101
    day = max(due_day(follow_up.step, anchor_at, theirs), at_once(at, theirs))
    return max(day, follow_up.due_on) if follow_up.snoozes else day
