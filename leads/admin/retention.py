from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin
from leads.models import (
    PersonReview,
    Purge,
    RetentionRule,
)


@admin.register(Purge)
class PurgeAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("of", "by", "at", "total", "done", "finished_at")
    search_fields = ("by__name__istartswith",)


@admin.register(PersonReview)
class PersonReviewAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("contact", "by", "at")
    search_fields = ("contact__folded__contains",)


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnlyAdmin):
    """Changed where its run is simulated, /privacy/retention/."""

    keys = ("of",)
    list_display = ("of", "days")
    search_fields = ("of__startswith",)
