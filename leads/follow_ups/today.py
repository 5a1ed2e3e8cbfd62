"""What one person has before them today: follow-ups in four groups, appointments, and what was cleared already."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User
from leads.follow_ups import rows as follow_up_rows
from leads.follow_ups.rows import FollowUpRow
from leads.models import FollowUp, Interaction
from missions.models import Appointment, Mission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 15
CLEARED_SHOWN = 10
OFFERS_SHOWN = 20
A_WEEK = timedelta(days=6)
# What a person has done: today, or within a week, in days back.
CLEARED_DAYS = {"cleared": 0, "cleared_week": 6}

OVERDUE, TODAY, WEEK, WAITING = range(4)


@dataclass(frozen=True)
class GroupKind:
    slug: str
    title: "StrOrPromise"


KINDS = (
    GroupKind("overdue", _("Overdue")),
    GroupKind("today", _("Today")),
    GroupKind("week", _("This week")),
    GroupKind("waiting", _("Waiting for others")),
)


@dataclass(frozen=True)
class Group:
    kind: GroupKind
    rows: list[FollowUpRow]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


def groups_of(person: User, *, reader: User, today: date) -> list[Group]:
    """The first rows of each group and how many there are in all. One query."""
    ranked = _ranked(person, reader, today).filter(rank__lte=SHOWN).order_by("group", "rank")
    found = list(follow_up_rows.plain(ranked, "group", "in_group"))
    rows: list[list[FollowUpRow]] = [[] for _kind in KINDS]
    counts = [0] * len(KINDS)
    for row, shown in zip(found, follow_up_rows.dressed(found), strict=True):
        rows[row.group].append(shown)
        counts[row.group] = row.in_group
    return [Group(kind, rows[n], counts[n]) for n, kind in enumerate(KINDS)]


def all_of_group(slug: str, person: User, *, reader: User, today: date) -> QuerySet[Any, Any]:
    """Plain rows, to be dressed."""
    number = [kind.slug for kind in KINDS].index(slug)
    return follow_up_rows.plain(_grouped(person, reader, today).filter(group=number))


def cleared_on(person: User, *, reader: User, today: date) -> list[FollowUp]:
    return list(cleared_since(person, reader=reader, today=today).order_by("-closed_at", "-pk")[:CLEARED_SHOWN])


def cleared_since(person: User, *, reader: User, today: date, back: int = 0) -> QuerySet[FollowUp]:
    """What they did or cancelled themselves."""
    begins = day_begins(person, today, back=back)
    closed = FollowUp.objects.visible_to(reader).filter(closed_by=person, closed_at__gte=begins)
    shown = closed.select_related("company", "mission")
    return shown.only("text", "state", "closed_at", "closed_with", "company__name", "mission__name")


def day_begins(person: User, today: date, *, back: int = 0) -> datetime:
    """Midnight where this person is, or some days before."""
    zone = ZoneInfo(person.zone_at(clock.now()))
    return datetime.combine(today - timedelta(days=back), time(), zone).astimezone(UTC)


def offered_to(person: User) -> list[FollowUp]:
    """What colleagues ask this person to take over."""
    # Mostly there is none, which is quickly seen; who may see what is the dearer question.
    offered = list(FollowUp.objects.offered(person).values_list("pk", flat=True)[: 2 * OFFERS_SHOWN])
    if not offered:
        return []
    rows = FollowUp.objects.visible_to(person).filter(pk__in=offered).select_related("company", "mission", "owner")
    shown = rows.only("text", "due_on", "company__name", "mission__name", "owner__name")
    return list(shown.order_by("due_on", "pk")[:OFFERS_SHOWN])


def with_source(follow_ups: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """With all that its page shows."""
    return follow_ups.select_related(
        "company",
        "mission",
        "contact",
        "interaction__mission",
        "appointment__mission",
        "lead",
        "owner",
        "offered_to",
        "step",
        "closed_by_interaction",
        "closed_by_file",
    )


def appointments_of_today(user: User) -> list[Appointment]:
    """Of the missions that this person travels with, on the day it is at each place."""
    now = clock.now()
    rows = (
        Appointment.objects.visible_to(user)
        .filter(mission__in=Mission.objects.of(user).under_way())
        .filter(starts_at__gt=now - timedelta(hours=36), starts_at__lt=now + timedelta(hours=36))
        .exclude(status=Appointment.Status.CANCELLED)
        .annotate(is_logged=Exists(Interaction.objects.filter(appointment=OuterRef("pk"))))
        .select_related("company", "mission")
        .prefetch_related("contacts")
        .order_by("starts_at", "pk")
    )
    return [row for row in rows if row.local_start.date() == clock.today_in(row.zone)]


def colleagues_of(reader: User) -> QuerySet[User]:
    """Whose Today this person may open: those they stand in for, a manager's own people, all for an administrator."""
    day = clock.today_for(reader)
    stands_in = Q(deputy=reader) | Q(leaves__deputy=reader, leaves__first_day__lte=day, leaves__last_day__gte=day)
    if reader.is_administrator:
        stands_in = Q()
    elif reader.is_manager:
        stands_in |= Q(manager=reader)
        if reader.team_id:
            stands_in |= Q(team=reader.team_id)
    colleagues: QuerySet[User] = User.objects.staff().active().filter(stands_in).exclude(pk=reader.pk).distinct()
    return colleagues


def _grouped(person: User, reader: User, today: date) -> QuerySet[Any, Any]:
    group = Case(
        When(~Q(waiting_for=""), then=Value(WAITING)),
        When(due_on__lt=today, then=Value(OVERDUE)),
        When(due_on=today, then=Value(TODAY)),
        default=Value(WEEK),
        output_field=IntegerField(),
    )
    mine = FollowUp.objects.visible_to(reader).open().filter(owner=person)
    near = mine.filter(Q(due_on__lte=today + A_WEEK) | ~Q(waiting_for=""))
    return near.annotate(group=group)


def _ranked(person: User, reader: User, today: date) -> QuerySet[Any, Any]:
    ranked: QuerySet[Any, Any] = _grouped(person, reader, today).annotate(
        rank=Window(
            RowNumber(), partition_by=[F("group")], order_by=[F("due_on"), F("due_at").asc(nulls_last=True), F("pk")]
        ),
        in_group=Window(Count("*"), partition_by=[F("group")]),
    )
    return ranked
