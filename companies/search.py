"""The one search: the page, the box on every page and every picker ask here.

Each app registers its kinds when it starts, and says where the names of a kind stand. One statement asks all of them
which records hold the words; where these are few, a second one asks for those that are very like them, because typos
are forgiven by trigrams, which Postgres finds by index. What was found is then fetched through `visible_to`, the only
door to the records: what a person may not see is dropped there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from companies import search_statements as statements
from config.staff.models import User

LONGEST = 200
SHOWN = 8
# So many names that hold the words are enough; likely ones would only stand in the way.
ENOUGH = 3
# The score of a name that is all of the words and nothing else.
SPELLED = 3.9
# As much of the typed words' trigrams must be in a name ("globnt" finds Globant, "glass" does not), or else be shared.
LIKENESS, LIKENESS_OF_ALL = 0.5, 0.3
FEWEST_DIGITS = 5


@dataclass(frozen=True)
class Hit:
    kind: str
    pk: int
    label: str
    url: str
    # The country, the company of a person: what tells two hits apart.
    beside: str = ""
    # What was found where it is not the label: a former name, an address.
    matched: str = ""
    score: float = 0
    log_url: str = ""
    company_id: int | None = None
    company: str = ""


@dataclass(frozen=True)
class Match:
    """That a record was found, how well (4 exact, 2 and more by its beginning, below 1 likely), and by which words."""

    score: float
    matched: str = ""


@dataclass(frozen=True)
class Names:
    """Where names of a kind stand, as SQL of our own; what people type is never part of it."""

    rows: str
    key: str
    column: str
    # What is shown of it where it is not the label of the record.
    matched: str = "''"
    by_company_words: bool = False
    less: float = 0
    # A sentence rather than a name: as a whole it is never like a word, and to ask costs more than all the rest.
    long: bool = False


@dataclass(frozen=True)
class Parts:
    """Addresses and numbers of a kind: found by a part of them, never guessed at."""

    rows: str
    key: str
    value: str
    score: str


@dataclass(frozen=True)
class Kind:
    name: str
    label: Any
    icon: str
    names: tuple[Names, ...]
    # The records behind the matches that this person may see, as hits; more than were matched where one leads to more.
    fetch: "Callable[[Words, dict[int, Match]], list[Hit]]"
    domains: tuple[Parts, ...] = ()
    emails: tuple[Parts, ...] = ()
    phones: tuple[Parts, ...] = ()
    # So many times as many are looked for, because some will not be for this person's eyes.
    margin: int = 1


@dataclass(frozen=True)
class Group:
    kind: Kind
    hits: list[Hit]
    # As many as were asked for: there may be more.
    is_full: bool = False
    # Where the next page of this kind begins; empty where none comes.
    mark: str = ""


@dataclass
class Words:
    """What was typed, folded as names are, and who asks."""

    text: str
    user: User
    limit: int = SHOWN
    folded: str = ""
    folded_company: str = ""
    # Not the best alone: all of them, a page at a time.
    every: bool = False
    # Kinds leave here what they found for the kinds after them: leads are found by their company too.
    found: dict[str, list[int]] = field(default_factory=dict)

    @property
    def digits(self) -> str:
        digits = "".join(sign for sign in self.text if sign.isdecimal() and sign.isascii())
        spelled = sum(sign.isalpha() for sign in self.text)
        return digits if len(digits) >= FEWEST_DIGITS and not spelled else ""

    @property
    def is_address_or_number(self) -> bool:
        """No name is spelled like this, so none is to be guessed at."""
        return bool(self.digits) or "@" in self.text or "://" in self.text

    @property
    def company_text(self) -> str:
        """The words that may name a company: of an address or a link those of its domain."""
        return self.address.rpartition("@")[2].partition(".")[0] if self.is_address_or_number else self.text

    @property
    def address(self) -> str:
        """A part of an e-mail address or web domain, where one word was typed."""
        words = self.text.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]
        return words if len(words) >= 3 and " " not in words else ""

    def of(self, names: Names) -> str:
        return self.folded_company if names.by_company_words else self.folded


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_names() -> list[str]:
    return list(_kinds)


def find(text: str, *, user: User, kinds: Iterable[str] = (), limit: int = SHOWN) -> list[Group]:
    """What this person may see of it, a group a kind, the group with the best hit first; empty groups are left out."""
    words = Words(text.replace("\0", "").strip()[:LONGEST], user, limit)
    if not words.text or not user.is_staff_member:
        return []
    asked = [_kinds[name] for name in (kinds or _kinds) if name in _kinds]
    with transaction.atomic():
        _fold(words)
        if len(words.folded) < 2:
            return []
        matches = _matches(asked, words)
    groups = [_group(kind, words, matches[kind.name]) for kind in asked]
    return sorted((group for group in groups if group.hits), key=lambda group: -int(group.hits[0].score))


def page_of(kind_name: str, text: str, *, user: User, limit: int, after: str = "") -> list[Group]:
    """All of one kind by a key: how well it fits, and its number. What is likely at best has no second page."""
    words = Words(text.replace("\0", "").strip()[:LONGEST], user, limit, every=True)
    mark = _read_mark(after)
    if not words.text or not user.is_staff_member or mark is None:
        return []
    _fold(words)
    hits: list[Hit] = []
    kind = _kinds[kind_name]
    # A page is filled up with what this person may see: a short one would tell that something is hidden.
    words.limit = (limit + 1) * kind.margin
    while len(words.folded) >= 2 and len(hits) <= limit:
        matches = _further(kind, words, mark)
        hits += sorted(kind.fetch(words, matches), key=lambda hit: (-hit.score, hit.pk))
        if len(matches) < words.limit:
            break
        mark = min((match.score, -pk) for pk, match in matches.items())
    if not after and len(hits) < ENOUGH:
        return find(text, user=user, kinds=[kind_name], limit=limit)
    shown, more = hits[:limit], len(hits) > limit
    return (
        [Group(kind, shown, is_full=more, mark=f"{shown[-1].score!r},{shown[-1].pk}" if more else "")] if shown else []
    )


def _further(kind: Kind, words: Words, mark: tuple[float, int]) -> dict[int, Match]:
    statement = statements.further(kind, words, words.limit)
    if not statement:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**statements.parameters(words), "score": mark[0], "pk": -mark[1]})
        return {pk: Match(score, matched) for _kind, pk, score, matched in cursor.fetchall()}


def _read_mark(written: str) -> tuple[float, int] | None:
    """Sorts as the hits do, the best first being the largest."""
    if not written:
        return (float("inf"), 0)
    score, _comma, pk = written.partition(",")
    try:
        return (float(score), -int(pk)) if len(written) < 60 and 0 <= int(pk) < 2**63 else None
    except ValueError:
        return None


def _group(kind: Kind, words: Words, matches: dict[int, Match]) -> Group:
    hits = sorted(kind.fetch(words, matches), key=lambda hit: (-hit.score, hit.label, hit.pk))[: words.limit]
    return Group(kind, hits, is_full=len(hits) == words.limit)


def _fold(words: Words) -> None:
    """Folds the words as Postgres folds names, and sets how alike is alike enough; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT puente_fold(%s), puente_fold_company(%s),"
            " set_config('pg_trgm.word_similarity_threshold', %s, true),"
            " set_config('pg_trgm.similarity_threshold', %s, true)",
            [words.text, words.company_text, str(LIKENESS), str(LIKENESS_OF_ALL)],
        )
        words.folded, words.folded_company, *_ = cursor.fetchone()


def _matches(kinds: list[Kind], words: Words) -> dict[str, dict[int, Match]]:
    """Those that hold the words; where a kind has few of them, also those that are likely."""
    found: dict[str, dict[int, Match]] = defaultdict(dict)
    _ask(statements.holding(kinds, words), words, found)
    # Where a name is spelled as it was typed no slip is forgiven, but in its own kind: there may be twins, misspelled.
    spelled = {kind.name for kind in kinds if any(match.score >= SPELLED for match in found[kind.name].values())}
    few = [
        kind
        for kind in kinds
        if _holds(found[kind.name]) < min(ENOUGH, words.limit) and (not spelled or kind.name in spelled)
    ]
    if few and not words.is_address_or_number:
        _ask(statements.likely(few, {kind.name for kind in few if not found[kind.name]}, words), words, found)
    return found


def _holds(matches: dict[int, Match]) -> int:
    return sum(match.score >= 1 for match in matches.values())


def _ask(statement: str, words: Words, found: dict[str, dict[int, Match]]) -> None:
    if not statement:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, statements.parameters(words))
        for kind, pk, score, matched in cursor.fetchall():
            before = found[kind].get(pk)
            if before is None or before.score < score:
                found[kind][pk] = Match(score, matched)
