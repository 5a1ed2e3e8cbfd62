"""Who hears of an enquiry by mail, and when."""

from datetime import datetime, timedelta

from django.conf import settings

from config.staff.absence import Away, covers_for
from config.staff.models import Role, User
from config.staff.stand_in import stand_in_for
from config.staff.working_hours import add_working_hours
from leads.models import Delivery, Enquiry


def who_must_know(enquiry: Enquiry, away: Away, *, late: bool) -> list[User]:
    """The owner, and of a late one their manager as well. Of one that nobody owns, the managers of the agency."""
    if enquiry.owner is None:
        people = User.objects.active().filter(role=Role.MANAGER).order_by("pk")
        return list(people or User.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk"))
    owner = covers_for(enquiry.owner, away) or stand_in_for(enquiry.owner)
    manager = enquiry.owner.manager
    return [owner, manager] if late and manager and manager.is_active and manager != owner else [owner]


def occasion(enquiry: Enquiry, *, late: bool) -> str:
    """Once for each owner, and once more when it is late."""
    return f"{enquiry.pk}/{enquiry.owner_id or 0}{'/late' if late else ''}"


def enquiry_of(delivery: Delivery, person: User | None) -> tuple[Enquiry | None, bool]:
    """As far as the person may see it; a chat of the agency is read by staff, who may all see it."""
    key, _owner, *late = delivery.occasion.split("/")
    rows = Enquiry.objects.visible_to(person) if person else Enquiry.objects.all()
    return rows.select_related("owner").filter(pk=int(key)).first(), bool(late)


def next_office_hour(at: datetime) -> datetime:
    """Nobody is woken by a form that somebody filled in on another continent."""
    return add_working_hours(at, timedelta(), zone=settings.AGENCY_ZONE, country=settings.AGENCY_COUNTRY)
