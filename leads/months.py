"""So many months later, in Python and in Postgres alike: the 31st becomes the last day of a shorter month."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.db.models import DateField, Func


def add_months(day: date, count: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


class AfterMonths(Func):
    template = "(%(expressions)s + make_interval(months => %(months)s))::date"
    output_field = DateField()

    def __init__(self, day: Any, months: int) -> None:
        super().__init__(day, months=int(months))
