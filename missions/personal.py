"""What missions hold of a person."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from companies.personal import Part, Row, facts, register
from config.staff.models import User
from missions.models import Appointment, Mission, MissionTarget


def _targets(people: list[int], reader: User) -> Iterable[Row]:
    rows = MissionTarget.objects.filter(contact__in=people, mission__in=Mission.objects.visible_to(reader))
    return [facts(row, "contact", "caller") for row in rows.select_related("mission", "company")]


def _appointments(people: list[int], reader: User) -> Iterable[Row]:
    rows = Appointment.objects.visible_to(reader).filter(contacts__in=people).distinct()
    return [facts(row, "version") for row in rows.select_related("mission", "stop__city", "event", "target", "company")]


def register_parts() -> None:
    register(Part("targets", _("Mission targets"), ["missions.MissionTarget.contact"], _targets))
    register(Part("appointments", _("Appointments"), ["missions.Appointment.contacts"], _appointments))
