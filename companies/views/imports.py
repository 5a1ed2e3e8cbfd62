"""Bringing a file in: upload, columns, values, dry run, writing, undoing. Each step may be left and taken up again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from companies.forms.imports import AnswersForm, ColumnsForm, UploadForm, WayForm, most_bytes, too_big
from companies.importing import guessing, steps
from companies.importing.kinds import Kind, kind_of, kinds_for
from companies.importing.problems import Unreadable, in_words
from companies.importing.reading import Look, Way, is_readable, way_of_import
from companies.importing.rows import first_undecided, page_of_rows, tabs_of, what_was_left
from companies.importing.values import dates_to_ask, listed_fields, words_in
from companies.models import Import
from config.staff.access import freshly_authenticated, staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest

Status = Import.Status


@require_GET
@staff
def imports(request: StaffRequest) -> HttpResponse:
    rows = Import.objects.visible_to(request.user).select_related("by", "undone_by")
    page = keyset_page(rows, request, keys=("-at", "-pk"))
    for row in page.rows:
        row.kind_label = kind_of(row).label  # type: ignore[attr-defined]
    return render(request, "imports/imports.html", {"page": page, "may_begin": any(kinds_for(request.user))})


@require_GET
@staff
def choose(request: StaffRequest) -> HttpResponse:
    return render(request, "imports/choose.html", {"kinds": kinds_for(request.user)})


@csrf_exempt
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A file that is far too large is refused before a byte of it is read, which the check of the token would do."""
    user = request.user
    if isinstance(user, User) and user.is_staff_member and _declared(request) > most_bytes() + 2**20:
        wanted = _kind(kind, user)
        form = UploadForm()
        return render(request, "imports/new.html", {"kind": wanted, "form": form, "refused": too_big()}, status=413)
    return _new(request, kind)


def _declared(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if str(length).isdecimal() else 0


@csrf_protect
@require_http_methods(["GET", "POST"])
@staff
def _new(request: StaffRequest, kind: str) -> HttpResponse:
    wanted = _kind(kind, request.user)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    about = _about(wanted, request)
    if form.is_valid() and (about is None or about.is_valid()):
        try:
            an_import = steps.begin(
                wanted, form.cleaned_data["file"], by=request.user, about=about.cleaned_data if about else None
            )
        except Unreadable as fault:
            form.add_error("file", in_words(fault.code))
        else:
            return redirect("companies:import_columns", an_import.pk)
    return render(request, "imports/new.html", {"kind": wanted, "form": form, "about": about})


def _about(kind: Kind, request: StaffRequest) -> Any:
    if kind.form is None:
        return None
    data = request.POST if request.method == "POST" else None
    return kind.form(data, reader=request.user, initial=request.GET.dict())


def _kind(name: str, user: User) -> Kind:
    kind = next((kind for kind in kinds_for(user) if kind.name == name), None)
    if kind is None:
        raise Http404
    return kind


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Where it stands: the next question, how far the work has come, or what came of it."""
    an_import = _seen(request, pk)
    if an_import.is_busy:
        template = "imports/_progress.html" if request.htmx else "imports/progress.html"
        return render(request, template, _context(an_import))
    if request.htmx:
        return HttpResponseClientRefresh()
    if an_import.status in {Status.COLUMNS, Status.VALUES}:
        return redirect(f"companies:import_{an_import.status}", pk)
    return render(request, "imports/import.html", _context(an_import) | _rows(request, an_import))


def _rows(request: StaffRequest, an_import: Import) -> dict[str, Any]:
    is_past = not an_import.rows.exists()
    counts = an_import.counts if is_past else steps.counts_of(an_import)
    outcome = request.GET.get("outcome", "")
    return {
        "counts": counts,
        "tabs": tabs_of(counts, outcome),
        "outcome": outcome,
        "is_past": is_past,
        "page": None if is_past else page_of_rows(an_import, request, outcome),
        "left": list(what_was_left(an_import)) if an_import.status == Status.UNDONE else [],
        "to_write": 0 if is_past else steps.to_write(an_import),
        "undecided": an_import.may_be_decided and first_undecided(an_import),
    }


def _context(an_import: Import) -> dict[str, Any]:
    twice = 2 if an_import.status == Status.CHECKING else 1
    return {
        "import": an_import,
        "kind": kind_of(an_import),
        "all": an_import.total * twice,
        "percent": min(100, 100 * an_import.done // max(1, an_import.total * twice)),
        "fault": in_words(an_import.fault) if an_import.fault else "",
    }


@require_http_methods(["GET", "POST"])
@staff
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """What each column says. How the file is read can be changed here, and is then read again at once."""
    an_import = _seen(request, pk)
    if an_import.status not in {Status.COLUMNS, Status.VALUES, Status.CHECKED}:
        return redirect(an_import)
    try:
        look = _look(an_import, way_of_import(an_import))
    except Unreadable as fault:
        an_import.fault = fault.code
        look = Look(an_import.header, [])
    way = WayForm(request.POST if "read_again" in request.POST else None, an_import=an_import, sheets=look.sheets)
    if way.is_valid():
        _read_again(request, an_import, Way(**way.cleaned_data))
        return redirect("companies:import_columns", pk)
    data = request.POST if request.method == "POST" and not way.is_bound else None
    form = ColumnsForm(data, an_import=an_import, samples=look.samples)
    if form.is_valid():
        return _go_on(request, an_import, Status.READING, columns=form.cleaned_data)
    return render(request, "imports/columns.html", _context(an_import) | {"form": form, "way": way})


def _look(an_import: Import, way: Way) -> Look:
    try:
        with an_import.file.open("rb") as file:
            return is_readable(file, way)
    except (FileNotFoundError, ValueError):
        raise Unreadable("file_gone") from None


def _read_again(request: StaffRequest, an_import: Import, way: Way) -> None:
    try:
        look = _look(an_import, way)
    except Unreadable as fault:
        messages.error(request, in_words(fault.code))
        return
    an_import.encoding, an_import.delimiter, an_import.sheet = way.encoding, way.delimiter, way.sheet
    an_import.header, an_import.fault = look.header, ""
    an_import.columns, _remembered = guessing.guessed(kind_of(an_import), look.header)
    an_import.save(update_fields=["encoding", "delimiter", "sheet", "header", "columns", "fault"])


@require_http_methods(["GET", "POST"])
@staff
def values(request: StaffRequest, pk: int) -> HttpResponse:
    """What the words of the file stand for, and what holds for all of it."""
    an_import = _seen(request, pk)
    if an_import.status not in {Status.VALUES, Status.CHECKED}:
        return redirect(an_import)
    words = [(field, words_in(an_import, field)) for field in listed_fields(an_import)]
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, instance=an_import, words=words, dates=dates_to_ask(an_import))
    if form.is_valid():
        answers = {name: form.cleaned_data[name] for name in AnswersForm.Meta.fields if name in form.cleaned_data}
        return _go_on(request, an_import, Status.CHECKING, values=form.values(), **answers)
    sure = [(field.label, [word for word in found if word.is_sure]) for field, found in words]
    return render(request, "imports/values.html", _context(an_import) | {"form": form, "sure": sure})


_BEFORE: dict[str, tuple[str, ...]] = {
    Status.READING: (Status.COLUMNS, Status.VALUES, Status.CHECKED),
    Status.CHECKING: (Status.VALUES, Status.CHECKED),
    # Once more, for rows that were decided after the others were written.
    Status.RUNNING: (Status.CHECKED, Status.DONE),
    Status.UNDOING: (Status.DONE,),
}


def _go_on(request: StaffRequest, an_import: Import, to: Status, **changes: Any) -> HttpResponse:
    try:
        steps.go_on(an_import, to, from_=_BEFORE[to], **changes)
    except steps.WrongMoment:
        messages.error(request, _("This import has gone on meanwhile; here is where it stands."))
    return redirect(an_import)


@require_POST
@staff
def run(request: StaffRequest, pk: int) -> HttpResponse:
    an_import = _seen(request, pk)
    if not an_import.may_be_decided:
        messages.error(request, _("This import has gone on meanwhile; here is where it stands."))
        return redirect(an_import)
    return _go_on(request, an_import, Status.RUNNING)


@require_POST
@freshly_authenticated
@staff
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    an_import = _seen(request, pk)
    if not an_import.may_be_undone:
        messages.error(request, _("An import can be undone once, within 30 days."))
        return redirect(an_import)
    return _go_on(request, an_import, Status.UNDOING, undone_by=request.user)


@require_POST
@staff
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    an_import = _seen(request, pk)
    try:
        steps.discard(an_import)
    except steps.WrongMoment:
        messages.error(request, _("This import has gone on meanwhile; here is where it stands."))
        return redirect(an_import)
    messages.success(request, _("The import is discarded. Nothing was written."))
    return redirect("companies:imports")


def _seen(request: StaffRequest, pk: int) -> Import:
    an_import = get_object_or_404(Import.objects.visible_to(request.user).select_related("by", "undone_by"), pk=pk)
    _kind(an_import.kind, request.user)
    return an_import
