"""Text out of files: what no database can hold is replaced, and words are compared without case and accents."""

import re
import unicodedata

# NUL, and halves of characters that stand alone.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SIGNS = re.compile(r"[^\w]+|_+")

LONGEST_CELL = 20_000


def storable(text: str) -> str:
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:LONGEST_CELL]


def one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def lines(text: str) -> str:
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SIGNS.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()
