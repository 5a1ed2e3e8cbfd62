"""The background search for companies and people that stand here twice, along what was changed last, a few hundred at
a time. What is a pair say `look_alike_companies` and `look_alike_people`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from companies import look_alike_companies, look_alike_people
from companies.look_alike_companies import Found
from companies.models import Company, Contact, ContactLookAlike, LookAlike, LookAlikeWalk
from config.staff import clock

CHUNK = 500
# What changes beside a record of its own (names, people, addresses) is found by walking all of them again.
AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Search:
    of: LookAlikeWalk.Of
    records: Any
    pairs: Any
    find: Callable[[list[int]], list[Found]]


COMPANIES = Search(LookAlikeWalk.Of.COMPANY, Company.objects, LookAlike, look_alike_companies.find)
# People after companies: two who work at companies that look alike are the likelier one person.
PEOPLE = Search(LookAlikeWalk.Of.CONTACT, Contact.objects, ContactLookAlike, look_alike_people.find)


def scan(*, seconds: float) -> int:
    """Look at what has changed, for so long; a second scan at the same time does nothing. How many were looked at."""
    until, seen = time.monotonic() + seconds, 0
    for search in (COMPANIES, PEOPLE):
        while looked_at := scan_some(search=search):
            seen += looked_at
            if time.monotonic() >= until:
                return seen
    return seen


@transaction.atomic
def scan_some(size: int = CHUNK, *, search: Search = COMPANIES) -> int:
    """The next few records, and where it stopped, in one transaction."""
    LookAlikeWalk.objects.get_or_create(of=search.of)
    walk = LookAlikeWalk.objects.select_for_update(skip_locked=True).filter(of=search.of).first()
    if walk is None:
        return 0
    rows = _next(walk, search, size)
    if not rows and walk.began_at and clock.now() - walk.began_at > AGAIN_AFTER:
        walk.changed_at, walk.record_id, walk.began_at = None, 0, None
        rows = _next(walk, search, size)
    if rows:
        _keep([pk for pk, _changed_at in rows], search)
        walk.began_at = walk.began_at or clock.now()
        walk.record_id, walk.changed_at = rows[-1]
        walk.save()
    return len(rows)


def _next(walk: LookAlikeWalk, search: Search, size: int) -> list[tuple[int, datetime]]:
    rows = search.records.all()
    if walk.changed_at:
        beyond = Q(updated_at=walk.changed_at, pk__gt=walk.record_id) | Q(updated_at__gt=walk.changed_at)
        rows = rows.filter(beyond, updated_at__gte=walk.changed_at)
    return list(rows.order_by("updated_at", "pk").values_list("pk", "updated_at")[:size])


def _keep(pks: list[int], search: Search) -> None:
    """Write down the pairs of these records, and forget those that are none any more."""
    found, pairs = search.find(pks), search.pairs
    rows = [
        pairs(low_id=each.low, high_id=each.high, score=each.score, reasons=each.reasons, found_at=clock.now())
        for each in found
    ]
    pairs.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["low", "high"], update_fields=["score", "reasons"]
    )
    still = {(each.low, each.high) for each in found}
    known = pairs.objects.filter(Q(low__in=pks) | Q(high__in=pks), low__merged_into=None, high__merged_into=None)
    gone = [pk for pk, low, high in known.values_list("pk", "low", "high") if (low, high) not in still]
    pairs.objects.filter(pk__in=gone).delete()
