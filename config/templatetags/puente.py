"""How figures, days and moments are written, in the reader's language. Missing is "–", never 0."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone, is_aware
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from config.staff import clock

register = template.Library()

Amount = Decimal | int | float | None

INTEREST = {"hot": "danger", "warm": "warn", "cold": "cold"}


@register.filter
def unknown(value: object) -> object:
    """The value, or a dash that says in words that nobody knows it."""
    if value is None or value == "":
        return format_html('<abbr class="unknown" title="{}">–</abbr>', _("Not known"))
    return value


@register.filter
def number(value: Amount, places: int = 0) -> object:
    return unknown(None) if value is None else _number(value, places, get_language())


@lru_cache(maxsize=4096)
def _number(value: Decimal | float, places: int, _language: str | None) -> str:
    """The numbers of a list are small and often the same."""
    return number_format(round(Decimal(str(value)), places), decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def money(value: Amount, currency: str = "USD") -> object:
    """Short enough for a tile: USD 5.6 M. Spanish counts on in millions: a billón is a million of them."""
    if value is None:
        return unknown(None)
    short, unit = Decimal(str(value)), ""
    for least, letter in _scales():
        if abs(short) >= least:
            short, unit = short / least, f"\N{NO-BREAK SPACE}{letter}"
            break
    rounded = short.quantize(Decimal("0.1") if unit and abs(short) < 100 else Decimal(1), ROUND_HALF_UP)
    if rounded == rounded.to_integral_value():
        rounded = rounded.quantize(Decimal(1))
    shown = number_format(rounded, use_l10n=True, force_grouping=True)
    return f"{currency}\N{NO-BREAK SPACE}{shown}{unit}"


def _scales() -> list[tuple[int, str]]:
    if (get_language() or "").startswith("es"):
        return [(1_000_000, "M"), (10_000, "mil")]
    return [(1_000_000_000, "bn"), (1_000_000, "M"), (10_000, "k")]


@register.filter
def whole_money(value: Amount, currency: str = "USD") -> object:
    """To the last unit, for a record's own page."""
    return unknown(None) if value is None else f"{currency}\N{NO-BREAK SPACE}{number(value)}"


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> object:
    """A day as people say it (yesterday, in 3 days), by the clocks of where the reader is."""
    if value is None:
        return unknown(None)
    plain = value.date() if isinstance(value, datetime) else value
    today = clock.now().astimezone(get_current_timezone()).date()
    return _day(plain, (plain - today).days, get_language())


@lru_cache(maxsize=4096)
def _day(plain: date, away: int, _language: str | None) -> SafeString:
    """The days of a list are few and its rows are many."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        plain.isoformat(),
        date_format(plain, "DATE_FORMAT"),
        _in_words(away, plain),
    )


@register.simple_tag
def local_time(moment: datetime | None, zone: str = "", style: str = "full") -> object:
    """A moment by the clocks of a place: `{% local_time event.starts_at event.zone "time" %}`."""
    if moment is None:
        return unknown(None)
    there = moment.astimezone(ZoneInfo(zone)) if zone and is_aware(moment) else moment
    formats = {"time": "TIME_FORMAT", "day": "DATE_FORMAT", "full": "DATETIME_FORMAT", "short": "SHORT_DATETIME_FORMAT"}
    return format_html(
        '<time datetime="{}"{}>{}</time>',
        there.isoformat(timespec="minutes"),
        format_html(' title="{}"', zone.replace("_", " ")) if zone else "",
        date_format(there, formats[style]),
    )


def _in_words(away: int, plain: date) -> str:
    close = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if away in close:
        return close[away]
    if -7 <= away < 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", -away) % {"n": -away}
    if 0 < away <= 7:
        return ngettext("in %(n)d day", "in %(n)d days", away) % {"n": away}
    if abs(away) > 300:
        return date_format(plain, "SHORT_DATE_FORMAT")
    # Translators: a day of this year, short, in Django's date format; Spanish: j b
    return date_format(plain, pgettext("date format", "j M"))


@register.simple_tag(takes_context=True)
def same_filters(context: Mapping[str, Any], route: str, **changes: object) -> str:
    """Another page with what this one was asked: `{% same_filters "leads:list" stage=None %}`."""
    asked = query(context, **changes)
    return reverse(route) + (asked if asked.startswith("?") else "")


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The page's own address with some keys changed; None or empty drops one, and so does any page mark."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    for mark in ("after", "before"):
        asked.pop(mark, None)
    for name, value in changes.items():
        asked.pop(name, None)
        if value not in (None, ""):
            asked[name] = str(value)
    return f"?{asked.urlencode()}" if asked else request.path


@register.simple_block_tag
def once(content: str) -> str:
    """What is the same in every row of a list, drawn before it: `{% once as buttons %}…{% endonce %}`."""
    return content


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside words that say the same, so it is hidden from a screen reader."""
    return _icon(name)


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', _sprite(), name
    )


@cache
def _sprite() -> str:
    return static("icons.svg")


@register.simple_tag
def interest(value: str | None, label: str = "") -> object:
    """Hot, warm or cold: three bars, so that it reads without colour too."""
    if not value:
        return unknown(None)
    words = label or {"hot": _("Hot"), "warm": _("Warm"), "cold": _("Cold")}.get(value, value)
    return format_html('<span class="pill {}">{}{}</span>', INTEREST.get(value, ""), _icon(value), words)


@register.simple_tag
def pill(label: object, kind: str = "", sign: str = "") -> object:
    if label in (None, ""):
        return ""
    return format_html('<span class="pill {}">{}{}</span>', kind, _icon(sign) if sign else "", label)


@register.filter
def mark(value: str | None) -> object:
    """How a fact of a lead stands with the gates: `{{ marks.contact|mark }}`."""
    if value == "missing":
        return format_html(' <span class="pill danger">{}</span>', _("missing"))
    return format_html(' <span class="pill warn">{}</span>', _("needed next")) if value == "next" else ""


@register.filter
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """What a menu offers. Drawn here, since a template's loop over all countries costs as much as a page."""
    drawn = SafeString()
    for title, offered, _place in groups:
        lines = mark_safe("".join(map(_option, offered)))  # noqa: S308 - each was escaped
        drawn += format_html('<optgroup label="{}">{}</optgroup>', title, lines) if title else lines
    return drawn


def _option(option: dict[str, Any]) -> str:
    value, words = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    attributes = "".join(
        f" {name}" if content is True else format_html(' {}="{}"', name, content)
        for name, content in option["attrs"].items()
        if content is not False
    )
    return f'<option value="{value}"{attributes}>{words}</option>'


@register.filter
def initials(name: str) -> str:
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """The fields with an error, in the order they stand in; for the summary above the form."""
    return [field for field in form if field.errors and not field.is_hidden]
