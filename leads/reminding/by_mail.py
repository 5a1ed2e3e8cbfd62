"""What a reader may do from a mail: its link opens a page that asks; only the answer, which is posted, does anything.

The address is signed for one person and one follow-up and is good for a month. Mail scanners open every link, so
opening it never changes anything.
"""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from config.staff import clock
from config.staff.models import User
from leads.follow_ups.today import with_source
from leads.models import FollowUp

SALT = "leads.reminding.by_mail"
LASTS = timedelta(days=30)


class Asked(NamedTuple):
    person: User
    follow_up: FollowUp


def address(follow_up: FollowUp, person_id: int) -> str:
    token = signing.dumps([person_id, follow_up.pk, int(clock.now().timestamp())], salt=SALT)
    return f"{settings.SITE_URL}{reverse('leads:by_mail', args=[token])}"


def read(token: str) -> Asked | None:
    """Whose it is and about what; nothing where it is forged, old, or no longer for this person's eyes."""
    try:
        person_id, follow_up_id, made_at = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.active().staff().filter(pk=person_id).first()
    if person is None or clock.now().timestamp() - made_at > LASTS.total_seconds():
        return None
    found = with_source(FollowUp.objects.visible_to(person)).filter(pk=follow_up_id).first()
    return Asked(person, found) if found else None
