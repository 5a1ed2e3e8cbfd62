"""Counts of a mission for its list."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from missions.models import Appointment, MissionTarget


def counted(rows: QuerySet[Appointment] | QuerySet[MissionTarget]) -> Coalesce:
    counted = rows.filter(mission=OuterRef("pk")).order_by().values("mission").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
