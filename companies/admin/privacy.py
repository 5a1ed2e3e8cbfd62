from django.contrib import admin

from companies.models import (
    DataRequest,
    Export,
    Incident,
    PersonalAct,
    PrivacyNotice,
)
from config.staff.admin.record import ReadOnlyAdmin


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ReadOnlyAdmin):
    """A next version is published on its own screen."""

    keys = ("-number",)
    list_display = ("number", "published_at", "published_by")


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    """The register is a screen of its own, /privacy/."""

    keys = ("due_on", "pk")
    list_display = ("kind", "contact", "received_on", "due_on", "owner", "answered_at")
    list_filter = ("kind",)


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    keys = ("-found_on", "-pk")
    list_display = ("what", "found_on", "reported_on")


@admin.register(PersonalAct)
class PersonalActAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("kind", "contact", "by", "at", "finished_at")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("at", "what", "by", "rows", "format", "is_whole")
    list_filter = ("format",)
    search_fields = ("what__istartswith", "by__name__istartswith")
