from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from config.staff.admin.record import LeftOwnerFilter, RecordAdmin
from leads.models import (
    FollowUp,
)


class OpenFollowUpsLeft(LeftOwnerFilter):
    open_rows = Q(state=FollowUp.State.OPEN)


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    keys = ("-pk",)
    list_display = ("text", "company", "owner", "due_on", "state", "origin")
    list_filter = (OpenFollowUpsLeft, "state", "origin", "kind")
    folded_fields = ("company__folded",)
    search_fields = ("text",)
    readonly_fields = (
        *("origin", "state", "closed_at", "closed_by", "closed_with", "snoozes", "snooze_reason", "owner"),
        *("lead", "interaction", "appointment", "step", "created_by", "created_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
