"""Who is on leave, by the day it is where they are, and who hears in their place what cannot wait."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.staff.models import Leave, User
from config.staff.stand_in import first_at_work

A_DAY = timedelta(days=1)

Away = Mapping[int, Leave]


def away_at(moment: datetime) -> Away:
    """By person. Days begin in every zone within a day of ours, so two more are looked at."""
    day = moment.date()
    near = Leave.objects.filter(first_day__lte=day + A_DAY, last_day__gte=day - A_DAY, user__is_active=True)
    rows = near.select_related("deputy", "user__deputy", "user__manager").prefetch_related("user__stays")
    return {row.user_id: row for row in rows if row.covers(_day_of(row.user, moment))}


def covers_for(person: User, away: Away) -> User | None:
    """Whoever hears in the place of somebody on leave: the deputy of the leave, their own, or the manager."""
    leave = away.get(person.pk)
    if leave is None:
        return None
    chosen = [one for one in (leave.deputy, leave.user.deputy, leave.user.manager) if one]
    return first_at_work(chosen, away=away, without=person)


def _day_of(person: User, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(person.zone_at(moment))).date()
