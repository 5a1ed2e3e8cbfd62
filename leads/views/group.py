"""The group of a company: its tree, and its projects rolled up, each figure with the list that it counts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from companies.groups import group_of, owner_of
from companies.models import Company
from config.staff.access import staff
from config.staff.models import User
from config.staff.requests import StaffRequest
from leads.models import Lead

FIGURES = ("projects", "capex", "jobs")


@dataclass(frozen=True)
class RollUp:
    """Sums over projects; what nobody knows is no zero, so each says how many it could count."""

    projects: int
    capex: Decimal | None
    capex_known: int
    jobs: int | None
    jobs_known: int

    @classmethod
    def of(cls, leads: list[Any]) -> "RollUp":
        capex = [lead.capex_now for lead in leads if lead.capex_now is not None]
        jobs = [lead.jobs_now for lead in leads if lead.jobs_now is not None]
        return cls(
            len(leads), sum(capex, Decimal()) if capex else None, len(capex), sum(jobs) if jobs else None, len(jobs)
        )


@require_safe
@staff
def group(request: StaffRequest, pk: int) -> HttpResponse:
    reader = request.user
    company = get_object_or_404(Company.objects.visible_to(reader).select_related("owner"), pk=pk)
    if company.merged_into_id:
        return redirect("leads:group", company.merged_into_id)
    members = group_of(company, reader=reader)
    projects = _projects([member.company.pk for member in members], reader)
    figure = request.GET.get("figure", "")
    shown = _counted(projects, figure if figure in FIGURES else "projects")
    owner, owner_from = owner_of(company, members)
    context = {
        "company": company,
        "members": [
            (member, RollUp.of([lead for lead in projects if lead.company_id == member.company.pk]))
            for member in members
        ],
        "whole": RollUp.of(projects),
        "projects": shown,
        "figure": figure if figure in FIGURES else "projects",
        "owner": owner,
        "owner_from": owner_from,
    }
    return render(request, "companies/group.html", context)


def _projects(companies: list[int], reader: User) -> list[Any]:
    rows = Lead.objects.visible_to(reader).decided().exclude(status="merged").filter(company__in=companies)
    rows = rows.with_amounts().select_related("company", "stage")
    return list(rows.order_by("-decided_on", "-pk"))


def _counted(projects: list[Any], figure: str) -> list[Any]:
    """Those that the figure counts."""
    known = {"capex": "capex_now", "jobs": "jobs_now"}.get(figure)
    return [lead for lead in projects if known is None or getattr(lead, known) is not None]
