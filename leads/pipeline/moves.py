"""How a lead goes its way: moves between stages, changes of status, the check of its evidence, and the log of it all.

Every change locks the lead, answers at once where it is there already, refuses what was seen stale, checks the gate,
writes its log row and gives the lead back.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from companies.models import Company, Country
from config.staff import clock
from config.staff.models import User
from leads.errors import GateClosed, NoteMissing, NotOpen, ReasonMissing, StaleEdit
from leads.models import Lead, Reason, Stage, StageChange
from leads.models.choices import ENDED, OPEN, WITH_REASON, Status
from leads.pipeline.gates import missing_for

# Won follows from checked evidence, and merging is a verb of its own; neither is chosen by hand.
CHOSEN_BY_HAND = (*OPEN, Status.LOST, Status.DEAD, Status.DISQUALIFIED, Status.HANDED_OVER)


@transaction.atomic
def open_lead(company: Company, *, by: User, title: str, **facts: object) -> Lead:
    """A lead begins at stage 1 with its first log row. `facts` are fields of the lead."""
    now = clock.now()
    lead = Lead.objects.create(
        **{"owner": by, "sector_id": company.sector_id, **facts},
        company=company,
        title=title,
        stage_id=Stage.LEAD,
        stage_since=now,
        created_by=by,
    )
    _log(lead, by=by, at=now, stage_before=None, status_before="")
    return lead


@transaction.atomic
def move_to(
    lead: Lead, stage: Stage | int, *, by: User, seen_version: int, note: str = "", override: bool = False
) -> Lead:
    """Move to a stage. Forward through its gate, which a manager may skip with a note; back with a note."""
    wanted = stage if isinstance(stage, int) else stage.number
    lead = locked(lead)
    if lead.stage_id == wanted:
        return lead
    refuse_stale(lead, seen_version)
    if lead.status in ENDED:
        raise NotOpen
    skipped = _skipped_by_right(lead, wanted, by=by, override=override) if wanted > lead.stage_id else []
    if (skipped or wanted < lead.stage_id) and not note.strip():
        raise NoteMissing
    return _enter(lead, wanted, by=by, note=note, skipped=skipped)


def _skipped_by_right(lead: Lead, stage: int, *, by: User, override: bool) -> list[str]:
    """The facts that are not there, where a right opens the gate all the same."""
    missing = missing_for(lead, stage)
    if missing and not override:
        raise GateClosed(missing)
    if missing and not by.overrides_gates:
        raise PermissionDenied
    return [requirement.code for requirement in missing]


def _enter(lead: Lead, stage: int, *, by: User, note: str, skipped: Sequence[str] = ()) -> Lead:
    now, before, status_before = clock.now(), lead.stage_id, lead.status
    lead.stage_id, lead.stage_since = stage, now
    if before < Stage.DECISION:
        lead.decided_on = lead.decided_on if lead.verified_by_id else None
    _keep_dates(lead)
    _settle_status(lead)
    _save(lead)
    _log(lead, by=by, at=now, stage_before=before, status_before=status_before, note=note, skipped=skipped)
    return lead


def _keep_dates(lead: Lead) -> None:
    today = clock.agency_today()
    if lead.stage_id >= Stage.QUALIFIED:
        lead.qualified_on = lead.qualified_on or today  # of the first time: a reopened one is no new opportunity
    if lead.stage_id >= Stage.DECISION and lead.verified_by_id:
        lead.decided_on = lead.decided_on or today
        lead.committed_on = lead.committed_on or lead.decided_on
    if lead.stage_id < Stage.DECISION:
        lead.decided_on = lead.committed_on = None
    if lead.stage_id >= Stage.OPERATIONAL:
        lead.operational_on = lead.operational_on or today
    else:
        lead.operational_on = None


def _settle_status(lead: Lead) -> None:
    """Won is stage 6 with its evidence checked, no more and no less; a move wakes what slept."""
    if lead.stage_id >= Stage.DECISION and lead.decided_on:
        lead.status = Status.WON
        _forget_reason(lead)
        lead.other_reasons.clear()
    elif lead.status in {Status.WON, Status.DORMANT}:
        lead.status = Status.ACTIVE


class WhyAndWhen(TypedDict, total=False):
    reason: Reason | None
    other_reasons: Iterable[Reason]
    note: str
    review_on: date | None
    lost_to_country: Country | None
    lost_to_city: str


@transaction.atomic
def change_status(lead: Lead, status: str, *, by: User, seen_version: int, **why: Unpack[WhyAndWhen]) -> Lead:
    """Put on hold, close, reopen. Choosing the same status again corrects its reason; the log keeps both."""
    lead = locked(lead)
    reason, others = why.get("reason"), _further(why)
    if lead.status == status and _says_the_same(lead, why, others):
        return lead
    refuse_stale(lead, seen_version)
    if status not in CHOSEN_BY_HAND or lead.status == Status.MERGED:
        raise PermissionDenied
    _refuse_without_reason(status, reason, why.get("review_on"))
    if any(other.kind != status for other in others):
        raise ReasonMissing
    now, status_before = clock.now(), lead.status
    _forget_reason(lead)
    lead.status, lead.reason, lead.reason_note = status, reason, why.get("note", "")
    lead.review_on = why.get("review_on") if status == Status.ON_HOLD else None
    if status == Status.LOST:
        lead.lost_to_country, lead.lost_to_city = why.get("lost_to_country"), why.get("lost_to_city", "")
    lead.closed_on = clock.agency_today() if status in ENDED else None
    if status == Status.ACTIVE:
        _settle_status(lead)  # a project that was won before is won again
    _save(lead)
    lead.other_reasons.set(others)
    _log(
        lead,
        by=by,
        at=now,
        stage_before=lead.stage_id,
        status_before=status_before,
        note=why.get("note", ""),
        reason=reason,
        other_reasons=[other.pk for other in others],
        lost_to_country=lead.lost_to_country,
        lost_to_city=lead.lost_to_city,
    )
    return lead


def _further(why: WhyAndWhen) -> list[Reason]:
    """The further reasons, without the first one."""
    return sorted({*why.get("other_reasons", ())} - {why.get("reason")}, key=lambda reason: reason.pk)


def _says_the_same(lead: Lead, why: WhyAndWhen, others: list[Reason]) -> bool:
    said = (lead.reason, lead.reason_note, lead.review_on, lead.lost_to_country, lead.lost_to_city)
    given = (why.get("reason"), why.get("note", ""), why.get("review_on"), why.get("lost_to_country"))
    return said == (*given, why.get("lost_to_city", "")) and set(lead.other_reasons.all()) == set(others)


def _refuse_without_reason(status: str, reason: Reason | None, review_on: date | None) -> None:
    needs_day = status == Status.ON_HOLD and review_on is None
    fits = reason is not None and reason.kind == status
    if needs_day or (status in WITH_REASON and not fits) or (status not in WITH_REASON and reason):
        raise ReasonMissing


def _forget_reason(lead: Lead) -> None:
    lead.reason, lead.reason_note, lead.review_on, lead.closed_on = None, "", None, None
    lead.lost_to_country, lead.lost_to_city = None, ""


@transaction.atomic
def check_evidence(lead: Lead, *, by: User, seen_version: int) -> Lead:
    """Say that the evidence is right. A lead that stands at stage 6 or later is won by it."""
    lead = locked(lead)
    if lead.verified_by_id:
        return lead
    refuse_stale(lead, seen_version)
    if by.pk == lead.owner_id or not lead.evidence:
        raise PermissionDenied
    status_before = lead.status
    lead.verified_by = by
    if lead.stage_id >= Stage.DECISION and lead.status in OPEN:
        _keep_dates(lead)
        _settle_status(lead)
    _save(lead)
    if lead.status != status_before:
        _log(lead, by=by, at=clock.now(), stage_before=lead.stage_id, status_before=status_before)
    return lead


@transaction.atomic
def undo_move(lead: Lead, change_id: int, *, by: User, seen_version: int, note: str) -> Lead:
    """Put back one's own last move as if it had not been; both stay in the log. A second time changes nothing."""
    lead = locked(lead)
    changes = list(lead.stage_changes.all())
    change = next((row for row in changes if row.pk == change_id and row.by_id == by.pk), None)
    if change is None or change.stage_before_id is None:
        raise PermissionDenied
    if lead.stage_id == change.stage_before_id and changes[0].note == note:
        return lead
    if changes[0] != change:
        refuse_stale(lead, -1)
    refuse_stale(lead, seen_version)
    earlier = changes[1:]
    lead = _enter(lead, change.stage_before_id, by=by, note=note)
    lead.stage_since = next((row.at for row in earlier if row.stage_before_id != row.stage_after_id), lead.created_at)
    if not any(row.stage_after_id >= Stage.QUALIFIED for row in earlier) and lead.stage_id < Stage.QUALIFIED:
        lead.qualified_on = None
    lead.save(update_fields=["stage_since", "qualified_on"])
    return lead


@transaction.atomic
def save_facts(lead: Lead, changes: dict[str, object], *, seen_version: int) -> Lead:
    """Write fields of the lead, unless a colleague was quicker. New evidence is evidence that nobody has checked."""
    lead = locked(lead)
    refuse_stale(lead, seen_version)
    if changes.get("evidence", lead.evidence) != lead.evidence and lead.status != Status.WON:
        changes = {**changes, "verified_by": None}
    for name, value in changes.items():
        setattr(lead, name, value)
    _save(lead)
    return lead


def locked(lead: Lead) -> Lead:
    rows = Lead.objects.select_for_update(of=("self",)).select_related("company", "contact", "reason")
    return rows.get(pk=lead.pk)


def refuse_stale(lead: Lead, seen_version: int) -> None:
    if lead.version != seen_version:
        changed_by, changed_at = last_changed(lead)
        raise StaleEdit(lead, seen_version, changed_by=changed_by, changed_at=changed_at)


def last_changed(lead: Lead) -> tuple[User | None, datetime]:
    """Who changed it last, and when: by the history, or else by the log of its moves."""
    event = lead.history.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]
    change = lead.stage_changes.select_related("by").first()
    if event and event.pgh_context and event.pgh_context.metadata.get("user"):
        return User.objects.filter(pk=event.pgh_context.metadata["user"]).first(), event.pgh_created_at
    return (change.by, change.at) if change else (None, lead.updated_at)


def _save(lead: Lead) -> None:
    lead.version += 1
    lead.save()


def _log(
    lead: Lead,
    *,
    by: User,
    at: datetime,
    stage_before: int | None,
    status_before: str,
    note: str = "",
    skipped: Sequence[str] = (),
    **why: Any,
) -> StageChange:
    return lead.stage_changes.create(
        stage_before_id=stage_before,
        stage_after_id=lead.stage_id,
        status_before=status_before,
        status_after=lead.status,
        note=note[:500],
        override=bool(skipped),
        skipped=list(skipped),
        level=lead.level,
        owner_id=lead.owner_id,
        team_id=lead.owner.team_id,
        by=by,
        at=at,
        **why,
    )
