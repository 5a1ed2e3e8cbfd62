"""The dashboard under each of its filters, narrowed to what is most frequent, and what the slowest one asks.

Cold is the first answer of this process, on a new connection: templates, codes and plans are still to be made.
"""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application
from django.db import connection

from config.staff import clock
from leads.models import Lead
from tests.benchmarks.ground import NOW
from tests.benchmarks.measure import Cost, Request, cost_of, median, percentile_95, session_of
from tests.benchmarks.subjects import find

ROUNDS = 10
PLANNED_FROM_MS = 10
PERIODS: tuple[dict[str, str], ...] = (
    {},
    {"period": "2025"},
    {"period": "2026-10"},
    {"period": "all", "scope": "all"},
    {"layer": "verified"},
)
COLUMNS = {
    "origin": "company__origin_country",
    "sector": "sector",
    "activity": "activity",
    "municipality": "municipality",
    "mission": "mission",
    "officer": "owner",
    "source": "source",
    "type": "investment_type",
}


def run(size: str, only: set[str]) -> dict[str, Any]:
    application = get_wsgi_application()
    with clock.set_to(NOW):
        session = session_of(find().user)
        asked = [*PERIODS] + [{name: value} for name, value in _frequent().items()]
        connection.close()
        cold = cost_of(application, session, _request({}))
        print(f"{size}, read by a manager; cold {cold.total_ms:.0f} ms\n{'filter':<32}queries   db ms  p50 ms  p95 ms")
        filters = {}
        for each in asked:
            name = urlencode(each) or "none"
            if not only or only & {*each, name}:
                filters[name] = _as_json([cost_of(application, session, _request(each)) for _ in range(ROUNDS)])
                print(f"{name:<32}{'{queries:>7}{db_ms:>8}{p50_ms:>8}{p95_ms:>8}'.format(**filters[name])}", flush=True)
        slowest = max(filters, key=lambda name: float(filters[name]["p50_ms"]))
        print(f"\nThe slowest: {slowest}")
        _print_plans(application, session, next(each for each in asked if (urlencode(each) or "none") == slowest))
    return {"size": size, "cold_ms": round(cold.total_ms, 1), "slowest": slowest, "filters": filters}


def _frequent() -> dict[str, str]:
    """Of each filter the value that most leads have."""
    rows = list(Lead.objects.countable().values(*COLUMNS.values()))
    counted = {name: Counter(row[column] for row in rows if row[column]) for name, column in COLUMNS.items()}
    return {name: str(values.most_common(1)[0][0]) for name, values in counted.items() if values}


def _request(filters: dict[str, str]) -> Request:
    return Request(f"/dashboard/?{urlencode(filters)}")


def _as_json(costs: list[Cost]) -> dict[str, Any]:
    return {
        "queries": costs[-1].queries,
        "db_ms": round(sorted(cost.db_ms for cost in costs)[len(costs) // 2], 1),
        "p50_ms": round(median(costs), 1),
        "p95_ms": round(percentile_95(costs), 1),
    }


def _print_plans(application: Any, session: str, filters: dict[str, str]) -> None:
    statements: list[tuple[str, Any]] = []

    def kept(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kept):
        cost_of(application, session, _request(filters))
    for sql, params in statements:
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                plan = [str(line) for (line,) in cursor.fetchall()]
            if float(plan[-1].split()[-2]) >= PLANNED_FROM_MS:
                print("\n".join(["", sql, *plan]))
