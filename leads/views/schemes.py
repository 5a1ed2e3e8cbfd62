"""Which investment types count as foreign direct investment, by each reporting scheme."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.staff.access import managers
from config.staff.requests import StaffRequest
from leads.models import CountedType, InvestmentType, ReportingScheme


@require_http_methods(["GET", "POST"])
@managers
def schemes(request: StaffRequest) -> HttpResponse:
    """A table of types by schemes. Managers read it, administrators tick."""
    rows, columns = list(InvestmentType.objects.all()), list(ReportingScheme.objects.all())
    if request.method == "POST":
        if not request.user.is_administrator:
            raise PermissionDenied
        cells = {(scheme.code, kind.code) for scheme in columns for kind in rows}
        _store(cells, set(request.POST.getlist("counts")), set(request.POST.getlist("seen")))
        messages.success(request, _("Saved."))
        return redirect("leads:schemes")
    there = set(CountedType.objects.values_list("scheme", "investment_type"))
    table = [(kind, [(scheme, (scheme.code, kind.code) in there) for scheme in columns]) for kind in rows]
    return render(request, "leads/schemes.html", {"schemes": columns, "table": table, "view": "stages"})


@transaction.atomic
def _store(cells: set[tuple[str, str]], ticked: set[str], seen: set[str]) -> None:
    """Only what this person ticked or cleared is changed, so that two at once do not undo each other."""
    told = {cell: f"{cell[0]}:{cell[1]}" for cell in cells}
    for (scheme, kind), word in sorted(told.items()):
        if word in ticked and word not in seen:
            CountedType.objects.get_or_create(scheme_id=scheme, investment_type_id=kind)
        elif word in seen and word not in ticked:
            CountedType.objects.filter(scheme=scheme, investment_type=kind).delete()
