"""Exchange rates by the sheet: one line a day and currency, as they are copied out of a central bank's table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from companies.models import Rate

MOST_LINES = 5_000
MOST = 10**8
DAYS = ("%Y-%m-%d", "%d/%m/%Y")
PLACES = Decimal("0.00000000000001")


@dataclass(frozen=True)
class Line:
    number: int
    currency: str
    day: date
    usd: Decimal


@dataclass(frozen=True)
class Problem:
    number: int
    words: str


def usd_of(value: Decimal, *, per_dollar: bool) -> Decimal:
    """What one unit is worth, whichever way the rate is quoted."""
    return (1 / value if per_dollar else value).quantize(PLACES)


def read(text: str, *, per_dollar: bool) -> tuple[list[Line], list[Problem]]:
    """Day, currency and rate a line, parted by tabs, semicolons or blanks; an empty line and a header say nothing."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, told in _told(text):
        try:
            lines.append(_line(number, told, per_dollar=per_dollar))
        except ValidationError as wrong:
            problems.append(Problem(number, " ".join(wrong.messages)))
    return lines, problems + list(_twice(lines))


def _told(text: str) -> Iterator[tuple[int, list[str]]]:
    rows = text.replace("\0", "").splitlines()
    for number, row in enumerate(rows[: MOST_LINES + 1], start=1):
        told = row.replace("\t", " ").replace(";", " ").split()
        is_header = number == 1 and told and not any(sign.isdigit() for sign in row)
        if told and not is_header:
            yield number, told


def _line(number: int, told: Sequence[str], *, per_dollar: bool) -> Line:
    if len(told) != 3:
        raise ValidationError(_("A line has a day, a currency and a rate."))
    day, currency, value = told
    return Line(number, _currency(currency), _day(day), _usd(value, per_dollar=per_dollar))


def _currency(word: str) -> str:
    currency = word.upper()
    Rate.CURRENCY(currency)
    if currency == "USD":
        raise ValidationError(_("A dollar is a dollar; it needs no rate."))
    return currency


def _day(word: str) -> date:
    for form in DAYS:
        try:
            return datetime.strptime(word, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValidationError(_("“%(word)s” is no day; write it as 2026-11-25 or 25/11/2026."), params={"word": word[:20]})


def _usd(word: str, *, per_dollar: bool) -> Decimal:
    try:
        usd = usd_of(Decimal(_plain(word)), per_dollar=per_dollar)
    except (InvalidOperation, ZeroDivisionError):
        usd = Decimal(0)
    if not (usd.is_finite() and 0 < usd < MOST):
        raise ValidationError(_("“%(word)s” is no rate."), params={"word": word[:20]})
    return usd


def _plain(word: str) -> str:
    """Without thousands. Of two signs the last parts the decimals; one alone may be either, as the reader writes."""
    last, other = (".", ",") if word.rfind(".") > word.rfind(",") else (",", ".")
    if other in word:
        return word.replace(other, "").replace(last, ".")
    parts_thousands = last != get_format("DECIMAL_SEPARATOR") and len(word.rpartition(last)[2]) == 3
    return word.replace(last, "" if parts_thousands or word.count(last) > 1 else ".")


def _twice(lines: Sequence[Line]) -> Iterator[Problem]:
    seen: set[tuple[str, date]] = set()
    for line in lines:
        if (line.currency, line.day) in seen:
            yield Problem(line.number, _("This day of this currency stands in the list twice."))
        seen.add((line.currency, line.day))


@transaction.atomic
def store(lines: Sequence[Line], *, source: str) -> int:
    """Days that have a rate get the new one; what was counted by the old one keeps it. How many were written."""
    rows = [Rate(currency=line.currency, day=line.day, usd=line.usd, source=source) for line in lines]
    Rate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["currency", "day"], update_fields=["usd", "source"], batch_size=500
    )
    return len(rows)
