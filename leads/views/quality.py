"""The quality board: what wants cleaning up, with the lists behind the numbers, and the trend by week."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from companies import charts
from companies.charts import Bar, Chart
from config.staff import clock
from config.staff.access import managers
from config.staff.requests import StaffRequest
from config.templatetags.puente import number
from leads import quality
from leads.follow_ups.handing_over import leftovers

# Those who left the most.
LEAVERS = 20


@require_safe
@managers
def board(request: StaffRequest) -> HttpResponse:
    shown = quality.board(request.user, today=clock.agency_today())
    line = shown.line(request.GET.get("of", ""))
    left = leftovers(request.user)
    is_old = shown.is_old(clock.now())
    if is_old:
        quality.ask_for_counts()
    context = {
        "board": shown,
        "is_old": is_old,
        "line": line,
        "weeks": list(zip(shown.mondays, line.weeks, strict=True)),
        "is_counted": any(count is not None for count in line.weeks),
        "leftovers": left[:LEAVERS],
        "more_leavers": len(left[LEAVERS:]),
    }
    return render(request, "leads/quality.html", context)


@require_safe
@managers
def age(request: StaffRequest) -> HttpResponse:
    """Asked by the board while it waits for newer counts."""
    if len(quality.fresh(clock.now())) == len(quality.MEASURES):
        return HttpResponseClientRefresh()
    return render(request, "leads/_quality_waits.html")


@require_safe
@managers
def chart(request: StaffRequest, name: str) -> HttpResponse:
    """The trend as a picture; a week that nobody counted has no column."""
    measure = quality.MEASURES.get(name)
    if measure is None:
        raise Http404
    mondays = quality.weeks_until(clock.agency_today())
    counts = quality.trend(mondays).get(name, [None] * len(mondays))
    bars = [
        Bar(date_format(monday, "j M"), count, "–" if count is None else str(number(count)))
        for monday, count in zip(mondays, counts, strict=True)
    ]
    title = _("%(what)s, by week") % {"what": measure.label}
    return charts.answer(request, Chart(title, bars, in_time=True), "svg")
