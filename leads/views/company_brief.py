"""The brief of a company: a page that prints well, and the same as one sheet of PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import override
from django.views.decorators.http import require_safe

from companies.models import Company
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.company_brief import NAMED, brief_of, paper

LANGUAGES = ("es", "en")


@require_safe
@staff
def brief(request: StaffRequest, pk: int) -> HttpResponse:
    company = _company(request, pk)
    if company.merged_into_id:
        return redirect("leads:company_brief", company.merged_into_id)
    return render(request, "companies/brief.html", {"company": company, "brief": brief_of(company, request.user)})


@require_safe
@staff
def printed(request: StaffRequest, pk: int) -> HttpResponse:
    """In Spanish or English, whatever the reader's own language is: it goes into somebody else's folder."""
    company = _company(request, pk)
    if company.merged_into_id:
        return redirect("leads:company_brief_pdf", company.merged_into_id)
    asked = request.GET.get("language", "")
    with override(asked if asked in LANGUAGES else request.user.language):
        content = paper(brief_of(company, request.user))
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{slugify(company.name) or 'company'}.pdf"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _company(request: StaffRequest, pk: int) -> Company:
    return get_object_or_404(Company.objects.visible_to(request.user).select_related(*NAMED), pk=pk)
