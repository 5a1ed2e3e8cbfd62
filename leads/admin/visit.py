from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin
from leads.admin.common import SeenWithLead
from leads.models import (
    SiteStop,
    SiteVisit,
    SiteVisitor,
)


@admin.register(SiteVisit)
class SiteVisitAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-starts_on", "-pk")
    list_display = ("starts_on", "lead", "created_by")


class SeenWithVisit(ReadOnlyAdmin):
    keys = ("-pk",)
    seen_with = "visit"


@admin.register(SiteVisitor)
class SiteVisitorAdmin(SeenWithVisit):
    list_display = ("visit", "contact", "user")


@admin.register(SiteStop)
class SiteStopAdmin(SeenWithVisit):
    list_display = ("visit", "day", "starts", "title")
