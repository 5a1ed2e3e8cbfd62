"""Who met a restricted lead by name, and where: written down for its owner.

A page names the leads that it showed, all at once; a message does not count, since it holds the code name alone.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

from config.staff import clock
from config.staff.models import User
from leads.models import Lead, LeadView
from leads.models.choices import Level

Where = LeadView.Where

# Open leads, and one's own, are nobody's business.
WRITE_DOWN = """
    INSERT INTO leads_leadview (lead_id, user_id, "where", day, at)
    SELECT id, %(reader)s, %(where)s, %(day)s, %(at)s FROM leads_lead
    WHERE id = ANY(%(leads)s) AND level <> %(open)s AND owner_id <> %(reader)s
    ON CONFLICT DO NOTHING
"""


def note(reader: User, where: Where, leads: Iterable[int | None]) -> None:
    """One statement a page, and none where it showed no lead. The keys may be of open leads."""
    keys = sorted({key for key in leads if key})
    if not keys:
        return
    given: dict[str, int | str | date | datetime | list[int]] = {
        "reader": reader.pk,
        "where": where.value,
        "day": clock.today_for(reader),
        "at": clock.now(),
        "leads": keys,
        "open": Level.OPEN.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DOWN, given)


def note_rows(reader: User, where: Where, rows: Iterable[Any]) -> None:
    """Of leads whose level was read: mostly none is restricted, and nothing is asked."""
    note(reader, where, (row.pk for row in rows if row.level != Level.OPEN))


def note_lead(reader: User, lead: Lead, where: Where = Where.PAGE) -> None:
    if lead.is_restricted and reader.pk != lead.owner_id:
        note(reader, where, [lead.pk])
