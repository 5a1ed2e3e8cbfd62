"""Rows of an import as a person sees them: by what becomes of them, and as a file of those that were left."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.importing.kinds import kind_of
from companies.importing.problems import in_words
from companies.models import Company, Contact, Import, ImportRow, ImportWrite
from companies.sheets import EachLine, inert
from config.staff.paging import Page, keyset_page

Outcome = ImportRow.Outcome

WHY: dict[str, Promise] = {
    "name": gettext_lazy("Same name"),
    "nearly": gettext_lazy("Nearly the same name"),
    "domain": gettext_lazy("Same web domain"),
    "tax": gettext_lazy("Same tax id"),
    "other_domain": gettext_lazy("Another web domain"),
    "other_country": gettext_lazy("Another country"),
    "company": gettext_lazy("Same company"),
    "email": gettext_lazy("Same e-mail address"),
    "phone": gettext_lazy("Same phone number"),
}


@dataclass(frozen=True)
class Tab:
    outcome: str
    label: str
    count: int
    is_open: bool


@dataclass(frozen=True)
class Alike:
    """One that a row may be: a record, or another row of the file."""

    value: str
    label: str
    url: str = ""
    beside: str = ""
    score: int = 0
    reasons: Sequence[str] = ()


def tabs_of(counts: dict[str, int], chosen: str) -> list[Tab]:
    labels = {outcome.value: str(outcome.label) for outcome in Outcome if outcome.value}
    shown = [
        ("", _("All"), counts.get("rows", 0)),
        *((name, label, counts.get(name, 0)) for name, label in labels.items()),
    ]
    return [Tab(name, label, count, name == chosen) for name, label, count in shown if count or name == chosen]


def page_of_rows(an_import: Import, request: HttpRequest, outcome: str) -> Page[ImportRow]:
    rows = an_import.rows.select_related("company", "contact")
    if outcome in Outcome.values and outcome:
        rows = rows.filter(outcome=outcome)
    page = keyset_page(rows, request, keys=("number",), counted=False)
    alikes = alikes_of(page.rows)
    for row in page.rows:
        row.title = title_of(row)  # type: ignore[attr-defined]
        row.words = _words(an_import, row, alikes)  # type: ignore[attr-defined]
    return page


def first_undecided(an_import: Import) -> int | None:
    """The number of the first look-alike that nobody has decided."""
    rows = an_import.rows.filter(outcome=Outcome.ALIKE).order_by("number")
    return rows.values_list("number", flat=True).first()


def title_of(row: ImportRow) -> str:
    person = " ".join(filter(None, [row.said.get("given_name"), row.said.get("family_name")]))
    names = [person, row.said.get("company_name", "")]
    return " · ".join(filter(None, names)) or next(filter(None, row.cells), "")[:80]


def _words(an_import: Import, row: ImportRow, alikes: dict[tuple[int, str], list[Alike]]) -> list[str]:
    """Why it is where it is."""
    if row.outcome == Outcome.ERROR:
        return problems_of(an_import, row)
    if row.outcome == Outcome.DOUBLE:
        return [_("The same as row %(n)s") % {"n": row.double_of}]
    like = [alike.label for part in ("company", "contact") for alike in alikes.get((row.pk, part), [])]
    return [_("Looks like %(names)s") % {"names": ", ".join(like[:3])}] if row.outcome == Outcome.ALIKE else []


def problems_of(an_import: Import, row: ImportRow) -> list[str]:
    kind = kind_of(an_import)
    said = []
    for name, code in row.problems.items():
        field = kind.field(name)
        said.append(f"{field.label}: {in_words(code)}" if field else in_words(code))
    return said


def alikes_of(rows: Sequence[ImportRow]) -> dict[tuple[int, str], list[Alike]]:
    """Of the undecided rows, what they may be; two queries for all of them."""
    asked = [
        (row, part, getattr(row, f"{part}_alikes"))
        for row in rows
        for part in ("company", "contact")
        if getattr(row, f"{part}_is") == ImportRow.Is.ASK
    ]
    pks = {
        part: {alike["pk"] for _row, its, alikes in asked if its == part for alike in alikes if "pk" in alike}
        for part in ("company", "contact")
    }
    records: dict[str, dict[int, Any]] = {
        "company": Company.objects.select_related("origin_country").in_bulk(pks["company"]),
        "contact": Contact.objects.prefetch_related("positions__company").in_bulk(pks["contact"]),
    }
    return {
        (row.pk, part): [shown for alike in alikes if (shown := _alike(alike, records[part]))]
        for row, part, alikes in asked
    }


def _alike(alike: dict[str, Any], records: dict[int, Any]) -> Alike | None:
    if "row" in alike:
        return Alike(f"row{alike['row']}", _("Row %(n)s of this file") % {"n": alike["row"]})
    record = records.get(alike["pk"])
    if record is None:
        return None
    if isinstance(record, Company):
        beside = [record.origin_country.name if record.origin_country else "", record.domain]
    else:
        beside = [position.company.name for position in record.positions.all() if position.ended_on is None]
    reasons = [str(WHY[why]) for why in alike["why"] if why in WHY]
    words = " · ".join(filter(None, beside))
    return Alike(str(record.pk), str(record), record.get_absolute_url(), words, alike["score"], reasons)


def left_as_csv(an_import: Import) -> Iterator[str]:
    """The rows that were not written, with their numbers and why; ready to be repaired and brought again."""
    writer = csv.writer(EachLine())
    yield "\N{BYTE ORDER MARK}" + writer.writerow([_("Row"), _("Reason"), *map(inert, an_import.header)])
    rows = an_import.rows.filter(outcome__in=ImportRow.LEFT).order_by("number")
    for row in rows.iterator(chunk_size=1000):
        reasons = problems_of(an_import, row) or [str(row.get_outcome_display())]
        yield writer.writerow([row.number, inert("; ".join(reasons)), *map(inert, row.cells)])


def what_was_left(an_import: Import) -> Iterator[tuple[ImportWrite, str, str]]:
    """What undoing did not take back, with the record's name and address where it still stands."""
    left = list(an_import.writes.filter(state=ImportWrite.State.LEFT).order_by("row", "pk")[:200])
    models: dict[str, Any] = {"companies.Company": Company, "companies.Contact": Contact}
    for write in left:
        model = models.get(write.model)
        record = model.objects.filter(pk=write.record).first() if model else None
        if record:
            yield write, str(record), record.get_absolute_url()
        elif not model:
            yield write, str(write.after.get("value") or write.after.get("title") or write.after.get("name") or ""), ""
