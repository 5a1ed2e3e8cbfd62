"""The least that a screen can cost: its rows by hand-written SQL, rendered by one flat template."""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, Template

from config.staff.access import members
from config.staff.requests import StaffRequest
from tests.benchmarks import floors

Rows = list[tuple[Any, ...]]
Floor = Callable[[StaffRequest], Sequence[Rows] | HttpResponse]


def ask(sql: str, *values: Any) -> Rows:
    """One statement of a floor and its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cast("Rows", cursor.fetchall()) if cursor.description else []


@members
def show(request: StaffRequest, name: str) -> HttpResponse:
    parts = floor_of(name)(request)
    if isinstance(parts, HttpResponse):
        return parts
    widths = tuple(len(rows[0]) if rows else 0 for rows in parts)
    pad = still_text(int(request.GET.get("pad", "0")))
    return HttpResponse(flat_template(widths).render(Context({"parts": parts, "pad": pad, "user": request.user})))


@cache
def floor_of(name: str) -> Floor:
    names = (f"{floors.__name__}.{found.name}" for found in pkgutil.iter_modules(floors.__path__))
    modules = (importlib.import_module(name) for name in names)
    return next(cast("Floor", getattr(module, name)) for module in modules if hasattr(module, name))


def address(request: HttpRequest, name: str) -> int:
    """The record that the screen beside it shows."""
    return int(request.GET[name])


@cache
def flat_template(widths: tuple[int, ...]) -> Template:
    """One table a statement, one cell a column, nothing else."""
    tables = "".join(
        f"<table>{{% for row in parts.{place} %}}<tr>"
        + "".join(f"<td>{{{{ row.{column} }}}}</td>" for column in range(width))
        + "</tr>{% endfor %}</table>"
        for place, width in enumerate(widths)
    )
    page = f"<!doctype html><title>{{{{ user.name }}}}</title><main>{tables}</main><!--{{{{ pad }}}}-->"
    return Engine(autoescape=True).from_string(page)


@cache
def still_text(size: int) -> str:
    return "." * size
