"""The files of a record: the list, adding one, opening one, removing one and taking it back.

The app of the record puts these views under the record's address, each with its shelf; whoever may not see the record
hears that there is no such page.
"""

from typing import Any

from django.contrib import messages
from django.core.files.base import File as Content
from django.db import models
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.file_types import is_shown
from companies.files import Shelf, keep
from companies.forms.file import FileForm
from companies.models import AttachedFile
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from config.staff.uploads import was_too_large

# Whatever a browser makes of it, it is alone: no script, no form, no frame, nothing from elsewhere.
HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def paths(shelf: Shelf, under: str) -> list[URLPattern]:
    """The addresses of a shelf; `under` is the address of its records, such as `companies/<int:pk>/`."""
    given = {"shelf": shelf}
    return [
        path(f"{under}files/", files, given, name=f"{shelf.name}_files"),
        path(f"{under}files/<int:file_pk>/", file, given, name=f"{shelf.name}_file"),
        path(f"{under}files/<int:file_pk>/remove/", remove, given, name=f"{shelf.name}_file_remove"),
        path(f"{under}files/<int:file_pk>/restore/", restore, given, name=f"{shelf.name}_file_restore"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def files(request: StaffRequest, shelf: Shelf, pk: int) -> HttpResponse:
    record = _record(request, shelf, pk)
    form = FileForm(request.POST or None, request.FILES or None, too_large=was_too_large(request))
    if request.method == "POST" and _takes_files(record) and _is_kept(request, shelf, record, form):
        return redirect(_back(request, shelf, record))
    rows = shelf.of(record).visible_to(request.user).kept().select_related("file__uploaded_by")
    page = keyset_page(rows, request, keys=("-pk",))
    for row in page.rows:
        row.may_be_removed = row.file.may_be_removed_by(request.user)
    context = {
        "record": record,
        "form": form,
        "page": page,
        "url": shelf.url(record),
        "takes_files": _takes_files(record),
        "removed": _removed(request, shelf, record),
    }
    return render(request, "files/files.html", context, status=422 if request.method == "POST" else 200)


def _is_kept(request: StaffRequest, shelf: Shelf, record: models.Model, form: FileForm) -> bool:
    if not form.is_valid():
        return False
    keep(
        shelf,
        record,
        form.cleaned_data["content"],
        name=form.name,
        media_type=form.media_type,
        note=form.cleaned_data["note"],
        by=request.user,
    )
    messages.success(request, _("%(name)s is kept.") % {"name": form.name})
    return True


def _back(request: StaffRequest, shelf: Shelf, record: Any) -> str:
    """Where the person came from: the record's page, or the page of its files."""
    return str(record.get_absolute_url() if "from_record" in request.POST else shelf.url(record))


def _record(request: StaffRequest, shelf: Shelf, pk: int) -> models.Model:
    record: models.Model = get_object_or_404(shelf.records.visible_to(request.user), pk=pk)
    return record


def _takes_files(record: Any) -> bool:
    return not (getattr(record, "merged_into_id", None) or getattr(record, "anonymised_at", None))


def _removed(request: StaffRequest, shelf: Shelf, record: models.Model) -> list[AttachedFile]:
    """What this person may take back."""
    rows = shelf.of(record).visible_to(request.user).filter(file__removed_at__isnull=False)
    rows = rows.select_related("file__removed_by").order_by("-file__removed_at")[:20]
    return [row for row in rows if row.file.may_be_removed_by(request.user)]


@require_safe
@staff
def file(request: StaffRequest, shelf: Shelf, pk: int, file_pk: int) -> HttpResponse:
    """The bytes, to be saved; a picture or a voice also to be looked at or heard, where `?show` asks for it."""
    record = _record(request, shelf, pk)
    if survivor := getattr(record, "merged_into_id", None):
        return redirect(f"{shelf.namespace}:{shelf.name}_file", survivor, file_pk)
    link = get_object_or_404(shelf.of(record).kept().select_related("file"), file=file_pk)
    kept = link.file
    try:
        content: Content[bytes] = kept.blob.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    if shelf.opened:
        shelf.opened(record, request.user)
    asked = "show" in request.GET and (kept.is_picture or kept.is_voice)
    shown = asked and is_shown(content, kept.media_type)  # type: ignore[arg-type]
    answer = FileResponse(content, as_attachment=not shown, filename=kept.name, content_type=kept.media_type)
    for header, value in HARMLESS.items():
        answer.headers[header] = value
    return answer  # type: ignore[return-value] # it streams, which the decorators need not know


@require_POST
@staff
def remove(request: StaffRequest, shelf: Shelf, pk: int, file_pk: int) -> HttpResponse:
    record = _record(request, shelf, pk)
    link = get_object_or_404(shelf.of(record).kept().select_related("file"), file=file_pk)
    if not link.file.may_be_removed_by(request.user):
        raise Http404
    link.file.remove(by=request.user)
    messages.success(request, _("%(name)s is removed. You can take it back for 30 days.") % {"name": link.file})
    return redirect(shelf.url(record))


@require_POST
@staff
def restore(request: StaffRequest, shelf: Shelf, pk: int, file_pk: int) -> HttpResponse:
    record = _record(request, shelf, pk)
    link = get_object_or_404(shelf.of(record).select_related("file"), file=file_pk)
    if not link.file.may_be_removed_by(request.user):
        raise Http404
    if link.file.restore():
        messages.success(request, _("%(name)s is back.") % {"name": link.file})
    else:
        messages.error(request, _("It is too late: the file is gone."))
    return redirect(shelf.url(record))
