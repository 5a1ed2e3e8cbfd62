from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from companies import search as searching
from config.staff.access import staff
from config.staff.requests import StaffRequest

IN_BOX, ALL_OF_A_KIND = 4, 50


@require_GET
@vary_on_headers("HX-Request")
@staff
def search(request: StaffRequest) -> HttpResponse:
    """The whole page, or while somebody types the hits alone; the box on top of every page takes fewer."""
    words = request.GET.get("q", "")
    in_box = bool(request.htmx and request.GET.get("box"))
    kinds = _kinds(request)
    if in_box or len(kinds) != 1:
        limit = IN_BOX if in_box else searching.SHOWN
        groups = searching.find(words, user=request.user, kinds=kinds, limit=limit)
    else:
        after = request.GET.get("after", "")
        groups = searching.page_of(kinds[0], words, user=request.user, limit=ALL_OF_A_KIND, after=after)
    template = "companies/_hits.html" if request.htmx else "companies/search.html"
    if in_box:
        template = "companies/_answers.html"
    context = {"groups": groups, "search_words": words[: searching.LONGEST], "one_kind": len(kinds) == 1}
    return render(request, template, context)


@require_GET
@staff
def pick(request: StaffRequest) -> HttpResponse:
    """Rows for a picker: each says in data attributes which record it stands for."""
    groups = searching.find(request.GET.get("q", ""), user=request.user, kinds=_kinds(request))
    # Best first over all kinds: the picker has one list.
    hits = sorted((hit for group in groups for hit in group.hits), key=lambda hit: -hit.score)[: searching.SHOWN]
    return render(request, "companies/_picks.html", {"hits": hits})


def _kinds(request: StaffRequest) -> list[str]:
    asked = request.GET.get("kinds", "").split(",")
    return [name for name in asked if name in searching.kind_names()]
