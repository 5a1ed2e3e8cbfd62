"""Companies and contacts in the search."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company, CompanyName, Contact, Position
from companies.search import Hit, Kind, Match, Names, Parts, Words, register

LOG = "/meetings/new/"
SHOWN_OF_A_COMPANY = ("name", "origin_country__name_en", "origin_country__name_es")
# Half the world has an address there; it says nothing about a company.
FREE_MAIL = ("gmail", "googlemail", "hotmail", "outlook", "live", "yahoo", "icloud", "aol", "proton", "protonmail")

IS_CURRENT = "c.merged_into_id IS NULL AND c.archived_at IS NULL"
IS_CURRENT_PERSON = "t.merged_into_id IS NULL AND t.anonymised_at IS NULL"
COMPANIES = f"companies_company c WHERE {IS_CURRENT}"
OTHER_NAMES = f"companies_companyname n JOIN companies_company c ON c.id = n.company_id WHERE {IS_CURRENT}"
PEOPLE = f"companies_contact t WHERE {IS_CURRENT_PERSON}"
POINTS_OF_PEOPLE = f"companies_contactpoint p JOIN companies_contact t ON t.id = p.contact_id WHERE {IS_CURRENT_PERSON}"
POINTS_OF_COMPANIES = (
    "companies_contactpoint p JOIN companies_position o ON o.contact_id = p.contact_id AND o.ended_on IS NULL"
    f" JOIN companies_company c ON c.id = o.company_id WHERE {IS_CURRENT}"
)
EMAIL, PHONE = " AND p.kind = 'email'", " AND p.kind = 'phone'"
WHOLE_DOMAIN_FIRST = "CASE WHEN split_part(p.value, '@', 2) = %(domain)s THEN 1.3 ELSE 1.2 END"
NOT_FREE = " AND split_part(split_part(p.value, '@', 2), '.', 1) NOT IN ({})".format(
    ", ".join(f"'{name}'" for name in FREE_MAIL)
)


def fetch_companies(words: Words, matches: dict[int, Match]) -> list[Hit]:
    may_see = Company.objects.visible_to(words.user).current().filter(pk__in=list(matches))
    rows = may_see.select_related("origin_country").only(*SHOWN_OF_A_COMPANY) if matches else ()
    hits = [_company_hit(company, matches[company.pk]) for company in rows]
    best = sorted(hits, key=lambda hit: (-hit.score, hit.label, hit.pk))[: words.limit]
    words.found["company"] = [hit.pk for hit in best]
    return best


def _company_hit(company: Company, match: Match) -> Hit:
    country = company.origin_country
    kind, _space, name = match.matched.partition(" ")
    known_as = dict(CompanyName.Kind.choices).get(kind)
    return Hit(
        kind="company",
        pk=company.pk,
        label=company.name,
        url=company.get_absolute_url(),
        beside=country.name if country else "",
        matched=f"{known_as}: {name}" if known_as and name else match.matched,
        score=match.score,
        log_url=f"{LOG}?company={company.pk}",
        company_id=company.pk,
        company=company.name,
    )


def fetch_contacts(words: Words, matches: dict[int, Match]) -> list[Hit]:
    latest = Position.objects.current().filter(contact=OuterRef("pk")).order_by("-pk")
    may_see = Contact.objects.visible_to(words.user).current().filter(pk__in=list(matches))
    with_company = may_see.annotate(
        company_id=Subquery(latest.values("company")[:1]), company_name=Subquery(latest.values("company__name")[:1])
    )
    rows: Any = with_company.only("given_name", "family_name", "family_name_first") if matches else ()
    return [_contact_hit(contact, matches[contact.pk]) for contact in rows]


def _contact_hit(contact: Any, match: Match) -> Hit:
    company = contact.company_name or ""
    return Hit(
        kind="contact",
        pk=contact.pk,
        label=contact.name,
        url=contact.get_absolute_url(),
        beside=company or _("No company"),
        matched=match.matched,
        score=match.score,
        log_url=f"{LOG}?contact={contact.pk}",
        company_id=contact.company_id,
        company=company,
    )


def register_kinds() -> None:
    register(
        Kind(
            "company",
            gettext_lazy("Companies"),
            "company",
            names=(
                Names(COMPANIES, "c.id", "c.folded", by_company_words=True),
                Names(OTHER_NAMES, "c.id", "n.folded", "n.kind || ' ' || n.name", by_company_words=True, less=0.1),
            ),
            fetch=fetch_companies,
            domains=(Parts(COMPANIES, "c.id", "c.domain", "CASE WHEN c.domain = %(domain)s THEN 3 ELSE 1 END"),),
            emails=(Parts(POINTS_OF_COMPANIES + EMAIL + NOT_FREE, "c.id", "p.value", WHOLE_DOMAIN_FIRST),),
            phones=(Parts(POINTS_OF_COMPANIES + PHONE, "c.id", "p.value", "1.2"),),
        )
    )
    register(
        Kind(
            "contact",
            gettext_lazy("People"),
            "person",
            names=(Names(PEOPLE, "t.id", "t.folded"),),
            fetch=fetch_contacts,
            emails=(
                Parts(
                    POINTS_OF_PEOPLE + EMAIL,
                    "t.id",
                    "p.value",
                    "CASE WHEN p.value = %(address)s THEN 3 ELSE 1.2 END",
                ),
            ),
            phones=(Parts(POINTS_OF_PEOPLE + PHONE, "t.id", "p.value", "1.2"),),
        )
    )
