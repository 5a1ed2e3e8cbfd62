"""Lists of an event's attendees become targets of a mission, with their companies and people."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.importing.kinds import COMPANY, PERSON, Field, Kind, Rows, register
from companies.importing.writes import made
from companies.models import Import, ImportRow, ImportWrite
from config.staff.models import User
from missions.models import AttendeeImport, Mission, MissionTarget


class MissionForm(forms.Form):
    """Managers choose any mission; officers one that they lead or travel with."""

    mission = forms.ModelChoiceField(Mission.objects.none(), label=_("Mission"))

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missions = Mission.objects.visible_to(reader).exclude(status=Mission.Status.CANCELLED)
        if not reader.is_manager:
            missions = missions.filter(Q(lead_officer=reader) | Q(pk__in=reader.delegations.values("mission")))
        self.fields["mission"].queryset = missions  # type: ignore[attr-defined]


def _keep(an_import: Import, about: dict[str, Any]) -> None:
    AttendeeImport.objects.create(of=an_import, mission=about["mission"])


def _mission_id(an_import: Import) -> int:
    return AttendeeImport.objects.values_list("mission_id", flat=True).get(of=an_import)


def _first_of_each_company(an_import: Import, rows: Rows) -> list[ImportRow]:
    """Rows whose company is no target of the mission yet, one a company."""
    companies = [row.company_id for row in rows if row.company_id]
    targets = MissionTarget.objects.filter(mission=_mission_id(an_import), company__in=companies)
    there = {str(company) for company in targets.values_list("company", flat=True)}
    first: dict[str, ImportRow] = {}
    for row in rows:
        key = str(row.company_id) if row.company_id else row.company_key
        if key and key not in there:
            first.setdefault(key, row)
    return list(first.values())


def _plan(an_import: Import, rows: Rows) -> set[int]:
    return {row.pk for row in _first_of_each_company(an_import, rows)}


def _write(an_import: Import, rows: Rows) -> list[ImportWrite]:
    new = _first_of_each_company(an_import, rows)
    mission = _mission_id(an_import)
    targets = [
        MissionTarget(
            mission_id=mission,
            company_id=row.company_id or 0,
            contact_id=row.contact_id,
            reason=row.said.get("reason", ""),
            source=MissionTarget.Source.FILE,
        )
        for row in new
    ]
    MissionTarget.objects.bulk_create(targets)
    return [made(an_import, row, target) for row, target in zip(new, targets, strict=True)]


def register_kinds() -> None:
    register(
        Kind(
            name="attendee",
            label=_("Attendees of an event"),
            text=_("One attendee a row; each company becomes a target of the mission that you choose."),
            icon="mission",
            fields=(
                *PERSON,
                *COMPANY,
                Field("reason", _("Why this company"), longest=200, called="reason, motivo, why, por que, interes"),
            ),
            needs=(("company_name",),),
            about="contact",
            may=lambda user: user.is_staff_member,
            form=MissionForm,
            keep=_keep,
            plan_more=_plan,
            write_more=_write,
            models=("missions.MissionTarget",),
        )
    )
