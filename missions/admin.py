from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from config.staff.admin.pick import DATES
from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from missions.models import (
    Appointment,
    AttendeeImport,
    CalendarFeed,
    CostLine,
    Criterion,
    Delegate,
    Event,
    Mission,
    MissionFile,
    MissionTarget,
    Seat,
    Stop,
    Touch,
    TravelTime,
)
from missions.wall_time import WallTimeField

# A wall time reads itself: no zone of the reader is applied to it.
WALL_TIMES: dict[Any, dict[str, Any]] = {**DATES, WallTimeField: {}}


class Stops(admin.StackedInline):  # type: ignore[type-arg]
    model = Stop
    extra = 0
    raw_id_fields = ("city",)
    formfield_overrides = DATES


@admin.register(Mission)
class MissionAdmin(RecordAdmin):
    keys = ("-starts_on", "-pk")
    list_display = ("name", "kind", "status", "lead_officer", "starts_on", "ends_on")
    list_filter = ("status", "kind")
    search_fields = ("name",)
    readonly_fields = ("status", "started_at", "ended_at", "created_by", "created_at")
    inlines = (Stops,)


@admin.register(AttendeeImport)
class AttendeeImportAdmin(ReadOnlyAdmin):
    seen_with = "of"
    list_display = ("of", "mission")


@admin.register(Stop)
class StopAdmin(RecordAdmin):
    list_display = ("mission", "city", "zone", "arrives_on", "leaves_on")
    search_fields = ("mission__name", "city__name")
    seen_with = "mission"


@admin.register(Event)
class EventAdmin(RecordAdmin):
    formfield_overrides = WALL_TIMES
    list_display = ("name", "mission", "city", "zone", "local_start", "local_end")
    search_fields = ("name",)
    readonly_fields = ("starts_at", "ends_at")


@admin.register(Delegate)
class DelegateAdmin(RecordAdmin):
    list_display = ("name", "mission", "organisation", "role", "user")
    search_fields = ("name", "mission__name")
    seen_with = "mission"


@admin.register(MissionTarget)
class MissionTargetAdmin(RecordAdmin):
    list_display = ("company", "mission", "priority", "wave", "caller", "status")
    list_filter = ("status", "priority")
    folded_fields = ("company__folded",)
    search_fields = ("reason",)
    readonly_fields = ("status", "declined_because")
    seen_with = "mission"


@admin.register(Criterion)
class CriterionAdmin(RecordAdmin):
    list_display = ("name", "mission", "weight")
    search_fields = ("name", "mission__name")
    seen_with = "mission"


@admin.register(Touch)
class TouchAdmin(RecordAdmin):
    list_display = ("target", "kind", "at", "by")
    list_filter = ("kind",)
    search_fields = ("note",)
    readonly_fields = ("at", "by")
    seen_with = "target"


@admin.register(Appointment)
class AppointmentAdmin(RecordAdmin):
    formfield_overrides = WALL_TIMES
    list_display = ("company", "mission", "status", "level", "local_start", "zone")
    list_filter = ("status", "level")
    folded_fields = ("company__folded",)
    search_fields = ("purpose",)
    readonly_fields = ("status", "level", "starts_at", "ends_at")


@admin.register(Seat)
class SeatAdmin(RecordAdmin):
    list_display = ("appointment", "delegate")
    search_fields = ("delegate__name",)
    seen_with = "appointment"


@admin.register(CostLine)
class CostLineAdmin(RecordAdmin):
    list_display = ("mission", "kind", "label", "currency", "planned", "actual")
    list_filter = ("kind",)
    search_fields = ("label", "mission__name")
    seen_with = "mission"


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """An administrator sees whose calendars are read, and never their addresses."""

    list_display = ("user", "mission", "created_at", "read_at", "revoked_at")
    readonly_fields = ("user", "mission", "created_at", "read_at", "revoked_at")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[CalendarFeed]":
        return CalendarFeed.objects.order_by("-pk")


@admin.register(TravelTime)
class TravelTimeAdmin(RecordAdmin):
    keys = ("one", "pk")
    list_display = ("one", "other", "minutes")
    search_fields = ("one", "other")


@admin.register(MissionFile)
class MissionFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "mission")
