"""Groups of companies: parents, and the ultimate parent that figures count by."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from companies.models import Company
from config.staff.models import User

# One statement for any depth. UNION ends a cycle, which `move_under` refuses in the first place.
SETTLE = """
WITH RECURSIVE up (id, top) AS (
    SELECT id, id FROM companies_company WHERE parent_id IS NULL
    UNION
    SELECT child.id, up.top FROM companies_company child JOIN up ON child.parent_id = up.id
)
UPDATE companies_company company SET ultimate_parent_id = nullif(up.top, company.id)
FROM up WHERE up.id = company.id AND company.ultimate_parent_id IS DISTINCT FROM nullif(up.top, company.id)
"""
ABOVE = """
WITH RECURSIVE above (id, parent_id) AS (
    SELECT id, parent_id FROM companies_company WHERE id = %s
    UNION
    SELECT company.id, company.parent_id FROM companies_company company JOIN above ON company.id = above.parent_id
)
SELECT id FROM above
"""


class GroupCycle(Exception):  # noqa: N818 - the domain's word for it
    """The company would stand above itself; the text says so in words for the person."""


@dataclass(frozen=True)
class Member:
    """A company of a group, and how far below the top it stands."""

    company: Company
    depth: int

    @property
    def indent(self) -> str:
        return "— " * self.depth


def group_of(company: Company, *, reader: User) -> list[Member]:
    """The companies of the group that the reader may see, each below its parent. One query."""
    top = company.ultimate_parent_id or company.pk
    rows = Company.objects.visible_to(reader).filter(Q(pk=top) | Q(ultimate_parent=top), merged_into=None)
    rows = rows.select_related("owner").only("name", "parent", "installed_since", "archived_at", "owner__name")
    below: dict[int | None, list[Company]] = defaultdict(list)
    for row in rows.order_by("folded", "pk"):
        below[row.parent_id if row.pk != top else None].append(row)
    return list(_walk(below, None, 0))


def _walk(below: dict[int | None, list[Company]], parent: int | None, depth: int) -> list[Member]:
    found = []
    for company in below.pop(parent, []):
        found.append(Member(company, depth))
        found += _walk(below, company.pk, depth + 1)
    return found


def owner_of(company: Company, group: list[Member]) -> tuple[User | None, Company | None]:
    """Who holds the account, and of which company above it comes, where the company has no owner of its own."""
    known = {member.company.pk: member.company for member in group}
    at: Company | None = company
    while at is not None and at.owner is None:
        at = known.pop(at.parent_id, None) if at.parent_id else None
    return (at.owner, None if at.pk == company.pk else at) if at else (None, None)


@transaction.atomic
def move_under(company: Company, parent: Company | None) -> Company:
    """Put a company under a parent, or under none, and settle the ultimate parents of the whole group."""
    with connection.cursor() as cursor:
        # One writer at a time: two moves at once could close a circle that neither sees.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('companies.groups'))")
        if parent is not None:
            cursor.execute(ABOVE, [parent.pk])
            if (company.pk,) in cursor.fetchall():
                raise GroupCycle(_("A company cannot stand above its own parent."))
    company.parent = parent
    company.save(update_fields=["parent", "updated_at"])
    settle_ultimate_parents()
    company.refresh_from_db()
    return company


def settle_ultimate_parents() -> None:
    """Make every ultimate parent agree with the parents; running it again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE)
