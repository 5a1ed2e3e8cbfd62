"""The one search: the page, the box on every page and every picker ask here.

Each app registers its kinds when it starts. A kind answers only with what the asking person may see, best first, and
says what matched. Typos are forgiven by trigrams on the folded names, which Postgres finds by index.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TypeVar

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, models, transaction
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.expressions import Combinable

from companies.models import ContactPoint
from config.staff.models import User

Record = TypeVar("Record", bound=models.Model)

LONGEST = 200
SHOWN = 8
# So many names that hold the words are enough; likely ones would only stand in the way.
ENOUGH = 3
# As much of the typed words' trigrams must be in a name ("globnt" finds Globant, "glass" does not), or else be shared.
LIKENESS, LIKENESS_OF_ALL = 0.5, 0.3
FEWEST_DIGITS = 5
POINTS = 60


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
class Kind:
    name: str
    label: "str | models.Choices | object"
    icon: str
    find: "Callable[[Words], list[Hit]]"


@dataclass(frozen=True)
class Group:
    kind: Kind
    hits: list[Hit]


@dataclass
class Words:
    """What was typed, folded as names are, and who asks."""

    text: str
    user: User
    limit: int = SHOWN
    folded: str = ""
    folded_company: str = ""
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

    @cached_property
    def points(self) -> list[ContactPoint]:
        """Addresses and numbers with these words in them. Company and contact are both found by one."""
        if self.digits:
            wanted = Q(kind=ContactPoint.Kind.PHONE, value__contains=self.digits)
        elif self.address:
            at = self.address if "@" in self.address else f"@{self.address}"
            wanted = Q(kind=ContactPoint.Kind.EMAIL) & (Q(value__startswith=self.address) | Q(value__contains=at))
        else:
            return []
        return list(ContactPoint.objects.filter(wanted).order_by("pk")[:POINTS])


def best(queryset: "models.QuerySet[Record]", words: Words, folded: str, column: str = "folded") -> list[Record]:
    """The rows whose name holds the words; where these are few, also those that are very like them.

    The names that hold the words always stand before the likely ones, so the dearer question is seldom asked.
    """
    found: list[Record] = []
    if len(folded) < 2:
        return found
    passes = islice(_passes(column, folded), 1 if words.is_address_or_number else None)
    for enough, (wanted, score) in zip((ENOUGH, 1, 1), passes, strict=False):
        rows = queryset.filter(wanted).exclude(pk__in=[row.pk for row in found]).annotate(score=score)
        found += rows.order_by("-score", F(column), "pk")[: words.limit - len(found)]
        if len(found) >= min(enough, words.limit):
            break
    return found


def _passes(column: str, folded: str) -> Iterator[tuple[Q, Combinable]]:
    begins, holds_word = Q(**{f"{column}__startswith": folded}), Q(**{f"{column}__contains": f" {folded}"})
    like = TrigramSimilarity(column, folded)
    if len(folded) < 3:
        yield begins | holds_word, _in_order(column, folded, like)
        return
    yield Q(**{f"{column}__contains": folded}), _in_order(column, folded, like)
    if len(folded) > 3:
        likeness = (TrigramWordSimilarity(folded, column) + like) / 2
        yield Q(**{f"{column}__trigram_word_similar": folded}), likeness
        # Swapped letters leave few trigrams whole: "gloabnt".
        yield Q(**{f"{column}__trigram_similar": folded}), like


def _in_order(column: str, folded: str, like: TrigramSimilarity) -> Case:
    """Exact first, then what begins with the words, then where a word does, then the rest."""
    return Case(
        When(**{column: folded}, then=Value(4.0)),
        When(**{f"{column}__startswith": folded}, then=Value(2.0) + like),
        When(**{f"{column}__contains": f" {folded}"}, then=Value(1.5) + like),
        default=Value(1.0) + like,
        output_field=FloatField(),
    )


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_names() -> list[str]:
    return list(_kinds)


def find(text: str, *, user: User, kinds: Iterable[str] = (), limit: int = SHOWN) -> list[Group]:
    """What this person may see of it, a group a kind; kinds that found nothing are left out."""
    words = Words(text.replace("\0", "").strip()[:LONGEST], user, limit)
    if not words.text or not user.is_staff_member:
        return []
    asked = [_kinds[name] for name in (kinds or _kinds) if name in _kinds]
    with transaction.atomic():
        _fold(words)
        if len(words.folded) < 2:
            return []
        groups = [Group(kind, kind.find(words)) for kind in asked]
    return [group for group in groups if group.hits]


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
