"""One row of an import: its cells, to be repaired, and what it may be, to be decided."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from companies.forms.imports import RowForm
from companies.importing import deciding, steps
from companies.importing.kinds import kind_of
from companies.importing.problems import in_words
from companies.importing.rows import alikes_of, left_as_csv, title_of
from companies.models import Import, ImportRow
from config.staff.access import staff
from config.staff.requests import StaffRequest

Outcome = ImportRow.Outcome
PARTS = ("company", "contact")


@require_http_methods(["GET", "POST"])
@staff
def row(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    an_import = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    shown = get_object_or_404(an_import.rows.select_related("company", "contact"), number=number)
    data = request.POST if request.method == "POST" and "do" not in request.POST else None
    form = RowForm(data, an_import=an_import, row=shown)
    if request.method == "POST":
        try:
            answer = _act(request, an_import, shown, form)
        except steps.WrongMoment:
            messages.error(request, _("This import has gone on meanwhile; here is where it stands."))
            answer = redirect(an_import)
        if answer:
            return answer
    for name, code in shown.problems.items():
        if name in form.fields:
            form.fields[name].help_text = in_words(code)
            form.fields[name].widget.attrs["aria-invalid"] = "true"
    alikes = alikes_of([shown])
    context = {
        "import": an_import,
        "kind": kind_of(an_import),
        "row": shown,
        "title": title_of(shown),
        "form": form,
        "asked": [
            (part, alikes[shown.pk, part], _same_question(an_import, shown, part))
            for part in PARTS
            if (shown.pk, part) in alikes
        ],
        "is_open": an_import.may_be_decided and not shown.written_at,
        "next": _next(an_import, shown.outcome, number),
    }
    return render(request, "imports/row.html", context)


def _act(request: StaffRequest, an_import: Import, shown: ImportRow, form: RowForm) -> HttpResponse | None:
    before = shown.outcome
    do = request.POST.get("do", "")
    if do == "skip":
        deciding.leave_out(an_import, shown.number)
    elif do == "again":
        deciding.take_again(an_import, shown.number)
        return redirect(request.path)
    elif do in PARTS:
        count = deciding.decide(an_import, shown.number, do, request.POST.get("choice", ""))
        said = ngettext("%(count)s row is decided.", "%(count)s rows are decided.", count)
        messages.success(request, said % {"count": count})
    elif form.is_valid():
        deciding.repair(an_import, shown.number, form.texts())
    else:
        return None
    shown.refresh_from_db()
    if shown.outcome in {Outcome.ALIKE, Outcome.ERROR}:
        return redirect(request.path)
    # On to the next one of those that were being worked through.
    return redirect(_next(an_import, before, shown.number) or reverse("companies:import", args=[an_import.pk]))


def _next(an_import: Import, outcome: str, number: int) -> str:
    if outcome not in {Outcome.ALIKE, Outcome.ERROR}:
        return ""
    rows = an_import.rows.filter(outcome=outcome).order_by("number").values_list("number", flat=True)
    following = rows.filter(number__gt=number).first() or rows.exclude(number=number).first()
    return reverse("companies:import_row", args=[an_import.pk, following]) if following else ""


def _same_question(an_import: Import, shown: ImportRow, part: str) -> int:
    """How many rows one answer decides."""
    key = {f"{part}_key": getattr(shown, f"{part}_key"), f"{part}_is": ImportRow.Is.ASK}
    return an_import.rows.filter(**key).count()


@require_GET
@staff
def left(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows that were not written, as a file."""
    an_import = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    answer = StreamingHttpResponse(left_as_csv(an_import), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{an_import.pk}-left.csv"'
    return answer  # type: ignore[return-value] # a response all the same
