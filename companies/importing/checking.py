"""The dry run: what each row says, which rows are doubles of each other, and what would become of each. Writes nothing
but the rows of the import themselves.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from companies.importing import staging
from companies.importing.kinds import Kind, kind_of
from companies.importing.matching import Found, companies_like, people_like, verdict
from companies.importing.parsing import Parser
from companies.importing.records import Known
from companies.models import Import, ImportRow

Is, Outcome = ImportRow.Is, ImportRow.Outcome

# Companies of one name and two websites are two until somebody says otherwise.
APART = """
WITH led AS (
    SELECT id, company_key, said->>'website' AS website, number,
        first_value(said->>'website') OVER each_key AS first, first_value(number) OVER each_key AS number_of_first
    FROM companies_importrow WHERE of_id = %(of)s AND company_key <> '' AND problems = '{}' AND said ? 'website'
    WINDOW each_key AS (PARTITION BY company_key ORDER BY number)
)
UPDATE companies_importrow r SET company_key = led.company_key || '|' || led.website,
    company_alikes = jsonb_build_array(jsonb_build_object('row', led.number_of_first))
FROM led WHERE r.id = led.id AND led.website <> led.first
"""
# People of one address and about one name are one, whatever company stands beside them.
TOGETHER = """
WITH mailed AS (
    SELECT id, contact_key, said->'email'->>0 AS email, number,
        puente_fold(concat_ws(' ', said->>'given_name', said->>'family_name')) AS name
    FROM companies_importrow WHERE of_id = %(of)s AND contact_key <> '' AND problems = '{}' AND said ? 'email'
), led AS (
    SELECT *, first_value(contact_key) OVER each_mail AS first, first_value(name) OVER each_mail AS first_name
    FROM mailed WINDOW each_mail AS (PARTITION BY email ORDER BY number)
)
UPDATE companies_importrow r SET contact_key = led.first
FROM led WHERE r.id = led.id AND led.contact_key <> led.first AND similarity(led.name, led.first_name) >= 0.5
"""
DOUBLES = """
WITH led AS (
    SELECT id, number, first_value(number) OVER (PARTITION BY {key} ORDER BY number) AS first
    FROM companies_importrow WHERE of_id = %(of)s AND {key} <> '' AND problems = '{{}}'
)
UPDATE companies_importrow r SET double_of = led.first, outcome = 'double'
FROM led WHERE r.id = led.id AND led.first <> led.number
"""
KEY = {"company": "company_key", "contact": "contact_key", "more": "md5(said::text)"}


def read_rows(an_import: Import, rows: Sequence[ImportRow]) -> None:
    parser = Parser(an_import)
    for row in rows:
        row.said, row.problems = parser.read(row.cells)
        row.outcome = Outcome.ERROR if row.problems else Outcome.UNCHECKED
    staging.keep_read(rows)


def fold_file(an_import: Import) -> None:
    """Rows that say the same are one: the first, with what the others add to it."""
    of = {"of": an_import.pk}
    about = kind_of(an_import).about
    with connection.cursor() as cursor:
        if about == "company":
            cursor.execute(APART, of)
        if about == "contact":
            cursor.execute(TOGETHER, of)
        cursor.execute(DOUBLES.format(key=KEY[about]), of)
    _add_what_doubles_say(an_import)


def _add_what_doubles_say(an_import: Import) -> None:
    doubles = an_import.rows.filter(outcome=Outcome.DOUBLE).order_by("double_of", "number")
    leaders: dict[int, ImportRow] = {}

    def keep() -> None:
        staging.keep_read(list(leaders.values()))
        leaders.clear()

    for double in doubles.iterator(chunk_size=2000):
        number = double.double_of or 0
        if number not in leaders:
            if len(leaders) >= 1000:
                keep()
            leaders[number] = an_import.rows.get(number=number)
        said = leaders[number].said
        for name, value in double.said.items():
            both = isinstance(value, list) and name in said
            said[name] = list(dict.fromkeys([*said[name], *value])) if both else said.get(name, value)
    if leaders:
        keep()


def check_rows(an_import: Import, rows: Sequence[ImportRow]) -> None:
    """What would become of these rows. What a person decided stays decided."""
    kind = kind_of(an_import)
    sound = [row for row in rows if not row.problems and row.outcome not in {Outcome.DOUBLE, Outcome.SKIP}]
    _match(an_import, sound, "company", companies_like)
    # People are looked for beside the company that the row was found to be about.
    staging.keep_checked(sound)
    if kind.about != "company":
        _match(an_import, sound, "contact", people_like)
    known = Known(sound)
    more = kind.plan_more(an_import, sound) if kind.plan_more else set()
    for row in sound:
        row.outcome = _outcome(kind, row, known, an_import, more)
    staging.keep_checked(sound)


def _match(an_import: Import, rows: Sequence[ImportRow], part: str, ask: Callable[[Sequence[int]], Found]) -> None:
    """One question a key: rows of one key are about one record."""
    open_rows = [row for row in rows if not getattr(row, f"{part}_decided")]
    answers = _answered_before(an_import, open_rows, part)
    first: dict[str, ImportRow] = {}
    for row in open_rows:
        key = getattr(row, f"{part}_key")
        if key and key not in answers:
            first.setdefault(key, row)
    found = ask([row.pk for row in first.values()])
    for key, row in first.items():
        what, pk, alikes = verdict(found[row.pk])
        twin = [alike for alike in getattr(row, f"{part}_alikes") if "row" in alike]
        if twin and what != Is.SAME:
            what, alikes = Is.ASK, [*alikes, *twin]
        answers[key] = (what, pk, alikes)
    for row in open_rows:
        what, pk, alikes = answers.get(getattr(row, f"{part}_key"), (Is.NOBODY, None, []))
        setattr(row, f"{part}_is", what)
        setattr(row, f"{part}_id", pk)
        setattr(row, f"{part}_alikes", alikes)


def _answered_before(
    an_import: Import, rows: Sequence[ImportRow], part: str
) -> dict[str, tuple[str, int | None, list[dict[str, object]]]]:
    """What earlier rows of these keys were found to be, or decided to be."""
    keys = {getattr(row, f"{part}_key") for row in rows} - {""}
    names = (f"{part}_key", f"{part}_is", f"{part}_id", f"{part}_alikes")
    before = an_import.rows.filter(**{f"{part}_key__in": keys}).exclude(**{f"{part}_is": Is.NOBODY})
    before = before.exclude(pk__in=[row.pk for row in rows]).order_by(names[0], f"-{part}_decided", "number")
    return {
        # A new one with a number has been made since.
        key: (Is.SAME if what == Is.NEW and pk else what, pk, alikes)
        for key, what, pk, alikes in before.distinct(names[0]).values_list(*names)
    }


def _outcome(kind: Kind, row: ImportRow, known: Known, an_import: Import, more: set[int]) -> str:
    if Is.ASK in {row.company_is, row.contact_is}:
        return Outcome.ALIKE
    main = {"company": row.company_is, "contact": row.contact_is}.get(kind.about)
    if main == Is.NEW or row.pk in more:
        return Outcome.CREATE
    return Outcome.UPDATE if known.has_news(row, an_import) else Outcome.SAME


def recheck(an_import: Import, rows: Iterable[ImportRow]) -> None:
    """Rows whose cells were repaired: read anew, and told apart from the other rows of the file."""
    rows = list(rows)
    for row in rows:
        row.double_of = None
        row.company_decided = row.contact_decided = False
        row.company_alikes, row.contact_alikes = [], []
    read_rows(an_import, rows)
    key = KEY[kind_of(an_import).about]
    for row in rows:
        row.refresh_from_db(fields=["company_key", "contact_key"])
        if row.outcome == Outcome.UNCHECKED and key != KEY["more"] and getattr(row, key):
            twins = an_import.rows.filter(**{key: getattr(row, key)}, problems={}, double_of=None).exclude(pk=row.pk)
            first = twins.order_by("number").first()
            row.double_of = first.number if first else None
            row.outcome = Outcome.DOUBLE if first else Outcome.UNCHECKED
    staging.keep_checked(rows)
    check_rows(an_import, rows)
