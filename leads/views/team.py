"""A manager's team at one look: each figure opens the list that it counts."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.staff import clock
from config.staff.access import managers
from config.staff.requests import StaffRequest
from leads.follow_ups.team import SORTS, in_order, team_of

HEADS = (
    ("name", _("Person")),
    ("overdue", _("Overdue")),
    ("oldest", _("Oldest")),
    ("due_today", _("Today")),
    ("week", _("This week")),
    ("waiting", _("Waiting")),
    ("cleared", _("Cleared today")),
    ("cleared_week", _("Cleared in 7 days")),
)


@require_safe
@managers
def team(request: StaffRequest) -> HttpResponse:
    """Who has how much before them, who is away, and who stands in."""
    asked = request.GET.get("sort", "")
    falls, name = asked.startswith("-"), asked.removeprefix("-")
    if name not in SORTS:
        falls, name = True, "overdue"
    heads = [_head(key, words, name, falls=falls) for key, words in HEADS]
    members = in_order(team_of(request.user, at=clock.now()), name, falling=falls)
    return render(request, "leads/team.html", {"team": members, "heads": heads, "labels": dict(HEADS)})


def _head(key: str, words: object, sorted_by: str, *, falls: bool) -> dict[str, object]:
    """The most first; a name from A on. A second time turns it round."""
    here = key == sorted_by
    turned = not falls if here else key != "name"
    return {
        "key": key,
        "words": words,
        "url": f"?{urlencode({'sort': f'-{key}' if turned else key})}",
        "direction": ("descending" if falls else "ascending") if here else "",
    }
