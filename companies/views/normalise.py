"""Names, web domains, countries and phones that are written oddly: what a rule proposes, ticked or not, and changed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from companies import bulk_editing
from companies.normalising import MOST, RULES, Proposal, Rule, countries_in_words
from config.staff.access import managers
from config.staff.requests import StaffRequest

# Rows of the page, each with its tick; all that was found can be changed without them.
SHOWN = 200


@require_safe
@managers
def rules(request: StaffRequest) -> HttpResponse:
    found = [(rule, rule.rows().count()) for rule in RULES.values()]
    return render(request, "lists/normalise.html", {"rules": found})


@require_http_methods(["GET", "POST"])
@managers
def rule(request: StaffRequest, name: str) -> HttpResponse:
    """What it proposes. Only what still stands as it was shown is changed."""
    wanted = RULES.get(name)
    if wanted is None:
        raise Http404
    proposals = list(wanted.proposals())
    sent = request.POST
    chosen = proposals if "all" in sent else [each for each in proposals if each.key in set(sent.getlist("row"))]
    is_stale = request.method == "POST" and "all" in sent and sent.get("count") != str(len(proposals))
    if request.method == "POST" and chosen and not is_stale:
        return redirect(bulk_editing.begin_by_rule(wanted, chosen, by=request.user))
    context = {
        "rule": wanted,
        "total": len(proposals),
        "shown": _in_words(wanted, proposals[:SHOWN]),
        "left": wanted.rows().count() - len(proposals),
        "most": MOST,
        "is_stale": is_stale,
        "is_nothing": request.method == "POST" and not chosen and not is_stale,
    }
    return render(request, "lists/normalise_rule.html", context, status=409 if request.method == "POST" else 200)


def _in_words(wanted: Rule, proposals: list[Proposal]) -> list[tuple[str, Any, str, str]]:
    """The key of each, its record, and what it says before and after."""
    words = countries_in_words() if wanted.is_of_countries else {}
    return [
        (
            each.key,
            getattr(each.record, wanted.via) if wanted.via else each.record,
            words.get(each.before, each.before),
            words.get(each.after, each.after),
        )
        for each in proposals
    ]
