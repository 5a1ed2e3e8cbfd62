"""Which column says what: as it was the last time with this header, else by what headers are usually called."""

import hashlib
from collections.abc import Sequence

from companies.importing.kinds import Kind
from companies.importing.texts import fold
from companies.models import ColumnShape, Import
from config.staff import clock


def fingerprint(header: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(fold(title) for title in header).encode()).hexdigest()


def guessed(kind: Kind, header: Sequence[str]) -> tuple[dict[str, str], bool]:
    """Column numbers to fields, and whether somebody said so before."""
    shape = ColumnShape.objects.filter(kind=kind.name, fingerprint=fingerprint(header)).first()
    if shape:
        known = {field.name for field in kind.fields}
        return {column: name for column, name in shape.columns.items() if name in known}, True
    return _by_words(kind, [fold(title) for title in header]), False


def remember(an_import: Import) -> None:
    """The columns and the matched words, for the next file of this shape."""
    ColumnShape.objects.update_or_create(
        kind=an_import.kind,
        fingerprint=fingerprint(an_import.header),
        defaults={"columns": an_import.columns, "values": an_import.values, "used_at": clock.now()},
    )


def known_values(an_import: Import) -> dict[str, dict[str, str]]:
    shape = ColumnShape.objects.filter(kind=an_import.kind, fingerprint=fingerprint(an_import.header)).first()
    found: dict[str, dict[str, str]] = shape.values if shape else {}
    return found


def _by_words(kind: Kind, titles: list[str]) -> dict[str, str]:
    """Each field gets one column: the title that is one of its words, before one that only holds such a word."""
    found: dict[str, str] = {}
    for is_like in (_is, _holds):
        for field in kind.fields:
            if field.name in found.values():
                continue
            for column, title in enumerate(titles):
                if title and str(column) not in found and is_like(title, (*field.words, fold(str(field.label)))):
                    found[str(column)] = field.name
                    break
    return found


def _is(title: str, words: Sequence[str]) -> bool:
    return title in words or title.removesuffix("s") in words


def _holds(title: str, words: Sequence[str]) -> bool:
    """Whole words only, and the last of them: "Year Founded" is no founder, "Headquarters (Country)" a country."""
    return any(title.endswith(f" {word}") for word in words if len(word) > 3)
