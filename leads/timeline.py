"""What happened with a company or a contact, newest first: what was said, what was done, how its leads moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from companies.models import Company, Contact
from config.staff.models import User
from leads.models import FollowUp, Interaction, Lead, Participant, StageChange

SHOWN = 30
KINDS = ("meetings", "promises", "leads")


@dataclass(frozen=True)
class Entry:
    at: datetime
    interaction: Interaction | None = None
    follow_up: FollowUp | None = None
    change: StageChange | None = None


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    # Where the older ones begin; None where there are none.
    older_than: datetime | None


def timeline_of(about: Company | Contact, *, reader: User, kind: str = "", before: datetime | None = None) -> Timeline:
    """One page of what the reader may see. Two queries a kind, however much there is."""
    found: list[Entry] = []
    if kind in {"", "meetings"}:
        found += [Entry(row.happened_at, interaction=row) for row in _page(_said(about, reader), "happened_at", before)]
    if kind in {"", "promises"}:
        done = FollowUp.objects.visible_to(reader).filter(closed_at__isnull=False, **_is(about))
        done = done.select_related("owner", "closed_by")
        found += [Entry(row.closed_at, follow_up=row) for row in _page(done, "closed_at", before)]
    if kind in {"", "leads"}:
        moved = StageChange.objects.filter(lead__in=_leads(about, reader)).select_related(
            "lead", "stage_before", "stage_after", "by"
        )
        found += [Entry(row.at, change=row) for row in _page(moved, "at", before)]
    found.sort(key=lambda entry: entry.at, reverse=True)
    shown = found[:SHOWN]
    return Timeline(shown, shown[-1].at if len(found) > SHOWN else None)


def _is(about: Company | Contact) -> dict[str, Any]:
    return {"company": about} if isinstance(about, Company) else {"contact": about}


def _said(about: Company | Contact, reader: User) -> QuerySet[Interaction]:
    rows = Interaction.objects.visible_to(reader)
    if isinstance(about, Company):
        rows = rows.filter(company=about)
    else:
        rows = rows.filter(pk__in=Participant.objects.filter(contact=about).values("interaction"))
    people = Participant.objects.select_related("contact", "user").order_by("pk")
    return rows.select_related("logged_by", "event", "company").prefetch_related(Prefetch("participants", people))


def _leads(about: Company | Contact, reader: User) -> QuerySet[Lead, Any]:
    return Lead.objects.visible_to(reader).filter(**_is(about)).values("pk")


def _page(rows: QuerySet[Any], key: str, before: datetime | None) -> Iterable[Any]:
    if before:
        rows = rows.filter(**{f"{key}__lt": before})
    return rows.order_by(f"-{key}", "-pk")[: SHOWN + 1]
