"""All leads, ended ones too, the newest first."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from django.db.models import F, QuerySet, Subquery
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from companies.lists.kinds import Column, RecordList
from companies.lists.showing import sub
from companies.models import Country, Sector
from companies.models.named import name_column
from companies.sheets import Kind as Cell
from config.staff import clock
from config.staff.models import User
from config.templatetags.puente import icon, interest, unknown
from leads import looks
from leads.forms.lead_filters import LEFT, LeadFilters
from leads.lists.bulk import OF_LEADS
from leads.lists.columns import lead_name, named, promise, promised_of, said, said_of
from leads.models import Lead, Stage
from leads.models.choices import OPEN, Interest, Involvement, Level, Source, Status
from leads.models.lead import LeadQuerySet
from missions.models import Mission


class LeadListFilters:
    """The filters of the board and the two that only the list has."""

    template = "leads/_lead_filter_fields.html"

    def __init__(self, query: QueryDict, reader: User) -> None:
        self.reader = reader
        self.filters = LeadFilters.of(query)

    @property
    def on(self) -> int:
        return self.filters.on

    def apply(self, rows: Any) -> LeadQuerySet:
        return self.filters.apply(rows, today=localdate(clock.now()))

    def context(self) -> Mapping[str, Any]:
        return {
            "filters": self.filters,
            "options": self.filters.options(),
            "stages": self.stages,
            "view": "list",
        }

    @cached_property
    def stages(self) -> list[Stage]:
        return list(Stage.objects.filter(number__gte=1))

    def words(self) -> list[tuple[str, str]]:
        asked = self.filters
        told = [
            (_("Words"), asked.q),
            (_("Owner"), self._owner()),
            (_("Mission"), _called(Mission.objects.visible_to(self.reader), asked.mission)),
            (_("Sector"), _called(Sector.objects.all(), asked.sector)),
            (_("Country of origin"), _called(Country.objects.all(), asked.country)),
            (_("Source"), dict(Source.choices).get(asked.source, "")),
            (_("Next step"), {"overdue": _("Overdue"), "none": _("None planned")}.get(asked.step, "")),
            (_("Stage"), next((stage.name for stage in self.stages if stage.number == asked.stage), "")),
            (_("Status"), {"open": _("All open"), **dict(Status.choices)}.get(asked.status, "")),
        ]
        return [(str(label), str(value)) for label, value in told if value]

    def _owner(self) -> str:
        if self.filters.owner == LEFT:
            return str(_("Somebody who has left"))
        return _called(User.objects.visible_to(self.reader), self.filters.owner)


def _called(rows: QuerySet[Any], pk: object) -> str:
    if pk in (None, ""):
        return ""
    row = rows.filter(pk=pk).first()
    return str(row) if row else str(pk)


def _title(row: Any) -> object:
    name = row.c_lead
    return format_html("{} {}", icon("lock"), name) if row.level != Level.OPEN else name


def _stage(row: Any) -> object:
    if row.status == Status.ACTIVE:
        return row.c_stage
    kind = " ok" if row.status == Status.WON else ""
    return format_html('{} <span class="pill{}">{}</span>', row.c_stage, kind, Status(row.status).label)


def _step(row: Any) -> object:
    """A lead that lives and has no next step is told so."""
    if row.c_step:
        return row.c_step
    if row.status not in OPEN:
        return unknown(None)
    return format_html('<span class="pill warn">{}</span>', _("None planned"))


def _interest(reader: User) -> Any:
    return Subquery(said_of("lead", reader).exclude(interest="").values("interest")[:1])


def _looked(reader: User, rows: Sequence[Any], shown_in: str) -> None:
    looks.note_rows(reader, looks.Where.EXPORT if shown_in == "file" else looks.Where.LIST, rows)


def _beneath(row: Any) -> SafeString:
    return sub(row.company__name)


def amounts(rows: Any) -> LeadQuerySet:
    return cast("LeadQuerySet", rows).with_amounts()


LEADS = RecordList(
    "leads",
    "leads",
    "leads:list",
    _("Leads"),
    Lead,
    rows=Lead.objects.visible_to,
    columns=(
        Column("lead", _("Lead"), lambda reader: lead_name(), shows=_title),
        Column("company", _("Company"), "company__name"),
        Column("stage", _("Stage"), lambda reader: F(f"stage__{name_column()}"), shows=_stage, sort_key="stage_id"),
        Column("status", _("Status"), "status", choices=dict(Status.choices)),
        Column("owner", _("Owner"), "owner__name"),
        Column(
            "step",
            _("Next step"),
            lambda reader: Subquery(promised_of("lead", reader).values("text")[:1]),
            shows=_step,
            is_sorted=False,
        ),
        promise("lead", _("Due")),
        Column("jobs", _("Jobs"), "jobs_now", Cell.NUMBER, needs=amounts, newest_first=True),
        Column("capex", _("Capex"), "capex_now", Cell.MONEY, needs=amounts, newest_first=True),
        Column(
            "interest",
            _("Interest"),
            _interest,
            choices=dict(Interest.choices),
            shows=lambda row: interest(row.c_interest),
        ),
        named("sector", _("Sector"), "sector"),
        named("activity", _("Activity"), "activity"),
        named("country", _("Country of origin"), "company__origin_country"),
        named("investment_type", _("Investment type"), "investment_type"),
        Column("municipality", _("Municipality"), "municipality__name"),
        Column("mission", _("Mission (first touch)"), "mission__name"),
        said("source", _("Source"), dict(Source.choices)),
        said("involvement", _("Our involvement"), dict(Involvement.choices)),
        Column("manager", _("Project manager"), "project_manager__name"),
        Column("team", _("Team"), "team__name"),
        Column("likelihood", _("Likelihood (%)"), "likelihood", Cell.NUMBER, newest_first=True),
        Column("since", _("In this stage since"), "stage_since", Cell.DATE),
        Column("review", _("Look at it again on"), "review_on", Cell.DATE),
        Column("land", _("Estimated start"), "land_on", Cell.DATE),
        Column("decided", _("Decided"), "decided_on", Cell.DATE, newest_first=True),
        Column(
            "created",
            _("Created"),
            "created_at",
            Cell.DATE,
            sort_key="created_at",
            newest_first=True,
        ),
    ),
    shown_first=("stage", "owner", "step", "promise", "jobs", "capex"),
    filters=LeadListFilters,
    keys=("-created_at", "-pk"),
    always=("level", "status", "company__name"),
    sorted_by="-created",
    looked=_looked,
    beneath=_beneath,
    bulk=OF_LEADS,
    none_yet=(_("No leads yet"), "/leads/new/", _("New lead")),
    sign="lead",
)
