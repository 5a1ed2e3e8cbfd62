"""Warns that a colleague meets the same company or group, so that nobody calls twice on one door."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.staff.models import User
from leads.models import Interaction
from leads.models.choices import Outcome
from missions.agenda.cautions import Caution
from missions.models import Appointment, Seat
from missions.wall_time import to_wall

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


def met_around(planned: Sequence[Appointment], *, reader: User) -> list[Caution]:
    """Of appointments to come, those whose company a colleague met in the two weeks before. One query."""
    to_come = [one for one in planned if one.is_to_come]
    if not to_come:
        return []
    rows = (
        Interaction.objects.visible_to(reader)
        .filter(
            kind__in=FACE_TO_FACE,
            outcome=Outcome.HELD,
            company__in={one.company_id for one in to_come},
            happened_at__range=(min(one.starts_at for one in to_come) - WITHIN, max(one.starts_at for one in to_come)),
        )
        .select_related("logged_by")
        .order_by("-happened_at", "-pk")
    )
    met: dict[int, list[Interaction]] = defaultdict(list)
    for row in rows:
        met[row.company_id].append(row)
    found = []
    for one in to_come:
        ours = {person.user_id for person in one.delegates.all()}
        lately = (row for row in met[one.company_id] if one.starts_at - WITHIN <= row.happened_at <= one.starts_at)
        if last := next((row for row in lately if row.logged_by_id not in ours), None):
            day = date_format(to_wall(last.happened_at, last.zone), "SHORT_DATE_FORMAT")
            text = _("%(who)s met them on %(day)s.") % {"who": last.logged_by.name, "day": day}
            found.append(Caution(one.pk, "others", text))
    return found
