"""Figures of a project at one layer; the newest by its own date is the current one, older ones stay as history."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from config.staff.models import User
from leads.models import Lead, Reading, ReadingShare
from leads.models.choices import Layer
from leads.won import yearly


@transaction.atomic
def add_reading(lead: Lead, reading: Reading, *, by: User, shares: Iterable[ReadingShare] = ()) -> Reading:
    """Store a reading of the lead, and what of its jobs is in which municipality.

    What counts as verified comes from somebody other than the owner.
    """
    lead = Lead.objects.select_for_update().get(pk=lead.pk)  # two at once must not both become the current one
    if reading.layer == Layer.VERIFIED and by.pk == lead.owner_id:
        raise PermissionDenied
    current = lead.readings.filter(layer=reading.layer, is_current=True).first()
    reading.lead, reading.by = lead, by
    reading.is_current = current is None or reading.dated_on >= current.dated_on
    if current and reading.is_current:
        current.is_current = False
        current.save(update_fields=["is_current"])
    reading.save()
    for share in shares:
        share.reading = reading
        share.save()
    yearly.answer(lead, reading, by=by)
    return reading
