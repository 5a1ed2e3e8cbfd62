"""What happened with a contact, a company or its group, newest first: what was said, planned, done and changed.

Each source reads what its line shows and no more: records of fifty columns cost ten times their lines.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse

from companies.files import COMPANY, CONTACT
from companies.models import Company, Contact, MergeLog
from companies.unmerging import WITHIN
from config.staff import clock
from config.staff.models import User
from leads.interactions.lines import NAME, add_met
from leads.interactions.record_changes import changes_among, edits_of, was_edited
from leads.interactions.timeline_entries import SHOWN, Entry, Known, Mark, Subject, Timeline, Window
from leads.models import FollowUp, Interaction, Lead, Participant, StageChange
from missions.models import Appointment

KINDS = ("meetings", "promises", "leads", "missions", "files", "changes")


def timeline_of(
    about: Company | Contact | Subject,
    *,
    reader: User,
    kind: str = "",
    before: Mark | None = None,
    known: Known = Known(),  # noqa: B008 - it cannot be changed
) -> Timeline:
    """One page of what the reader may see. A fixed number of queries, however much there is."""
    subject = about if isinstance(about, Subject) else Subject(about)
    found: list[Entry] = []
    for number, (name, tab, entries) in enumerate(SOURCES):
        if kind in {"", tab} and name not in known.empty:
            found += entries(subject, reader, Window(number, before), known)
    found.sort(key=lambda entry: (entry.mark.at, entry.mark.kind, entry.mark.pk), reverse=True)
    shown = found[:SHOWN]
    add_met(entry.interaction for entry in shown if entry.interaction)
    if subject.group:
        shown = [replace(entry, company_name=subject.group.get(entry.company or 0, "")) for entry in shown]
    return Timeline(shown, shown[-1].mark if len(found) > SHOWN else None)


def _said(about: Subject, reader: User, window: Window, _known: Known) -> Iterable[Entry]:
    rows = Interaction.objects.visible_to(reader)
    if about.is_company:
        rows = rows.filter(**about.where())
    else:
        rows = rows.filter(pk__in=Participant.objects.filter(contact=about.record.pk).values("interaction"))
    rows = rows.select_related("logged_by", "event").only(
        *("happened_at", "kind", "outcome", "interest", "note", "company"),
        *("logged_by__name", "event__name"),
    )
    return [Entry(mark, row.company_id, interaction=row) for mark, row in window.of(rows, "happened_at")]


def _done(about: Subject, reader: User, window: Window, known: Known) -> Iterable[Entry]:
    if known.closed is not None:
        return [Entry(Mark(row.closed_at, window.kind, row.pk), follow_up=row) for row in known.closed]  # type: ignore[arg-type]
    rows = FollowUp.objects.visible_to(reader).filter(closed_at__isnull=False, **about.where())
    rows = rows.select_related("closed_by").only(
        "state", "text", "closed_at", "closed_with", "company", "closed_by__name"
    )
    return [Entry(mark, row.company_id, follow_up=row) for mark, row in window.of(rows, "closed_at")]


def _moved(about: Subject, reader: User, window: Window, known: Known) -> Iterable[Entry]:
    leads: Any = known.leads
    if leads is None:
        leads = Lead.objects.visible_to(reader).filter(**about.where()).values("pk")
    rows = StageChange.objects.filter(lead__in=leads).select_related("lead", "stage_after", "by")
    rows = rows.only(
        *("at", "note", "status_after", "stage_before", "by__name"),
        *("lead__title", "lead__code_name", "lead__company", "stage_after__name_en", "stage_after__name_es"),
    )
    return [Entry(mark, row.lead.company_id, change=row) for mark, row in window.of(rows, "at")]


def _planned(about: Subject, reader: User, window: Window, _known: Known) -> Iterable[Entry]:
    """Appointments whose hour has come; one that was logged stands here as what was said there."""
    rows = Appointment.objects.visible_to(reader).filter(starts_at__lte=clock.now(), interaction=None)
    rows = rows.filter(**about.where(contact="contacts")).select_related("mission")
    rows = rows.only("starts_at", "status", "purpose", "place", "company", "mission__name")
    return [Entry(mark, row.company_id, appointment=row) for mark, row in window.of(rows, "starts_at")]


def _merged(about: Subject, reader: User, window: Window, _known: Known) -> Iterable[Entry]:
    of = MergeLog.Of.COMPANY if about.is_company else MergeLog.Of.CONTACT
    here = [Q(**about.where(f"{side}_company", f"{side}_contact")) for side in ("survivor", "loser")]
    rows = MergeLog.objects.filter(here[0] | here[1], of=of)
    names = ("name",) if about.is_company else NAME
    rows = rows.select_related("by", "undone_by", f"survivor_{of}", f"loser_{of}").only(
        *("at", "undone_at", "by__name", "undone_by__name"),
        *(f"{side}_{of}__{name}" for side in ("survivor", "loser") for name in names),
    )
    since = clock.now() - WITHIN
    return [
        Entry(
            mark,
            row.survivor_company_id,
            merge=row,
            may_undo=reader.is_manager and not row.undone_at and row.at >= since,
        )
        for mark, row in window.of(rows, "at")
    ]


def _edited(about: Subject, _reader: User, window: Window, known: Known) -> Iterable[Entry]:
    if not was_edited(about.record, about.keys):
        return []
    found = list(window.of(edits_of(about.record, about.keys), "pgh_created_at", "pgh_id"))
    changes = changes_among(about.record, [row for _mark, row in found])
    return [Entry(mark, row.pgh_obj_id, edit=change) for (mark, row), change in zip(found, changes, strict=True)]


def _filed(about: Subject, reader: User, window: Window, _known: Known) -> Iterable[Entry]:
    shelf = COMPANY if about.is_company else CONTACT
    rows = shelf.links.objects.visible_to(reader).kept().filter(**about.where()).select_related("file__uploaded_by")
    entries = []
    for mark, row in window.of(rows, "file__uploaded_at"):
        record = getattr(row, f"{shelf.name}_id")
        href = f"{reverse(f'{shelf.namespace}:{shelf.name}_files', args=[record])}{row.file_id}/"
        entries.append(Entry(mark, record if about.is_company else None, file=row, href=href))
    return entries


# The place in this list is the kind's number in a mark: a new one goes to the end.
Source = Callable[[Subject, User, Window, Known], Iterable[Entry]]
SOURCES: list[tuple[str, str, Source]] = [
    ("said", "meetings", _said),
    ("done", "promises", _done),
    ("moved", "leads", _moved),
    ("planned", "missions", _planned),
    ("merged", "changes", _merged),
    ("edited", "changes", _edited),
    ("filed", "files", _filed),
]
