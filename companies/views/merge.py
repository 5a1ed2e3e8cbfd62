"""Merging records: choose, compare, confirm; and the list from which a merge is undone."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from companies.forms.merge import AddRecordForm, ResultForm
from companies.merging import MergeRefused, merge, what_moves
from companies.models import Company, Contact, MergeLog
from companies.unmerging import WITHIN, UndoRefused, undo
from config.staff import clock
from config.staff.access import freshly_authenticated, managers
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest

# More columns than this nobody compares, and a longer address no browser sends.
MOST = 12


@require_http_methods(["GET", "POST"])
@freshly_authenticated
@managers
def new(request: StaffRequest, of: str) -> HttpResponse:
    """The records side by side; only what differs asks for a decision."""
    visible = _records(request, of)
    add = AddRecordForm(request.GET if "add" in request.GET else None, records=visible)
    asked = _asked(request.GET)
    if add.is_bound and add.is_valid() and add.cleaned_data["add"]:
        asked = list(dict.fromkeys([*asked, add.cleaned_data["add"].pk]))[:MOST]
        add = AddRecordForm(records=visible)
    found = visible.in_bulk(asked)
    records = [found[pk] for pk in asked if pk in found]
    keep = request.GET.get("keep", "")
    records.sort(key=lambda record: str(record.pk) != keep)
    context = {"of": of, "add": add, "records": records, "in_queue": "queue" in request.GET}
    if len(records) < 2:
        return render(request, "companies/merge_choose.html", context)
    survivor, losers = records[0], records[1:]
    take_all = request.POST.get("all", "")
    form = ResultForm(
        request.POST if request.method == "POST" and not take_all else None,
        survivor=survivor,
        losers=losers,
        take_all=take_all,
    )
    if form.is_bound and form.is_valid():
        try:
            merge(survivor, *losers, by=request.user, values=form.values, seen_versions=form.seen_versions)
        except MergeRefused as refused:
            messages.error(request, str(refused))
        else:
            _tell(request, survivor, losers)
            queue = reverse("companies:look_alikes") + ("?of=contact" if of == MergeLog.Of.CONTACT else "")
            return redirect(queue if "queue" in request.GET else survivor)
    context |= {
        "survivor": survivor,
        "columns": [(record, _address(request.GET, records, keep=record.pk)) for record in records],
        "form": form,
        "rows": list(form.rows),
        "moves": [(loser, what_moves(loser, reader=request.user)) for loser in losers],
    }
    return render(request, "companies/merge.html", context)


def _tell(request: StaffRequest, survivor: Company | Contact, losers: list[Any]) -> None:
    text = ngettext(
        "%(losers)s was merged into %(survivor)s. You can undo that for %(days)s days.",
        "%(losers)s were merged into %(survivor)s. You can undo that for %(days)s days.",
        len(losers),
    )
    names = ", ".join(str(loser) for loser in losers)
    messages.success(request, text % {"losers": names, "survivor": survivor, "days": WITHIN.days})


def _asked(sent: QueryDict) -> list[int]:
    """The records of the address, the one that is kept first; other screens name two of them by their part."""
    named = [*sent.getlist("survivor_id"), *sent.getlist("record"), *sent.getlist("loser_id")]
    pks = [int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    return list(dict.fromkeys(pks))[:MOST]


def _address(sent: QueryDict, records: list[Any], *, keep: int) -> str:
    asked = QueryDict(mutable=True)
    asked.setlist("record", [str(record.pk) for record in records])
    asked["keep"] = str(keep)
    if "queue" in sent:
        asked["queue"] = "1"
    return f"?{asked.urlencode()}"


def _records(request: StaffRequest, of: str) -> QuerySet[Any]:
    if of == MergeLog.Of.COMPANY:
        rows: QuerySet[Any] = Company.objects.visible_to(request.user).current()
        return rows.select_related(
            "sector", "activity", "origin_country", "seat_country", "legal_country", "city", "parent", "owner"
        )
    return Contact.objects.visible_to(request.user).current().select_related("country")


@require_GET
@managers
def merges(request: StaffRequest) -> HttpResponse:
    beside = ("survivor_company", "loser_company", "survivor_contact", "loser_contact")
    parts = MergeLog.objects.select_related("loser_company", "loser_contact").defer("snapshot").order_by("pk")
    rows = (
        MergeLog.objects.filter(part_of=None)
        .select_related("by", "undone_by", *beside)
        .prefetch_related(Prefetch("parts", parts))
        .defer("snapshot")
    )
    page = keyset_page(rows, request, keys=("-at", "-pk"))
    return render(request, "companies/merges.html", {"page": page, "undoable_since": clock.now() - WITHIN})


@require_POST
@freshly_authenticated
@managers
def undo_merge(request: StaffRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(MergeLog, pk=pk)
    try:
        done = undo(done, by=request.user)
    except UndoRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The merge is undone: the records are as they were."))
        for conflict in done.conflicts:
            messages.warning(request, conflict)
    return redirect("companies:merges")
