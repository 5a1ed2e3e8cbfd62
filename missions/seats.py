"""Seats that were written in bulk past the triggers."""

from django.db import connection

# Of two that lie over each other the later one is marked as tentative, so that all the others can take their hour.
MARK = """
UPDATE missions_appointment SET tentative = true WHERE id IN (
  SELECT b.id
  FROM missions_appointment a JOIN missions_seat sa ON sa.appointment_id = a.id
  JOIN missions_delegate da ON da.id = sa.delegate_id JOIN missions_delegate db ON db.person = da.person
  JOIN missions_seat sb ON sb.delegate_id = db.id JOIN missions_appointment b ON b.id = sb.appointment_id
  WHERE a.id < b.id AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
  AND a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show'))
"""
FILL = """
UPDATE missions_seat SET person = d.person, during = tstzrange(a.starts_at, a.ends_at),
  blocks = NOT a.tentative AND a.status NOT IN ('cancelled', 'no_show')
FROM missions_appointment a, missions_delegate d
WHERE a.id = appointment_id AND d.id = delegate_id AND during IS NULL
"""


def settle_seats() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        cursor.execute(FILL)
