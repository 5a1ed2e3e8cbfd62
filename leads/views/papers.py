"""Pages of figures as PDF: asked for, watched while they are made, opened. And the annexes for funders."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from companies import exporting
from companies.models import Company
from config.staff import clock
from config.staff.access import exporters, managers
from config.staff.requests import StaffRequest
from leads.figures import annex as annexes
from leads.figures import printed
from leads.models import Goal, Paper


class PaperForm(forms.Form):
    kind = forms.ChoiceField(choices=Paper.Kind)
    query = forms.CharField(max_length=1000, required=False)
    language = forms.ChoiceField(choices=[("es", "es"), ("en", "en")])


@require_POST
@managers
def ask(request: StaffRequest) -> HttpResponse:
    form = PaperForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    paper = printed.ask(given["kind"], given["query"], by=request.user, language=given["language"])
    return redirect(paper)


@require_safe
@managers
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """Says how it stands, and leads to the file as soon as it is there."""
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    if request.htmx and found.state == Paper.State.DONE:
        return HttpResponseClientRedirect(reverse("leads:paper_file", args=[found.pk]))
    context = {"paper": found, "back": _back(found), "until": found.at + printed.KEPT_FOR}
    return render(request, "leads/_paper.html" if request.htmx else "leads/paper.html", context)


@require_POST
@managers
def again(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    printed.ask_again(found)
    return redirect(found)


@require_safe
@managers
def file(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk, state=Paper.State.DONE)
    try:
        with found.pdf.open("rb") as content:
            answer = HttpResponse(content.read(), content_type="application/pdf")
    except FileNotFoundError as gone:
        raise Http404 from gone
    with override(found.language):
        name = f"{slugify(found.get_kind_display())}-{clock.agency_day(found.at).isoformat()}.pdf"
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _back(found: Paper) -> str:
    """The screen that shows the same."""
    pages = {
        Paper.Kind.BOARD: "leads:board_page",
        Paper.Kind.WEEK: "leads:week",
        Paper.Kind.PUBLIC: "leads:public_sheet",
        Paper.Kind.FUNDER: "leads:annex",
    }
    return f"{reverse(pages[Paper.Kind(found.kind)])}?{found.query}"


@require_GET
@managers
def annex(request: StaffRequest) -> HttpResponse:
    """The agreements of a year, and one of them with its outputs and what proves them."""
    year, offered = _year(request), []
    offered = annexes.funders(year)
    funder = _funder(request) or (offered[0][0] if offered else None)
    years = Goal.objects.in_force().filter(agreement__isnull=False).values_list("year", flat=True)
    context = {
        "year": year,
        "years": sorted({year, clock.agency_today().year, *years.distinct()}, reverse=True),
        "funders": offered,
        "page": annexes.annex(funder, year, request.user) if funder else None,
        "query": urlencode({"funder": funder.pk, "year": year}) if funder else "",
    }
    return render(request, "leads/annex.html", context)


@require_http_methods(["GET", "POST"])
@exporters
@managers
def annex_export(request: StaffRequest) -> HttpResponse:
    made = annexes.asked(request.GET, request.user)
    words = [(_("Funder"), str(made.funder)), (_("Year"), str(made.year))]
    table = exporting.Table(_("Annex for a funder"), annexes.sheets(made), filters=words)
    query = urlencode({"funder": made.funder.pk, "year": made.year})
    return exporting.answer(request, table, back=f"{reverse('leads:annex')}?{query}")


def _year(request: StaffRequest) -> int:
    asked = request.GET.get("year", "")
    fits = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if fits else clock.agency_today().year


def _funder(request: StaffRequest) -> Company | None:
    asked = request.GET.get("funder", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        return None
    return Company.objects.visible_to(request.user).filter(pk=int(asked)).first()
