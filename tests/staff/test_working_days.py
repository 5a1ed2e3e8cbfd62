from datetime import date, timedelta

import pytest

from config.staff.working_days import add_working_days, is_working_day, last_day_overdue_for, next_working_day

FRIDAY = date(2026, 11, 13)
MOVED_MONDAY = date(2026, 11, 16)  # the independence of Cartagena is of 11 November, and kept on a Monday


def test_a_weekend_is_no_working_day() -> None:
    assert [is_working_day(FRIDAY + timedelta(days=step)) for step in range(3)] == [True, False, False]


def test_a_colombian_holiday_is_moved_to_its_monday() -> None:
    assert is_working_day(date(2026, 11, 11))
    assert not is_working_day(MOVED_MONDAY)


def test_a_holiday_of_one_country_is_a_working_day_of_another() -> None:
    assert is_working_day(MOVED_MONDAY, "US")
    assert not is_working_day(date(2026, 11, 26), "US")
    assert is_working_day(date(2026, 11, 26), "CO")


def test_the_weekend_is_the_countrys_own() -> None:
    assert not is_working_day(FRIDAY, "IL")
    assert is_working_day(FRIDAY + timedelta(days=2), "IL")


def test_a_country_that_nobody_knows_has_weekends_only() -> None:
    assert is_working_day(date(2026, 12, 25), "XX")
    assert not is_working_day(date(2026, 12, 26), "XX")


def test_the_next_working_day_jumps_over_weekend_and_holiday() -> None:
    assert next_working_day(FRIDAY) == date(2026, 11, 17)


def test_the_next_working_day_jumps_over_the_turn_of_the_year() -> None:
    assert next_working_day(date(2026, 12, 31)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("count", "day"),
    [
        (0, date(2026, 11, 13)),
        (1, date(2026, 11, 17)),
        (3, date(2026, 11, 19)),
        (-1, date(2026, 11, 12)),
        (-10, date(2026, 10, 29)),  # All Saints is kept on Monday the 2nd
    ],
)
def test_working_days_are_counted_from_the_day_after(count: int, day: date) -> None:
    assert add_working_days(FRIDAY, count) == day


def test_no_working_days_after_a_sunday_is_the_first_day_at_work() -> None:
    assert add_working_days(date(2026, 11, 15), 0) == date(2026, 11, 17)


@pytest.mark.parametrize("step", range(30))
def test_what_is_overdue_for_three_working_days_is_so_to_the_day(step: int) -> None:
    today = date(2026, 10, 25) + timedelta(days=step)

    last = last_day_overdue_for(3, on=today)

    assert add_working_days(last, 3) < today
    assert add_working_days(last + timedelta(days=1), 3) >= today
