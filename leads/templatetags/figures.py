from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leads.figures import words
from leads.figures.number import Number, Unit

register = template.Library()


@register.filter
def shown(number: Number, unit: Unit | str) -> SafeString | str:
    """The number of a figure; a dash that says in words that nobody knows it."""
    unit = Unit(unit)
    if number.value is None:
        return format_html('<abbr class="unknown" title="{}">–</abbr>', _("Not known"))
    return words.shown(number, unit)


@register.filter
def shown_amount(value: Decimal | float | None, unit: Unit | str) -> str:
    return words.DASH if value is None else words.written(value, Unit(unit))


@register.filter
def changed(value: Decimal, unit: Unit) -> str:
    return words.change(value, unit)


register.filter("known", words.known)
register.filter("parts", words.parts)
