"""A person whom nobody had written down yet, with where they work and how they are reached: made in one way only."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from companies.models import Company, Contact, ContactPoint, Country, Position
from config.staff.models import User


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Why we may keep and write to them."""

    kind: str
    since: date
    source: str
    # The version of the privacy notice that they were given.
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    given_name: str
    family_name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    country: Country | None = None
    basis: Basis | None = None


@transaction.atomic
def add_person(person: Person, company: Company, *, by: User) -> Contact:
    contact = Contact(
        given_name=person.given_name[:120],
        family_name=person.family_name[:120],
        language=person.language,
        country=person.country,
        created_by=by,
    )
    if person.basis:
        contact.legal_basis, contact.legal_basis_on = person.basis.kind, person.basis.since
        contact.legal_basis_source = person.basis.source[:200]
        contact.notice_version = person.basis.notice[:20]
    contact.save()
    Position.objects.create(contact=contact, company=company, title=person.title)
    points = ((ContactPoint.Kind.EMAIL, person.email.strip().lower()), (ContactPoint.Kind.PHONE, person.phone))
    ContactPoint.objects.bulk_create(
        ContactPoint(contact=contact, kind=kind, value=value, is_primary=True) for kind, value in points if value
    )
    return contact
