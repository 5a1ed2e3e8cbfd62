"""How well a company is found: a few hundred queries by rules of their own, beside a plain `icontains` over names.

Right is the company that was meant; where the sample holds it twice, either. What a rule makes is left out where it is
another company's name, letter by letter, and a part of a name where other names have that part too: nobody could tell
which was meant. Tune without `--held-out`; run with it once, at the end.
"""

import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db.models import Q

from companies.models import Company, CompanyName
from companies.search import find
from config.embedded.state import state_folder
from config.staff.models import Role, User
from tests.benchmarks import slips

EACH = 80
LOOSE = 8
Rule = Callable[[str, Random], str]
Same = dict[int, set[int]]
OF_NAMES: dict[str, tuple[Rule, ...]] = {
    "typo": (slips.dropped, slips.doubled, slips.swapped, slips.missed),
    "by ear": (slips.by_ear,),
    "two slips": (slips.two_slips,),
    "accents": (slips.accented,),
    "legal form": (slips.another_form,),
    "transposed words": (slips.turned,),
    "spaces": (slips.joined, slips.parted),
    "partial words": (slips.begun,),
    "end of a word": (slips.ended,),
}
OF_PARTS = {"partial words", "end of a word"}
OF_FORMER: dict[str, tuple[Rule, ...]] = {
    "former name": (lambda text, _chance: text.lower(), slips.missed, slips.another_form)
}
OF_SCRIPTS: dict[str, tuple[Rule, ...]] = {
    "other script": (lambda text, _chance: text, lambda text, _chance: max(_words(text), key=len)[:-1])
}


@dataclass(frozen=True)
class Query:
    rule: str
    text: str
    company: int


def run(size: str, only: set[str], *, held_out: bool = False) -> dict[str, Any]:
    same = _doubles()
    queries = [each for each in _queries(only, same) if slips.is_held_out(each.rule, each.text) is held_out]
    asker = User.objects.filter(role=Role.OFFICER, is_active=True).earliest("pk")
    ranks, plain, took, given = [], [], [], []
    find("warm", user=asker)
    for query in queries:
        wanted = same.get(query.company, {query.company})
        began = time.perf_counter()
        groups = find(query.text, user=asker)
        took.append((time.perf_counter() - began) * 1000)
        found = [hit.pk for group in groups if group.kind.name == "company" for hit in group.hits]
        given.append(len(found))
        ranks.append(_rank(found, wanted))
        plain.append(_rank(_icontains(query.text), wanted))
    by_rule = _by_rule(queries, ranks)
    answer = {
        "size": size,
        "held_out": held_out,
        "queries": len(queries),
        "recall_at_1": _share(ranks, 1),
        "recall_at_5": _share(ranks, 5),
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(sorted(took)[int(len(took) * 0.95)], 1),
        "icontains_recall_at_1": _share(plain, 1),
        "icontains_recall_at_5": _share(plain, 5),
        "hits": round(statistics.mean(given), 2),
        "most_hits": max(given),
        "by_rule": by_rule,
        "missed": [
            {"rule": query.rule, "text": query.text, "company": query.company, "rank": rank}
            for query, rank in zip(queries, ranks, strict=True)
            if rank != 1
        ],
    }
    print("\n".join(f"{name:<22} {value}" for name, value in answer.items() if name not in {"missed", "by_rule"}))
    print("\n".join(f"  {rule:<20} {shares}" for rule, shares in by_rule.items()))
    return answer


def _queries(only: set[str], same: Same) -> Iterator[Query]:
    companies = dict(Company.objects.current().order_by("pk").values_list("pk", "name"))
    taken = Taken(companies, same)
    texts = {pk: name for pk, name in companies.items() if " " in name and name.isprintable() and _is_latin(name)}
    for rules, names in (
        (OF_NAMES, list(texts.items())),
        (OF_FORMER, _other_names(companies, CompanyName.Kind.FORMER)),
        (OF_SCRIPTS, _other_names(companies, CompanyName.Kind.SCRIPT)),
    ):
        for rule, ways in rules.items():
            if not only or rule in only:
                yield from _made(rule, ways, names, taken)


class Taken:
    """What the companies are called already, letter by letter."""

    def __init__(self, companies: dict[int, str], same: Same) -> None:
        self.same = same
        self.names = {slips.bare(name) for name in companies.values()}
        self.lines = "\n".join(f"{pk}\t{slips.bare(name)}" for pk, name in companies.items())

    def fits_others(self, text: str, company: int) -> bool:
        """The first word is a part of theirs, and the others begin theirs."""
        parts = [re.escape(word) for word in slips.bare(text).split()]
        found = re.findall(rf"^(\d+)\t.*{r'[^ ]* '.join(parts)}", self.lines, re.MULTILINE)
        return bool({int(pk) for pk in found} - self.same.get(company, {company}))


def _made(rule: str, ways: tuple[Rule, ...], names: list[tuple[int, str]], taken: Taken) -> Iterator[Query]:
    chance, made = Random(f"search/{rule}"), 0
    for company, name in chance.sample(names, len(names)):
        try:
            text = ways[made % len(ways)](name, chance)
        except IndexError:  # nothing in this name to slip on
            continue
        if slips.bare(text) in taken.names and slips.bare(text) != slips.bare(name):
            continue
        if rule in OF_PARTS and taken.fits_others(text, company):
            continue
        yield Query(rule, text, company)
        made += 1
        if made == EACH:
            return


def _other_names(companies: dict[int, str], kind: CompanyName.Kind) -> list[tuple[int, str]]:
    rows = CompanyName.objects.filter(kind=kind).order_by("pk").values_list("company_id", "name")
    return [(company, name) for company, name in rows if company in companies]


def _doubles() -> Same:
    same: Same = {}
    for one, other, _how in json.loads((state_folder() / "sample-labels.json").read_text())["duplicates"]:
        together = same.get(one, {one}) | same.get(other, {other})
        same |= dict.fromkeys(together, together)
    return same


def _icontains(text: str) -> list[int]:
    """What a list with a search box asks."""
    rows = Company.objects.current().filter(Q(name__icontains=text) | Q(names__name__icontains=text))
    return list(rows.order_by("folded", "pk").values_list("pk", flat=True).distinct()[:LOOSE])


def _rank(found: list[int], wanted: set[int]) -> int | None:
    return next((place for place, pk in enumerate(found, start=1) if pk in wanted), None)


def _share(ranks: list[int | None], most: int) -> float:
    return round(sum(rank is not None and rank <= most for rank in ranks) / max(1, len(ranks)), 4)


def _by_rule(queries: list[Query], ranks: list[int | None]) -> dict[str, str]:
    of: dict[str, list[int | None]] = {}
    for query, rank in zip(queries, ranks, strict=True):
        of.setdefault(query.rule, []).append(rank)
    return {rule: f"{_share(found, 1):.3f} {_share(found, 5):.3f} of {len(found)}" for rule, found in of.items()}


def _words(text: str) -> list[str]:
    return text.replace("株式会社", "").replace("有限公司", "").replace("주식회사", "").split()


def _is_latin(text: str) -> bool:
    return all(ord(sign) < 0x250 or not sign.isalpha() for sign in text)
