"""What wants cleaning up, each with the rows behind its number: the tile and the list ask the same thing."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company, ContactPoint

GAPS: dict[str, tuple[Any, Q]] = {
    "sector": (_("Without a sector"), Q(sector=None)),
    "country": (_("Without a country of origin"), Q(origin_country=None)),
    "owner": (_("Without an owner"), Q(owner=None)),
    "left": (_("The owner has left"), Q(owner__is_active=False)),
}


def with_gap(gap: str) -> QuerySet[Company]:
    return Company.objects.current().filter(GAPS[gap][1])


def gap_counts() -> dict[str, int]:
    """All gaps in one query."""
    return Company.objects.current().aggregate(
        **{f"n_{gap}": Count("pk", filter=wanted) for gap, (_label, wanted) in GAPS.items()}
    )


def bounced() -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(bounced_at__isnull=False, contact__merged_into=None)
