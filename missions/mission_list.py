"""The list of missions for the staff. Guest delegates have a plain one, of the missions that they travel with."""

from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies.lists.filters import by_form
from companies.lists.kinds import Column, RecordList
from companies.lists.showing import sub
from companies.menus import MenuField
from companies.sheets import Kind as Cell
from config.staff.models import User
from missions.models import Appointment, Mission, MissionTarget
from missions.queries import counted


class MissionFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Mission.Status.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Mission.Kind.choices])
    lead = MenuField(User.objects.staff().active(), label=_("Mission lead"), required=False, empty_label=_("All"))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


def narrowed(rows: QuerySet[Mission], asked: dict[str, Any], _reader: User) -> QuerySet[Mission]:
    same = {"status": "status", "kind": "kind", "lead": "lead_officer"}
    rows = rows.filter(**{field: asked[name] for name, field in same.items() if name in asked})
    for word in asked.get("q", "").replace("\x00", "").split():
        rows = rows.filter(Q(name__icontains=word))
    if "since" in asked:
        rows = rows.filter(ends_on__gte=asked["since"])
    if "until" in asked:
        rows = rows.filter(starts_on__lte=asked["until"])
    return rows


def _status(row: Any) -> object:
    kind = " ok" if row.c_status == Mission.Status.UNDER_WAY else ""
    return format_html('<span class="pill{}">{}</span>', kind, Mission.Status(row.c_status).label)


def _appointments(label: Any, name: str, **status: str) -> Column:
    """As many as the reader sees: a restricted one is no number to others either."""

    def value(reader: User) -> Any:
        seen = Appointment.objects.visible_to(reader)
        return counted(seen.exclude(status=Appointment.Status.CANCELLED).filter(**status))

    return _number(name, label, value)


def _number(name: str, label: Any, value: Any) -> Column:
    return Column(name, label, value, Cell.NUMBER, newest_first=True)


MISSIONS = RecordList(
    "missions",
    "missions",
    "missions:list",
    _("Missions"),
    Mission,
    rows=Mission.objects.visible_to,
    columns=(
        Column("name", _("Mission"), "name"),
        Column("kind", _("Kind"), "kind", choices=dict(Mission.Kind.choices)),
        Column("status", _("Status"), "status", choices=dict(Mission.Status.choices), shows=_status),
        Column("starts", _("First day"), "starts_on", Cell.DATE, sort_key="starts_on", newest_first=True),
        Column("ends", _("Last day"), "ends_on", Cell.DATE, newest_first=True),
        Column("lead", _("Mission lead"), "lead_officer__name"),
        _number("targets", _("Targets"), lambda reader: counted(MissionTarget.objects.visible_to(reader))),
        _appointments(_("Planned"), "planned"),
        _appointments(_("Held"), "held", status=Appointment.Status.HELD),
        _appointments(_("No-show"), "missed", status=Appointment.Status.NO_SHOW),
        _number("goal_meetings", _("Goal: meetings held"), "target_meetings"),
        _number("goal_leads", _("Goal: leads"), "target_leads"),
        Column(
            "decision",
            _("Decision"),
            lambda reader: NullIf(F("decision"), Value("")),
            choices=dict(Mission.Decision.choices),
        ),
        Column("decided", _("Decided"), "decided_at", Cell.DATE, newest_first=True),
        Column("created", _("Created"), "created_at", Cell.DATE, newest_first=True),
    ),
    shown_first=("status", "starts", "ends", "lead", "targets", "planned", "held"),
    filters=by_form(lambda query, reader: MissionFilter(query), narrowed),
    keys=("-starts_on", "-pk"),
    always=("kind",),
    sorted_by="-starts",
    beneath=lambda row: sub(Mission.Kind(row.kind).label),
    none_yet=(_("No mission yet"), "/missions/new/", _("Plan a mission")),
    sign="mission",
)
