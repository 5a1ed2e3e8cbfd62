"""Whom one met: the box that finds a person or a company, and what it has found so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet
from django.http import QueryDict

from companies import search
from companies.look_alikes import look_alikes, people_like, people_reached_by
from companies.models import Company, Contact, Position
from config.staff.models import User
from leads.follow_ups.today import appointments_of_today
from leads.models import Interaction, Lead, Participant
from leads.models.choices import Outcome
from leads.on_mission.whereabouts import Whereabouts
from missions.models import Appointment

Row = TypeVar("Row", bound=Model)

LONGEST_ID = 18
MOST_PEOPLE = 20
PEOPLE_OFFERED = 6
RECENT = 6
# The latest talks of a person, out of which the people they met last are taken.
TALKS = 30
NAME = ("given_name", "family_name", "family_name_first")
# One has met somebody only where one spoke with them.
MET = (Outcome.HELD, Outcome.PASSING)


@dataclass(frozen=True)
class Met:
    day: date
    by: str
    url: str


@dataclass
class Answer:
    """One row under the box; the token is what its button sends."""

    token: str
    label: str
    beside: str = ""
    company_id: int | None = None
    contact_id: int | None = None
    met: Met | None = None
    hour: str = ""


@dataclass
class Who:
    user: User
    contacts: list[Contact] = field(default_factory=list)
    company: Company | None = None
    appointment: Appointment | None = None
    # Somebody whom we do not know yet: the name as typed.
    is_new: bool = False
    new_name: str = ""
    new_company: str = ""

    @classmethod
    def read(cls, data: QueryDict, user: User) -> "Who":
        """What the form holds, as far as this person may see it."""
        who = cls(
            user,
            is_new=bool(data.get("is_new")),
            new_name=words(data.get("person", ""), 200),
            new_company=words(data.get("new_company", ""), 255),
        )
        who.contacts = who._people(data.getlist("contact"))
        who.company = _one(Company.objects.visible_to(user).current(), data.get("company", ""))
        who.appointment = _one(_appointments(user), data.get("appointment", ""))
        if who.contacts and not who.company:
            who._take_company_of(who.contacts[0])
        if who.appointment and not who.company:
            who._take_appointment(who.appointment)
        return who

    @property
    def is_empty(self) -> bool:
        return not (self.contacts or self.company or self.is_new)

    def pick(self, token: str, *, typed: str = "") -> None:
        kind, _, key = token.partition(":")
        if kind == "new":
            self.is_new, self.new_name = True, self.new_name or words(typed, 200)
        elif kind == "company":
            self.company = _one(Company.objects.visible_to(self.user).current(), key) or self.company
            self.new_company = ""
        elif kind == "appointment":
            appointment = _one(_appointments(self.user), key)
            if appointment:
                self._take_appointment(appointment)
        elif kind == "contact":
            for contact in self._people([key]):
                if contact not in self.contacts:
                    self.contacts.append(contact)
                if not self.company:
                    self._take_company_of(contact)
        elif kind == "same":
            self.is_new, self.new_name = False, ""
            self.pick(f"contact:{key}")

    def take_card(self, *, email: str, phone: str) -> None:
        """Whom a card names: somebody we know by address or number, or else somebody new."""
        given = [value for value in (words(email, 254).lower(), words(phone, 40)) if value]
        known = [contact for value in given for contact in people_reached_by(value, reader=self.user, limit=1)]
        if not known:
            self.is_new = True
            return
        self.new_company = ""
        self.pick(f"same:{known[0].pk}")

    def drop(self, token: str) -> None:
        kind, _, key = token.partition(":")
        if kind == "new":
            self.is_new, self.new_name, self.new_company = False, "", ""
        elif kind == "company":
            self.company, self.appointment, self.contacts = None, None, []
        elif kind == "contact":
            self.contacts = [contact for contact in self.contacts if str(contact.pk) != key]
            if not self.contacts and not self.is_new:
                self.company = self.appointment = None

    @cached_property
    def leads(self) -> list[Lead]:
        """The open leads of the company that this person may see."""
        if not self.company:
            return []
        open_ones = Lead.objects.visible_to(self.user).open().filter(company=self.company)
        return list(open_ones.select_related("stage").order_by("-stage", "-pk")[:PEOPLE_OFFERED])

    @cached_property
    def others(self) -> list[Contact]:
        """Who else works there, to be added by one tap."""
        if not self.company:
            return []
        there = Position.objects.current().filter(company=self.company, contact__in=Contact.objects.current())
        rows = there.select_related("contact").order_by("-pk")[: PEOPLE_OFFERED + len(self.contacts)]
        return [row.contact for row in rows if row.contact not in self.contacts][:PEOPLE_OFFERED]

    @cached_property
    def met(self) -> Met | None:
        """When somebody of us spoke with them last."""
        people = last_met_people([contact.pk for contact in self.contacts], self.user)
        if people:
            return max(people.values(), key=lambda met: met.day)
        return last_met_companies([self.company.pk], self.user).get(self.company.pk) if self.company else None

    def _people(self, keys: Iterable[str]) -> list[Contact]:
        wanted = [int(key) for key in keys if key.isdecimal() and len(key) <= LONGEST_ID][:MOST_PEOPLE]
        found = Contact.objects.visible_to(self.user).current().in_bulk(wanted) if wanted else {}
        return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]

    def _take_company_of(self, contact: Contact) -> None:
        position = contact.positions.current().select_related("company").order_by("-pk").first()
        self.company = position.company if position else None

    def _take_appointment(self, appointment: Appointment) -> None:
        self.appointment, self.company = appointment, appointment.company
        if not self.contacts:
            self.contacts = list(appointment.contacts.current())


def find(typed: str, user: User) -> list[Answer]:
    """People first, then people of the companies found, then the companies. As many queries whatever is found."""
    groups = search.find(typed, user=user, kinds=("company", "contact"))
    hits = {group.kind.name: group.hits for group in groups}
    people = [
        Answer(f"contact:{hit.pk}", hit.label, hit.company or hit.beside, hit.company_id, hit.pk)
        for hit in hits.get("contact", [])
    ]
    companies = [
        Answer(f"company:{hit.pk}", hit.label, hit.matched or hit.beside, hit.pk) for hit in hits.get("company", [])
    ]
    known = {answer.contact_id for answer in people}
    there = [
        answer
        for answer in _people_of([answer.company_id for answer in companies[:3]])
        if answer.contact_id not in known
    ]
    return _with_met([*people, *there, *companies], user)


def like_company(name: str) -> list[Answer]:
    """Companies whose name, or an other name of theirs, is nearly this one."""
    if not name:
        return []
    return [Answer(f"company:{company.pk}", company.name, company_id=company.pk) for company in look_alikes(name)]


def like_person(chosen: Who, email: str) -> list[Answer]:
    """Whom the new person may be: of about this name at this company or in its group, or reached by this address."""
    given, _space, family = chosen.new_name.partition(" ")
    found = people_reached_by(email.lower(), reader=chosen.user) if email else []
    if chosen.company and chosen.new_name:
        found += people_like(given, family, reader=chosen.user, company=chosen.company)
    return [
        Answer(f"same:{person.pk}", person.name, ", ".join(held.company.name for held in person.held), contact_id=pk)  # type: ignore[attr-defined]
        for pk, person in {person.pk: person for person in found}.items()
    ]


def offered_first(user: User, where: Whereabouts) -> list[Answer]:
    """Before anything is typed: whom today's programme names, then whom this person met last."""
    return _with_met([*_appointments_of_today(user, where), *_recent(user)], user)


def last_met_people(keys: list[int], user: User) -> dict[int, Met]:
    if not keys:
        return {}
    rows = _spoken(user).filter(participants__contact__in=keys).order_by("participants__contact", "-happened_at")
    return _met(rows.distinct("participants__contact"), "participants__contact")


def last_met_companies(keys: list[int], user: User) -> dict[int, Met]:
    if not keys:
        return {}
    rows = _spoken(user).filter(company__in=keys).order_by("company", "-happened_at")
    return _met(rows.distinct("company"), "company")


def words(typed: str, most: int) -> str:
    return " ".join(typed.replace("\0", "").split())[:most]


def _spoken(user: User) -> QuerySet[Interaction]:
    return Interaction.objects.visible_to(user).filter(outcome__in=MET)


def _met(rows: QuerySet[Interaction], key: str) -> dict[int, Met]:
    told = rows.values_list(key, "happened_at", "zone", "logged_by__name", "pk")
    return {
        pk: Met(at.astimezone(ZoneInfo(zone)).date(), by, Interaction(pk=interaction).get_absolute_url())
        for pk, at, zone, by, interaction in told
    }


def _with_met(answers: list[Answer], user: User) -> list[Answer]:
    people = last_met_people([answer.contact_id for answer in answers if answer.contact_id], user)
    companies = last_met_companies([a.company_id for a in answers if a.company_id and not a.contact_id], user)
    for answer in answers:
        told: Mapping[int, Met] = people if answer.contact_id else companies
        answer.met = told.get(answer.contact_id or answer.company_id or 0)
    return answers


def _people_of(companies: list[int | None]) -> list[Answer]:
    if not companies:
        return []
    rows = (
        Position.objects.current()
        .filter(company__in=companies, contact__in=Contact.objects.current())
        .select_related("contact", "company")
        .order_by("-pk")[:PEOPLE_OFFERED]
    )
    return [
        Answer(f"contact:{row.contact_id}", row.contact.name, row.company.name, row.company_id, row.contact_id)
        for row in rows
    ]


def _appointments_of_today(user: User, where: Whereabouts) -> list[Answer]:
    if not where.mission:
        return []
    rows = [row for row in appointments_of_today(user) if not row.is_logged]  # type: ignore[attr-defined]
    return [
        Answer(
            f"appointment:{row.pk}",
            row.company.name,
            ", ".join(contact.name for contact in row.contacts.all()),
            row.company_id,
            hour=f"{row.local_start:%H:%M}",
        )
        for row in rows
    ]


def _recent(user: User) -> list[Answer]:
    talks = Interaction.objects.visible_to(user).filter(logged_by=user).newest_first()
    latest = {pk: place for place, pk in enumerate(talks.values_list("pk", flat=True)[:TALKS])}
    people = (
        Participant.objects.filter(interaction__in=latest, contact__isnull=False)
        .filter(contact__merged_into=None, contact__anonymised_at=None)
        .select_related("contact", "company_then")
        .only("interaction", *(f"contact__{part}" for part in NAME), "company_then__name")
    )
    rows = {row.contact_id: row for row in sorted(people, key=lambda row: -latest[row.interaction_id])}
    return [
        Answer(
            f"contact:{row.contact_id}",
            str(row.contact),
            str(row.company_then or ""),
            row.company_then_id,
            row.contact_id,
        )
        for row in sorted(rows.values(), key=lambda row: latest[row.interaction_id])[:RECENT]
    ]


def _appointments(user: User) -> QuerySet[Appointment]:
    return Appointment.objects.visible_to(user).select_related("company", "mission", "event", "stop__city")


def _one(queryset: "QuerySet[Any, Row]", key: str | None) -> Row | None:
    if not key or not key.isdecimal() or len(key) > LONGEST_ID:
        return None
    return queryset.filter(pk=int(key)).first()
