"""The pieces of a timeline: whose it is, one line of it, where a page of it ends, and what may stand on a page.

Several things may share one moment, so a page ends at a mark of three keys: the moment, the kind and the row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from companies.models import AttachedFile, Company, Contact, MergeLog
from leads.interactions.record_changes import RecordChange
from leads.models import FollowUp, Interaction, Lead, StageChange
from missions.models import Appointment

SHOWN = 30
LONGEST_ID = 18


@dataclass(frozen=True)
class Subject:
    """Whose timeline it is: a contact's, a company's, or that of all companies of its group."""

    record: Company | Contact
    # The names of the group's companies; empty for the record alone.
    group: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_company(self) -> bool:
        return isinstance(self.record, Company)

    @property
    def keys(self) -> list[int]:
        return [*self.group] or [self.record.pk]

    def where(self, company: str = "company", contact: str = "contact") -> dict[str, Any]:
        """The condition by the names that the fields to the company and to the contact have in a model."""
        return {f"{company}__in": self.keys} if self.is_company else {contact: self.record}


@dataclass(frozen=True)
class Known:
    """What the page has read already, so that the timeline does not ask again."""

    leads: list[Lead] | None = None
    closed: list[FollowUp] | None = None
    # Sources in which there is nothing of the record.
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mark:
    """The last entry of a page, as its address says it."""

    at: datetime
    kind: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}~{self.kind}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        moment, _first, rest = text.partition("~")
        kind, _second, pk = rest.partition("~")
        if not (kind.isdecimal() and pk.isdecimal() and len(kind) == 1 and len(pk) <= LONGEST_ID):
            return None
        try:
            at = parse_datetime(moment)
        except ValueError:
            return None
        return cls(at, int(kind), int(pk)) if at and at.tzinfo else None


@dataclass(frozen=True)
class Entry:
    mark: Mark
    # The company of the group that it is about, in a timeline of a whole group.
    company: int | None = None
    company_name: str = ""
    interaction: Interaction | None = None
    follow_up: FollowUp | None = None
    change: StageChange | None = None
    appointment: Appointment | None = None
    merge: MergeLog | None = None
    may_undo: bool = False
    edit: RecordChange | None = None
    file: AttachedFile | None = None
    href: str = ""


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    # Where the older ones begin; None where there are none.
    older_than: Mark | None


@dataclass(frozen=True)
class Window:
    """The rows of one kind that may stand on the page: one more than it holds."""

    kind: int
    before: Mark | None

    def of(self, rows: QuerySet[Any], key: str, pk: str = "pk") -> Iterator[tuple[Mark, Any]]:
        if self.before:
            rows = rows.filter(self._older(self.before, key, pk))
        for row in rows.order_by(f"-{key}", f"-{pk}")[: SHOWN + 1]:
            yield Mark(_value(row, key), self.kind, getattr(row, pk)), row

    def _older(self, mark: Mark, key: str, pk: str) -> Q:
        older = Q(**{f"{key}__lt": mark.at})
        if self.kind < mark.kind:
            return Q(**{f"{key}__lte": mark.at})
        return older | Q(**{key: mark.at, f"{pk}__lt": mark.pk}) if self.kind == mark.kind else older


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
