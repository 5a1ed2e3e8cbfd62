from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.staff.working_hours import A_DAY, add_working_hours, working_time_between

BOGOTA = "America/Bogota"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(BOGOTA))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (at(10, 10), at(11, 10)),  # in the middle of a Tuesday
        (at(10, 19), at(11, 17)),  # after hours: the clock starts in the morning
        (at(10, 6), at(10, 17)),  # before hours
        (at(13, 16), at(17, 16)),  # a Friday before the holiday of Monday the 16th
        (at(14, 12), at(17, 17)),  # on a Saturday
    ],
)
def test_one_working_day_later(received: datetime, due: datetime) -> None:
    assert add_working_hours(received, A_DAY, zone=BOGOTA) == due


def test_nights_and_holidays_do_not_count() -> None:
    assert working_time_between(at(13, 16), at(17, 9), zone=BOGOTA) == timedelta(hours=2)


def test_nothing_passes_backwards() -> None:
    assert working_time_between(at(12, 10), at(11, 10), zone=BOGOTA) == timedelta()


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_adding_and_counting_agree(moment: datetime, length: timedelta) -> None:
    assert working_time_between(moment, add_working_hours(moment, length, zone=BOGOTA), zone=BOGOTA) == length
