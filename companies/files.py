"""Files on records: taken in, served under the record's own address, removed, and at last destroyed.

Each kind of record has a shelf, which names its table of files and the addresses under which they are.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.urls import reverse

from companies.models import AttachedFile, CompanyFile, ContactFile, File
from config.staff import clock
from config.staff.models import User

log = logging.getLogger(__name__)

# On the page of the record; the rest stands on a page of its own.
SHOWN = 8


@dataclass(frozen=True)
class Shelf:
    """The files of one kind of record. Its addresses are called `<namespace>:<name>_files` and so on."""

    namespace: str
    name: str
    links: type[AttachedFile]
    # What is written down where somebody opens a file of this record.
    opened: Callable[[Any, User], None] | None = None

    @property
    def records(self) -> Any:
        model: Any = self.links._meta.get_field(self.links.record_field).related_model
        return model._default_manager

    def of(self, record: models.Model) -> Any:
        return self.links.objects.filter(**{self.links.record_field: record})

    def url(self, record: models.Model, what: str = "files", **more: int) -> str:
        return reverse(f"{self.namespace}:{self.name}_{what}", kwargs={"pk": record.pk, **more})


@dataclass(frozen=True)
class Shelved:
    """What a page shows of the files of a record."""

    url: str
    rows: Sequence[AttachedFile]
    has_more: bool


COMPANY = Shelf("companies", "company", CompanyFile)
CONTACT = Shelf("companies", "contact", ContactFile)


def shelved(shelf: Shelf, record: models.Model, reader: User) -> Shelved:
    """One query."""
    rows = list(shelf.of(record).visible_to(reader).kept().newest_first()[: SHOWN + 1])
    for row in rows:
        row.may_be_removed = row.file.may_be_removed_by(reader)
    return Shelved(shelf.url(record), rows[:SHOWN], len(rows) > SHOWN)


def keep(
    shelf: Shelf,
    record: models.Model,
    content: UploadedFile[Any],
    *,
    name: str,
    media_type: str,
    note: str,
    by: User,
    **more: Any,
) -> AttachedFile:
    """Store what was checked before. Where the database refuses, nothing is left in the storage.

    `more` are fields of the link, where a kind of record has some.
    """
    file = File(
        name=name,
        note=note,
        media_type=media_type,
        size=content.size or 0,
        sha256=_digest(content),
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    content.seek(0)
    file.blob.save(name, content, save=False)
    try:
        with transaction.atomic():
            file.save()
            return shelf.links.objects.create(file=file, **{shelf.links.record_field: record}, **more)
    except Exception:
        file.blob.delete(save=False)
        raise


def _digest(content: UploadedFile[Any]) -> str:
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()


def purge() -> int:
    """Destroy what was removed long enough ago. The bytes go first: what is left of a broken run is found again."""
    gone = 0
    for file in File.objects.to_purge(clock.now()):
        try:
            file.blob.delete(save=False)
        except OSError as fault:
            log.warning("file %s cannot be destroyed yet: %s", file.pk, fault)
            continue
        # Taken back in this very moment it would stay as a row without bytes; its last day has come, so nobody can.
        File.objects.filter(pk=file.pk).delete()
        gone += 1
    return gone
