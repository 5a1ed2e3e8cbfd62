"""Fields of the form that is opened most, drawn at one go: a template a choice would cost more than all the rest."""

from collections.abc import Iterable
from typing import Any, cast

from django import template
from django.forms import BoundField, ChoiceField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

CHECKED, SELECTED, NOTHING = mark_safe(" checked"), mark_safe(" selected"), SafeString()


@register.simple_tag
def chips(field: BoundField, size: str = "") -> SafeString:
    """Radio buttons or check boxes, one chip a choice; size "small" for many of them."""
    name, here, kind = field.html_name, field.auto_id, cast("Any", field.field.widget).input_type
    style, chosen = f"chip chip-{size}" if size else "chip", _chosen(field)
    drawn = format_html_join(
        "\n",
        '<label class="{}" for="{}_{}"><input type="{}" name="{}" value="{}" id="{}_{}"{}><span>{}</span></label>',
        (
            (style, here, place, kind, name, value, here, place, CHECKED if str(value) in chosen else NOTHING, words)
            for place, (value, words) in enumerate(_choices(field))
        ),
    )
    return format_html(
        '<fieldset class="chips" id="div_{}"><legend>{}</legend>{}{}</fieldset>',
        *(here, field.label, drawn, _error(field)),
    )


@register.simple_tag
def menu(field: BoundField) -> SafeString:
    """A drop-down with its label."""
    chosen = _chosen(field)
    drawn = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if str(value) in chosen else NOTHING, words) for value, words in _choices(field)),
    )
    select = format_html(
        '<select class="form-select" name="{}" id="{}">{}</select>', field.html_name, field.auto_id, drawn
    )
    return _block(field, select)


@register.simple_tag
def line(field: BoundField) -> SafeString:
    """What one types, with its label."""
    return _block(field, field.as_widget())


def _block(field: BoundField, drawn: SafeString) -> SafeString:
    return format_html(
        '<div class="mb-3"><label class="form-label" for="{}">{}</label>{}{}</div>',
        *(field.auto_id, field.label, drawn, _error(field)),
    )


def _error(field: BoundField) -> SafeString:
    """The first one; the summary at the top of the page leads here."""
    if not field.errors:
        return NOTHING
    return format_html('<div id="{}_error" class="error-words">{}</div>', field.auto_id, field.errors[0])


def _choices(field: BoundField) -> Iterable[tuple[Any, Any]]:
    return cast("Iterable[tuple[Any, Any]]", cast("ChoiceField", field.field).choices)


def _chosen(field: BoundField) -> set[str]:
    value = field.value()
    if isinstance(value, list | tuple):
        return {str(one) for one in value}
    return {"" if value is None else str(value)}
