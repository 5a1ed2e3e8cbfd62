"""The two statements of the search: who holds the words, and who is very like them.

They are put together out of what the kinds registered, never out of what people type: that is handed to Postgres as
parameters. Each name column has a trigram index, and every part of a statement gives its few best rows and no more.
"""
# ruff: noqa: S608

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companies.search import Kind, Names, Parts, Words


# So many letters may be wrong in a name that begins as it should.
SLIPS = 4
# Three letters are within so many words that beyond these no other is worth reading.
SHORT, WITHIN_WORDS = 3, 200


def parameters(words: "Words") -> dict[str, Any]:
    address = words.address
    domain = address.rpartition("@")[2]
    return {
        "folded": words.folded,
        "folded_company": words.folded_company,
        "address": address,
        "domain": domain,
        "part_of_domain": f"{_plain(domain)}%" if len(domain) <= SHORT else f"%{_plain(domain)}%",
        "email_begins": f"{_plain(address)}%",
        "part_of_email": f"%{_plain(address)}%",
        "mail_domain": f"{_plain(domain)}%",
        "part_of_phone": f"%{words.digits}%",
    }


def holding(kinds: "list[Kind]", words: "Words") -> str:
    """Exact first, then what begins with the words, then where a word does, then the rest; the shortest first."""
    return " UNION ALL ".join(part for kind in kinds for part in _holding(kind, words))


def further(kind: "Kind", words: "Words", count: int) -> str:
    """All that hold the words, each by the name that fits it best, from a mark on."""
    parts = " UNION ALL ".join(_holding(kind, words))
    if not parts:
        return ""
    best = f"SELECT DISTINCT ON (pk) kind, pk, score, matched FROM ({parts}) part ORDER BY pk, score DESC"
    beyond = "score < %(score)s OR score = %(score)s AND pk > %(pk)s"
    return f"SELECT * FROM ({best}) best WHERE {beyond} ORDER BY score DESC, pk LIMIT {int(count)}"


def likely(kinds: "list[Kind]", empty: set[str], words: "Words") -> str:
    """By trigrams; names that begin alike, since people seldom miss the beginning, keep slips that break trigrams.

    Swapped letters leave few trigrams whole ("gloabnt"): asked only of kinds that have nothing else.
    """
    parts = [part for kind in kinds for part in (*_likely(kind, words), *_begun_alike(kind, words))]
    if not parts:
        return ""
    swapped = [part for kind in kinds if kind.name in empty for part in _swapped(kind, words)]
    together = " UNION ALL ".join(["SELECT * FROM likely", *swapped])
    return f"WITH likely AS MATERIALIZED ({' UNION ALL '.join(parts)}) {together}"


def _holding(kind: "Kind", words: "Words") -> Iterator[str]:
    for names in kind.names:
        if len(words.of(names)) >= 2:
            yield from _of_names(kind, names, words)
    if words.digits:
        yield from (_of_part(kind, parts, words, "LIKE %(part_of_phone)s") for parts in kind.phones)
    elif words.address:
        yield from (_of_part(kind, parts, words, "LIKE %(part_of_domain)s") for parts in kind.domains)
        # Three letters begin the domains of too many.
        for parts in kind.emails if "@" in words.address or len(words.address) > SHORT else ():
            yield _of_part(kind, parts, words, f"LIKE %(email_begins)s OR {_holds_part(parts, words)}")


def _holds_part(parts: "Parts", words: "Words") -> str:
    """Of an address that is not whole; of a word alone the domain begins so, which has an index of its own."""
    if "@" in words.address:
        return f"{parts.value} LIKE %(part_of_email)s"
    return f"split_part({parts.value}, '@', 2) LIKE %(mail_domain)s"


def _of_names(kind: "Kind", names: "Names", words: "Words") -> Iterator[str]:
    column, typed = names.column, _typed(names)
    begins, holds_word = f"{column} LIKE {typed} || '%%'", f"{column} LIKE '%% ' || {typed} || '%%'"
    # "alt sof" is the beginning of each word of Alto Software.
    begun = f"replace({typed}, ' ', '%% ') || '%%'"
    tier = f"CASE WHEN {column} = {typed} THEN 3 WHEN {begins} THEN 2 WHEN {holds_word} THEN 1.5 ELSE 1 END"
    score = f"{tier} + length({typed})::float / greatest(length({column}), length({typed}), 1)"
    begins_a_word, within = f"({begins} OR {holds_word})", f"{column} LIKE '%%' || {begun}"
    # Two letters in the middle of a word are in half of all names.
    if len(words.of(names)) <= SHORT:
        yield _part(kind, names, score, begins_a_word, words)
    if len(words.of(names)) == SHORT:
        first = "" if words.every else f"LIMIT {WITHIN_WORDS}"
        yield _part(kind, names, score, f"{within} AND NOT {begins_a_word} {first}", words)
    if len(words.of(names)) > SHORT:
        yield _part(kind, names, score, within, words)


def _likely(kind: "Kind", words: "Words") -> Iterator[str]:
    for names in _guessable(kind, words):
        yield _part(kind, names, _likeness(names), f"{_typed(names)} <%% {names.column}", words)


def _begun_alike(kind: "Kind", words: "Words") -> Iterator[str]:
    for names in _guessable(kind, words):
        if names.by_company_words:
            column, typed = names.column, _typed(names)
            as_long = f"length({column}) BETWEEN length({typed}) - {SLIPS} AND length({typed}) + {SLIPS}"
            near = f"levenshtein_less_equal({_short(column)}, {_short(typed)}, {SLIPS}) <= {SLIPS}"
            alike = f"{column} LIKE left({typed}, 3) || '%%' AND {as_long} AND {near}"
            yield _part(kind, names, _likeness(names), alike, words)


def _likeness(names: "Names") -> str:
    """Trigrams forgive turned and cut words, and letters count slips: of several likely names the nearest comes first.

    What was typed may be the beginning of a longer name.
    """
    column, typed = _short(names.column), _short(_typed(names))
    by_trigrams = f"(word_similarity({typed}, {column}) + similarity({column}, {typed})) / 2"
    as_typed = f"least(length({typed}), length({column}))"
    whole = f"1 - {_slips(typed, column)} / greatest(length({typed}), length({column}), 1)"
    beginning = f"0.9 - {_slips(typed, f'left({column}, length({typed}))')} / greatest({as_typed}, 1)"
    return f"(0.4 * {by_trigrams} + 0.6 * greatest({whole}, {beginning}, 0))"


def _slips(one: str, other: str) -> str:
    """Letters that sound alike to a Spanish ear (b and v, s and z) count half."""
    heard_one, heard_other = (f"translate({text}, 'vzykq', 'bsicc')" for text in (one, other))
    return f"(levenshtein({one}, {other}) + levenshtein({heard_one}, {heard_other})) / 2.0"


def _short(text: str) -> str:
    """Letters are counted up to 255 only."""
    return f"left({text}, 255)"


def _swapped(kind: "Kind", words: "Words") -> Iterator[str]:
    nothing_else = f"NOT EXISTS (SELECT 1 FROM likely WHERE kind = '{kind.name}')"
    for names in _guessable(kind, words):
        if names.long:
            continue
        column, typed = names.column, _typed(names)
        yield _part(kind, names, _likeness(names), f"{nothing_else} AND {column} %% {typed}", words)


def _guessable(kind: "Kind", words: "Words") -> Iterator["Names"]:
    return (names for names in kind.names if len(words.of(names)) > 3)


def _typed(names: "Names") -> str:
    return "%(folded_company)s" if names.by_company_words else "%(folded)s"


def _part(kind: "Kind", names: "Names", score: str, holds: str, words: "Words") -> str:
    rows = (
        f"SELECT '{kind.name}' AS kind, {names.key} AS pk, ({score} - {names.less})::float AS score,"
        f" {names.matched} AS matched FROM {names.rows} AND {holds}"
    )
    return f"(SELECT * FROM ({rows}) part {_best(kind, words)})"


def _of_part(kind: "Kind", parts: "Parts", words: "Words", holds: str) -> str:
    return (
        f"(SELECT '{kind.name}' AS kind, {parts.key} AS pk, ({parts.score})::float AS score, {parts.value} AS matched"
        f" FROM {parts.rows} AND ({parts.value} {holds}) {_best(kind, words)})"
    )


def _best(kind: "Kind", words: "Words") -> str:
    if words.every:
        return ""
    return f"ORDER BY score DESC, pk LIMIT {int(words.limit) * kind.margin}"


def _plain(text: str) -> str:
    """With no meaning of its own within LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
