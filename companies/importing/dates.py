"""Days and times as people write them. What can be read in two ways is never guessed."""

import re
from datetime import date, time

from companies.importing.texts import fold

ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
FIGURES = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[T ]\d{1,2}:\d{2}.*)?$")
TIME = re.compile(r"^(\d{1,2})[:.h](\d{2})(?::\d{2})?\s*([ap])?\.?\s*m?\.?$", re.IGNORECASE)
_MONTHS = (
    ("jan", "ene"),
    ("feb",),
    ("mar",),
    ("apr", "abr"),
    ("may",),
    ("jun",),
    ("jul",),
    ("aug", "ago"),
    ("sep", "set"),
    ("oct",),
    ("nov",),
    ("dec", "dic"),
)
MONTHS = {word: month for month, words in enumerate(_MONTHS, 1) for word in words}


def day_in(text: str, order: str) -> tuple[date | None, str]:
    """The day, or what is wrong with it."""
    if iso := ISO.match(text):
        return _day(*map(int, iso.groups()), wrong="no_date")
    if figures := FIGURES.match(text):
        first, second, year = figures.groups()
        if len(year) == 2:
            return None, "no_year"
        if is_ambiguous(text) and not order:
            return None, "no_day"
        month_first = order == "mdy" if order else int(second) > 12
        day, month = (second, first) if month_first else (first, second)
        return _day(int(year), int(month), int(day), wrong="wrong_order" if order else "no_date")
    return _in_letters(text)


def is_ambiguous(text: str) -> bool:
    figures = FIGURES.match(text)
    if not figures:
        return False
    first, second = int(figures[1]), int(figures[2])
    return len(figures[3]) == 4 and first != second and 1 <= first <= 12 and 1 <= second <= 12


def tells(text: str) -> str:
    """The order that this one proves for itself."""
    figures = FIGURES.match(text)
    if not figures:
        return ""
    return "dmy" if int(figures[1]) > 12 else "mdy" if int(figures[2]) > 12 else ""


def time_in(text: str) -> tuple[time | None, str]:
    found = TIME.match(text)
    if not found:
        return None, "no_time"
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (time(hour, minute), "") if hour < 24 and minute < 60 else (None, "no_time")


def _in_letters(text: str) -> tuple[date | None, str]:
    """ "3 de abril de 2024", "April 3rd, 2024"."""
    words = fold(text).split()
    months = [MONTHS[word[:3]] for word in words if word.isalpha() and word[:3] in MONTHS]
    figures = [int(found[0]) for word in words if (found := re.match(r"\d+", word))]
    years = [figure for figure in figures if 1800 <= figure <= 2200]
    days = [figure for figure in figures if 1 <= figure <= 31]
    if len(months) != 1 or len(years) != 1 or len(days) != 1:
        return None, "no_date"
    return _day(years[0], months[0], days[0], wrong="no_date")


def _day(year: int, month: int, day: int, *, wrong: str) -> tuple[date | None, str]:
    try:
        found = date(year, month, day)
    except ValueError:
        return None, wrong
    return (found, "") if 1800 <= year <= 2200 else (None, "no_date")
