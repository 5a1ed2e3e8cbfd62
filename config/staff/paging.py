"""Lists page by key: a page says "after this row", so that the thousandth page costs what the first does.

The address carries the keys of the row at the edge (`after`, `before`), and is a plain link that works without scripts.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Row = TypeVar("Row")
Mark = list[Any]

AFTER, BEFORE = "after", "before"
COUNTED = 10_000
LONGEST_MARK = 4_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next_url: str
    previous_url: str
    count_label: str
    # Exact up to 10,000; None above, where everybody waits for a number that nobody reads.
    count: int | None


def keyset_page(
    queryset: "models.QuerySet[Any, Row]",
    request: HttpRequest,
    keys: Sequence[str] = ("-happened_at", "-pk"),
    size: int = 50,
    *,
    counted: bool = True,
) -> Page[Row]:
    """One page of the queryset, ordered by the keys, the last of which must be unique.

    A key is a field, a path whose relations the queryset selects, or an annotation. An index serves it best when it
    is never null.
    """
    order = [_key(queryset, name) for name in keys]
    back = _mark(request, BEFORE, order)
    mark = back or _mark(request, AFTER, order)
    walked = [key.turned() for key in order] if back else order
    wanted = queryset.filter(_beyond(walked, mark)) if mark else queryset
    found = list(wanted.order_by(*(key.ordering for key in walked))[: size + 1])
    rows, more = found[:size], len(found) > size
    if back:
        rows.reverse()
    count = count_of(queryset) if counted else None
    return Page(
        rows=rows,
        next_url=_url(request, AFTER, order, rows[-1]) if rows and (more or back) else "",
        previous_url=_url(request, BEFORE, order, rows[0]) if rows and (more if back else mark) else "",
        count_label=count_label(count) if counted else "",
        count=count,
    )


def url_after(queryset: "models.QuerySet[Any, Any]", request: HttpRequest, keys: Sequence[str], row: Any) -> str:
    """What comes after this row, where another query than `keyset_page` made the first page."""
    return _url(request, AFTER, [_key(queryset, name) for name in keys], row)


def rows_beside(queryset: "models.QuerySet[Any, Row]", row: Any, keys: Sequence[str]) -> tuple[Row | None, Row | None]:
    """The row before and the row after this one, which need not be in the queryset itself; two queries."""
    order = [_key(queryset, name) for name in keys]
    mark = [key.of(row) for key in order]
    turned = [key.turned() for key in order]
    before, after = (
        queryset.filter(_beyond(walked, mark)).order_by(*(key.ordering for key in walked)).first()
        for walked in (turned, order)
    )
    return before, after


def count_label(count: int | None) -> str:
    if count is None:
        return _("More than %(n)s records") % {"n": number_format(COUNTED, use_l10n=True, force_grouping=True)}
    words = ngettext("%(n)s record", "%(n)s records", count)
    return words % {"n": number_format(count, use_l10n=True, force_grouping=True)}


def count_of(queryset: "models.QuerySet[Any, Any]") -> int | None:
    """Exact up to 10,000; None above."""
    # Only the keys: what is annotated for show need not be worked out for ten thousand rows.
    count = queryset.order_by().values("pk")[: COUNTED + 1].count()
    return count if count <= COUNTED else None


@dataclass(frozen=True)
class _Key:
    name: str
    descending: bool
    field: "models.Field[Any, Any]"
    nullable: bool

    @property
    def ordering(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def turned(self) -> "_Key":
        return replace(self, descending=not self.descending)

    def of(self, row: Any) -> Any:
        value = row
        for part in self.name.split("__"):
            value = None if value is None else getattr(value, part)
        return value

    def equals(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def comes_after(self, value: Any) -> Q:
        """Postgres puts nulls last where it goes up, and first where it goes down."""
        missing = Q(**{f"{self.name}__isnull": True})
        if value is None:
            return ~missing if self.descending else Q(pk__in=[])
        beyond = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return beyond | missing if self.nullable and not self.descending else beyond


def _key(queryset: "models.QuerySet[Any, Any]", name: str) -> _Key:
    plain = name.removeprefix("-")
    annotation = queryset.query.annotations.get(plain)
    if annotation is not None:
        return _Key(plain, name.startswith("-"), annotation.output_field, nullable=True)
    model, nullable = queryset.model, False
    field: Any = None
    for part in plain.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            raise ValueError(f"{queryset.model.__name__} cannot be paged by {plain!r}.") from None
        nullable = nullable or field.null
        model = field.related_model or model
    # A column that Postgres generates reads its values like the kind that it holds; a key to a record like its id.
    field = getattr(field, "output_field", None) or getattr(field, "target_field", field)
    return _Key(plain, name.startswith("-"), field, nullable)


def _beyond(keys: list[_Key], mark: Mark) -> Q:
    """Rows after the mark: the first key lies beyond it, or is equal and the second lies beyond it, and so on."""
    beyond, equal = Q(), Q()
    for key, value in zip(keys, mark, strict=True):
        beyond |= equal & key.comes_after(value)
        equal &= key.equals(value)
    first, value = keys[0], mark[0]
    if value is not None and (first.descending or not first.nullable):
        # Says nothing new, but the planner can start its walk of the index here; it cannot with the "or" alone.
        beyond &= Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value})
    return beyond


def _url(request: HttpRequest, direction: str, keys: list[_Key], row: Any) -> str:
    asked = request.GET.copy()
    for name in (AFTER, BEFORE):
        asked.pop(name, None)
    asked[direction] = _packed([key.of(row) for key in keys])
    return f"?{asked.urlencode()}"


def _packed(mark: Mark) -> str:
    words = json.dumps(mark, default=_written, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(words.encode()).decode().rstrip("=")


def _written(value: Any) -> str:
    # To the microsecond, or rows of the same millisecond would be shown twice or never.
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _mark(request: HttpRequest, direction: str, keys: list[_Key]) -> Mark | None:
    """The keys out of the address; None where it says nothing, or nothing that can be read."""
    packed = request.GET.get(direction, "")
    if not packed or len(packed) > LONGEST_MARK:
        return None
    try:
        values = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            return None
        return [_read(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        return None


def _read(key: _Key, value: Any) -> Any:
    if isinstance(value, list | dict) or (isinstance(value, str) and "\0" in value):
        raise ValueError("not a key")
    read = key.field.to_python(value)
    return read.astimezone(UTC) if isinstance(read, datetime) and read.tzinfo else read
