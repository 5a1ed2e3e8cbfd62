"""How a figure's number is written, the same on page, chart, sheet and paper."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from config.templatetags.puente import money
from leads.figures.number import How, Number, Unit

DASH = "–"
NBSP = "\N{NO-BREAK SPACE}"


def shown(number: Number, unit: Unit) -> str:
    """With its unit where that is not plain; a dash where nobody knows."""
    return DASH if number.value is None else written(number.value, unit)


def short(number: Number, unit: Unit) -> str:
    """For the room above a bar, whose title names the currency."""
    return shown(number, unit).removeprefix(f"USD{NBSP}")


def plain(number: Number) -> float | None:
    return None if number.value is None else float(number.value)


def written(value: Decimal | float, unit: Unit) -> str:
    amount = Decimal(str(value))
    if unit is Unit.MONEY:
        return str(money(amount))
    if unit is Unit.PERCENT:
        return f"{_plain(amount * 100, 0 if abs(amount) >= Decimal('0.1') else 1)}{NBSP}%"
    if unit is Unit.DAYS:
        return _("%(n)s d") % {"n": _plain(amount)}
    if unit is Unit.HOURS:
        return _("%(n)s h") % {"n": _plain(amount, 1)}
    return _plain(amount, 1 if unit is Unit.TIMES else 0)


def change(value: Decimal, unit: Unit) -> str:
    """A difference, with its sign; of shares in points."""
    sign, value = "+" if value > 0 else "−" if value < 0 else "±", abs(value)
    if unit is Unit.PERCENT:
        return _("%(n)s points") % {"n": sign + _plain(value * 100, 1)}
    return sign + written(value, unit)


def known(number: Number) -> str:
    """Of how many it is known; nothing where that goes without saying."""
    if number.how in {How.COUNT, How.DISTINCT, How.RATIO} or (number.how is How.SHARE and number.known == number.of):
        return ""
    return _("%(n)s of %(m)s known") % {"n": _plain(number.known), "m": _plain(number.of)}


def parts(number: Number) -> str:
    """What a share is made of."""
    if number.how is not How.SHARE:
        return ""
    return _("%(n)s of %(m)s") % {"n": _plain(number.total), "m": _plain(number.known)}


def cell(number: Number, unit: Unit) -> Any:
    """For a spreadsheet: a real number, or nothing where nobody knows."""
    if number.value is None:
        return None
    value = float(number.value)
    return int(value) if unit in {Unit.RECORDS, Unit.JOBS, Unit.POINTS} and value.is_integer() else value


def _plain(value: Any, places: int = 0) -> str:
    return number_format(round(Decimal(str(value)), places), decimal_pos=places, use_l10n=True, force_grouping=True)
