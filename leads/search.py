"""Leads in the search: by title, by code name, and those of a company that was found."""

from django.utils.translation import gettext_lazy

from companies.search import Hit, Kind, Words, best, register
from leads.models import Lead
from leads.models.lead import folded_title


def find_leads(words: Words) -> list[Hit]:
    may_see = Lead.objects.visible_to(words.user).select_related("company", "stage").annotate(folded=folded_title())
    hits = {lead.pk: _hit(lead, lead.score) for lead in best(may_see, words, words.folded)}
    companies = words.found.get("company", [])
    if companies and len(hits) < words.limit:
        of_companies = may_see.open().filter(company__in=companies).order_by("-created_at", "-pk")
        for lead in of_companies[: words.limit]:
            hits.setdefault(lead.pk, _hit(lead, 0.5))
    return sorted(hits.values(), key=lambda hit: -hit.score)[: words.limit]


def _hit(lead: Lead, score: float) -> Hit:
    return Hit(
        kind="lead",
        pk=lead.pk,
        label=lead.title,
        url=lead.get_absolute_url(),
        beside=f"{lead.company}, {lead.stage}",
        matched=lead.code_name,
        score=score,
        company_id=lead.company_id,
        company=lead.company.name,
    )


def register_kinds() -> None:
    register(Kind("lead", gettext_lazy("Leads"), "lead", find_leads))
