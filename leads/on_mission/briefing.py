"""What a meeting's people should know before it: who, history with us, open promises, purpose, what not to mention.

Only one's own book holds what is restricted. Every other one is handed on, so it holds what is open to all of the
staff; and that of a guest says nothing of what was said and promised.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import ContactPoint, Position
from config.staff.models import User
from leads.models import FollowUp, Interaction
from leads.models.choices import Level
from missions.models import Appointment, Delegate, Mission
from missions.models.appointment import Level as AppointmentLevel
from missions.wall_time import to_wall

MOST_SAID, MOST_PROMISED = 3, 5
LONGEST_NOTE = 400


@dataclass(frozen=True)
class Audience:
    """By whose rights a book is made, and who reads it."""

    reader: User
    delegate: Delegate | None = None

    @property
    def is_own(self) -> bool:
        return self.delegate is not None and self.delegate.user_id == self.reader.pk

    @property
    def is_guest(self) -> bool:
        return self.delegate is not None and not (self.delegate.user and self.delegate.user.is_staff_member)

    def appointments(self, mission: Mission) -> QuerySet[Appointment]:
        rows = Appointment.objects.visible_to(self.reader).filter(mission=mission)
        rows = rows.exclude(status=Appointment.Status.CANCELLED)
        if self.delegate:
            rows = rows.filter(seats__delegate=self.delegate)
        return rows if self.is_own else rows.filter(level=AppointmentLevel.OPEN)

    def said(self) -> QuerySet[Interaction]:
        rows = Interaction.objects.visible_to(self.reader)
        return rows if self.is_own else rows.filter(Q(lead=None) | Q(lead__level=Level.OPEN))

    def promised(self) -> QuerySet[FollowUp]:
        rows = FollowUp.objects.visible_to(self.reader).open()
        if self.is_own:
            return rows
        open_lead = Q(lead=None) | Q(lead__level=Level.OPEN)
        said = Q(interaction=None) | Q(interaction__lead=None) | Q(interaction__lead__level=Level.OPEN)
        planned = Q(appointment=None) | Q(appointment__level=AppointmentLevel.OPEN)
        return rows.filter(open_lead, said, planned)


@dataclass(frozen=True)
class Brief:
    """One meeting, in finished words of the language that is active."""

    appointment: Appointment
    day: str
    hours: str
    ours: list[str]
    facts: list[tuple[str, str]]
    people: list[list[str]]
    history: list[list[str]]
    promises: list[list[str]]
    avoid: str

    def as_data(self) -> dict[str, Any]:
        planned = self.appointment
        return {
            "key": str(planned.pk),
            "company": planned.company.name,
            "when": f"{self.day}, {self.hours}",
            "day": self.day,
            "hours": self.hours,
            "place": _place(planned),
            "purpose": planned.purpose,
            "avoid": self.avoid,
            "ours": ", ".join(self.ours),
            "facts": [list(fact) for fact in self.facts],
            "about": planned.company.description[:LONGEST_NOTE],
            "people": self.people,
            "history": self.history,
            "promises": self.promises,
        }


def briefs(pks: Sequence[int], audience: Audience) -> list[Brief]:
    """In the order of the keys; seven queries, however many they are. What was hidden meanwhile is left out."""
    rows = (
        Appointment.objects.visible_to(audience.reader)
        .filter(pk__in=pks)
        .select_related("company", "company__sector", "company__origin_country", "company__city", "stop__city")
        .prefetch_related("contacts", "seats__delegate")
    )
    found = {row.pk: row for row in rows}
    planned = [found[pk] for pk in pks if pk in found]
    companies = {row.company_id for row in planned}
    contacts = {contact.pk for row in planned for contact in row.contacts.all()}
    titles, reached = _titles(contacts), _reached(contacts)
    said = {} if audience.is_guest else _said(audience.said().filter(company__in=companies))
    promised = {} if audience.is_guest else _promised(audience.promised().filter(company__in=companies))
    return [
        Brief(
            row,
            date_format(row.local_start, "l j F"),
            f"{row.local_start:%H:%M}–{row.local_end:%H:%M}",
            [seat.delegate.name for seat in row.seats.all()],
            _facts(row),
            [
                [contact.name, titles.get(contact.pk, ""), reached.get(contact.pk, "")]
                for contact in row.contacts.all()
                if contact.anonymised_at is None
            ],
            said.get(row.company_id, []),
            promised.get(row.company_id, []),
            "" if audience.is_guest else row.do_not_mention,
        )
        for row in planned
    ]


def _place(row: Appointment) -> str:
    parts = (row.place, row.address, row.town, row.stop.city.name if row.stop else "")
    return " · ".join(dict.fromkeys(filter(None, parts)))


def _facts(row: Appointment) -> list[tuple[str, str]]:
    company = row.company
    facts = (
        (_("Country of origin"), company.origin_country.name if company.origin_country else ""),
        (_("Sector"), company.sector.name if company.sector else ""),
        (_("City"), company.city.name if company.city else ""),
        (_("Web domain"), company.domain),
        (_("Priority"), row.priority),
        (_("Status"), row.get_status_display()),
    )
    return [(label, value) for label, value in facts if value]


def _titles(contacts: Iterable[int]) -> dict[int, str]:
    rows = Position.objects.current().filter(contact__in=contacts).exclude(title="").order_by("contact", "pk")
    return dict(rows.values_list("contact", "title"))


def _reached(contacts: Iterable[int]) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = ContactPoint.objects.usable().filter(contact__in=contacts).order_by("contact", "kind", "-is_primary", "pk")
    for contact, value in rows.values_list("contact", "value"):
        found[contact].append(value)
    return {contact: " · ".join(values[:3]) for contact, values in found.items()}


def _said(rows: QuerySet[Interaction]) -> dict[int, list[list[str]]]:
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by=F("company"), order_by=[F("happened_at").desc(), F("pk").desc()])
    )
    found: dict[int, list[list[str]]] = defaultdict(list)
    for one in ranked.filter(rank__lte=MOST_SAID).select_related("logged_by").order_by("company", "rank"):
        day = date_format(to_wall(one.happened_at, one.zone), "SHORT_DATE_FORMAT")
        note = " ".join(one.note.split())
        if len(note) > LONGEST_NOTE:
            note = f"{note[: LONGEST_NOTE - 1]}…"
        found[one.company_id].append([day, one.get_kind_display(), one.logged_by.name, note])
    return found


def _promised(rows: QuerySet[FollowUp]) -> dict[int, list[list[str]]]:
    ranked = rows.annotate(rank=Window(RowNumber(), partition_by=F("company"), order_by=[F("due_on"), F("pk")]))
    found: dict[int, list[list[str]]] = defaultdict(list)
    for one in ranked.filter(rank__lte=MOST_PROMISED).select_related("owner").order_by("company", "rank"):
        if one.company_id:
            found[one.company_id].append([date_format(one.due_on, "SHORT_DATE_FORMAT"), one.text, one.owner.name])
    return found
