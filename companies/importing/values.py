"""Words that stand for records of ours: "EEUU", "USA" and "Estados Unidos" are one country."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from companies.country_words import country_words
from companies.importing.dates import is_ambiguous, tells
from companies.importing.kinds import Field, kind_of
from companies.importing.texts import fold, one_line
from companies.models import Country, Import, Sector
from companies.models.named import name_column
from config.staff.models import User

# A longer list is not worked through by hand; the rarer words are errors, or left out.
SHOWN = 150
LEAVE_OUT = "-"
_PARTS = re.compile(r"[,;/|\n]")


@dataclass(frozen=True)
class Word:
    """A word of the file, how often it stands there, and what it stands for as far as is known."""

    text: str
    count: int
    means: str
    is_sure: bool


class Lists:
    """Our lists, by every word that means one of their entries."""

    def __init__(self, an_import: Import) -> None:
        self.said: dict[str, dict[str, str]] = an_import.values
        self.drops = an_import.drops_unmatched
        self.known: dict[str, dict[str, str]] = {}

    def means(self, field: Field, text: str) -> str | None:
        """The code; "" where the word is to be left out, None where nobody knows it."""
        folded = fold(text)
        said = self.said.get(field.name, {}).get(folded)
        if said:
            return "" if said == LEAVE_OUT else said
        found = self._known(field).get(folded) or self._first_part(field, text)
        return found or ("" if self.drops else None)

    def sure(self, field: Field, text: str) -> str:
        return self._known(field).get(fold(text), "")

    def guess(self, field: Field, text: str) -> str:
        return self._known(field).get(fold(text)) or self._first_part(field, text)

    def _first_part(self, field: Field, text: str) -> str:
        """Several in one cell: the first that we know."""
        parts = _PARTS.split(text)
        return next(filter(None, (self._known(field).get(fold(part), "") for part in parts)), "") if parts[1:] else ""

    def _known(self, field: Field) -> dict[str, str]:
        if field.name not in self.known:
            self.known[field.name] = words_of(field)
        return self.known[field.name]


def words_of(field: Field) -> dict[str, str]:
    if field.type == "country":
        return country_words(Country.objects.values_list("code", "name_en", "name_es"))
    if field.type == "sector":
        rows = Sector.objects.values_list("code", "name_en", "name_es")
        return {fold(word): code for code, *words in rows for word in (code, *words)}
    if field.type == "colleague":
        people = User.objects.active().staff().values_list("pk", "email", "name")
        return {fold(word): str(pk) for pk, *words in people for word in words}
    return {fold(str(word)): code for code, label in field.choices for word in (code, label)}


def choices_of(field: Field) -> list[tuple[str, str]]:
    """What a person may choose from, in the reader's language."""
    if field.type == "country":
        return list(Country.objects.order_by(name_column()).values_list("code", name_column()))
    if field.type == "sector":
        return list(Sector.objects.order_by(name_column()).values_list("code", name_column()))
    if field.type == "colleague":
        return [(str(pk), name) for pk, name in User.objects.active().staff().values_list("pk", "name")]
    return [(code, str(label)) for code, label in field.choices]


def listed_fields(an_import: Import) -> list[Field]:
    names = set(an_import.columns.values())
    return [field for field in kind_of(an_import).fields if field.is_listed and field.name in names]


def words_in(an_import: Import, field: Field) -> list[Word]:
    """What the column says, the unknown words first, then the commonest."""
    lists = Lists(an_import)
    counted: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for text, count in distinct(an_import, field.name):
        folded = fold(text)
        if folded:
            texts.setdefault(folded, text)
            counted[folded] += count
    said = an_import.values.get(field.name, {})
    words = []
    for folded, count in counted.items():
        text = texts[folded]
        means = said.get(folded) or lists.guess(field, text)
        words.append(Word(text, count, means, is_sure=bool(lists.sure(field, text))))
    return sorted(words, key=lambda word: (word.is_sure, bool(word.means), -word.count, word.text))


def distinct(an_import: Import, name: str) -> Iterable[tuple[str, int]]:
    """The different cells of the column of a field."""
    column = an_import.field_of(name)
    if column is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT btrim(cells->>%s), count(*) FROM companies_importrow WHERE of_id = %s GROUP BY 1 ORDER BY 2 DESC",
            [column, an_import.pk],
        )
        return [(text, count) for text, count in cursor.fetchall() if text]


@dataclass(frozen=True)
class Dates:
    """Days of a file that can be read both ways, and how many others prove an order for themselves."""

    samples: list[str]
    day_first: int
    month_first: int


def dates_to_ask(an_import: Import) -> Dates | None:
    names = set(an_import.columns.values())
    fields = [field for field in kind_of(an_import).fields if field.type == "date" and field.name in names]
    cells = [(one_line(text), count) for field in fields for text, count in distinct(an_import, field.name)]
    samples = [text for text, _count in cells if is_ambiguous(text)]
    proofs = Counter({"dmy": 0, "mdy": 0})
    for text, count in cells:
        proofs[tells(text)] += count
    return Dates(samples[:5], proofs["dmy"], proofs["mdy"]) if samples else None
