"""The privacy notice: its next version is published, the earlier ones stay as they were."""

from django.db import transaction

from companies.models import PrivacyNotice
from config.staff import clock
from config.staff.models import User


@transaction.atomic
def publish(text_es: str, text_en: str, *, by: User) -> PrivacyNotice:
    """In force from now on. The same words again are the version that is in force."""
    newest = PrivacyNotice.objects.select_for_update().order_by("-number").first()
    if newest and (newest.text_es, newest.text_en) == (text_es, text_en):
        return newest
    return PrivacyNotice.objects.create(
        number=newest.number + 1 if newest else 1,
        text_es=text_es,
        text_en=text_en,
        published_at=clock.now(),
        published_by=by,
    )
