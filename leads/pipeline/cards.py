"""A lead as a card of the board or a line of the list: what these show of it and nothing else.

Rows of plain values, since three models a card, some hundred cards a page, would cost more than all the queries.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models.named import name_column
from config.staff.models import User
from leads.models import FollowUp, Interaction
from leads.models.choices import OPEN, Level, Status
from leads.models.lead import LeadQuerySet

COLUMNS = (
    *("pk", "title", "code_name", "level", "stage_id", "status", "stage_since", "version", "created_at"),
    *("company_name", "owner_name", "stage_name", "norm_days", "planned", "interest"),
)


def card_rows(leads: LeadQuerySet, reader: User, *more: str) -> QuerySet[Any, Any]:
    """With the company, the owner, the next step and how warm they were last."""
    planned = FollowUp.objects.visible_to(reader).open().filter(lead=OuterRef("pk")).order_by("due_on", "pk")
    said = Interaction.objects.filter(lead=OuterRef("pk")).exclude(interest="").order_by("-happened_at")
    rows: QuerySet[Any, Any] = leads.annotate(
        company_name=F("company__name"),
        owner_name=F("owner__name"),
        stage_name=F(f"stage__{name_column()}"),
        norm_days=F("stage__norm_days"),
        planned=Subquery(planned.values(found=JSONObject(text="text", due_on="due_on"))[:1]),
        interest=Subquery(said.values("interest")[:1]),
    ).values_list(*COLUMNS, *more, named=True)
    return rows


@dataclass(frozen=True, slots=True)
class Card:
    pk: int
    name: str
    url: str
    is_restricted: bool
    stage_id: int
    stage: str
    status: str
    version: int
    company: str
    owner: str
    interest: str
    days: int
    is_slow: bool
    step: str
    due_on: date | None
    late_days: int
    jobs: int | None
    capex: Decimal | None

    @classmethod
    def of(cls, row: Any, today: date, root: str) -> "Card":
        """`root` is the address of the list; to reverse a route a card would cost as much as the queries."""
        days = max((today - timezone.localdate(row.stage_since)).days, 0)
        due_on = date.fromisoformat(row.planned["due_on"]) if row.planned else None
        restricted = row.level != Level.OPEN
        return cls(
            pk=row.pk,
            name=row.code_name if restricted else row.title,
            url=f"{root}{row.pk}/",
            is_restricted=restricted,
            stage_id=row.stage_id,
            stage=row.stage_name,
            status=row.status,
            version=row.version,
            company=row.company_name,
            owner=row.owner_name,
            interest=row.interest or "",
            days=days,
            is_slow=row.norm_days is not None and days > row.norm_days,
            step=row.planned["text"] if row.planned else "",
            due_on=due_on,
            late_days=max((today - due_on).days, 0) if due_on else 0,
            jobs=getattr(row, "jobs_now", None),
            capex=getattr(row, "capex_now", None),
        )

    @property
    def state(self) -> str:
        """The colour of its edge; the words say the same."""
        if self.due_on is None:
            return "no-step" if self.is_open else "settled"
        return "overdue" if self.late_days else "planned"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def status_words(self) -> str:
        return str(Status(self.status).label)

    @property
    def days_words(self) -> str:
        return ngettext("%(n)d day here", "%(n)d days here", self.days) % {"n": self.days}

    @property
    def late_words(self) -> str:
        return ngettext("%(n)d day late", "%(n)d days late", self.late_days) % {"n": self.late_days}

    @property
    def move_words(self) -> str:
        return _("Move %(name)s to…") % {"name": self.name}
