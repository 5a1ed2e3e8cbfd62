"""A follow-up as a line of a list: what it shows of its source and nothing else.

Rows of plain values, as the board's cards are: six records a line would cost more than all the queries.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from companies.models import Contact
from leads.models import CadenceStep, FollowUp, Interaction

COLUMNS = (
    *("pk", "text", "waiting_for", "due_on", "due_at", "snoozes", "version"),
    *("lead_id", "company_id", "company__name", "mission_id", "mission__name"),
    *("contact__given_name", "contact__family_name", "contact__family_name_first"),
    *("interaction_id", "interaction__kind", "interaction__happened_at", "interaction__mission__name"),
    *("appointment__mission__name", "step__channel"),
)
KINDS = dict(Interaction.Kind.choices)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    pk: int
    text: str
    url: str
    waiting_for: str
    due_on: date
    due_at: datetime | None
    snoozes: int
    version: int
    lead_id: int | None
    # Whom it is about; a review is about a whole mission.
    company: str
    company_url: str
    contact: str
    said_url: str
    said_kind: str
    said_at: datetime | None
    mission: str
    # A draft waits to be looked at and sent.
    is_mail: bool


def plain(follow_ups: QuerySet[FollowUp], *more: str) -> QuerySet[Any, Any]:
    """To be dressed when they were read."""
    return follow_ups.values_list(*COLUMNS, *more, named=True)


def dressed(rows: list[Any]) -> list[FollowUpRow]:
    """To reverse a route a row would cost as much as the query."""
    names = ("follow_up", "company", "interaction", "mission")
    own, company, said, mission = (_root(f"leads:{name}") for name in names)
    return [
        FollowUpRow(
            pk=row.pk,
            text=row.text,
            url=f"{own}{row.pk}/",
            waiting_for=row.waiting_for,
            due_on=row.due_on,
            due_at=row.due_at,
            snoozes=row.snoozes,
            version=row.version,
            lead_id=row.lead_id,
            company=row.company__name or row.mission__name,
            company_url=f"{company}{row.company_id}/" if row.company_id else f"{mission}{row.mission_id}/",
            contact=Contact.full_name(
                row.contact__given_name,
                row.contact__family_name,
                family_name_first=row.contact__family_name_first,
            ),
            said_url=f"{said}{row.interaction_id}/" if row.interaction_id else "",
            said_kind=str(KINDS.get(row.interaction__kind, "")),
            said_at=row.interaction__happened_at,
            mission=(row.interaction__mission__name if row.interaction_id else row.appointment__mission__name) or "",
            is_mail=row.step__channel == CadenceStep.Channel.MAIL,
        )
        for row in rows
    ]


def _root(name: str) -> str:
    """The address of a list of records, before the number of each."""
    return reverse(name, args=[0]).removesuffix("0/")
