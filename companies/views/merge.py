"""Merging two records: choose, compare, confirm; and the list from which a merge is undone."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from companies.forms.merge import MergeForm
from companies.merging import MergeRefused, differences, merge, what_moves
from companies.models import Company, Contact, MergeLog
from companies.unmerging import WITHIN, TooLate, undo
from config.staff import clock
from config.staff.access import freshly_authenticated, managers
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest


@require_http_methods(["GET", "POST"])
@freshly_authenticated
@managers
def new(request: StaffRequest, of: str) -> HttpResponse:
    """Two records side by side; only what differs asks for a decision."""
    records = _records(request, of)
    form = MergeForm(request.GET if "survivor" in request.GET else None, records=records)
    if not form.is_valid():
        return render(request, "companies/merge_choose.html", {"form": form, "of": of})
    survivor, loser = form.cleaned_data["survivor"], form.cleaned_data["loser"]
    if request.method == "POST":
        try:
            done = merge(survivor, loser, take=set(request.POST.getlist("take")), by=request.user)
        except MergeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                _("%(loser)s was merged into %(survivor)s. You can undo that for %(days)s days.")
                % {"loser": loser, "survivor": survivor, "days": WITHIN.days},
            )
            return redirect("companies:look_alikes" if "queue" in request.GET else getattr(done, f"survivor_{of}"))
    rows = [_Row(field, survivor, loser) for field in differences(survivor, loser)]
    queue = "&queue=1" if "queue" in request.GET else ""
    context = {
        "of": of,
        "survivor": survivor,
        "loser": loser,
        "rows": rows,
        "moves": what_moves(loser, reader=request.user),
        "swap": f"?survivor_id={loser.pk}&survivor=&loser_id={survivor.pk}&loser={queue}",
    }
    return render(request, "companies/merge.html", context)


class _Row:
    """One field in which the two differ, as a person reads it."""

    def __init__(self, field: Any, survivor: Any, loser: Any) -> None:
        self.name, self.label = field.name, field.verbose_name
        self.kept, self.offered = self._shown(field, survivor), self._shown(field, loser)
        self.is_empty = field.value_from_object(survivor) in (None, "")

    @staticmethod
    def _shown(field: Any, record: Any) -> object:
        display = getattr(record, f"get_{field.name}_display", None)
        return display() if display else getattr(record, field.name)


def _records(request: StaffRequest, of: str) -> QuerySet[Any]:
    if of == MergeLog.Of.COMPANY:
        return Company.objects.visible_to(request.user).current()
    return Contact.objects.visible_to(request.user).current()


@require_GET
@managers
def merges(request: StaffRequest) -> HttpResponse:
    rows = MergeLog.objects.select_related(
        "by", "undone_by", "survivor_company", "loser_company", "survivor_contact", "loser_contact"
    ).defer("snapshot")
    page = keyset_page(rows, request, keys=("-at", "-pk"))
    return render(request, "companies/merges.html", {"page": page, "undoable_since": clock.now() - WITHIN})


@require_POST
@freshly_authenticated
@managers
def undo_merge(request: StaffRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(MergeLog, pk=pk)
    try:
        done = undo(done, by=request.user)
    except TooLate:
        messages.error(
            request, _("This merge was undone already, or is more than %(days)s days old.") % {"days": WITHIN.days}
        )
    else:
        messages.success(request, _("The merge is undone: both records are as they were."))
        for conflict in done.conflicts:
            messages.warning(request, conflict)
    return redirect("companies:merges")
