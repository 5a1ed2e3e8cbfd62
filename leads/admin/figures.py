from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.models import (
    Budget,
    Goal,
    Paper,
    QualityCount,
    Report,
)


@admin.register(QualityCount)
class QualityCountAdmin(ReadOnlyAdmin):
    keys = ("-week", "measure", "pk")
    list_display = ("measure", "week", "count", "at")
    search_fields = ("measure__startswith",)


@admin.register(Goal)
class GoalAdmin(ReadOnlyAdmin):
    keys = ("-year", "-pk")
    list_display = ("figure", "year", "month", "sector", "market", "value", "version", "approved_by")
    list_filter = ("year",)


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("kind", "language", "by", "at", "state")


@admin.register(Budget)
class BudgetAdmin(RecordAdmin):
    is_short = True
    keys = ("-year",)
    list_display = ("year", "usd", "note")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    keys = ("next_on", "pk")
    list_display = ("person", "view", "rhythm", "next_on")
