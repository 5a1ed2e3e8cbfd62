"""Charts: one definition is drawn for the page (SVG), to take along (SVG, PNG) and for print, by Vega-Lite.

A chart is a picture beside a table that says the same. It is read without colour: every bar bears its number in words,
and a goal is a dashed line that is named. Drawing takes a tenth of a second, so what was drawn is kept by its content.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from config.staff.keeping import kept

KEPT_FOR = 24 * 3600
THIN, WIDE = 340, 720  # pixels: a phone, a desk
TYPES = {"svg": "image/svg+xml", "png": "image/png"}
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
PRINT_FONT = "Noto Sans"
LONGEST = {THIN: 15, WIDE: 28}  # letters of a name beside its bar
WIDEST = 96  # pixels of one column
LETTER = 7  # pixels that a letter takes


@dataclass(frozen=True)
class Look:
    ink: str
    soft: str
    line: str
    bar: str
    pale: str
    paper: str | None = None
    font: str = FONT


# The tokens of static/puente.css; on paper and in a file there is a ground of its own.
LOOKS = {
    "light": Look("#1e2322", "#545750", "#8f897c", "#0a6a73", "#a9cfd0"),
    "dark": Look("#ece8e1", "#b9b3a8", "#7d776b", "#6ccacf", "#2c5a5d"),
    "file": Look("#1e2322", "#545750", "#8f897c", "#0a6a73", "#a9cfd0", paper="#ffffff"),
    "print": Look("#1e2322", "#545750", "#8f897c", "#0a6a73", "#a9cfd0", font=PRINT_FONT),
}


@dataclass(frozen=True)
class Bar:
    """What it is, how much, and how that is written. Where nobody knows there is no bar, and a dash."""

    label: str
    value: float | None
    shown: str


@dataclass(frozen=True)
class Chart:
    """Bars side by side in time, or beneath each other with their names; with a goal where there is one."""

    title: str
    bars: Sequence[Bar]
    in_time: bool = False
    goal: float | None = None
    goal_words: str = ""

    def spec(self, look: Look, width: int) -> dict[str, Any]:
        layers = self._columns(look, width) if self.in_time else self._lines(look, width)
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": self._values(width)},
            "width": min(width, max(len(self.bars), 3) * WIDEST) if self.in_time else width,
            "height": {"step": 26} if not self.in_time else 190,
            "layer": layers,
            "background": look.paper,
            "padding": 12 if look.paper else 2,
            "config": {
                "font": look.font,
                "view": {"stroke": None},
                "axis": {"labelColor": look.ink, "labelFontSize": 13, "domainColor": look.line, "ticks": False},
                "text": {"color": look.ink, "fontSize": 13},
            },
            **({"title": _title(self.title, look)} if look.paper else {}),
        }

    def _values(self, width: int) -> list[dict[str, Any]]:
        """Numbered, so that two of one name stay two."""
        longest = LONGEST[THIN if width < WIDE else WIDE]
        return [
            {"n": number, "name": _cut(bar.label, longest), "value": bar.value or 0, "shown": bar.shown}
            for number, bar in enumerate(self.bars)
        ]

    def _lines(self, look: Look, width: int) -> list[dict[str, Any]]:
        place = {"field": "n", "type": "ordinal", "axis": None}
        most = max([bar.value or 0 for bar in self.bars] + [self.goal or 0], default=0) or 1
        side = round(width * (0.36 if width < WIDE else 0.3))
        room = {"scale": {"domain": [0, most * 1.18], "range": [side, width]}, "axis": None}
        across = {"field": "value", "type": "quantitative", **room}
        zero = {"datum": 0, "type": "quantitative", **room}
        bar = {"type": "bar", "color": look.bar, "cornerRadiusEnd": 2, "height": 14}
        number, name = {"field": "shown"}, {"field": "name"}
        return [
            {"mark": bar, "encoding": {"y": place, "x": across, "x2": {"datum": 0}}},
            {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"y": place, "x": across, "text": number}},
            {"mark": {"type": "text", "align": "right", "dx": -8}, "encoding": {"y": place, "x": zero, "text": name}},
            {"mark": {"type": "rule", "color": look.line}, "encoding": {"x": zero}},
        ]

    def _columns(self, look: Look, width: int) -> list[dict[str, Any]]:
        room = min(width / max(len(self.bars), 1), WIDEST)
        every = max(1, round(46 / room + 0.49))
        names = {
            "labelExpr": f"datum.value % {every} == 0 ? {json.dumps([b.label for b in self.bars])}[datum.value] : ''"
        }
        place = {
            "field": "n",
            "type": "ordinal",
            "scale": {"paddingInner": 0.3, "paddingOuter": 0.15},
            "axis": {"title": None, "labelAngle": 0, "labelOverlap": False, "labelPadding": 6, **names},
        }
        most = max([bar.value or 0 for bar in self.bars] + [self.goal or 0], default=0) or 1
        up = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, most * 1.12]}}
        longest = max((len(bar.shown) for bar in self.bars), default=0)
        layers: list[dict[str, Any]] = [
            {"mark": {"type": "bar", "color": look.bar, "cornerRadiusEnd": 2}, "encoding": {"x": place, "y": up}},
        ]
        if longest * LETTER <= room + 4:  # else the table alone says it
            text = {"type": "text", "baseline": "bottom", "dy": -3}
            layers.append({"mark": text, "encoding": {"x": place, "y": up, "text": {"field": "shown"}}})
        if self.goal is not None:
            layers += self._goal(look, up)
        return layers

    def _goal(self, look: Look, up: dict[str, Any]) -> list[dict[str, Any]]:
        at = {"datum": self.goal, **{name: up[name] for name in ("type", "axis", "scale")}}
        once: dict[str, Any] = {"values": [{}]}
        return [
            {"data": once, "mark": {"type": "rule", "color": look.ink, "strokeDash": [5, 4]}, "encoding": {"y": at}},
            {
                "data": once,
                "mark": {"type": "text", "align": "left", "baseline": "bottom", "x": 2, "dy": -3, "fontWeight": 600},
                "encoding": {"y": at, "text": {"value": self.goal_words}},
            },
        ]


def _title(words: str, look: Look) -> dict[str, Any]:
    return {"text": words, "anchor": "start", "color": look.ink, "fontSize": 16, "fontWeight": 600, "offset": 12}


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def svg(chart: Chart, *, theme: str = "light", width: int = WIDE) -> bytes:
    return _drawn(chart.spec(LOOKS[theme], width), "svg")


def png(chart: Chart, *, width: int = WIDE) -> bytes:
    return _drawn(chart.spec(LOOKS["file"], width), "png")


def answer(request: HttpRequest, chart: Chart, kind: str) -> HttpResponse:
    """The picture that an address asks for; who has it already is told that it is still the same.

    `?theme=` and `?w=` say where it stands, `?take=1` makes it a file with a title of its own.
    """
    take = request.GET.get("take") == "1"
    theme = "file" if take or kind == "png" else "dark" if request.GET.get("theme") == "dark" else "light"
    spec = chart.spec(LOOKS[theme], WIDE if take or request.GET.get("w") != str(THIN) else THIN)
    mark = f'"{_mark(spec)}"'
    found: HttpResponse = HttpResponseNotModified()
    if request.headers.get("If-None-Match") != mark:
        found = HttpResponse(_drawn(spec, kind), content_type=TYPES[kind])
    found.headers["ETag"], found.headers["Cache-Control"] = mark, "private, no-cache"
    if take:
        name = f"{slugify(chart.title) or 'puente'}.{kind}"
        found.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return found


def _drawn(spec: dict[str, Any], kind: str) -> bytes:
    def draw() -> bytes:
        drawn = vl_convert.vegalite_to_svg(spec) if kind == "svg" else vl_convert.vegalite_to_png(spec, scale=2)
        return drawn.encode() if isinstance(drawn, str) else drawn

    return kept(f"chart-{kind}-{_mark(spec)}", KEPT_FOR, draw)


def _mark(spec: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()
