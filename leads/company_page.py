"""What the company's page reads besides its timeline.

The planner takes longer over a statement of nine joins than the database over its rows, so names are read in two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404

from companies.models import Company, MergeLog, Position
from companies.models.named import name_column
from config.staff.models import User
from leads.interactions.timeline_entries import SHOWN
from leads.models import FollowUp, InvestorCase, Lead
from missions.models import Appointment

NAMED = ("owner", "city", "parent", "ultimate_parent")
NAMED_IN_TWO = ("sector", "activity", "origin_country", "seat_country", "legal_country")
HEADER = (*(field.name for field in Company._meta.concrete_fields), *(f"{record}__name" for record in NAMED))
OF_A_PERSON = ("given_name", "family_name", "family_name_first", "objected_at")
PEOPLE_SHOWN = 50
LEADS_SHOWN = 20
PROMISES_SHOWN = 6
# More open ones than this are read apart.
MOST_OPEN = 40


@dataclass(frozen=True)
class Steps:
    """The first open follow-ups of a company, and the last closed ones where one statement gave both."""

    open: list[FollowUp]
    closed: list[FollowUp] | None


def find_company(reader: User, pk: int) -> Company:
    rows = Company.objects.visible_to(reader).select_related(*NAMED).only(*HEADER)
    company = rows.filter(pk=pk).first()
    if company is None:
        raise Http404
    return company


def add_names(company: Company) -> frozenset[str]:
    """The names of the trade's records in the reader's language, as `names_of`; gives what it has no row of."""
    column = name_column()
    children = Company.objects.filter(parent=OuterRef("pk"), merged_into=None)
    merges = MergeLog.objects.filter(Q(survivor_company=OuterRef("pk")) | Q(loser_company=OuterRef("pk")))
    edits = Company.history.rel.related_model.objects.filter(pgh_obj=OuterRef("pk"), pgh_label="update")  # type: ignore[attr-defined]
    row: dict[str, Any] = Company.objects.values(
        has_children=Exists(children),
        was_merged=Exists(merges),
        was_edited=Exists(edits),
        was_planned=Exists(Appointment.objects.filter(company=OuterRef("pk"))),
        has_cases=Exists(InvestorCase.objects.filter(company=OuterRef("pk"))),
        **{f"{name}_name": F(f"{name}__{column}") for name in NAMED_IN_TWO},
    ).get(pk=company.pk)  # type: ignore[assignment]
    company.names_of = {name: row[f"{name}_name"] or "" for name in NAMED_IN_TWO}  # type: ignore[attr-defined]
    company.is_in_a_group = bool(row["has_children"] or company.parent_id)  # type: ignore[attr-defined]
    sources = {
        "merged": row["was_merged"],
        "edited": row["was_edited"],
        "planned": row["was_planned"],
        "cases": row["has_cases"],
    }
    return frozenset(name for name, there in sources.items() if not there)


def leads_of(company: Company, reader: User) -> tuple[list[Lead], bool]:
    """The newest leads, and whether they are all."""
    rows = Lead.objects.visible_to(reader).filter(company=company).select_related("stage", "owner")
    rows = rows.only("title", "code_name", "level", "status", "stage__name_en", "stage__name_es", "owner__name")
    leads = list(rows.order_by("-created_at")[: LEADS_SHOWN + 1])
    return leads[:LEADS_SHOWN], len(leads) <= LEADS_SHOWN


def steps_of(company: Company, reader: User, *, with_closed: bool) -> Steps:
    """Open and closed ones in one statement: who may see them is the dear part of it."""
    rows = FollowUp.objects.visible_to(reader).filter(company=company)
    rows = rows.only("state", "text", "due_on", "closed_at", "closed_with", "owner", "closed_by")
    if with_closed:
        found = list(rows.order_by(F("closed_at").desc(nulls_first=True), "-pk")[: MOST_OPEN + SHOWN + 1])
        still_open = [row for row in found if row.is_open]
        if len(still_open) <= MOST_OPEN:
            still_open.sort(key=lambda row: (row.due_on, row.pk))
            steps = Steps(still_open[:PROMISES_SHOWN], [row for row in found if not row.is_open][: SHOWN + 1])
            _add_people([*steps.open, *(steps.closed or [])])
            return steps
    still_open = list(rows.open().order_by("due_on", "pk")[:PROMISES_SHOWN])
    _add_people(still_open)
    return Steps(still_open, None)


def _add_people(rows: Sequence[FollowUp]) -> None:
    people = User.objects.only("name").in_bulk({row.owner_id for row in rows} | _closers(rows))
    for row in rows:
        row.owner = people[row.owner_id]
        row.closed_by = people[row.closed_by_id] if row.closed_by_id else None


def _closers(rows: Iterable[FollowUp]) -> set[int]:
    return {row.closed_by_id for row in rows if row.closed_by_id}


def around(company: Company) -> dict[str, object]:
    """People, names and missions."""
    return {
        "people": Position.objects.current()
        .filter(company=company, contact__merged_into=None)
        .select_related("contact")
        .only("title", *(f"contact__{name}" for name in OF_A_PERSON))
        .prefetch_related("contact__contact_points")[:PEOPLE_SHOWN],
        "names": company.names.all(),
        "targets": company.mission_targets.select_related("mission")
        .only("company", "mission__name")
        .order_by("-mission__starts_on")[:6],
    }
