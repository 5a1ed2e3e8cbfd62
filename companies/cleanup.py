"""What wants cleaning up, each with the rows behind its number: the tile and the list ask the same thing."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company, ContactPoint

GAPS: dict[str, tuple[Any, Q]] = {
    "sector": (_("Without a sector"), Q(sector=None)),
    "country": (_("Without a country of origin"), Q(origin_country=None)),
    "owner": (_("Without an owner"), Q(owner=None)),
    "left": (_("The owner has left"), Q(owner__is_active=False)),
}
SHOWN = 200

# Equal folded names and equal domains, in one walk of each index; a group of both reasons is shown once a reason.
LOOK_ALIKES = """
SELECT reason, said, pks, count(*) OVER () FROM (
    SELECT 'name' AS reason, folded AS said, array_agg(id ORDER BY id) AS pks
    FROM companies_company WHERE merged_into_id IS NULL AND archived_at IS NULL
    GROUP BY folded HAVING count(*) > 1
    UNION ALL
    SELECT 'domain', domain, array_agg(id ORDER BY id)
    FROM companies_company WHERE merged_into_id IS NULL AND archived_at IS NULL AND domain <> ''
    GROUP BY domain HAVING count(*) > 1 AND count(DISTINCT folded) > 1
) AS groups ORDER BY reason DESC, said LIMIT %s
"""


@dataclass(frozen=True)
class LookAlikes:
    by_domain: bool
    said: str
    companies: list[Company]


def with_gap(gap: str) -> QuerySet[Company]:
    return Company.objects.current().filter(GAPS[gap][1])


def gap_counts() -> dict[str, int]:
    """All gaps in one query."""
    return Company.objects.current().aggregate(
        **{f"n_{gap}": Count("pk", filter=wanted) for gap, (_label, wanted) in GAPS.items()}
    )


def look_alike_count() -> int:
    groups = _groups(1)
    return int(groups[0][3]) if groups else 0


def look_alike_groups() -> list[LookAlikes]:
    """Suspected doubles, the first so many; two queries."""
    groups = _groups(SHOWN)
    wanted = {pk for _reason, _said, pks, _count in groups for pk in pks}
    companies = Company.objects.select_related("origin_country", "owner").in_bulk(wanted)
    return [LookAlikes(reason == "domain", said, [companies[pk] for pk in pks]) for reason, said, pks, _n in groups]


def _groups(limit: int) -> list[tuple[str, str, list[int], int]]:
    with connection.cursor() as cursor:
        cursor.execute(LOOK_ALIKES, [limit])
        rows: list[tuple[str, str, list[int], int]] = cursor.fetchall()
        return rows


def bounced() -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(bounced_at__isnull=False, contact__merged_into=None)
