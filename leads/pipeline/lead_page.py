"""What the page of one lead shows beside its own facts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from config.staff.models import User
from leads.interactions.lines import add_met, as_lines
from leads.models import (
    CountedType,
    FollowUp,
    Interaction,
    InvestmentType,
    Lead,
    Reading,
    ReadingShare,
    Reason,
    ReportingScheme,
    Stage,
    StageChange,
)
from leads.models.choices import Layer
from leads.models.lead_amounts import STRONGEST_FIRST
from leads.pipeline.gate_rules import BY_CODE

SHOWN = 20


@dataclass(frozen=True)
class Figures:
    """One layer of the value table; without a reading nothing was ever said at this layer."""

    layer: Layer
    reading: Reading | None

    @property
    def shares(self) -> list[ReadingShare]:
        return list(self.reading.shares.all()) if self.reading else []


def add_people(lead: Lead) -> None:
    """The people of the agency who are named on it, in one query."""
    names = ("project_manager", "second_person", "verified_by")
    wanted = {getattr(lead, f"{name}_id") for name in names} - {None, lead.owner_id}
    people = User.objects.in_bulk(wanted) | {lead.owner_id: lead.owner}
    for name in names:
        person = getattr(lead, f"{name}_id")
        if person:
            setattr(lead, name, people[person])


def add_related(lead: Lead, reader: User) -> None:
    """What this is a phase of, or comes after, may be hidden from somebody who sees this."""
    wanted = {lead.parent_id, lead.predecessor_id} - {None}
    seen = Lead.objects.visible_to(reader).in_bulk(wanted) if wanted else {}
    lead.phase_of = seen.get(lead.parent_id)  # type: ignore[attr-defined]
    lead.reinvested_after = seen.get(lead.predecessor_id)  # type: ignore[attr-defined]


def figures_of(lead: Lead) -> list[Figures]:
    current = {row.layer: row for row in lead.readings.all() if row.is_current}
    return [Figures(layer, current.get(layer)) for layer in Layer]


def schemes_of(kind: InvestmentType | None) -> list[ReportingScheme]:
    """All schemes, each with whether it counts this type as FDI; none where nobody knows the type yet."""
    if kind is None:
        return []
    counted = Exists(CountedType.objects.filter(scheme=OuterRef("pk"), investment_type=kind))
    return list(ReportingScheme.objects.annotate(counts=counted))


def phases_of(lead: Lead, reader: User) -> "Phases":
    """Its phases and what came after it; a project is counted by its own figures, whatever its phases say."""
    related = Lead.objects.visible_to(reader).filter(Q(parent=lead) | Q(predecessor=lead))
    # Most leads have none, which is quickly seen; their amounts take many joins.
    if not related.exists():
        return Phases([], [], None)
    rows = list(related.with_amounts().select_related("stage").order_by("created_at"))
    phases: list[Any] = [row for row in rows if row.parent_id == lead.pk]
    known = [row.jobs_now for row in phases if row.jobs_now is not None]
    return Phases(phases, [row for row in rows if row.parent_id != lead.pk], sum(known) if known else None)


@dataclass(frozen=True)
class Phases:
    phases: list[Lead]
    reinvestments: list[Lead]
    jobs: int | None


def log_of(lead: Lead, stages: list[Stage]) -> list[StageChange]:
    """Its way so far, with the names of what a row holds as codes."""
    rows = list(lead.stage_changes.select_related("by", "reason", "lost_to_country"))
    by_number = {stage.number: stage for stage in stages}
    for row in rows:
        row.stage_before = by_number.get(row.stage_before_id) if row.stage_before_id is not None else None
        row.stage_after = by_number[row.stage_after_id]
    codes = {code for row in rows for code in row.other_reasons}
    named = Reason.objects.in_bulk(codes) if codes else {}
    for row in rows:
        row.further = [named[code].name for code in row.other_reasons if code in named]  # type: ignore[attr-defined]
        row.without = [BY_CODE[code].label for code in row.skipped if code in BY_CODE]  # type: ignore[attr-defined]
    return rows


def jobs_now(lead: Lead) -> int | None:
    """As `AmountsQuerySet.with_amounts` says it, out of what was read already."""
    current = {row.layer: row.jobs for row in lead.readings.all() if row.is_current and row.jobs is not None}
    return next((current[layer] for layer in STRONGEST_FIRST if layer in current), lead.jobs_estimate)


def next_stage_of(lead: Lead, stages: list[Stage]) -> Stage | None:
    return next((stage for stage in stages if stage.number == lead.stage_id + 1), None)


def steps_of(lead: Lead, reader: User) -> list[FollowUp]:
    seen = FollowUp.objects.visible_to(reader).open().filter(lead=lead)
    return list(seen.select_related("owner").order_by("due_on", "pk")[:SHOWN])


def planned_of(steps: list[FollowUp]) -> FollowUp | None:
    """What is done next for the lead; its yearly verification plans nothing."""
    return next((step for step in steps if step.origin != FollowUp.Origin.VERIFY), None)


def timeline_of(lead: Lead, reader: User) -> list[Interaction]:
    seen = Interaction.objects.visible_to(reader).filter(lead=lead).newest_first()
    shown = list(as_lines(seen)[:SHOWN])
    add_met(shown)
    return shown
