"""Look-alikes: how many doubles are found, how many found pairs are doubles, how fast a scan and an entry are.

The doubles are put in by rules of their own (`doubles.py`) beside those of the sample; a pair of two doubles of one
company is a double too, and so are two of the sample's people who by chance bear one name at one company. An entry is
what the form of a new company asks.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F

from companies.look_alike_scan import COMPANIES, PEOPLE, Search, scan_some
from companies.look_alikes import look_alikes
from companies.models import Company, ContactLookAlike, ContactPoint, LookAlike, LookAlikeWalk
from config.embedded.state import state_folder
from tests.benchmarks.doubles import Made, put_in

ENTRIES = 300
# One in a hundred companies, and enough of them in a small sample.
SHARE, FEWEST = 100, 400
Pair = tuple[int, int]


def run(size: str, only: set[str], *, held_out: bool = False) -> dict[str, Any]:
    sample = {_ordered(one, other): how for one, other, how in _labels()}
    count = max(FEWEST, Company.objects.count() // SHARE)
    shared = set(ContactPoint.objects.values_list("pk", flat=True))
    made = put_in(count, {pk for pair in sample for pk in pair}, held_out=held_out)
    try:
        answer = {"size": size, "held_out": held_out, **_measured(sample, made)}
    finally:
        made.take_out()
        ContactPoint.objects.exclude(pk__in=shared).delete()
    print("\n".join(f"{name:<18} {value}" for name, value in answer.items()))
    return answer


def _measured(sample: dict[Pair, str], made: Made) -> dict[str, Any]:
    companies, seconds = _scan(COMPANIES)
    found = set(LookAlike.objects.open().values_list("low", "high"))
    same = _same({*sample, *made.companies})
    people, people_seconds = _scan(PEOPLE)
    found_people = set(ContactLookAlike.objects.open().values_list("low", "high"))
    same_person = _same({*made.people, *_namesakes(made)})
    entries, noticed = _entries(made)
    return {
        "companies": companies,
        "scan_seconds": round(seconds, 1),
        "recall": _share(made.companies, found),
        "precision": round(sum(same(*pair) for pair in found) / max(1, len(found)), 4),
        "doubles": len(made.companies),
        "sample_recall": _share(sample, found),
        "pairs": len(found),
        "missed": _missed(made.companies, found),
        "entry_ms": round(statistics.median(entries), 1),
        "entry_p95_ms": round(entries[int(len(entries) * 0.95)], 1),
        "entry_recall": noticed,
        "people": people,
        "people_seconds": round(people_seconds, 1),
        "people_recall": _share(made.people, found_people),
        "people_precision": round(sum(same_person(*pair) for pair in found_people) / max(1, len(found_people)), 4),
        "people_missed": _missed(made.people, found_people),
    }


def _labels() -> list[tuple[int, int, str]]:
    labels: list[tuple[int, int, str]] = json.loads((state_folder() / "sample-labels.json").read_text())["duplicates"]
    return labels


def _scan(search: Search) -> tuple[int, float]:
    """A first walk over all of them."""
    search.pairs.objects.all().delete()
    LookAlikeWalk.objects.filter(of=search.of).delete()
    began, looked_at = time.monotonic(), 0
    while some := scan_some(search=search):
        looked_at += some
    return looked_at, time.monotonic() - began


def _same(doubles: Iterable[Pair]) -> Callable[[int, int], bool]:
    first: dict[int, int] = {}

    def first_of(pk: int) -> int:
        while first.get(pk, pk) != pk:
            pk = first[pk]
        return pk

    for one, other in doubles:
        first[first_of(other)] = first_of(one)
    return lambda one, other: first_of(one) == first_of(other)


def _namesakes(made: Made) -> list[Pair]:
    """Of the sample alone: the same name to the letter, at one company or at two records of one."""
    rows = ContactLookAlike.objects.exclude(low__in=made.new_people).exclude(high__in=made.new_people)
    namesakes = rows.filter(low__given_name=F("high__given_name"), low__family_name=F("high__family_name"))
    return list(namesakes.values_list("low", "high"))


def _share(doubles: Iterable[Pair], found: set[Pair]) -> float:
    wanted = set(doubles)
    return round(len(found & wanted) / max(1, len(wanted)), 4)


def _missed(doubles: dict[Pair, str], found: set[Pair]) -> dict[str, int]:
    return dict(Counter(how for pair, how in doubles.items() if pair not in found))


def _entries(made: Made) -> tuple[list[float], float]:
    """The doubles once more, as somebody would type them into the form; times sorted, and the share that is noticed."""
    doubles = list(made.companies)[:: max(1, len(made.companies) // ENTRIES)]
    entered = Company.objects.in_bulk([again for _original, again in doubles])
    Company.objects.filter(pk__in=entered).update(archived_at="2026-01-01T00:00Z")
    look_alikes("Warm")
    times, noticed = [], 0
    for original, again in doubles:
        began = time.perf_counter()
        found = look_alikes(entered[again].name, entered[again].domain)
        times.append((time.perf_counter() - began) * 1000)
        noticed += original in {company.pk for company in found}
    return sorted(times), round(noticed / max(1, len(doubles)), 4)


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
