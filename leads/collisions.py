"""Warns that a colleague meets the same company or group, so that nobody calls twice on one door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from config.staff.models import User
from leads.models import Interaction
from leads.models.choices import Outcome
from missions.models import Appointment, Seat

WITHIN = timedelta(days=14)
FACE_TO_FACE = (Interaction.Kind.MEETING, Interaction.Kind.SITE_VISIT)
MOST = 3


@dataclass(frozen=True)
class Collision:
    at: datetime
    company: str
    who: str
    href: str
    is_to_come: bool


def planned_by_others(companies: Sequence[int], *, reader: User, at: datetime) -> list[Collision]:
    """Appointments to come of those that the reader may see and does not sit in."""
    own = Seat.objects.filter(delegate__user=reader).values("appointment")
    rows = Appointment.objects.visible_to(reader).to_come().exclude(pk__in=own)
    rows = rows.filter(company__in=companies, starts_at__gte=at, starts_at__lte=at + WITHIN)
    rows = rows.select_related("company", "mission").only("starts_at", "company__name", "mission__name")
    return [
        Collision(row.starts_at, row.company.name, _our_people(row), row.mission.get_absolute_url(), is_to_come=True)
        for row in rows.order_by("starts_at", "pk").prefetch_related("delegates")[:MOST]
    ]


def _our_people(appointment: Appointment) -> str:
    return ", ".join(delegate.name for delegate in appointment.delegates.all()) or appointment.mission.name


def met_by_others(companies: Sequence[int], *, reader: User, at: datetime) -> list[Collision]:
    """Meetings of the last two weeks that a colleague logged, of those that the reader may see."""
    rows = Interaction.objects.visible_to(reader).filter(company__in=companies, happened_at__gte=at - WITHIN)
    rows = rows.filter(Q(kind__in=FACE_TO_FACE), outcome=Outcome.HELD).exclude(logged_by=reader)
    rows = rows.select_related("company", "logged_by").only("happened_at", "company__name", "logged_by__name")
    return [_met(row, row.company.name) for row in rows.order_by("-happened_at", "-pk")[:MOST]]


def met_among(said: Iterable[Interaction], company: str, *, reader: User, at: datetime) -> list[Collision]:
    """The same out of what a page has read of one company."""
    met = [
        row
        for row in said
        if row.happened_at >= at - WITHIN
        and row.kind in FACE_TO_FACE
        and row.outcome == Outcome.HELD
        and row.logged_by_id != reader.pk
    ]
    return [_met(row, company) for row in met[:MOST]]


def _met(row: Interaction, company: str) -> Collision:
    return Collision(row.happened_at, company, row.logged_by.name, row.get_absolute_url(), is_to_come=False)
