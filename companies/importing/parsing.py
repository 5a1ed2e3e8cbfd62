"""Cells become values: each field's type says how, and what cannot be read is a problem of that cell."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from companies.importing.dates import day_in, time_in
from companies.importing.kinds import Field, Kind, kind_of
from companies.importing.texts import fold, lines, one_line
from companies.importing.values import Lists
from companies.models import Import

Said = dict[str, Any]
Problems = dict[str, str]
# Pages of many companies: such an address tells nothing about whose it is.
SHARED = {"facebook", "linkedin", "twitter", "x", "instagram", "crunchbase", "youtube", "angel", "wikipedia", "google"}
NOTHING = {"", "n a", "na", "none", "null", "ninguno", "ninguna", "no aplica", "sin dato", "sin datos", "tbd"}
_DOMAIN = re.compile(r"^(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*\.[^\W\d_][\w-]{1,62}$")
_APART = re.compile(r"[;,/|\s]+")
_PHONES_APART = re.compile(r"[;,/|\n]+")
LANGUAGES = {
    "en": {"en", "english", "ingles"},
    "es": {"es", "spanish", "espanol", "castellano"},
    "fr": {"fr", "french", "frances"},
    "pt": {"pt", "portuguese", "portugues"},
    "de": {"de", "german", "aleman"},
    "it": {"it", "italian", "italiano"},
    "zh": {"zh", "chinese", "chino", "mandarin"},
    "ja": {"ja", "japanese", "japones"},
}


class Wrong(Exception):  # noqa: N818 - a cell's problem, as a code
    pass


class Parser:
    """For one import: its columns, its order of dates and what its words stand for."""

    def __init__(self, an_import: Import) -> None:
        self.kind: Kind = kind_of(an_import)
        self.order = an_import.date_order
        self.lists = Lists(an_import)
        fields = {field.name: field for field in self.kind.fields}
        self.columns = [(int(column), fields[name]) for column, name in an_import.columns.items() if name in fields]

    def read(self, cells: Sequence[str]) -> tuple[Said, Problems]:
        said: Said = {}
        problems: Problems = {}
        for column, field in self.columns:
            text = cells[column] if column < len(cells) else ""
            if fold(text) in NOTHING and not _has_signs(text):
                continue
            try:
                value = _READERS[field.type](self, field, text)
            except Wrong as wrong:
                problems[field.name] = str(wrong)
            else:
                if value not in (None, "", []):
                    said[field.name] = value
        self._phones(said, problems)
        problems |= self._missing(said, problems) | self.kind.check(said)
        _split_name(said)
        return said, problems

    def _missing(self, said: Said, problems: Problems) -> Problems:
        lacking = [group[0] for group in self.kind.needs if not any(name in said or name in problems for name in group)]
        return dict.fromkeys(lacking, "missing")

    def _phones(self, said: Said, problems: Problems) -> None:
        """Numbers without a country code are of the person's country; so they are read last."""
        numbers = said.pop("phone", [])
        country = said.get("person_country") or said.get("country") or settings.AGENCY_COUNTRY
        try:
            read = [_in_e164(number, country) for number in numbers]
        except Wrong as wrong:
            problems["phone"] = str(wrong)
        else:
            if read:
                said["phone"] = list(dict.fromkeys(read))


def _split_name(said: Said) -> None:
    """ "Gómez Pérez, Ana", "Ana Gómez Pérez", "Ana María Gómez Pérez": two family names where there are enough."""
    full = said.pop("full_name", "")
    if not full or said.get("given_name") or said.get("family_name"):
        return
    family, comma, given = full.partition(",")
    if not (comma and given.strip()):
        words = full.split()
        cut = 2 if len(words) > 3 else 1
        given, family = " ".join(words[:cut]), " ".join(words[cut:])
    said["given_name"] = given.strip()[:120]
    if family.strip():
        said["family_name"] = family.strip()[:120]


def _has_signs(text: str) -> bool:
    """A name in signs alone ("!!!") folds to nothing, and is something all the same."""
    return not fold(text) and bool(text.strip(" -–—.?\t\r\n"))


def _text(_parser: Parser, field: Field, text: str) -> str:
    return _short(one_line(text), field)


def _long(_parser: Parser, field: Field, text: str) -> str:
    return _short(lines(text), field)


def _short(text: str, field: Field) -> str:
    if len(text) > field.longest:
        raise Wrong(f"too_long:{field.longest}")
    return text


def _domain(_parser: Parser, field: Field, text: str) -> str:
    """The bare domain, however the address was pasted."""
    bare = one_line(text).lower().split(" ")[0].split(",")[0]
    bare = re.sub(r"^[a-z]+://", "", bare).partition("@")[2] or re.sub(r"^[a-z]+:/*", "", bare)
    bare = re.split(r"[/?#:]", bare)[0].removeprefix("www.").rstrip(".")
    if not _DOMAIN.match(bare) or len(bare) > field.longest:
        raise Wrong("no_domain")
    return "" if bare.split(".")[-2] in SHARED else bare


def _email(_parser: Parser, _field: Field, text: str) -> list[str]:
    found = [part.strip("<>()").removeprefix("mailto:").lower() for part in _APART.split(text)]
    # "Ana Gómez <ana@example.org>" names the person too.
    found = [part for part in found if "@" in part] or ["".join(found)]
    try:
        for address in found:
            validate_email(address)
    except ValidationError:
        raise Wrong("no_email") from None
    if max(map(len, found)) > 254:
        raise Wrong("no_email")
    return list(dict.fromkeys(found))


def _phone(_parser: Parser, _field: Field, text: str) -> list[str]:
    return [part for part in map(one_line, _PHONES_APART.split(text)) if part]


def _in_e164(number: str, country: str) -> str:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        raise Wrong("no_phone") from None
    if not phonenumbers.is_possible_number(parsed):
        raise Wrong("no_phone")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _date(parser: Parser, _field: Field, text: str) -> str:
    day, wrong = day_in(one_line(text), parser.order)
    if day is None:
        raise Wrong(wrong)
    return day.isoformat()


def _time(_parser: Parser, _field: Field, text: str) -> str:
    found, wrong = time_in(one_line(text))
    if found is None:
        raise Wrong(wrong)
    return found.isoformat("minutes")


def _language(_parser: Parser, _field: Field, text: str) -> str:
    folded = fold(text).split(" ")[0]
    code = next((code for code, words in LANGUAGES.items() if folded in words), folded)
    if not re.fullmatch(r"[a-z]{2}", code):
        raise Wrong("unknown")
    return code


def _listed(parser: Parser, field: Field, text: str) -> str:
    code = parser.lists.means(field, text)
    if code is None:
        raise Wrong("unknown")
    return code


_READERS: dict[str, Callable[[Parser, Field, str], Any]] = {
    "text": _text,
    "long": _long,
    "domain": _domain,
    "email": _email,
    "phone": _phone,
    "date": _date,
    "time": _time,
    "language": _language,
    "country": _listed,
    "sector": _listed,
    "colleague": _listed,
    "choice": _listed,
}
