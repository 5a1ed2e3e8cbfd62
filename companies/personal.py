"""All that is held of one person, told part by part. Each app registers its parts when it starts.

A test compares the parts with every relation to a contact, so that a new one is not forgotten.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from companies.models import Contact, ContactFile, ContactPoint, DataRequest, Position
from config.staff.models import User

Row = dict[str, Any]
# What stands where something was.
GONE = "***"


@dataclass(frozen=True)
class Part:
    """One kind of record that says something of a person; `covers` are the relations to a contact it answers for."""

    name: str
    label: Any
    covers: Sequence[str]
    rows: Callable[[list[int], User], Iterable[Row]]
    # What names the person in fields of its own goes with them; texts are swept for every kind of record.
    forget: Callable[[list[int]], None] | None = None


@dataclass(frozen=True)
class Told:
    part: Part
    rows: list[Row]


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.name] = part


def parts() -> list[Part]:
    return list(_parts.values())


def one_person(contact: Contact) -> list[int]:
    """The record and all that were merged into it: they are one person."""
    found, fresh = [contact.pk], [contact.pk]
    while fresh:
        merged = Contact.objects.filter(merged_into__in=fresh).exclude(pk__in=found)
        fresh = list(merged.values_list("pk", flat=True))
        found += fresh
    return found


def tell(contact: Contact, *, reader: User) -> list[Told]:
    """What the reader may see of it: restricted projects stay with those who are named on them."""
    people = one_person(contact)
    return [Told(part, list(part.rows(people, reader))) for part in parts()]


def write_archive(contact: Contact, told: Sequence[Told], target: IO[bytes]) -> None:
    """One archive for the person: data for machines, a page for people, and their files."""
    data = {one.part.name: one.rows for one in told}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        context = {"contact": contact, "told": [one for one in told if one.rows]}
        archive.writestr("data.html", render_to_string("privacy/export.html", context))
        links = ContactFile.objects.filter(contact__in=one_person(contact)).kept().select_related("file")
        for link in links:
            with link.file.blob.open("rb") as blob:
                archive.writestr(f"files/{link.file_id} {link.file.name}", blob.read())


def facts(record: models.Model, *leave_out: str) -> Row:
    """The fields of a record as its model names them, choices in words; keys are followed to their names."""
    said: Row = {}
    for field in record._meta.concrete_fields:
        if field.name in leave_out or field.primary_key or (not field.editable and field.name.startswith("folded")):
            continue
        display = getattr(record, f"get_{field.name}_display", None)
        value = display() if display else getattr(record, field.name)
        if value not in (None, ""):
            said[field.name] = str(value) if isinstance(value, models.Model) else value
    return said


BOOKKEEPING = ("version", "folded", "created_by", "updated_at", "merged_into")


def _contacts(people: list[int], _reader: User) -> Iterable[Row]:
    rows = Contact.objects.filter(pk__in=people).select_related("country")
    return [facts(row, *BOOKKEEPING) for row in rows]


def _points(people: list[int], _reader: User) -> Iterable[Row]:
    return [facts(row, "contact") for row in ContactPoint.objects.filter(contact__in=people)]


def _positions(people: list[int], _reader: User) -> Iterable[Row]:
    return [facts(row, "contact") for row in Position.objects.filter(contact__in=people).select_related("company")]


def _files(people: list[int], _reader: User) -> Iterable[Row]:
    rows = ContactFile.objects.filter(contact__in=people).kept().select_related("file")
    return [facts(row.file, "blob", "uploaded_by", "removed_by", "sha256") for row in rows]


def _requests(people: list[int], reader: User) -> Iterable[Row]:
    rows = DataRequest.objects.visible_to(reader).filter(contact__in=people)
    return [facts(row, "contact", "owner", "answered_by", "created_by") for row in rows]


def _history(people: list[int], _reader: User) -> Iterable[Row]:
    of: list[tuple[Any, str]] = [(Contact, "pgh_obj_id"), (ContactPoint, "contact_id"), (Position, "contact_id")]
    for model, key in of:
        events = model.pgh_event_model
        for row in events.objects.filter(**{f"{key}__in": people}).order_by("pgh_id").values():
            # Keys without their meaning tell a person nothing.
            said = {name: value for name, value in row.items() if not name.endswith("_id") and value not in (None, "")}
            yield {"of": str(model._meta.verbose_name), **said}


def register_parts() -> None:
    register(Part("contact", _("Contact"), ["companies.Contact.merged_into"], _contacts))
    register(Part("points", _("E-mails and phones"), ["companies.ContactPoint.contact"], _points))
    register(Part("positions", _("Positions"), ["companies.Position.contact"], _positions))
    register(Part("files", _("Files"), ["companies.ContactFile.contact"], _files))
    register(Part("requests", _("Data-subject requests"), ["companies.DataRequest.contact"], _requests))
    register(Part("history", _("Earlier versions"), [], _history))
