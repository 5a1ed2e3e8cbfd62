"""The privacy notice that a new agency starts with; its administrators publish the next version."""

from datetime import datetime

from django.conf import settings

from companies.models import PrivacyNotice

SPANISH = (
    "%(agency)s guarda lo que usted escribe para responderle, y para nada más (Ley 1581 de 2012). Puede preguntar en "
    "cualquier momento qué guardamos de usted, y pedir que se corrija o se elimine."
)
ENGLISH = (
    "%(agency)s keeps what you write in order to answer you, and for nothing else (Colombian Law 1581 of 2012). You "
    "may ask at any time what is kept of you, have it corrected or removed."
)


def load_privacy_notice(*, at: datetime) -> int:
    """An agency that has one keeps it."""
    if PrivacyNotice.objects.exists():
        return 0
    agency = {"agency": settings.AGENCY_NAME}
    made = PrivacyNotice(number=1, text_es=SPANISH % agency, text_en=ENGLISH % agency, published_at=at)
    return len(PrivacyNotice.objects.bulk_create([made], ignore_conflicts=True))
