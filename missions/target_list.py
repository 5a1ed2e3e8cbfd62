"""The targets of all missions as a list: filtered, exported, and the ground of moving many at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Trim
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.lists.filters import by_form
from companies.lists.kinds import BulkField, Column, RecordList, register
from companies.menus import MenuField
from companies.models.named import name_column
from companies.sheets import Kind as Cell
from config.staff.models import User
from missions.mission_list import MISSIONS
from missions.models import Mission, MissionTarget, Touch

Status = MissionTarget.Status
WAVES = range(1, 21)


class AllTargetsFilter(forms.Form):
    mission = MenuField(Mission.objects.none(), label=_("Mission"), required=False, empty_label=_("All"))
    status = forms.ChoiceField(label=_("Outreach"), required=False, choices=[("", _("All")), *Status.choices])
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("All")), *MissionTarget.Priority.choices]
    )
    caller = MenuField(User.objects.staff().active(), label=_("Caller"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mission"].queryset = Mission.objects.visible_to(reader)  # type: ignore[attr-defined]


def _narrowed(rows: QuerySet[MissionTarget], asked: dict[str, Any], reader: User) -> QuerySet[MissionTarget]:
    return rows.filter(**asked)


def _filters(query: QueryDict, reader: User) -> AllTargetsFilter:
    return AllTargetsFilter(query, reader=reader)


def _needs_a_reason(value: Any, by: User) -> Sequence[tuple[str, Q]]:
    if value != Status.DECLINED:
        return ()
    return [(gettext("It is not written down why they declined."), Q(declined_because=""))]


def _choice(choices: Any) -> Any:
    return lambda reader: forms.ChoiceField(choices=[("", _("Choose")), *choices])


TARGETS = RecordList(
    "targets",
    "missions",
    "missions:all_targets",
    _("Targets of missions"),
    MissionTarget,
    rows=lambda reader: MissionTarget.objects.visible_to(reader).filter(
        mission__in=Mission.objects.visible_to(reader), company__merged_into=None
    ),
    columns=(
        Column("company", _("Company"), "company__name"),
        Column("mission", _("Mission"), "mission__name"),
        Column("status", _("Outreach"), "status", choices=dict(Status.choices)),
        Column("priority", _("Priority"), "priority"),
        Column("wave", _("Wave"), "wave", Cell.NUMBER),
        Column("score", _("Score"), "score", Cell.NUMBER, newest_first=True),
        Column("caller", _("Caller"), "caller__name"),
        Column("contact", _("Contact"), lambda reader: _contact_name()),
        Column("touches", _("Times asked"), lambda reader: _touches(), Cell.NUMBER, newest_first=True),
        Column("declined", _("Why they declined"), "declined_because"),
        Column("reason", _("Why this company"), "reason"),
        Column("country", _("Country of origin"), lambda reader: F(f"company__origin_country__{name_column()}")),
        Column("sector", _("Sector"), lambda reader: F(f"company__sector__{name_column()}")),
    ),
    shown_first=("mission", "status", "priority", "score", "caller", "touches"),
    filters=by_form(_filters, _narrowed),
    keys=("mission", "priority", "pk"),
    bulk=(
        BulkField("status", _("Outreach"), _choice(Status.choices), column="status", refuses=_needs_a_reason),
        BulkField("priority", _("Priority"), _choice(MissionTarget.Priority.choices), column="priority"),
        BulkField("wave", _("Wave"), _choice([(n, n) for n in WAVES]), column="wave", stores=int),
        BulkField(
            "caller",
            _("Caller"),
            lambda reader: MenuField(User.objects.staff().active().order_by("name"), empty_label=_("Choose")),
            column="caller",
            may_be_empty=True,
        ),
    ),
    none_yet=(_("No target yet"), "/missions/", _("Missions")),
    sign="mission",
)


def _touches() -> Subquery:
    counted = Touch.objects.filter(target=OuterRef("pk")).order_by().values("target")
    return Subquery(counted.annotate(n=Count("pk")).values("n"))


def _contact_name() -> Trim:
    return Trim(Concat("contact__given_name", Value(" "), "contact__family_name"))


def register_lists() -> None:
    for one in (TARGETS, MISSIONS):
        register(one)
