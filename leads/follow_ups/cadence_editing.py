"""How a manager changes a cadence: in a draft, seen on real meetings first, published as the next version."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from config.staff import clock
from config.staff.models import User
from leads.follow_ups.steps import TheirPerson, anchor_of, country_of, in_order, trigger_of
from leads.models import Cadence, CadenceStep, CadenceVersion, EventCadence, Interaction
from leads.models.choices import Outcome

PREVIEWED = 15
LOOKED_BACK = timedelta(days=365)
COPIED = (
    *("trigger", "kind", "offset", "unit", "text_en", "text_es", "owner_rule", "is_message"),
    *("channel", "subject_en", "subject_es", "body_en", "body_es"),
)


class DraftChanged(Exception):  # noqa: N818 - the domain's word for it
    """A colleague changed or published the draft after this person had opened it."""


class NothingToDo(Exception):  # noqa: N818 - the domain's word for it
    """A version without a step would follow up nobody."""


def draft_of(cadence: Cadence) -> CadenceVersion | None:
    return cadence.versions.filter(published_at=None).first()


def version_in_force(cadence: Cadence) -> CadenceVersion | None:
    return cadence.versions.filter(published_at__isnull=False).order_by("-number").first()


def mark_of(steps: Iterable[CadenceStep]) -> str:
    """Tells whether the steps of a draft are still those that a person saw."""
    rows = sorted((step.pk, *(str(getattr(step, name)) for name in COPIED)) for step in steps)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def steps_to_edit(cadence: Cadence) -> list[CadenceStep]:
    """Those of the draft, or of what is in force where no draft is begun."""
    version = draft_of(cadence) or version_in_force(cadence)
    return list(version.steps.all()) if version else []


@transaction.atomic
def write_draft(cadence: Cadence, steps: list[CadenceStep], *, seen: str) -> CadenceVersion:
    """The draft has these steps from now on, and is begun where there is none.

    Raises DraftChanged where the steps to edit are not those that the person saw (`mark_of`).
    """
    Cadence.objects.select_for_update().get(pk=cadence.pk)
    if mark_of(steps_to_edit(cadence)) != seen:
        raise DraftChanged
    newest = cadence.versions.aggregate(newest=Max("number"))["newest"] or 0
    draft = draft_of(cadence) or CadenceVersion.objects.create(cadence=cadence, number=newest + 1)
    draft.steps.all().delete()
    for step in steps:
        step.pk, step.version = None, draft
    CadenceStep.objects.bulk_create(steps)
    return draft


@transaction.atomic
def publish(draft: CadenceVersion, *, seen: str) -> CadenceVersion:
    """In force from now on for meetings whose steps are not open yet; what runs keeps its version.

    Events that follow this cadence and are not over follow the new version. A second time changes nothing.
    """
    locked = CadenceVersion.objects.select_for_update().get(pk=draft.pk)
    if locked.published_at:
        return locked
    steps = list(locked.steps.all())
    if not steps:
        raise NothingToDo
    if mark_of(steps) != seen:
        raise DraftChanged
    now = clock.now()
    locked.published_at = now
    locked.save(update_fields=["published_at"])
    EventCadence.objects.filter(version__cadence=locked.cadence_id, event__ends_at__gt=now).update(version=locked)
    return locked


@transaction.atomic
def discard(draft: CadenceVersion) -> None:
    """Throw a draft away. Of a published version nothing is lost: it stays."""
    CadenceVersion.objects.filter(pk=draft.pk, published_at=None).delete()


@transaction.atomic
def make_default(cadence: Cadence) -> None:
    """Meetings whose event names no cadence follow this one from now on. It must have a published version."""
    if version_in_force(cadence) is None:
        raise NothingToDo
    list(Cadence.objects.select_for_update().order_by("pk"))
    Cadence.objects.filter(is_default=True).exclude(pk=cadence.pk).update(is_default=False)
    Cadence.objects.filter(pk=cadence.pk).update(is_default=True)


@dataclass(frozen=True)
class Opening:
    """What a version opens after one meeting, by day."""

    interaction: Interaction
    before: list[tuple[CadenceStep, date]]
    after: list[tuple[CadenceStep, date]]

    @property
    def differs(self) -> bool:
        return [_told(pair) for pair in self.before] != [_told(pair) for pair in self.after]


def preview(draft: CadenceVersion, *, reader: User, at: datetime) -> list[Opening]:
    """What it would have opened on the reader's last real meetings of each kind, beside what is in force."""
    new = list(draft.steps.all())
    in_force = version_in_force(draft.cadence)
    old = list(in_force.steps.all()) if in_force else []
    return [Opening(meeting, _of(old, meeting), _of(new, meeting)) for meeting in _past_meetings(new + old, reader, at)]


def _past_meetings(steps: list[CadenceStep], reader: User, at: datetime) -> list[Interaction]:
    """The same number of each trigger, newest first."""
    triggers = [trigger for trigger in CadenceStep.Trigger if any(step.trigger == trigger for step in steps)]
    meetings: list[Interaction] = []
    for trigger in triggers:
        if trigger == CadenceStep.Trigger.NO_SHOW:
            followed = Q(outcome=Outcome.NO_SHOW)
        else:
            followed = Q(interest=trigger.value, outcome__in=(Outcome.HELD, Outcome.PASSING))
        seen = Interaction.objects.visible_to(reader).filter(followed, happened_at__range=(at - LOOKED_BACK, at))
        newest = seen.select_related("company", "event").prefetch_related("contacts").order_by("-happened_at", "-pk")
        meetings += newest[: max(PREVIEWED // len(triggers), 1)]
    return meetings


def _of(steps: list[CadenceStep], meeting: Interaction) -> list[tuple[CadenceStep, date]]:
    trigger = trigger_of(meeting)
    met = sorted(meeting.contacts.all(), key=lambda person: person.pk)
    people = (TheirPerson(person.pk, may_be_written_to=True, country=person.country_id or "") for person in met)
    theirs = country_of(people, meeting.company)
    return in_order([step for step in steps if step.trigger == trigger], anchor_of(meeting), theirs)


def _told(pair: tuple[CadenceStep, date]) -> tuple[object, ...]:
    step, day = pair
    return (day, *(getattr(step, name) for name in COPIED if name not in {"offset", "unit"}))
