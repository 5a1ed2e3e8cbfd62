"""What an import did to one record, so that it can be taken back."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from companies.folds import values_of
from companies.models import Import, ImportRow, ImportWrite

# What tells when and by whom, and what follows from other columns.
BOOKKEEPING = {"id", "version", "created_at", "updated_at", "created_by_id", "ultimate_parent_id"}


def content_of(record: models.Model) -> dict[str, Any]:
    """All that a record says, as JSON keeps it; what is empty is left out."""
    said = {name: value for name, value in values_of(record).items() if name not in BOOKKEEPING}
    return as_json({name: value for name, value in said.items() if value not in (None, "")})


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return plain


def made(an_import: Import, row: ImportRow, record: models.Model) -> ImportWrite:
    return _write(an_import, row, record, None, content_of(record))


def changed(an_import: Import, row: ImportRow, record: models.Model, changes: Mapping[str, Any]) -> ImportWrite:
    """Call it before the changes are set."""
    before = {name: getattr(record, name) for name in changes}
    return _write(an_import, row, record, as_json(before), as_json(changes))


def _write(an_import: Import, row: ImportRow, record: models.Model, before: Any, after: Any) -> ImportWrite:
    return ImportWrite(
        of=an_import, row=row.number, model=record._meta.label, record=record.pk, before=before, after=after
    )
