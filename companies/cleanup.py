"""What wants cleaning up, each with the rows behind its number: the tile, the board and the list ask the same thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower, Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from companies.country_words import odd_countries
from companies.models import Company, ContactPoint

# A web address that is more than its domain, or none at all.
ODD_DOMAIN = r"[A-Z/:@\s]|^www\.|^[^.]+$|^\.|\.$"
BLANKS = r"^\s|\s$|\s\s"
# Two words, one of them long: a short one in capitals is a name by itself (IBM, SAP).
WORDS = r"[^\s]{5}.*\s[^\s]|[^\s]\s.*[^\s]{5}"
E164 = r"^\+[1-9][0-9]{5,14}$"


@dataclass(frozen=True)
class Gap:
    label: Any
    wanted: Callable[[], Q]


def _countries(*fields: str) -> Q:
    odd = list(odd_countries())
    wanted = Q(pk__in=[])
    for field in fields:
        wanted |= Q(**{f"{field}__in": odd})
    return wanted


def _one_case(name: Any) -> Q:
    """All in capitals or all in small letters; scripts that have no cases are left alone."""
    upper, lower = Upper(name), Lower(name)
    return Q(Exact(name, upper) | Exact(name, lower)) & ~Q(Exact(upper, lower))


def _odd_name() -> Q:
    return Q(name__regex=BLANKS) | (Q(name__regex=WORDS) & _one_case(F("name")))


def odd_name_of_a_person(field: str) -> Q:
    """Three letters in capitals may be what somebody is called."""
    return Q(**{f"{field}__regex": BLANKS}) | (Q(**{f"{field}__regex": r"[^\s]{4}"}) & _one_case(F(field)))


def _odd_person() -> Q:
    return odd_name_of_a_person("given_name") | odd_name_of_a_person("family_name")


def _odd_phone() -> Q:
    odd = ContactPoint.objects.phones().exclude(value__regex=E164)
    return Q(Exists(odd.filter(contact=OuterRef("pk"))))


GAPS: dict[str, Gap] = {
    "sector": Gap(_("Without a sector"), lambda: Q(sector=None)),
    "country": Gap(_("Without a country of origin"), lambda: Q(origin_country=None)),
    "owner": Gap(_("Without an owner"), lambda: Q(owner=None)),
    "left": Gap(_("The owner has left"), lambda: Q(owner__is_active=False)),
    "odd_country": Gap(
        _("Odd spelling of a country"), lambda: _countries("origin_country", "seat_country", "legal_country")
    ),
    "city": Gap(
        _("City and seat in two countries"),
        lambda: Q(city__isnull=False, seat_country__isnull=False) & ~Q(seat_country=F("city__country")),
    ),
    "odd_domain": Gap(_("Odd web domain"), lambda: ~Q(domain="") & Q(domain__regex=ODD_DOMAIN)),
    "odd_name": Gap(_("Oddly written name"), _odd_name),
}

CONTACT_GAPS: dict[str, Gap] = {
    "odd_country": Gap(_("Odd spelling of a country"), lambda: _countries("country")),
    "odd_phone": Gap(_("Phone number without its country code"), _odd_phone),
    "odd_name": Gap(_("Oddly written name"), _odd_person),
}


def with_gap(gap: str) -> QuerySet[Company]:
    return Company.objects.current().filter(GAPS[gap].wanted())


def gap_counts(gaps: Mapping[str, Gap] = GAPS) -> dict[str, int]:
    """All gaps of companies in one query, and one for odd countries."""
    counts = {gap: Count("pk", filter=each.wanted()) for gap, each in gaps.items()}
    found = Company.objects.current().aggregate(**{f"n_{gap}": count for gap, count in counts.items()})
    return {gap: found[f"n_{gap}"] for gap in gaps}


def bounced() -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(bounced_at__isnull=False, contact__merged_into=None)
