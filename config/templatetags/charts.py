"""Charts drawn on the server: shapes by attributes, colours by our CSS, every number in a table as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.templatetags.puente import unknown

register = template.Library()


@dataclass(frozen=True)
class Bar:
    """One line of a chart: what it is, how much, how that is written, and the list behind it."""

    label: str
    value: float | None
    shown: str = ""
    href: str = ""
    note: str = ""


@register.inclusion_tag("components/_bar_chart.html")
def bar_chart(caption: str, bars: Sequence[Bar], first_head: str = "", value_head: str = "") -> dict[str, Any]:
    """A table whose lines carry a bar each: long names wrap, every number is a link to its list."""
    most = max((bar.value or 0 for bar in bars), default=0)
    lines = [(bar, _share(bar.value, most), bar.shown or unknown(bar.value)) for bar in bars]
    return {"caption": caption, "lines": lines, "first_head": first_head, "value_head": value_head}


@register.inclusion_tag("components/_column_chart.html")
def column_chart(caption: str, bars: Sequence[Bar], first_head: str = "", value_head: str = "") -> dict[str, Any]:
    """Columns for what follows in time; the same numbers stand in a table beneath."""
    most, step = max((bar.value or 0 for bar in bars), default=0), 48
    every = max(1, -(-len(bars) // 14))
    columns = [
        {
            "bar": bar,
            "x": place * step + 8,
            "middle": place * step + step // 2,
            "y": round(140 - _share(bar.value, most) * 1.16, 1),
            "value_y": round(134 - _share(bar.value, most) * 1.16, 1),
            "height": round(_share(bar.value, most) * 1.16, 1),
            "shown": bar.shown or unknown(bar.value),
            "named": place % every == 0,
        }
        for place, bar in enumerate(bars)
    ]
    return {
        "caption": caption,
        "columns": columns,
        "width": max(len(bars), 1) * step,
        "first_head": first_head,
        "value_head": value_head,
    }


@register.simple_tag
def sparkline(values: Sequence[float | None], words: str) -> SafeString:
    """The run of a figure, small enough for a tile; `words` says the same to who cannot see it."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return SafeString("")
    least, most = min(value for _, value in known), max(value for _, value in known)
    across, high = max(len(values) - 1, 1), (most - least) or 1
    points = [(round(place / across * 76 + 2, 1), round(17 - (value - least) / high * 14, 1)) for place, value in known]
    return format_html(
        '<svg class="spark" viewBox="0 0 80 20" role="img" aria-label="{}"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2.2"/></svg>',
        words,
        " ".join(f"{x},{y}" for x, y in points),
        *points[-1],
    )


def _share(value: float | None, most: float) -> float:
    """How much of the longest bar, in percent; something above nothing stays visible."""
    if not value or most <= 0 or value < 0:
        return 0
    return max(round(float(value) / float(most) * 100, 1), 0.8)
