"""Look-alikes of the sample's companies: how many of its doubles are found, how many found ones are doubles, how fast.

A pair of two doubles of one company is a double too. An entry is what the form of a new company asks.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from companies.look_alike_scan import scan_some
from companies.look_alikes import look_alikes
from companies.models import Company, LookAlike, LookAlikeWalk
from config.embedded.state import state_folder

ENTRIES = 300
Pair = tuple[int, int]


def run(size: str, only: set[str]) -> dict[str, Any]:
    doubles = {_ordered(one, other): how for one, other, how in _labels()}
    companies, seconds = _scan()
    found = set(LookAlike.objects.open().values_list("low", "high"))
    same = _same_company(doubles)
    entries = sorted(_entry_ms())
    answer = {
        "size": size,
        "companies": companies,
        "scan_seconds": round(seconds, 1),
        "recall": round(len(found & doubles.keys()) / max(1, len(doubles)), 4),
        "precision": round(sum(same(*pair) for pair in found) / max(1, len(found)), 4),
        "doubles": len(doubles),
        "pairs": len(found),
        "missed": dict(Counter(how for pair, how in doubles.items() if pair not in found)),
        "entry_ms": round(statistics.median(entries), 1),
        "entry_p95_ms": round(entries[int(len(entries) * 0.95)], 1),
    }
    print("\n".join(f"{name:<13} {value}" for name, value in answer.items()))
    return answer


def _labels() -> list[tuple[int, int, str]]:
    labels: list[tuple[int, int, str]] = json.loads((state_folder() / "sample-labels.json").read_text())["duplicates"]
    return labels


def _scan() -> tuple[int, float]:
    """A first walk over all companies."""
    LookAlike.objects.all().delete()
    LookAlikeWalk.objects.all().delete()
    began, looked_at = time.monotonic(), 0
    while some := scan_some():
        looked_at += some
    return looked_at, time.monotonic() - began


def _same_company(doubles: Iterable[Pair]) -> Callable[[int, int], bool]:
    first: dict[int, int] = {}

    def first_of(pk: int) -> int:
        while first.get(pk, pk) != pk:
            pk = first[pk]
        return pk

    for one, other in doubles:
        first[first_of(other)] = first_of(one)
    return lambda one, other: first_of(one) == first_of(other)


def _entry_ms() -> list[float]:
    """Names that stand here, with a slip; every step-th company, so that each run asks the same."""
    names = list(Company.objects.current().order_by("pk").values_list("name", "domain"))
    asked = [(name[:2] + name[3:], domain) for name, domain in names[:: max(1, len(names) // ENTRIES)] if len(name) > 4]
    look_alikes(*asked[0])
    return [_timed(name, domain) for name, domain in asked]


def _timed(name: str, domain: str) -> float:
    began = time.perf_counter()
    look_alikes(name, domain)
    return (time.perf_counter() - began) * 1000


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
