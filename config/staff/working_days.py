"""Working days of a country: its weekend and its public holidays, moved Mondays included."""

from datetime import date, timedelta
from functools import cache

import holidays

ONE_DAY = timedelta(days=1)


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    # One finished year each: a calendar that grows while threads read it may answer for a year it has not filled yet.
    try:
        return holidays.country_holidays(country, years=year, expand=False)
    except NotImplementedError:  # a country that the library does not know has weekends only
        return holidays.HolidayBase(expand=False)


def is_working_day(day: date, country: str = "CO") -> bool:
    return bool(_calendar(country, day.year).is_working_day(day))


def next_working_day(day: date, country: str = "CO") -> date:
    """The first working day after this one."""
    return add_working_days(day, 1, country)


def add_working_days(day: date, count: int, country: str = "CO") -> date:
    """So many working days later, or earlier where the count is negative; none at all waits for a day at work."""
    if count == 0:
        return day if is_working_day(day, country) else next_working_day(day, country)
    step, left = (ONE_DAY, count) if count > 0 else (-ONE_DAY, -count)
    while left:
        day += step
        left -= is_working_day(day, country)
    return day


def on_a_common_day(day: date, *countries: str) -> date:
    """This day, or the first one after it on which all of these countries are at work: weekends differ too."""
    while not all(is_working_day(day, country) for country in countries if country):
        day += ONE_DAY
    return day


def last_day_overdue_for(count: int, *, on: date, country: str = "CO") -> date:
    """What was due on this day or earlier has by now been overdue for that many whole working days."""
    return next_working_day(add_working_days(on, -(count + 1), country), country) - ONE_DAY
