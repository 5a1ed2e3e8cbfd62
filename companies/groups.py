"""Groups of companies: parents, and the ultimate parent that figures count by."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from companies.models import Company

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


class GroupCycle(Exception):  # noqa: N818 - the domain's word for it
    """The company would stand above itself; the text says so in words for the person."""


@transaction.atomic
def move_under(company: Company, parent: Company | None) -> Company:
    """Put a company under a parent, or under none, and settle the ultimate parents of the whole group."""
    # One writer at a time: two moves at once could close a circle that neither sees.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('companies.groups'))")
    above = parent
    while above is not None:
        if above.pk == company.pk:
            raise GroupCycle(_("A company cannot stand above its own parent."))
        above = above.parent
    company.parent = parent
    company.save(update_fields=["parent", "updated_at"])
    settle_ultimate_parents()
    company.refresh_from_db()
    return company


def settle_ultimate_parents() -> None:
    """Make every ultimate parent agree with the parents; running it again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE)
