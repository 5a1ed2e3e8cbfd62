"""Restricted leads stand on an agreement not to tell: which have none in force, and which soon will not."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from config.staff.models import User
from leads.models import Lead, Nda
from leads.models.choices import OPEN, Level
from leads.models.lead import LeadQuerySet

# So long before its end its owner is told.
SOON = timedelta(days=30)


def without(reader: User, *, today: date) -> LeadQuerySet:
    """Active restricted leads of this person that have no agreement for the next weeks."""
    lasting = Nda.objects.filter(lead=OuterRef("pk")).in_force(on=today)
    lasting = lasting.exclude(expires_on__lt=today + SOON)
    rows: LeadQuerySet = Lead.objects.visible_to(reader).filter(owner=reader, status__in=OPEN).exclude(level=Level.OPEN)
    return rows.filter(~Exists(lasting))


def warning_of(lead: Lead, ndas: list[Nda], *, today: date) -> str:
    """ "none", "soon" or nothing; of the agreements that its page has read."""
    if not lead.is_restricted or not lead.is_open:
        return ""
    running = [nda for nda in ndas if nda.signed_on <= today and (nda.expires_on is None or nda.expires_on >= today)]
    if not running:
        return "none"
    lasting = any(nda.expires_on is None or nda.expires_on >= today + SOON for nda in running)
    return "" if lasting else "soon"
