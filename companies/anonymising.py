"""Making a person unknown: rows, their history, snapshots and files, and at last every text that still names them.

What happened stays and counts in every figure; who it was does not. There is no way back.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from companies import files
from companies.models import (
    Contact,
    ContactFile,
    ContactPoint,
    File,
    Import,
    ImportRow,
    ImportWrite,
    MergeLog,
    PersonalAct,
    Position,
)
from companies.objections import suppress
from companies.personal import GONE, one_person, parts
from config.staff import clock
from config.staff.models import User

# Of a word that is shorter, too much else would go with it.
SHORTEST = 5
DIGITS_OF_A_NUMBER = 7
# Who may log in, and how: other people, even where one bears the same name.
LEFT_ALONE = (
    *("account_", "auth_", "mfa_", "socialaccount_", "usersessions_", "django_session", "django_migrations"),
    *("django_content_type", "staff_user", "staff_team", "staff_invitation", "staff_stay", "staff_heartbeat"),
)
# Names of organisations and of people who travel for us, which may be like the person's.
NAMES_OF_OTHERS = {"name", "legal_name", "domain"}
OF_OTHERS = ("companies_company", "companies_companyname", "missions_delegate")
LETTERS = {"a": "aáàâäãå", "e": "eéèêë", "i": "iíìîï", "o": "oóòôöõø", "u": "uúùûü", "n": "nñ", "c": "cç"}
PLAIN = {sign: plain for plain, signs in LETTERS.items() for sign in signs}


@transaction.atomic
def ask_for(contact: Contact, *, by: User) -> PersonalAct:
    """The worker does it; asked twice it is done once."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    waiting = PersonalAct.objects.unfinished().filter(contact=contact, kind=PersonalAct.Kind.ANONYMISE).first()
    return waiting or PersonalAct.objects.create(
        kind=PersonalAct.Kind.ANONYMISE, contact=contact, by=by, at=clock.now()
    )


def carry_out() -> int:
    """What was asked for and is not done; each in a transaction of its own, so that a dead worker loses only one."""
    done = 0
    while True:
        with transaction.atomic():
            act = PersonalAct.objects.unfinished().select_for_update(skip_locked=True).order_by("at").first()
            if act is None:
                return done
            with pghistory.context(user=act.by_id, anonymised=act.contact_id):
                act.rows = _anonymise(act.contact)
            act.finished_at = clock.now()
            act.save(update_fields=["rows", "finished_at"])
            done += 1


def _anonymise(contact: Contact) -> int:
    people = one_person(contact)
    words = list(_words_of(people))
    _forget_person(people)
    _forget_files(people)
    for part in parts():
        if part.forget:
            part.forget(people)
    _forget_merges(people)
    _forget_imports(people, words)
    return _sweep(words)


def _forget_person(people: list[int]) -> None:
    now = clock.now()
    points = ContactPoint.objects.filter(contact__in=people)
    suppress(points.emails().values_list("value", flat=True), "anonymised", at=now)
    points.delete()
    Position.objects.filter(contact__in=people).delete()
    blank: dict[str, Any] = dict.fromkeys(("family_name", "language", "note", "legal_basis_source"), "")
    blank |= {"objection_source": "", "country": None, "given_name": GONE}
    contacts = Contact.objects.filter(pk__in=people)
    contacts.filter(objected_at=None).update(objected_at=now)
    contacts.update(**blank, anonymised_at=now, version=F("version") + 1, updated_at=now)
    # Their deletion has just written them down once more, so the history comes last.
    _history(Contact).filter(pgh_obj_id__in=people).update(**blank)
    _history(ContactPoint).filter(contact_id__in=people).update(value=GONE)
    _history(Position).filter(contact_id__in=people).update(title="")


def _history(model: Any) -> Any:
    return model.pgh_event_model.objects


def _forget_files(people: list[int]) -> None:
    links = ContactFile.objects.filter(contact__in=people).select_related("file")
    pks = [link.file.remove(by=None, for_good=True).pk for link in links]
    File.objects.filter(pk__in=pks).update(name=GONE, note="")
    _history(File).filter(pgh_obj_id__in=pks).update(name=GONE, note="")
    if pks:
        transaction.on_commit(files.purge)


def _forget_merges(people: list[int]) -> None:
    """Such a merge can no longer be undone: what it would restore is what had to go."""
    merges = MergeLog.objects.filter(Q(survivor_contact__in=people) | Q(loser_contact__in=people))
    merges.update(snapshot={"anonymised": True}, conflicts=[])


def _forget_imports(people: list[int], words: list[str]) -> None:
    """Rows that became the person or name them, what was written of them, and the files they came in."""
    named = Q(contact__in=people)
    if words:
        named |= Q(text__iregex=_any_of(words))
    rows = ImportRow.objects.annotate(text=Cast("cells", TextField())).filter(named)
    of = set(rows.values_list("of", flat=True))
    ImportRow.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        cells=[], said={}, problems={}, contact_key=""
    )
    written = Q(model=Contact._meta.label, record__in=people)
    for model in (ContactPoint, Position):
        gone = _history(model).filter(contact_id__in=people).values_list("pgh_obj_id", flat=True)
        written |= Q(model=model._meta.label, record__in=list(gone))
    ImportWrite.objects.filter(written).update(
        before={}, after={}, state=ImportWrite.State.LEFT, why=ImportWrite.Why.CHANGED
    )
    for brought in Import.objects.filter(pk__in=of).exclude(file=""):
        transaction.on_commit(partial(brought.file.storage.delete, str(brought.file.name)))
        Import.objects.filter(pk=brought.pk).update(file="")


def _words_of(people: list[int]) -> Iterator[str]:
    """Patterns of every name, address and number that these records ever had and nobody else has."""
    names = set(Contact.objects.filter(pk__in=people).values_list("given_name", "family_name"))
    names |= set(_history(Contact).filter(pgh_obj_id__in=people).values_list("given_name", "family_name"))
    for given, family in names:
        if given and family:
            yield from (_name(given, family), _name(family, given))
        elif " " in (only := given or family):
            yield _name(only)
    values = set(ContactPoint.objects.filter(contact__in=people).values_list("value", flat=True))
    values |= set(_history(ContactPoint).filter(contact_id__in=people).values_list("value", flat=True))
    # A switchboard or an info@ address is not this person's alone.
    shared = ContactPoint.objects.filter(value__in=values).exclude(contact__in=people)
    for value in values - set(shared.values_list("value", flat=True)):
        yield from _address(value)


def _name(*parts: str) -> str:
    letters = ",?[[:space:]]+".join(
        "[[:space:]]+".join("".join(_letter(sign) for sign in word) for word in part.split()) for part in parts
    )
    return rf"\m{letters}\M"


def _letter(sign: str) -> str:
    """The letter with its accents and without."""
    alike = LETTERS.get(PLAIN.get(sign.lower(), ""))
    return f"[{alike}{alike.upper()}]" if alike else _quoted(sign)


def _quoted(text: str) -> str:
    return "".join(sign if sign.isalnum() or sign.isspace() else f"\\{sign}" for sign in text)


def _address(value: str) -> Iterator[str]:
    if "@" in value:
        yield _quoted(value)
    elif len(digits := re.sub(r"\D", "", value)) >= DIGITS_OF_A_NUMBER:
        # Its last digits, however they are set apart.
        yield r"\+?[0-9() .-]{0,8}" + r"[() .-]*".join(digits[-10:])
    elif len(value) >= SHORTEST:
        yield _quoted(value)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(f"(?:{word})" for word in words)


def _sweep(words: list[str]) -> int:
    """Every column of every table that holds text; how many rows were rewritten. History comes after its records."""
    if not words:
        return 0
    pattern, rewritten = _any_of(words), 0
    with connection.cursor() as cursor:
        for table, columns in sorted(_text_columns(cursor).items(), key=lambda one: (one[0].endswith("event"), one[0])):
            quote = connection.ops.quote_name
            has_version = "version" in columns and not table.endswith("event")
            sets, wheres = [], []
            for column, kind in columns.items():
                if column == "version":
                    continue
                text = f"{quote(column)}::text"
                sets.append(f"{quote(column)} = regexp_replace({text}, %(words)s, %(gone)s, 'gi')::{kind}")
                wheres.append(f"{text} ~* %(words)s")
            if has_version:
                sets.append("version = version + 1")
            if wheres:
                cursor.execute(
                    f"UPDATE {quote(table)} SET {', '.join(sets)} WHERE {' OR '.join(wheres)}",  # noqa: S608
                    {"words": pattern, "gone": GONE},
                )
                rewritten += cursor.rowcount
    return rewritten


def _text_columns(cursor: Any) -> dict[str, dict[str, str]]:
    cursor.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns JOIN information_schema.tables"
        " USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        " AND is_generated = 'NEVER' AND (data_type IN ('text', 'character varying', 'jsonb')"
        " OR (column_name = 'version' AND data_type = 'integer'))"
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in cursor.fetchall():
        is_others = table.removesuffix("event") in OF_OTHERS and column in NAMES_OF_OTHERS
        if not table.startswith(LEFT_ALONE) and not is_others:
            found.setdefault(table, {})[column] = kind
    return found
