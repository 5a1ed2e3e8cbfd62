"""Questions from outside: received once, told to who must answer, answered, turned into a lead or closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from companies.models import Company, Contact, ContactPoint, LegalBasis
from companies.new_people import Basis, Person, add_person
from config.staff import clock
from config.staff.models import User
from config.staff.working_hours import A_DAY, add_working_hours
from leads.errors import ReasonMissing, StaleEdit
from leads.models import Enquiry, Interaction, Lead
from leads.models.choices import Outcome, Source
from leads.pipeline import moves as pipeline

# Who did not come was told nothing.
TOOK_PLACE = (Outcome.HELD, Outcome.PASSING)


@dataclass(frozen=True)
class Turned:
    """Whose question it was, as far as is known by now: a company that stands here, or the name of a new one."""

    company: Company | str
    title: str
    contact: Contact | None = None


def response_target(received_at: datetime) -> datetime:
    """One working day of working hours later, in UTC."""
    return add_working_hours(received_at, A_DAY, zone=settings.AGENCY_ZONE, country=settings.AGENCY_COUNTRY)


def waiting_for(person: User) -> int:
    """How many wait for this person's answer, or for anybody's."""
    mine = Q(owner=person) | Q(owner=None)
    return Enquiry.objects.visible_to(person).waiting().filter(mine).count()


@transaction.atomic
def receive(capture_id: UUID, *, received_at: datetime | None = None, **facts: Any) -> Enquiry:
    """Store what came in and start its clock. The same capture id again gives the first one, unchanged."""
    received_at = received_at or clock.now()
    enquiry, _is_new = Enquiry.objects.get_or_create(
        capture_id=capture_id,
        defaults={**facts, "received_at": received_at, "respond_by": response_target(received_at)},
    )
    return enquiry


@transaction.atomic
def assign(enquiry: Enquiry, owner: User, *, seen_version: int) -> Enquiry:
    """Somebody takes it in hand, and hears of it."""
    enquiry = _locked(enquiry)
    if enquiry.owner_id == owner.pk:
        return enquiry
    _refuse_stale(enquiry, seen_version)
    enquiry.owner, enquiry.told_at, enquiry.told_late_at = owner, None, None
    return _keep(enquiry, "owner", "told_at", "told_late_at")


@transaction.atomic
def answer(enquiry: Enquiry, *, by: User, note: str = "", at: datetime | None = None) -> Enquiry:
    """A person has answered: the clock stops. A second answer changes nothing."""
    enquiry = _locked(enquiry)
    if not enquiry.is_waiting:
        return enquiry
    _stop_the_clock(enquiry, by=by, note=note, at=at)
    enquiry.state = Enquiry.State.ANSWERED
    return _keep(enquiry, "state", *_CLOCK)


def answered_by(interaction: Interaction, contacts: Sequence[Contact], *, by: User) -> None:
    """What one of us said to whoever asked is the first human answer; what they said to us is none."""
    if not contacts or interaction.direction == Interaction.Direction.IN or interaction.outcome not in TOOK_PLACE:
        return
    points = ContactPoint.objects.emails().filter(contact__in=contacts).values("value")
    theirs = Q(contact__in=contacts) | (Q(email__in=points) & ~Q(email=""))
    at = min(interaction.happened_at, clock.now())
    for enquiry in Enquiry.objects.waiting().filter(theirs, received_at__lte=at):
        answer(enquiry, by=by, note=f"{interaction.get_kind_display()}: {interaction.note}", at=at)


@transaction.atomic
def turn_into_lead(enquiry: Enquiry, turned: Turned, *, by: User) -> Lead:
    """Open a lead of it, with the company and the person made where they are new. The second time, the same lead."""
    enquiry = _locked(enquiry)
    before = enquiry.leads.order_by("pk").first()
    if before:
        return before
    company = turned.company
    if isinstance(company, str):
        company = Company.objects.create(
            name=company, origin_country=enquiry.country, owner=enquiry.owner or by, created_by=by
        )
    contact = turned.contact or _person(enquiry, company, by)
    lead = pipeline.open_lead(
        company,
        by=by,
        title=turned.title,
        contact=contact,
        enquiry=enquiry,
        source=Source.ENQUIRY,
        owner=enquiry.owner or by,
    )
    if enquiry.answered_at is None:
        _stop_the_clock(enquiry, by=by, note=_("Became a lead"), at=None)
    enquiry.state, enquiry.company, enquiry.contact = Enquiry.State.LEAD, company, contact
    _keep(enquiry, "state", "company", "contact", *_CLOCK)
    return lead


@transaction.atomic
def close(enquiry: Enquiry, because: str, *, by: User, note: str = "", answered: bool = False) -> Enquiry:
    """It goes no further, and why. `answered` says that the person was told so, which stops the clock."""
    if because not in Enquiry.Closed.values:
        raise ReasonMissing
    enquiry = _locked(enquiry)
    if enquiry.state not in (Enquiry.State.WAITING, Enquiry.State.ANSWERED):
        return enquiry
    if answered and enquiry.answered_at is None:
        _stop_the_clock(enquiry, by=by, note=note, at=None)
    enquiry.state, enquiry.closed_because, enquiry.closed_note = Enquiry.State.CLOSED, because, note.strip()[:500]
    return _keep(enquiry, "state", "closed_because", "closed_note", *_CLOCK)


@transaction.atomic
def reopen(enquiry: Enquiry) -> Enquiry:
    """Closed too early. Its clock goes on from when it was received, unless somebody had answered."""
    enquiry = _locked(enquiry)
    if enquiry.state != Enquiry.State.CLOSED:
        return enquiry
    enquiry.state = Enquiry.State.ANSWERED if enquiry.answered_at else Enquiry.State.WAITING
    enquiry.closed_because, enquiry.closed_note = "", ""
    return _keep(enquiry, "state", "closed_because", "closed_note")


_CLOCK = ("answered_at", "answered_by", "answer_note", "response_minutes")


def _stop_the_clock(enquiry: Enquiry, *, by: User, note: str, at: datetime | None) -> None:
    enquiry.answered_at = max(at or clock.now(), enquiry.received_at)
    enquiry.answered_by, enquiry.answer_note = by, note.strip()[:500]
    enquiry.response_minutes = enquiry.response_time // timedelta(minutes=1)


def _person(enquiry: Enquiry, company: Company, by: User) -> Contact:
    """Whoever asked: somebody of this address at this company, or a new contact."""
    email = enquiry.email.lower()
    known = Contact.objects.current().filter(
        contact_points__kind=ContactPoint.Kind.EMAIL, contact_points__value=email, positions__company=company
    )
    found = known.order_by("pk").first() if email else None
    if found:
        return found
    given, _space, family = enquiry.name.strip().partition(" ")
    asked = Basis(
        kind=LegalBasis.CONTRACT,
        since=enquiry.received_at.date(),
        source=_("Asked us by themselves"),
        notice=str(enquiry.notice or ""),
    )
    person = Person(
        given_name=given,
        family_name=family.strip(),
        email=email,
        phone=enquiry.phone,
        language=enquiry.language,
        country=enquiry.country,
        basis=asked,
    )
    return add_person(person, company, by=by)


def _locked(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=enquiry.pk)


def _refuse_stale(enquiry: Enquiry, seen_version: int) -> None:
    if enquiry.version != seen_version:
        raise StaleEdit(enquiry, seen_version)


def _keep(enquiry: Enquiry, *fields: str) -> Enquiry:
    enquiry.version += 1
    enquiry.save(update_fields=[*fields, "version"])
    return enquiry
