"""Time at the office: what counts of a clock that stands still at night, on weekends and on holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.staff.working_days import add_working_days, next_working_day

OPENS, CLOSES = time(8), time(17)
A_DAY = timedelta(hours=CLOSES.hour - OPENS.hour)


def add_working_hours(moment: datetime, length: timedelta, *, zone: str, country: str = "CO") -> datetime:
    """The moment, in UTC, when so much working time has passed. No time at all gives the next moment at work."""
    here = _at_work(moment.astimezone(ZoneInfo(zone)), country)
    while True:
        closes = datetime.combine(here.date(), CLOSES, here.tzinfo)
        left = closes - here
        if length <= left:
            return (here + length).astimezone(UTC)
        length -= left
        here = datetime.combine(next_working_day(here.date(), country), OPENS, here.tzinfo)


def working_time_between(start: datetime, end: datetime, *, zone: str, country: str = "CO") -> timedelta:
    """How long the office was open between two moments; nothing where the end comes first."""
    here, there = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    worked, day = timedelta(), add_working_days(here.date(), 0, country)
    while day <= there.date():
        opens, closes = (datetime.combine(day, hour, here.tzinfo) for hour in (OPENS, CLOSES))
        worked += max(min(closes, there) - max(opens, here), timedelta())
        day = next_working_day(day, country)
    return worked


def _at_work(here: datetime, country: str) -> datetime:
    if here.time() >= CLOSES:
        return datetime.combine(next_working_day(here.date(), country), OPENS, here.tzinfo)
    day: date = add_working_days(here.date(), 0, country)
    opens = datetime.combine(day, OPENS, here.tzinfo)
    return max(here, opens) if day == here.date() else opens
