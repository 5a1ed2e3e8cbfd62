"""What a calendar program is told: which appointments and events, as far as the address's person may see them now."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from companies.models import Contact
from config.staff import clock
from config.staff.keeping import kept
from config.staff.models import User
from missions.ics import Line, write
from missions.models import Appointment, CalendarFeed, Delegate, Event, Mission, Seat

# A person's own calendar goes back this far; a mission's holds all of it.
KEPT = timedelta(days=90)
CACHED = 3600
Status = Appointment.Status
STATUS = {
    Status.PROPOSED: "TENTATIVE",
    Status.MOVED: "TENTATIVE",
    Status.CONFIRMED: "CONFIRMED",
    Status.HELD: "CONFIRMED",
    Status.NO_SHOW: "CONFIRMED",
    Status.CANCELLED: "CANCELLED",
}
TOLD = (
    *("pk", "mission_id", "version", "updated_at", "local_start", "local_end", "zone", "status", "tentative", "level"),
    *("company__name", "mission__name", "purpose", "place", "address", "town", "stop__city__name"),
)


def feed_of(address: CalendarFeed) -> "Feed | None":
    """None where its person may see nothing of it any more."""
    person, mission = address.user, address.mission
    if not person.is_active or (mission and not Mission.objects.visible_to(person).filter(pk=mission.pk).exists()):
        return None
    return Feed(person, mission)


class Feed:
    """Read in seven queries of plain rows; written out only for who has not got the same already."""

    def __init__(self, person: User, mission: Mission | None) -> None:
        self.person, self.mission = person, mission
        planned = self._planned()
        self.rows = list(planned.order_by("starts_at", "pk").values(*TOLD))
        keys = planned.values("pk")
        self.ours = _by_appointment(Seat.objects.filter(appointment__in=keys).values_list("appointment", "delegate"))
        through = Appointment.contacts.through.objects.filter(appointment__in=keys)
        self.theirs = _by_appointment(through.values_list("appointment", "contact"))
        delegates = Delegate.objects.filter(pk__in={pk for keys in self.ours.values() for pk in keys})
        contacts = Contact.objects.filter(pk__in={pk for keys in self.theirs.values() for pk in keys})
        self.names = dict(delegates.values_list("pk", "name"))
        self.contacts = {contact.pk: str(contact) for contact in contacts}
        self.events = list(self._events().order_by("starts_at", "pk"))

    def _planned(self) -> QuerySet[Appointment]:
        rows = Appointment.objects.visible_to(self.person)
        if self.mission:
            return rows.filter(mission=self.mission)
        own = Seat.objects.filter(delegate__user=self.person).values("appointment")
        return rows.filter(pk__in=own, ends_at__gte=clock.now() - KEPT)

    def _events(self) -> QuerySet[Any]:
        """Fairs and evenings of the mission; in a person's own calendar those of the missions they travel with."""
        missions = Mission.objects.visible_to(self.person)
        missions = missions.filter(pk=self.mission.pk) if self.mission else missions.of(self.person)
        rows = Event.objects.filter(Q(ends_at__gte=clock.now() - KEPT) | Q(mission=self.mission), mission__in=missions)
        rows = rows.annotate(changes=Count("history_rows"), changed_at=Max("history_rows__pgh_created_at"))
        return rows.select_related("mission", "city")

    @cached_property
    def tag(self) -> str:
        """The same for the same content. The number before it is that of the format."""
        told = hashlib.sha256(f"1 {self.person.language} {self.person.is_staff_member} {self.name}".encode())
        for part in (self.rows, self.ours, self.theirs, self.names, self.contacts):
            told.update(repr(part).encode())
        for event in self.events:
            told.update(repr((event.pk, event.changes, event.changed_at, event.city.name)).encode())
        return told.hexdigest()[:32]

    @cached_property
    def name(self) -> str:
        with translation.override(self.person.language):
            return self.mission.name if self.mission else _("Appointments of %(name)s") % {"name": self.person.name}

    def written(self) -> bytes:
        """As iCalendar. Many people read the same mission, so it is written once."""

        def write_all() -> bytes:
            with translation.override(self.person.language):
                return write(self.name, list(self._lines()))

        return kept(f"calendar-{self.tag}", CACHED, write_all)

    def _lines(self) -> Iterator[Line]:
        for row in self.rows:
            yield self._appointment(row)
        for event in self.events:
            yield _event(event)

    def _appointment(self, row: dict[str, Any]) -> Line:
        ours = ", ".join(self.names[pk] for pk in self.ours.get(row["pk"], ()))
        theirs = ", ".join(self.contacts[pk] for pk in self.theirs.get(row["pk"], ()))
        status = Status(row["status"])
        told = (
            row["purpose"],
            ours and _("Our people: %(names)s") % {"names": ours},
            theirs and _("Their people: %(names)s") % {"names": theirs},
            _("Status: %(status)s") % {"status": status.label},
        )
        places = (row["place"], row["address"], row["town"], row["stop__city__name"])
        return Line(
            uid=f"appointment-{row['pk']}@{settings.MAIL_DOMAIN}",
            sequence=row["version"] - 1,
            changed_at=row["updated_at"],
            start=row["local_start"],
            end=row["local_end"],
            zone=row["zone"],
            status="TENTATIVE" if row["tentative"] and status in Appointment.TO_COME else STATUS[status],
            summary=row["company__name"],
            location=", ".join(dict.fromkeys(filter(None, places))),
            url=settings.SITE_URL + self._page(row),
            category=row["mission__name"],
            description=tuple(filter(None, told)),
            is_private=row["level"] != "open",
            is_busy=not row["tentative"] and status not in Appointment.OFF,
        )

    def _page(self, row: dict[str, Any]) -> str:
        if self.person.is_staff_member:
            return reverse("missions:appointment", args=[row["mission_id"], row["pk"]])
        return Mission(pk=row["mission_id"]).get_absolute_url()


def _by_appointment(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for appointment, who in sorted(pairs):
        found[appointment].append(who)
    return dict(found)


def _event(row: Any) -> Line:
    return Line(
        uid=f"event-{row.pk}@{settings.MAIL_DOMAIN}",
        sequence=max(row.changes - 1, 0),
        changed_at=row.changed_at or row.mission.created_at,
        start=row.local_start,
        end=row.local_end,
        zone=row.zone,
        status="CANCELLED" if row.cancelled_at else "CONFIRMED",
        summary=row.name,
        location=", ".join(filter(None, (row.venue, row.city.name))),
        url=settings.SITE_URL + row.mission.get_absolute_url(),
        category=row.mission.name,
        is_busy=False,
    )
