from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.staff.admin.record import RecordAdmin
from leads.admin.common import WordsAdmin
from leads.models import (
    GateFact,
    Reason,
    Stage,
)


@admin.register(Stage)
class StageAdmin(RecordAdmin):
    """The eight stages are fixed; their labels, odds and norms are not."""

    is_short = True
    keys = ("number",)
    list_display = ("number", "name_en", "name_es", "probability", "norm_days")
    search_fields = ("name_en", "name_es")
    readonly_fields = ("number",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(GateFact)
class GateFactAdmin(RecordAdmin):
    """What a fact means is fixed; when it is asked for is not."""

    is_short = True
    keys = ("first", "code")
    list_display = ("code", "is_asked", "first", "last", "limit")
    search_fields = ("code",)
    readonly_fields = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Reason)
class ReasonAdmin(WordsAdmin):
    is_short = True
    meaning = ("code", "kind")
    keys = ("kind", "position", "pk")
    list_display = ("name_en", "name_es", "kind", "code", "position")
    list_filter = ("kind",)
    search_fields = ("name_en", "name_es")
