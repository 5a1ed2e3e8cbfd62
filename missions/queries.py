"""Counts of a mission for lists and headers."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from missions.models import Appointment, Mission, MissionTarget


def with_counts(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Add targets, appointments planned, held and missed, each by its own index-backed subquery."""
    appointments = Appointment.objects.exclude(status=Appointment.Status.CANCELLED)
    return missions.annotate(
        target_count=counted(MissionTarget.objects.all()),
        planned_count=counted(appointments),
        held_count=counted(appointments.filter(status=Appointment.Status.HELD)),
        missed_count=counted(appointments.filter(status=Appointment.Status.NO_SHOW)),
    )


def counted(rows: QuerySet[Appointment] | QuerySet[MissionTarget]) -> Coalesce:
    counted = rows.filter(mission=OuterRef("pk")).order_by().values("mission").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
