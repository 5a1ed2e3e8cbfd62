"""What has been kept longer than its rule says: simulated first, then purged by the queue in batches.

People are anonymised, which has no way back; files are removed, and can be taken back for thirty days. What a person
has to do with anything that goes on keeps them.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from companies import anonymising
from companies.models import Contact, DataRequest, File, PersonalAct
from config.staff import clock, queue
from config.staff.models import User
from leads.models import (
    Enquiry,
    FollowUp,
    Interaction,
    InteractionFile,
    Lead,
    Participant,
    PersonReview,
    Purge,
    RetentionRule,
)
from leads.models.choices import ON_THE_BOARD
from leads.models.retention import Keeps
from missions.models import Appointment, Mission, MissionTarget

log = logging.getLogger(__name__)
BATCH = 100
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Simulation:
    """What a purge would take today."""

    of: Keeps
    days: int
    count: int
    some: list[Any]


def simulate(of: Keeps, *, at: datetime, shown: int = 50) -> Simulation:
    days = RetentionRule.days_of(of)
    rows = due(of, days, at=at)
    return Simulation(of, days, rows.count(), list(rows.order_by("pk")[:shown]))


def due(of: Keeps, days: int, *, at: datetime) -> Rows:
    return DUE[of](at - timedelta(days=days))


def _people(before: datetime) -> Rows:
    """Nobody has spoken to them since or said that they stay, and nothing that goes on names them.

    Restricted leads keep people too.
    """
    said = Interaction.objects.countable().filter(happened_at__gte=before)
    keeps: list[Rows] = [
        Participant.objects.filter(contact=OuterRef("pk"), interaction__in=said.values("pk")),
        Lead.objects.countable().filter(contact=OuterRef("pk"), status__in=ON_THE_BOARD),
        FollowUp.objects.open().filter(contact=OuterRef("pk")),
        Appointment.contacts.through.objects.filter(contact=OuterRef("pk"), appointment__starts_at__gte=before),
        MissionTarget.objects.filter(contact=OuterRef("pk"), mission__status__in=Mission.OPEN),
        Enquiry.objects.filter(contact=OuterRef("pk"), received_at__gte=before),
        DataRequest.objects.open().filter(contact=OuterRef("pk")),
        PersonalAct.objects.unfinished().filter(contact=OuterRef("pk")),
        PersonReview.objects.filter(contact=OuterRef("pk"), at__gte=before),
    ]
    people = Contact.objects.current().filter(created_at__lt=before)
    people = people.filter(Q(legal_basis_on=None) | Q(legal_basis_on__lt=before.date()))
    for rows in keeps:
        people = people.filter(~Exists(rows))
    return people


def _files_of_meetings(media: str, before: datetime) -> Rows:
    """Those that a device took at the meeting; what somebody added at the desk is a document."""
    taken = InteractionFile.objects.filter(file=OuterRef("pk"), capture_id__isnull=False)
    return File.objects.kept().filter(Exists(taken), media_type__startswith=media, uploaded_at__lt=before)


DUE: dict[Keeps, Callable[[datetime], Rows]] = {
    Keeps.REVIEW: _people,
    Keeps.PEOPLE: _people,
    Keeps.VOICE: partial(_files_of_meetings, "audio/"),
    Keeps.PICTURES: partial(_files_of_meetings, "image/"),
}


@transaction.atomic
def keep(pks: Sequence[int], *, by: User, at: datetime) -> int:
    """These people stay, until the review comes round again; how many. Who is not due for one is left out."""
    people = due(Keeps.REVIEW, RetentionRule.days_of(Keeps.REVIEW), at=at).filter(pk__in=pks)
    reviews = [PersonReview(contact=person, by=by, at=at) for person in people.select_for_update(of=("self",))]
    return len(PersonReview.objects.bulk_create(reviews))


@transaction.atomic
def begin(seen: Simulation, *, by: User, at: datetime) -> Purge:
    """Note it, for the queue to carry out. One that runs already is given back."""
    running = Purge.objects.unfinished().select_for_update().filter(of=seen.of).first()
    if running:
        return running
    purge = Purge.objects.create(of=seen.of, days=seen.days, by=by, at=at, total=seen.count)
    transaction.on_commit(partial(ask_for, purge.pk))
    return purge


def ask_for(pk: int) -> None:
    """Where the queue is down, the regular job takes it up."""
    from leads.tasks import carry_on_purge  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(carry_on_purge, pk)


def carry_on(pk: int) -> None:
    """Batch by batch, each in a transaction of its own; a second worker does nothing, a dead one loses one batch."""
    while _batch(pk):
        pass
    anonymising.carry_out()


@transaction.atomic
def _batch(pk: int) -> bool:
    purge = Purge.objects.unfinished().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if purge is None:
        return False
    # By the moment of the simulation: what has become old since was not in it.
    rows = list(due(Keeps(purge.of), purge.days, at=purge.at).order_by("pk")[:BATCH])
    with pghistory.context(user=purge.by_id, purge=pk):
        for row in rows:
            if isinstance(row, Contact):
                anonymising.ask_for(row, by=purge.by)
            else:
                row.remove(by=purge.by)
    if not rows:
        purge.finished_at = clock.now()
    purge.done = F("done") + len(rows)
    purge.save(update_fields=["done", "finished_at"])
    log.info("purge %s of %s: %s more", pk, purge.of, len(rows))
    return bool(rows)
