from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.staff import clock
from config.staff.access import managers
from config.staff.requests import StaffRequest
from leads import goals, reports
from leads.figures.catalogue import FIGURES
from leads.figures.forecast import chances
from leads.figures.goals import line
from leads.forms.goal import BudgetForm, GoalForm, ReportForm
from leads.models import Budget, Goal, Report

SHOWN = 200


@require_GET
@managers
def goal_list(request: StaffRequest) -> HttpResponse:
    """The targets of a year: what holds, what waits for a second pair of eyes, and what was before."""
    today = clock.agency_today()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    known = chances()
    related = ("sector", "market", "agreement", "proposed_by", "approved_by")
    rows = list(Goal.objects.filter(year=year).select_related(*related).order_by("month", "figure", "-version")[:SHOWN])
    rows = [row for row in rows if row.figure in FIGURES]
    years = {today.year, today.year + 1, year, *Goal.objects.values_list("year", flat=True).distinct()}
    context = {
        "year": year,
        "years": sorted(years, reverse=True),
        "lines": [line(row, today, known) for row in rows if row.approved_at and not row.replaced_at],
        "waiting": [(row, FIGURES[row.figure]) for row in rows if not row.approved_at and not row.replaced_at],
        "before": [(row, FIGURES[row.figure]) for row in rows if row.replaced_at],
        "budgets": Budget.objects.all()[:10],
        "chances": known,
        "as_of": clock.now(),
    }
    return render(request, "leads/goals.html", context)


@require_http_methods(["GET", "POST"])
@managers
def new(request: StaffRequest) -> HttpResponse:
    started = Goal.objects.filter(pk=_number(request.GET.get("of", ""))).first()
    usual = {name: getattr(started, name) for name in (*Goal.KEY, "value", "note")} if started else {}
    initial = usual or {"year": clock.agency_today().year}
    form = GoalForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        goal = goals.propose(form.save(commit=False), by=request.user)
        messages.success(request, _("Proposed. It holds when somebody else has approved it."))
        return redirect(f"/goals/?year={goal.year}")
    return render(request, "leads/goal_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@managers
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    goal = goals.approve(get_object_or_404(Goal, pk=pk), by=request.user)
    messages.success(request, _("The goal holds."))
    return redirect(f"/goals/?year={goal.year}")


@require_POST
@managers
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    goal = goals.withdraw(get_object_or_404(Goal, pk=pk))
    messages.success(request, _("Withdrawn. Its versions can still be read."))
    return redirect(f"/goals/?year={goal.year}")


@require_http_methods(["GET", "POST"])
@managers
def budget(request: StaffRequest) -> HttpResponse:
    form = BudgetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        return redirect("leads:goals")
    return render(request, "leads/budget.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@managers
def by_mail(request: StaffRequest) -> HttpResponse:
    """Which pages come to whom, and how often."""
    form = ReportForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        found = form.cleaned_data
        reports.subscribe(found["person"], found["view"], found["rhythm"], by=request.user, today=clock.agency_today())
        return redirect("leads:reports")
    rows = Report.objects.visible_to(request.user).select_related("person")
    return render(request, "leads/reports.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@require_POST
@managers
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    get_object_or_404(Report.objects.visible_to(request.user), pk=pk).delete()
    return redirect("leads:reports")


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
