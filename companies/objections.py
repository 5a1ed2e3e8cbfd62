"""Whom nobody writes to any more: asked when a mail is written, and once more at the very moment it is sent."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from companies.models import Contact, ContactPoint, Suppression


def address_hash(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def why_not_write(contact: Contact, address: str) -> str:
    """The reason in words, or nothing where this person may be written to at this address."""
    point = ContactPoint.objects.emails().filter(contact=contact, value__iexact=address.strip()).first()
    reasons = (
        (contact.anonymised_at or contact.merged_into_id, _("This record of the person is not in use any more.")),
        (contact.objected_at, _("They objected to messages.")),
        (point is None, _("This is no e-mail address of theirs any more.")),
        (point and point.objected_at, _("They objected to messages at this address.")),
        (point and point.bounced_at, _("Mail to this address came back.")),
        (is_suppressed(address), _("Whoever owns this address asked us not to write.")),
    )
    return next((words for holds, words in reasons if holds), "")


def is_suppressed(address: str) -> bool:
    return Suppression.objects.filter(address_hash=address_hash(address)).exists()


def addresses_of(contact: Contact) -> list[str]:
    """Where they may be written to, the one used first in front."""
    if contact.objected_at or contact.anonymised_at:
        return []
    points = contact.contact_points.emails().usable().order_by("-is_primary", "pk")
    return [value for value in points.values_list("value", flat=True) if not is_suppressed(value)]


def suppress(addresses: Iterable[str], reason: str, *, at: datetime) -> None:
    """For good, by their hash, so that they stay known when the person is not."""
    rows = [
        Suppression(address_hash=address_hash(address), reason=reason[:200], since=at)
        for address in dict.fromkeys(address.strip().lower() for address in addresses)
    ]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def object_to_messages(contact: Contact, source: str, *, at: datetime) -> Contact:
    """From now on nobody writes to this person, under whatever record. A second time changes nothing."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    suppress(contact.contact_points.emails().values_list("value", flat=True), "objection", at=at)
    if not contact.objected_at:
        contact.objected_at, contact.objection_source = at, source.replace("\0", "")[:200]
        contact.version += 1
        contact.save(update_fields=["objected_at", "objection_source", "version", "updated_at"])
    return contact
