"""Names as they are written by hand: no stray blanks, and neither all in capitals nor all in small letters."""

import re

from companies.importing.texts import one_line

# They stay small within a name, in Spanish, Portuguese, French, Italian, German, Dutch and English.
SMALL = {
    *("de", "del", "la", "las", "los", "y", "e", "da", "das", "do", "dos", "du", "des", "le", "di"),
    *("von", "van", "der", "den", "of", "and", "the", "for"),
}
LEGAL = {
    **{form: form for form in ("LLC", "LLP", "SAS", "SA", "SL", "BV", "NV", "PLC", "AG", "SE", "KG", "SPA")},
    "GMBH": "GmbH", "LTDA": "Ltda", "LTD": "Ltd", "INC": "Inc", "CORP": "Corp", "CIA": "Cía", "PTY": "Pty",
}  # fmt: skip
SHORT = 3
_PARTS = re.compile(r"([\W_]+)")


def tidy_company(name: str) -> str:
    """Short words in capitals are names by themselves (IBM, SAP), and stay so."""
    name = one_line(name)
    if not _is_one_case(name):
        return name
    shouted = name == name.upper()
    return " ".join(_word(word, first=n == 0, keeps=shouted) for n, word in enumerate(name.split(" ")))


def tidy_person(name: str) -> str:
    name = one_line(name)
    if not _is_one_case(name):
        return name
    return " ".join(_word(word, first=False, keeps=False) for word in name.split(" "))


def _is_one_case(name: str) -> bool:
    return name.upper() != name.lower() and name in {name.upper(), name.lower()}


def _word(word: str, *, first: bool, keeps: bool) -> str:
    bare = word.rstrip(".,")
    if bare.lower() in SMALL and not first:
        return word.lower()
    if bare.upper() in LEGAL:
        return word.replace(bare, LEGAL[bare.upper()])
    if re.search(r"\d|\w\.\w", word) or (keeps and len(bare) <= SHORT):
        return word.upper() if keeps else word
    return "".join(part[:1].upper() + part[1:].lower() for part in _PARTS.split(word))
