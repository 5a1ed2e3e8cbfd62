"""How people misspell: rules of the keyboard, of the ear and of habit. Nothing here asks the database or the matcher.

What is made by a rule is parted in two by a hash of itself: three quarters to tune on, a quarter for the last run.
"""

import hashlib
import unicodedata
from random import Random

# What lies beside a key of a Spanish keyboard.
BESIDE = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum",
    "k": "jlio", "l": "kop", "z": "asx", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "njk",
}  # fmt: skip
# What sounds alike to a Colombian ear.
SOUNDS = (("b", "v"), ("v", "b"), ("z", "s"), ("s", "z"), ("c", "k"), ("qu", "k"), ("ll", "y"), ("ph", "f"),
          ("y", "i"), ("g", "j"), ("x", "s"), ("tia", "cia"), ("i", "y"), ("m", "n"), ("u", "o"))  # fmt: skip
ACCENTS = {"a": "áàâã", "e": "éèê", "i": "íî", "o": "óòôõ", "u": "úü", "n": "ñ", "c": "ç"}
FORMS = ("Inc.", "LLC", "S.A.S.", "S.A.", "Ltda.", "GmbH", "S.L.", "S.A. de C.V.", "Ltd", "B.V.", "AG", "Corp.", "plc")


def is_held_out(*made: object) -> bool:
    words = "/".join(map(str, made))
    return hashlib.sha256(words.encode()).digest()[0] < 64


def bare(text: str) -> str:
    """Small letters without accents and signs, by the Unicode tables of Python."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters if not _is_mark(sign)).split())


def _is_mark(sign: str) -> bool:
    return unicodedata.combining(sign) > 0


def _places(text: str) -> list[int]:
    """Letters behind the first two of a word: people seldom miss the beginning."""
    starts = {0, 1} | {at + step for at, sign in enumerate(text) if sign == " " for step in (0, 1, 2)}
    return [at for at, sign in enumerate(text) if sign.isalpha() and at not in starts]


def dropped(text: str, chance: Random) -> str:
    at = chance.choice(_places(text))
    return text[:at] + text[at + 1 :]


def doubled(text: str, chance: Random) -> str:
    at = chance.choice(_places(text))
    return text[:at] + text[at] + text[at:]


def swapped(text: str, chance: Random) -> str:
    places = [at for at in _places(text)[:-1] if text[at + 1].isalpha() and text[at] != text[at + 1]]
    at = chance.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def missed(text: str, chance: Random) -> str:
    at = chance.choice([at for at in _places(text) if text[at].lower() in BESIDE])
    return text[:at] + chance.choice(BESIDE[text[at].lower()]) + text[at + 1 :]


def by_ear(text: str, chance: Random) -> str:
    """As one writes what was heard at a noisy fair; the first letter may be wrong too."""
    low = text.lower()
    heard = [(said, written) for said, written in SOUNDS if said in low]
    if not heard:
        return missed(text, chance)
    said, written = chance.choice(heard)
    return low.replace(said, written, 1)


def two_slips(text: str, chance: Random) -> str:
    return dropped(swapped(text, chance), chance)


def accented(text: str, chance: Random) -> str:
    at = chance.choice([at for at, sign in enumerate(text) if sign.lower() in ACCENTS])
    accented = chance.choice(ACCENTS[text[at].lower()])
    written = text[:at] + accented + text[at + 1 :]
    # Half of them as some systems write it: the letter, and its accent behind it.
    return unicodedata.normalize("NFD", written) if chance.random() < 0.5 else written.upper()


def another_form(text: str, chance: Random) -> str:
    form = chance.choice(FORMS)
    form = chance.choice((form, form.lower(), form.replace(".", ""), form.upper()))
    return f"{text}{chance.choice((', ', ' '))}{form}"


def turned(text: str, _chance: Random) -> str:
    first, *rest = text.split()
    return " ".join([*rest, first])


def joined(text: str, chance: Random) -> str:
    return text.replace(" ", chance.choice(("", "-", ".", "_")), 1)


def parted(text: str, chance: Random) -> str:
    first = text.split(maxsplit=1)[0]
    at = chance.randint(3, max(3, len(first) - 3))
    return f"{text[:at]} {text[at:]}"


def begun(text: str, chance: Random) -> str:
    """The beginning of each word, as one types who expects an answer after a few letters."""
    first, *rest = text.split()
    return " ".join([first[: max(5, len(first) - chance.randint(1, 3))], *(word[:3] for word in rest[:1])])


def ended(text: str, chance: Random) -> str:
    """Who remembers the end of a word alone."""
    first, *rest = text.split()
    return " ".join([first[min(2, max(0, len(first) - 5)) :], *rest])
