"""Many records at once: choose the field and the value, see what would change, change it, and undo it for an hour."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from companies import bulk_editing
from companies.bulk_editing import MOST_OF_AN_OFFICER, Work, WrongMoment, listed, preview, work_of
from companies.forms.bulk_edit import ValueForm
from companies.lists import reading
from companies.lists.asking import asked_by
from companies.lists.kinds import BulkField, RecordList, Rows
from companies.models import BulkEdit, BulkEditRow
from companies.models.bulk_edit import UNDO_WITHIN
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest

# Of the records that were left as they are, as many are named.
NAMED = 200
MOST_TICKED = 1_000


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest, of: RecordList) -> HttpResponse:
    """The address holds what was ticked, or the list's own for all of it; then the field, then the value."""
    if not _fields(of, request.user):
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    selected = _selected(of, sent, request.user)
    total = selected.count()
    field = next((field for field in _fields(of, request.user) if field.name == sent.get("field")), None)
    context: dict[str, Any] = {
        "of": of,
        "total": total,
        "fields": _tabs(of, sent, request.user),
        "field": field,
        "kept": _selection(sent),
        "back": f"{of.url()}?{sent.get('list', '')[:2000]}",
        "is_too_much": total > MOST_OF_AN_OFFICER and not request.user.is_manager,
        "most": MOST_OF_AN_OFFICER,
    }
    status = 200
    if field and total and not context["is_too_much"]:
        form = ValueForm(sent if "value" in sent or "value_id" in sent else None, field=field, reader=request.user)
        context["form"] = form
        if form.is_valid():
            work = Work(of, field, form.stored)
            seen = preview(work, selected, by=request.user)
            if request.method == "POST" and request.POST.get("changes") == str(seen.changes) and seen.changes:
                edit = bulk_editing.begin(work, selected, by=request.user, words=form.words)
                return redirect(edit)
            context |= {"preview": seen, "words": form.words, "sent": _value(sent)}
            context["is_stale"] = request.method == "POST"
            status = 409 if request.method == "POST" else 200
        elif form.errors:
            status = 422
    return render(request, "lists/bulk.html", context, status=status)


def _fields(of: RecordList, user: User) -> list[BulkField]:
    return [field for field in of.bulk if field.may(user)]


def _selected(of: RecordList, sent: QueryDict, reader: User) -> Rows:
    if "all" in sent:
        return reading.found(asked_by(of, sent.get("list", ""), reader))
    pks = [int(pk) for pk in sent.getlist("pk")[:MOST_TICKED] if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    return of.rows(reader).filter(pk__in=pks)


def _selection(sent: QueryDict) -> list[tuple[str, str]]:
    names = ("all", "list") if "all" in sent else ("pk", "list")
    return [(name, value.replace("\0", "")) for name in names for value in sent.getlist(name)[:MOST_TICKED]]


def _value(sent: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name in ("field", "value", "value_id", "empty") for value in sent.getlist(name)]


def _tabs(of: RecordList, sent: QueryDict, user: User) -> list[tuple[BulkField, str]]:
    kept = _selection(sent)
    return [(field, f"?{urlencode([*kept, ('field', field.name)])}") for field in _fields(of, user)]


@require_safe
@staff
def bulk_edits(request: StaffRequest) -> HttpResponse:
    rows = BulkEdit.objects.visible_to(request.user).select_related("by")
    page = keyset_page(rows, request, keys=("-at", "-pk"))
    shown = [(edit, _title(edit)) for edit in page.rows]
    return render(request, "lists/bulk_edits.html", {"page": page, "shown": shown})


def _title(edit: BulkEdit) -> str:
    work = work_of(edit)
    if work is None:
        return str(edit)
    if edit.by_rule:
        return _("Tidied: %(what)s") % {"what": work.field.label}
    return f"{work.of.title}: {work.field.label} → {edit.value_words or _('empty')}"


@require_safe
@staff
def bulk_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it has come, what it did, and the way back."""
    edit = get_object_or_404(BulkEdit.objects.visible_to(request.user).select_related("by", "undone_by"), pk=pk)
    context: dict[str, Any] = {"edit": edit, "title": _title(edit)}
    if edit.is_busy:
        context["percent"] = 100 * edit.done // edit.total if edit.total else 0
        return render(request, "lists/_progress.html" if request.htmx else "lists/progress.html", context)
    if request.htmx:
        return HttpResponseClientRefresh()
    left = edit.rows.filter(state=BulkEditRow.State.LEFT).exclude(why=BulkEditRow.Why.SO_ALREADY)
    restored = edit.rows.filter(state=BulkEditRow.State.UNDONE).count()
    until = edit.finished_at + UNDO_WITHIN if edit.finished_at else None
    work = work_of(edit)
    context |= {
        "left": _named(work, left.order_by("record")[:NAMED], request.user) if work else [],
        "restored": restored,
        "until": until,
        "list_url": work.of.url() if work else "",
    }
    return render(request, "lists/bulk_edit.html", context)


def _named(work: Work, rows: Any, reader: User) -> list[tuple[Any, str]]:
    """Those that the reader may see."""
    why = {row.record: str(row.get_why_display()) for row in rows}
    found = work.model._default_manager.filter(pk__in=list(why))
    if hasattr(found, "visible_to"):
        found = found.visible_to(reader)
    if work.field.via:
        found = found.select_related(work.field.via)
    return [(listed(work, row), why[row.pk]) for row in found.order_by("pk")]


@require_POST
@staff
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    edit = get_object_or_404(BulkEdit.objects.visible_to(request.user), pk=pk)
    try:
        bulk_editing.undo(edit, by=request.user)
    except WrongMoment:
        messages.error(request, _("It was undone already, or its hour is over."))
    return redirect(edit)
