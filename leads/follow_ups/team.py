"""A manager's view of a team: what waits on each person, counted as their own Today counts it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Count, Min, Q

from config.staff import clock
from config.staff.absence import away_at, covers_for
from config.staff.models import Leave, User
from leads.follow_ups.today import A_WEEK, CLEARED_DAYS, colleagues_of, day_begins
from leads.models import FollowUp

Days = Mapping[date, Collection[int]]


@dataclass(frozen=True)
class Member:
    person: User
    today: date
    overdue: int
    due_today: int
    week: int
    waiting: int
    cleared: int
    cleared_week: int
    oldest: date | None
    leave: Leave | None
    deputy: User | None

    @property
    def key(self) -> str:
        return str(self.person.pk)

    @property
    def days_late(self) -> int:
        return (self.today - self.oldest).days if self.oldest else 0


SORTS: dict[str, Callable[[Member], Any]] = {
    "name": lambda member: member.person.name.casefold(),
    **{name: attrgetter(name) for name in ("overdue", "due_today", "week", "waiting", "cleared", "cleared_week")},
    "oldest": attrgetter("days_late"),
}


def team_of(reader: User, *, at: datetime) -> list[Member]:
    """A fixed number of queries, however many people there are and wherever each of them is."""
    people = list(colleagues_of(reader).select_related("deputy", "manager").prefetch_related("stays").order_by("name"))
    if not people:
        return []
    days = {person.pk: clock.today_for(person) for person in people}
    open_ones, cleared, away = _open_ones(reader, days), _cleared(people, reader, at, days), away_at(at)
    return [
        Member(
            person=person,
            today=days[person.pk],
            leave=away.get(person.pk),
            deputy=covers_for(person, away),
            **{"overdue": 0, "due_today": 0, "week": 0, "waiting": 0, "oldest": None} | open_ones.get(person.pk, {}),
            **{"cleared": 0, "cleared_week": 0} | cleared.get(person.pk, {}),
        )
        for person in people
    ]


def in_order(team: list[Member], sort: str, *, falling: bool) -> list[Member]:
    """The same figure twice stands by name."""
    return sorted(team, key=SORTS[sort], reverse=falling)


def _open_ones(reader: User, days: Mapping[int, date]) -> dict[int, dict[str, Any]]:
    people_by_day: dict[date, list[int]] = defaultdict(list)
    for pk, day in days.items():
        people_by_day[day].append(pk)
    ours = Q(waiting_for="")
    overdue = ours & _on_their_day(people_by_day, lambda day: Q(due_on__lt=day))
    rows = FollowUp.objects.visible_to(reader).open().filter(owner__in=days)
    counted = rows.values("owner").annotate(
        overdue=Count("pk", filter=overdue),
        due_today=Count("pk", filter=ours & _on_their_day(people_by_day, lambda day: Q(due_on=day))),
        week=Count(
            "pk", filter=ours & _on_their_day(people_by_day, lambda day: Q(due_on__gt=day, due_on__lte=day + A_WEEK))
        ),
        waiting=Count("pk", filter=~ours),
        oldest=Min("due_on", filter=overdue),
    )
    return _by_person(counted.order_by(), "owner")


def _cleared(people: list[User], reader: User, at: datetime, days: Mapping[int, date]) -> dict[int, dict[str, Any]]:
    begins: dict[str, dict[datetime, list[int]]] = {name: defaultdict(list) for name in CLEARED_DAYS}
    for person in people:
        for name, back in CLEARED_DAYS.items():
            begins[name][day_begins(person, days[person.pk], back=back)].append(person.pk)
    since = {
        name: reduce(or_, (Q(closed_by__in=ids, closed_at__gte=moment) for moment, ids in moments.items()), Q(pk=None))
        for name, moments in begins.items()
    }
    rows = FollowUp.objects.visible_to(reader).filter(since["cleared_week"])
    counted = rows.values("closed_by").annotate(
        cleared=Count("pk", filter=since["cleared"]), cleared_week=Count("pk", filter=since["cleared_week"])
    )
    return _by_person(counted.order_by(), "closed_by")


def _on_their_day(people_by_day: Days, due: Callable[[date], Q]) -> Q:
    """It is not the same day everywhere."""
    return reduce(or_, (Q(owner__in=ids) & due(day) for day, ids in people_by_day.items()), Q(pk=None))


def _by_person(rows: Any, key: str) -> dict[int, dict[str, Any]]:
    return {row.pop(key): row for row in rows}
