"""Checked rows become records, some hundreds in one transaction with the note of it, so that none is written twice."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from companies.importing import staging
from companies.importing.checking import check_rows
from companies.importing.kinds import kind_of
from companies.importing.records import (
    Changes,
    Known,
    company_changes,
    company_values,
    contact_changes,
    contact_values,
)
from companies.importing.writes import changed, made
from companies.models import Company, CompanyName, Contact, ContactPoint, Import, ImportRow, ImportWrite, Position
from config.staff import clock

Is = ImportRow.Is

SOME = 1000
# Somebody's own transaction may have begun before, and be seen only now.
SLACK = timedelta(minutes=1)

# Rows about to make what somebody else has made since. Names that are only alike are compared where those are few.
FRESH = """
SELECT r.id FROM companies_importrow r
JOIN companies_company c ON c.id = ANY(%(companies)s) AND split_part(r.company_key, '|', 1) = replace(c.folded, ' ', '')
WHERE r.of_id = %(of)s AND r.written_at IS NULL AND r.company_is = 'new' AND NOT r.company_decided
UNION
SELECT r.id FROM companies_importrow r
JOIN companies_company c ON c.id = ANY(%(companies)s) AND c.domain <> '' AND c.domain = r.said->>'website'
WHERE r.of_id = %(of)s AND r.written_at IS NULL AND r.company_is = 'new' AND NOT r.company_decided
UNION
SELECT r.id FROM companies_importrow r JOIN companies_company c ON c.id = ANY((%(companies)s::bigint[])[:50])
WHERE r.of_id = %(of)s AND r.written_at IS NULL AND r.company_is = 'new' AND NOT r.company_decided
    AND similarity(puente_fold_company(r.said->>'company_name'), c.folded) >= 0.6
UNION
SELECT r.id FROM companies_importrow r
JOIN companies_contact c ON c.id = ANY(%(contacts)s)
    AND puente_fold(concat_ws(' ', r.said->>'given_name', r.said->>'family_name')) = c.folded
WHERE r.of_id = %(of)s AND r.written_at IS NULL AND r.contact_is = 'new' AND NOT r.contact_decided
UNION
SELECT r.id FROM companies_contactpoint p JOIN companies_importrow r
    ON p.contact_id = ANY(%(contacts)s) AND (p.value = r.said->'email'->>0 OR p.value = r.said->'phone'->>0)
WHERE r.of_id = %(of)s AND r.written_at IS NULL AND r.contact_is = 'new' AND NOT r.contact_decided
"""
FOLLOW = """
UPDATE companies_importrow r SET {part}_id = made.record, {part}_is = 'same'
FROM unnest(%s::text[], %s::bigint[]) AS made(key, record)
WHERE r.of_id = %s AND r.{part}_key = made.key AND r.{part}_is = 'new' AND r.written_at IS NULL
"""


def write_some(an_import: Import, size: int = SOME) -> int:
    """The next rows, in the caller's transaction; how many. A row that the database refuses stands alone."""
    # One import writes at a time, so that two files with the same company make it once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x696D706F])
    _look_again(an_import)
    rows = list(_next(an_import)[:size])
    try:
        with transaction.atomic():
            _write(an_import, rows)
    except (IntegrityError, DataError):
        for row in _next(an_import).filter(pk__in=[row.pk for row in rows]):
            _write_alone(an_import, row)
    return len(rows)


def _next(an_import: Import) -> Any:
    return an_import.rows.filter(outcome__in=ImportRow.WRITTEN, written_at=None).order_by("number")


def _write_alone(an_import: Import, row: ImportRow) -> None:
    # An earlier row may have made the company of this one.
    row.refresh_from_db()
    try:
        with transaction.atomic():
            _write(an_import, [row])
    except (IntegrityError, DataError):
        row.refresh_from_db()
        row.outcome, row.problems = ImportRow.Outcome.ERROR, {"": "refused"}
        staging.keep_written([row])


def _look_again(an_import: Import) -> None:
    """Rows about what others made, merged or removed since the check are checked once more, and may then wait."""
    now, since = clock.now(), (an_import.checked_at or clock.now()) - SLACK
    companies, contacts = _made_by_others(an_import, Company, since), _made_by_others(an_import, Contact, since)
    stale: set[int] = set()
    if companies or contacts:
        with connection.cursor() as cursor:
            cursor.execute(FRESH, {"of": an_import.pk, "companies": companies, "contacts": contacts})
            stale = {pk for (pk,) in cursor.fetchall()}
    following = _next(an_import)
    for part, gone in (("company", "archived_at"), ("contact", "anonymised_at")):
        named = following.filter(**{f"{part}_is": Is.SAME})
        lost = named.filter(**{part: None}) | named.filter(**{f"{part}__merged_into__isnull": False})
        stale |= set((lost | named.filter(**{f"{part}__{gone}__isnull": False})).values_list("pk", flat=True))
    again = list(following.filter(pk__in=stale))
    for row in again:
        # What was decided about a record that is no longer there has to be decided anew.
        row.company_decided = row.company_decided and row.company_is == Is.NEW
        row.contact_decided = row.contact_decided and row.contact_is == Is.NEW
        row.company_is = row.company_is if row.company_decided else Is.NOBODY
        row.contact_is = row.contact_is if row.contact_decided else Is.NOBODY
    if again:
        staging.keep_checked(again)
        check_rows(an_import, again)
    an_import.checked_at = now


def _made_by_others(an_import: Import, model: Any, since: datetime) -> list[int]:
    ours = an_import.writes.filter(model=model._meta.label, before__isnull=True).values("record")
    # What was changed is as new as what was made, and has an index.
    others = model._default_manager.filter(created_at__gte=since, updated_at__gte=since).exclude(pk__in=ours)
    return list(others.order_by("-pk").values_list("pk", flat=True))


def _write(an_import: Import, rows: Sequence[ImportRow]) -> None:
    kind = kind_of(an_import)
    known = Known(rows, locked=True)
    writes = [
        *_new(an_import, rows, "company", known.companies, _company),
        *_new(an_import, rows, "contact", known.contacts, _contact),
    ]
    for row in rows:
        writes += _improve(an_import, row, known)
    writes += _names(an_import, rows, known)
    writes += _points(an_import, rows, known)
    writes += _positions(an_import, rows, known)
    if kind.write_more:
        writes += kind.write_more(an_import, rows)
    ImportWrite.objects.bulk_create(writes, batch_size=2000)
    for row in rows:
        row.written_at = clock.now()
    staging.keep_written(rows)


def _new(
    an_import: Import,
    rows: Sequence[ImportRow],
    part: str,
    known: dict[int, Any],
    make: Callable[[Import, ImportRow], Any],
) -> list[ImportWrite]:
    """One record a key; all rows of that key, written now or later, are about it."""
    first: dict[str, ImportRow] = {}
    for row in rows:
        if getattr(row, f"{part}_is") == Is.NEW:
            first.setdefault(getattr(row, f"{part}_key"), row)
    if not first:
        return []
    records = {key: make(an_import, row) for key, row in first.items()}
    model = type(next(iter(records.values())))
    model._default_manager.bulk_create(records.values(), batch_size=1000)
    known |= {record.pk: record for record in records.values()}
    for row in rows:
        if getattr(row, f"{part}_is") == Is.NEW:
            setattr(row, f"{part}_id", records[getattr(row, f"{part}_key")].pk)
    with connection.cursor() as cursor:
        pks = [record.pk for record in records.values()]
        cursor.execute(FOLLOW.format(part=part), [list(records), pks, an_import.pk])
    return [made(an_import, row, records[key]) for key, row in first.items()]


def _company(an_import: Import, row: ImportRow) -> Company:
    values = {"owner_id": an_import.owner_id} | company_values(row.said)
    return Company(name=row.said["company_name"], created_by_id=an_import.by_id, **values)


def _contact(an_import: Import, row: ImportRow) -> Contact:
    given, family = row.said.get("given_name", ""), row.said.get("family_name", "")
    if not given and not family:
        # All that is known of them is an address.
        given = row.said["email"][0].partition("@")[0][:120]
    contact = Contact(given_name=given, family_name=family, created_by_id=an_import.by_id, **contact_values(row.said))
    if an_import.legal_basis:
        contact.legal_basis, contact.legal_basis_on = an_import.legal_basis, clock.today_for(an_import.by)
        contact.legal_basis_source = an_import.file_name[:200]
    return contact


def _improve(an_import: Import, row: ImportRow, known: Known) -> list[ImportWrite]:
    """What records that stand here (or were made a moment ago for another row) did not say yet."""
    writes = []
    company, contact = known.companies.get(row.company_id or 0), known.contacts.get(row.contact_id or 0)
    if company:
        writes += _change(an_import, row, company, company_changes(row.said, company, an_import))
    if contact:
        writes += _change(an_import, row, contact, contact_changes(row.said, contact, an_import))
    return writes


def _change(an_import: Import, row: ImportRow, record: Any, changes: Changes) -> list[ImportWrite]:
    if not changes:
        return []
    write = changed(an_import, row, record, changes)
    for attribute, value in changes.items():
        setattr(record, attribute, value)
    columns = [*changes]
    if hasattr(record, "version"):
        record.version += 1
        columns += ["version", "updated_at"]
    record.save(update_fields=columns)
    return [write]


def _names(an_import: Import, rows: Sequence[ImportRow], known: Known) -> list[ImportWrite]:
    new: list[tuple[ImportRow, CompanyName]] = []
    for row in rows:
        company = known.companies.get(row.company_id or 0)
        for name in known.new_names(row, company) if company else ():
            new.append((row, CompanyName(company=company, name=name)))
            known.names[company.pk].add(name)  # type: ignore[union-attr]
    return _made(an_import, new)


def _points(an_import: Import, rows: Sequence[ImportRow], known: Known) -> list[ImportWrite]:
    new: list[tuple[ImportRow, ContactPoint]] = []
    for row in rows:
        for kind, value in known.new_points(row, row.contact_id) if row.contact_id else ():
            held = known.points[row.contact_id]  # type: ignore[index]
            is_primary = kind not in {kind for kind, _value in held}
            new.append(
                (row, ContactPoint(contact_id=row.contact_id or 0, kind=kind, value=value, is_primary=is_primary))
            )
            held.add((kind, value))
    return _made(an_import, new)


def _positions(an_import: Import, rows: Sequence[ImportRow], known: Known) -> list[ImportWrite]:
    new: list[tuple[ImportRow, Position]] = []
    writes: list[ImportWrite] = []
    for row in rows:
        if not row.contact_id or not row.company_id:
            continue
        held, title = known.positions.get((row.contact_id, row.company_id)), row.said.get("title", "")
        if held is None:
            held = Position(contact_id=row.contact_id, company_id=row.company_id, title=title)
            known.positions[row.contact_id, row.company_id] = held
            new.append((row, held))
        elif title and not held.title and held.pk:
            writes += _change(an_import, row, held, {"title": title})
    return [*_made(an_import, new), *writes]


def _made(an_import: Import, new: Iterable[tuple[ImportRow, Any]]) -> list[ImportWrite]:
    new = list(new)
    if new:
        type(new[0][1])._default_manager.bulk_create([record for _row, record in new], batch_size=1000)
    return [made(an_import, row, record) for row, record in new]
