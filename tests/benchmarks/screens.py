"""What every screen costs beside its floor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application

from config.staff import clock
from tests.benchmarks.crowd import gunicorn, requests_a_second
from tests.benchmarks.floor import floor_of
from tests.benchmarks.ground import NOW
from tests.benchmarks.measure import Cost, Request, cost_of, median, percentile_95, session_of
from tests.benchmarks.subjects import Subjects, find, forget_logged, log_form

ROUNDS, WARM_UP = 30, 3


@dataclass(frozen=True)
class Screen:
    name: str
    ask: Callable[[Subjects], Request]


def page(name: str, path: str) -> Screen:
    return Screen(name, lambda subjects: Request(path.format(**subjects.ids)))


SCREENS = [
    page("today", "/today/"),
    page("companies", "/companies/"),
    page("company", "/companies/{company}/"),
    page("contact", "/contacts/{contact}/"),
    page("interactions", "/interactions/"),
    page("missions", "/missions/"),
    page("mission", "/missions/{mission}/"),
    page("leads", "/leads/"),
    page("board", "/leads/board/"),
    page("lead", "/leads/{lead}/"),
    page("dashboard", "/dashboard/"),
    page("origins", "/dashboard/origins/?from=&to=&scope=all&layer=announced"),
    page("search", "/search/?q=alorica"),
    page("pick", "/search/pick/?q=alo"),
    page("log", "/meetings/new/"),
    Screen("log_post", lambda subjects: Request("/meetings/new/", log_form(subjects))),
]


@dataclass(frozen=True)
class Found:
    screen: list[Cost]
    floor: list[Cost]
    per_second: float = 0
    floor_per_second: float = 0

    @property
    def ratio(self) -> float:
        return median(self.screen) / median(self.floor)

    def as_json(self) -> dict[str, Any]:
        middle = sorted(cost.db_ms for cost in self.screen)[len(self.screen) // 2]
        return {
            "queries": self.screen[-1].queries,
            "db_ms": round(middle, 2),
            "p50_ms": round(median(self.screen), 2),
            "p95_ms": round(percentile_95(self.screen), 2),
            "bytes": self.screen[-1].bytes,
            "floor_ratio": round(self.ratio, 2),
            "floor_p50_ms": round(median(self.floor), 2),
            "floor_queries": self.floor[-1].queries,
            "floor_bytes": self.floor[-1].bytes,
            "per_second": round(self.per_second, 1),
            "floor_per_second": round(self.floor_per_second, 1),
        }


def run(size: str, only: set[str]) -> dict[str, Any]:
    wanted = [screen for screen in SCREENS if not only or screen.name in only]
    application = get_wsgi_application()
    with clock.set_to(NOW), gunicorn() as port:
        subjects = find()
        session = session_of(subjects.user)
        # The first of so many at once meet servers that have loaded nothing yet.
        for screen in wanted[:1] * 3:
            requests_a_second(port, session, partial(screen.ask, subjects))
        print(f"{size}, read by a manager\n{_HEAD}")
        screens = {}
        for screen in wanted:
            found = _measure(application, session, port, screen, subjects)
            if found:
                screens[screen.name] = found.as_json()
                print(_line(screen.name, screens[screen.name]), flush=True)
            else:
                print(f"{screen.name:<13} does not answer", flush=True)
        forget_logged()
    return {"size": size, "screens": screens}


def _measure(application: Any, session: str, port: int, screen: Screen, subjects: Subjects) -> Found | None:
    first = cost_of(application, session, screen.ask(subjects))
    if first.status >= 400:
        return None
    floor_of(screen.name)
    bare = cost_of(application, session, _floor(screen, subjects, pad=0))
    pad = max(first.bytes - bare.bytes, 0)
    asked, floors = [], []
    for turn in range(ROUNDS + WARM_UP):
        pair = (
            cost_of(application, session, screen.ask(subjects)),
            cost_of(application, session, _floor(screen, subjects, pad=pad)),
        )
        if turn >= WARM_UP:
            asked.append(pair[0])
            floors.append(pair[1])
    return Found(
        asked,
        floors,
        requests_a_second(port, session, lambda: screen.ask(subjects)),
        requests_a_second(port, session, lambda: _floor(screen, subjects, pad=pad)),
    )


def _floor(screen: Screen, subjects: Subjects, pad: int) -> Request:
    asked = screen.ask(subjects)
    return Request(f"/floor/{screen.name}/?{urlencode({**subjects.ids, 'pad': pad})}", asked.form)


_HEAD = (
    f"{'screen':<13}{'queries':>8}{'db ms':>8}{'p50 ms':>8}{'p95 ms':>8}{'bytes':>9}{'a second':>10}"
    f"{'floor ms':>11}{'bytes':>9}{'a second':>10}{'ratio':>7}"
)


def _line(name: str, found: dict[str, Any]) -> str:
    return (
        f"{name:<13}{found['queries']:>8}{found['db_ms']:>8.1f}{found['p50_ms']:>8.1f}{found['p95_ms']:>8.1f}"
        f"{found['bytes']:>9,}{found['per_second']:>10.1f}"
        f"{found['floor_p50_ms']:>11.1f}{found['floor_bytes']:>9,}{found['floor_per_second']:>10.1f}"
        f"{found['floor_ratio']:>7.2f}"
    )
