from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.models import (
    Cadence,
    CadenceStep,
    CadenceVersion,
    EventAnchor,
    EventCadence,
    OpeningFault,
)


@admin.register(Cadence)
class CadenceAdmin(RecordAdmin):
    is_short = True
    keys = ("name", "pk")
    list_display = ("name", "is_default")
    search_fields = ("name",)


class UnpublishedOnly(RecordAdmin):
    """What runs keeps the version it started with, so a published one is never changed."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_published(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_published(obj)

    def _is_published(self, obj: Any) -> bool:
        version = obj.version if isinstance(obj, CadenceStep) else obj
        return bool(version and version.published_at)


@admin.register(CadenceVersion)
class CadenceVersionAdmin(UnpublishedOnly):
    list_display = ("cadence", "number", "published_at")
    search_fields = ("cadence__name",)


@admin.register(CadenceStep)
class CadenceStepAdmin(UnpublishedOnly):
    list_display = ("version", "trigger", "kind", "offset", "unit", "text_en", "text_es")
    list_filter = ("trigger",)
    search_fields = ("text_en", "text_es")


@admin.register(EventCadence)
class EventCadenceAdmin(RecordAdmin):
    list_display = ("event", "version")
    search_fields = ("event__name",)


@admin.register(EventAnchor)
class EventAnchorAdmin(ReadOnlyAdmin):
    list_display = ("event", "ends_at")


@admin.register(OpeningFault)
class OpeningFaultAdmin(ReadOnlyAdmin):
    list_display = ("interaction", "error", "tries", "since", "next_try_at")
    seen_with = "interaction"
