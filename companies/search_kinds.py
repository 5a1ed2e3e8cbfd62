"""Companies and contacts in the search."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company, CompanyName, Contact, ContactPoint, Position
from companies.search import Hit, Kind, Words, best, register

LOG = "/meetings/new/"
SHOWN_OF_A_COMPANY = ("name", "domain", "origin_country__name_en", "origin_country__name_es")
# Half the world has an address there; it says nothing about a company.
FREE_MAIL = ("gmail", "googlemail", "hotmail", "outlook", "live", "yahoo", "icloud", "aol", "proton", "protonmail")


def find_companies(words: Words) -> list[Hit]:
    may_see = Company.objects.visible_to(words.user).current()
    hits: dict[int, Hit] = {}

    def add(company: Company, score: float, matched: str = "") -> None:
        if company.pk not in hits or hits[company.pk].score < score:
            hits[company.pk] = _company_hit(company, score, matched)

    shortly = may_see.select_related("origin_country").only(*SHOWN_OF_A_COMPANY)
    for company in best(shortly, words, words.folded_company):
        add(company, company.score)  # type: ignore[attr-defined]
    other_names = CompanyName.objects.filter(company__in=may_see).select_related("company__origin_country")
    for name in best(other_names, words, words.folded_company):
        add(name.company, name.score - 0.1, f"{name.get_kind_display()}: {name.name}")  # type: ignore[attr-defined]
    if words.address:
        domain = words.address.rpartition("@")[2]
        for company in shortly.filter(domain__contains=domain).order_by("domain", "pk")[: words.limit]:
            add(company, 3 if company.domain == domain else 1, company.domain)
    for company, point in _companies_of_points(words):
        add(company, 1.2, point.value)
    shown = sorted(hits.values(), key=lambda hit: (-hit.score, hit.label, hit.pk))[: words.limit]
    words.found["company"] = [hit.pk for hit in shown]
    return shown


def _companies_of_points(words: Words) -> list[tuple[Company, ContactPoint]]:
    points = {
        point.contact_id: point
        for point in words.points
        if point.value.rpartition("@")[2].partition(".")[0] not in FREE_MAIL
    }
    positions = (
        Position.objects.current()
        .filter(
            contact__in=list(points),
            company__in=Company.objects.visible_to(words.user).current(),
        )
        .select_related("company__origin_country")
        .order_by("pk")
    )
    return [(position.company, points[position.contact_id]) for position in positions] if points else []


def _company_hit(company: Company, score: float, matched: str) -> Hit:
    country = company.origin_country
    return Hit(
        kind="company",
        pk=company.pk,
        label=company.name,
        url=company.get_absolute_url(),
        beside=country.name if country else "",
        matched=matched,
        score=score,
        log_url=f"{LOG}?company={company.pk}",
        company_id=company.pk,
        company=company.name,
    )


def find_contacts(words: Words) -> list[Hit]:
    latest = Position.objects.current().filter(contact=OuterRef("pk")).order_by("-pk")
    may_see = (
        Contact.objects.visible_to(words.user)
        .current()
        .annotate(
            company_id=Subquery(latest.values("company")[:1]), company_name=Subquery(latest.values("company__name")[:1])
        )
    )
    named: list[Any] = best(may_see, words, words.folded)
    hits = {contact.pk: _contact_hit(contact, contact.score) for contact in named}
    points = {point.contact_id: point for point in reversed(words.points) if point.contact_id not in hits}
    for contact in may_see.filter(pk__in=list(points)).order_by("folded", "pk") if points else ():
        value = points[contact.pk].value
        hits[contact.pk] = _contact_hit(contact, 3 if value == words.address else 1.2, value)
    return sorted(hits.values(), key=lambda hit: (-hit.score, hit.label, hit.pk))[: words.limit]


def _contact_hit(contact: Contact, score: float, matched: str = "") -> Hit:
    company = contact.company_name or ""  # type: ignore[attr-defined]
    return Hit(
        kind="contact",
        pk=contact.pk,
        label=contact.name,
        url=contact.get_absolute_url(),
        beside=company or _("No company"),
        matched=matched,
        score=score,
        log_url=f"{LOG}?contact={contact.pk}",
        company_id=contact.company_id,  # type: ignore[attr-defined]
        company=company,
    )


def register_kinds() -> None:
    register(Kind("company", gettext_lazy("Companies"), "company", find_companies))
    register(Kind("contact", gettext_lazy("People"), "person", find_contacts))
