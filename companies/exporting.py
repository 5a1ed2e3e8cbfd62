"""The one door by which records leave as a file: it asks which kind of file, streams it, and notes who took how many.

A view behind `config.staff.access.exporters` gives its tables to `answer`, whether the form is asked for or sent.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import cast

from django import forms
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Export
from companies.sheets import MOST_IN_A_WORKBOOK, Column, Kind, Sheet, TooManyRows, csv_pieces, write_workbook
from config.staff import clock
from config.staff.models import User
from config.staff.requests import StaffRequest

__all__ = ["Column", "Kind", "Sheet", "Table", "answer"]

IN_MEMORY = 4 * 1024 * 1024
LONGEST_NOTE = 2_000
TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Table:
    """What leaves: its name, its sheets, and by what they were narrowed, in the words of the screen."""

    name: str
    sheets: Sequence[Sheet]
    filters: Iterable[tuple[str, str]] = ()
    # "1,243 records", where the screen knows it.
    count_label: str = ""


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("File"), choices=Export.Format, initial=Export.Format.XLSX, widget=forms.RadioSelect
    )


def answer(request: StaffRequest, table: Table, *, back: str) -> HttpResponse:
    """The form that asks for the kind of file, or the file itself; `back` is the screen that shows the same."""
    form = FormatForm(request.POST if request.method == "POST" else None, initial={"format": Export.Format.XLSX})
    if form.is_valid():
        try:
            return download(table, form.cleaned_data["format"], by=request.user)
        except TooManyRows:
            text = _("A workbook is made of %(n)s rows at most. Take a CSV, or fewer rows.")
            form.add_error("format", text % {"n": f"{MOST_IN_A_WORKBOOK:,}"})
    context = {"form": form, "table": table, "back": back, "labels": [_labels(sheet) for sheet in table.sheets]}
    return render(request, "exports/export.html", context, status=422 if form.errors else 200)


def download(table: Table, format_: str, *, by: User) -> HttpResponse:
    """Raises TooManyRows."""
    note = Export(
        by=by,
        at=clock.now(),
        what=table.name[:200],
        filters="\n".join(f"{name}: {value}" for name, value in table.filters)[:LONGEST_NOTE],
        format=format_,
    )
    # The file speaks as the page does, which has ended when its last row is written.
    zone = timezone.get_current_timezone()
    found = _as_csv(table, note, zone) if format_ == Export.Format.CSV else _as_workbook(table, note, zone)
    day = clock.today_for(by).isoformat()
    found.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{slugify(table.name) or 'puente'}-{day}.{format_}"
    )
    found.headers["Cache-Control"] = "private, no-store"
    # It streams, which views need not know.
    return cast("HttpResponse", found)


def _as_csv(table: Table, note: Export, zone: tzinfo) -> StreamingHttpResponse:
    note.save()
    pieces = _noted(table.sheets, note, zone, translation.get_language() or "en")
    return StreamingHttpResponse(pieces, content_type=TYPES[Export.Format.CSV])


def _noted(sheets: Sequence[Sheet], note: Export, zone: tzinfo, language: str) -> Iterator[str]:
    def count(rows: int) -> None:
        note.rows += rows

    try:
        with translation.override(language), timezone.override(zone):
            yield from csv_pieces(sheets, zone, count)
        note.is_whole = True
    finally:
        note.save(update_fields=["rows", "is_whole"])


def _as_workbook(table: Table, note: Export, zone: tzinfo) -> FileResponse:
    content = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    try:
        note.rows = write_workbook(table.sheets, content, zone)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    note.is_whole = True
    note.save()
    return FileResponse(content, content_type=TYPES[Export.Format.XLSX])


def _labels(sheet: Sheet) -> tuple[str, str]:
    return sheet.name, ", ".join(str(column.label) for column in sheet.columns)
