"""Leads in the search: by title, by code name, and those of a company that was found."""

from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy

from companies.search import Hit, Kind, Match, Names, Words, register
from leads import looks
from leads.models import Lead
from leads.models.choices import OPEN

OF_A_COMPANY = Match(0.5)


def fetch_leads(words: Words, matches: dict[int, Match]) -> list[Hit]:
    companies = words.found.get("company", [])
    if not matches and not companies:
        return []
    by_title = Q(pk__in=list(matches))
    titled_first = [Case(When(by_title, then=0), default=1)] if matches else []
    leads = Lead.objects.visible_to(words.user).filter(by_title | Q(company__in=companies, status__in=OPEN))
    shown = leads.select_related("company", "stage").order_by(*titled_first, "-created_at", "-pk")
    found = list(shown[: len(matches) + words.limit])
    looks.note_rows(words.user, looks.Where.SEARCH, found)
    return [_hit(lead, matches.get(lead.pk, OF_A_COMPANY)) for lead in found]


def _hit(lead: Lead, match: Match) -> Hit:
    return Hit(
        kind="lead",
        pk=lead.pk,
        label=lead.title,
        url=lead.get_absolute_url(),
        beside=f"{lead.company}, {lead.stage}",
        matched=lead.code_name,
        score=match.score,
        company_id=lead.company_id,
        company=lead.company.name,
    )


def register_kinds() -> None:
    names = Names("leads_lead l WHERE true", "l.id", "l.folded", long=True)
    register(Kind("lead", gettext_lazy("Leads"), "lead", (names,), fetch_leads, margin=5))
