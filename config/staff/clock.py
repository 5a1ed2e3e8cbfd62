"""The one clock. Nothing else in the project asks for the time, so that tests can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

if TYPE_CHECKING:
    from config.staff.models import User

_set_to: datetime | None = None


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _set_to or datetime.now(UTC)


def today_in(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def today_for(user: "User") -> date:
    """The day it is where this person is: a traveller's day is the day of the place."""
    return today_in(user.zone_at(now()))


def agency_today() -> date:
    return agency_day(now())


def agency_day(moment: datetime) -> date:
    """The day it is or was at the agency."""
    return moment.astimezone(ZoneInfo(settings.AGENCY_ZONE)).date()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Stop the clock at a moment; for tests and for the sample data, whose history has its own days."""
    global _set_to  # noqa: PLW0603 - one clock for the whole process is the point
    before, _set_to = _set_to, moment.astimezone(UTC)
    try:
        yield
    finally:
        _set_to = before


def advance(**step: float) -> None:
    """Move a stopped clock on, e.g. `advance(hours=2)`."""
    global _set_to  # noqa: PLW0603
    if _set_to is None:
        raise RuntimeError("The clock runs by itself; stop it with set_to() first.")
    _set_to += timedelta(**step)
