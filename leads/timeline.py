"""What happened with a company or a contact, newest first: what was said, planned, done and changed.

Each source reads what its line shows and no more: records of fifty columns cost ten times their lines.
Several things may share one moment, so a page ends at a mark of three keys: the moment, the kind and the row.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from companies.models import Company, Contact, MergeLog
from companies.unmerging import WITHIN
from config.staff import clock
from config.staff.models import User
from leads.interaction_lines import NAME, add_met
from leads.models import FollowUp, Interaction, Lead, Participant, StageChange
from leads.record_changes import RecordChange, changes_among, edits_of, was_edited
from missions.models import Appointment

SHOWN = 30
KINDS = ("meetings", "promises", "leads", "missions", "changes")
LONGEST_ID = 18


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
    interaction: Interaction | None = None
    follow_up: FollowUp | None = None
    change: StageChange | None = None
    appointment: Appointment | None = None
    merge: MergeLog | None = None
    may_undo: bool = False
    edit: RecordChange | None = None


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    # Where the older ones begin; None where there are none.
    older_than: Mark | None


def timeline_of(about: Company | Contact, *, reader: User, kind: str = "", before: Mark | None = None) -> Timeline:
    """One page of what the reader may see. A fixed number of queries, however much there is."""
    found: list[Entry] = []
    for number, (tab, entries) in enumerate(SOURCES):
        if kind in {"", tab}:
            found += entries(about, reader, _Window(number, before))
    found.sort(key=lambda entry: (entry.mark.at, entry.mark.kind, entry.mark.pk), reverse=True)
    shown = found[:SHOWN]
    add_met(entry.interaction for entry in shown if entry.interaction)
    return Timeline(shown, shown[-1].mark if len(found) > SHOWN else None)


@dataclass(frozen=True)
class _Window:
    """The rows of one kind that may stand on the page: one more than it holds."""

    kind: int
    before: Mark | None

    def of(self, rows: QuerySet[Any], key: str, pk: str = "pk") -> Iterator[tuple[Mark, Any]]:
        if self.before:
            rows = rows.filter(self._older(self.before, key, pk))
        for row in rows.order_by(f"-{key}", f"-{pk}")[: SHOWN + 1]:
            yield Mark(getattr(row, key), self.kind, getattr(row, pk)), row

    def _older(self, mark: Mark, key: str, pk: str) -> Q:
        older = Q(**{f"{key}__lt": mark.at})
        if self.kind < mark.kind:
            return Q(**{f"{key}__lte": mark.at})
        return older | Q(**{key: mark.at, f"{pk}__lt": mark.pk}) if self.kind == mark.kind else older


def _said(about: Company | Contact, reader: User, window: _Window) -> Iterable[Entry]:
    rows = Interaction.objects.visible_to(reader)
    if isinstance(about, Company):
        rows = rows.filter(company=about)
    else:
        rows = rows.filter(pk__in=Participant.objects.filter(contact=about).values("interaction"))
    rows = rows.select_related("logged_by", "event").only(
        "happened_at", "kind", "outcome", "interest", "note", "logged_by__name", "event__name"
    )
    return [Entry(mark, interaction=row) for mark, row in window.of(rows, "happened_at")]


def _done(about: Company | Contact, reader: User, window: _Window) -> Iterable[Entry]:
    rows = FollowUp.objects.visible_to(reader).filter(closed_at__isnull=False, **_is(about))
    rows = rows.select_related("closed_by").only("state", "text", "closed_at", "closed_with", "closed_by__name")
    return [Entry(mark, follow_up=row) for mark, row in window.of(rows, "closed_at")]


def _moved(about: Company | Contact, reader: User, window: _Window) -> Iterable[Entry]:
    leads = Lead.objects.visible_to(reader).filter(**_is(about)).values("pk")
    rows = StageChange.objects.filter(lead__in=leads).select_related("lead", "stage_after", "by")
    rows = rows.only(
        *("at", "note", "status_after", "stage_before", "by__name"),
        *("lead__title", "lead__code_name", "stage_after__name_en", "stage_after__name_es"),
    )
    return [Entry(mark, change=row) for mark, row in window.of(rows, "at")]


def _planned(about: Company | Contact, reader: User, window: _Window) -> Iterable[Entry]:
    """Appointments whose hour has come; one that was logged stands here as what was said there."""
    here = {"company": about} if isinstance(about, Company) else {"contacts": about}
    rows = Appointment.objects.visible_to(reader).filter(starts_at__lte=clock.now(), interaction=None, **here)
    rows = rows.select_related("mission").only("starts_at", "status", "purpose", "place", "mission__name")
    return [Entry(mark, appointment=row) for mark, row in window.of(rows, "starts_at")]


def _merged(about: Company | Contact, reader: User, window: _Window) -> Iterable[Entry]:
    of = MergeLog.Of.COMPANY if isinstance(about, Company) else MergeLog.Of.CONTACT
    rows = MergeLog.objects.filter(Q(**{f"survivor_{of}": about}) | Q(**{f"loser_{of}": about}), of=of)
    names = ("name",) if isinstance(about, Company) else NAME
    rows = rows.select_related("by", "undone_by", f"survivor_{of}", f"loser_{of}").only(
        *("at", "undone_at", "by__name", "undone_by__name"),
        *(f"{side}_{of}__{name}" for side in ("survivor", "loser") for name in names),
    )
    since = clock.now() - WITHIN
    return [
        Entry(mark, merge=row, may_undo=reader.is_manager and not row.undone_at and row.at >= since)
        for mark, row in window.of(rows, "at")
    ]


def _edited(about: Company | Contact, _reader: User, window: _Window) -> Iterable[Entry]:
    if not was_edited(about):
        return []
    found = list(window.of(edits_of(about), "pgh_created_at", "pgh_id"))
    changes = changes_among(about, [row for _mark, row in found])
    return [Entry(mark, edit=change) for (mark, _row), change in zip(found, changes, strict=True)]


def _is(about: Company | Contact) -> dict[str, Model]:
    return {"company": about} if isinstance(about, Company) else {"contact": about}


# The place in this list is the kind's number in a mark: a new one goes to the end.
Source = Callable[[Company | Contact, User, _Window], Iterable[Entry]]
SOURCES: list[tuple[str, Source]] = [
    ("meetings", _said),
    ("promises", _done),
    ("leads", _moved),
    ("missions", _planned),
    ("changes", _merged),
    ("changes", _edited),
]
