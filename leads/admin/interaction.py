from django.contrib import admin
from django.http import HttpRequest

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.models import (
    DebriefMark,
    Interaction,
    InteractionFile,
    Participant,
)


@admin.register(Interaction)
class InteractionAdmin(RecordAdmin):
    keys = ("-happened_at", "-pk")
    list_display = ("happened_at", "kind", "company", "outcome", "interest", "logged_by")
    list_filter = ("kind", "outcome", "interest")
    folded_fields = ("company__folded",)
    search_fields = ("place",)
    readonly_fields = ("lead", "appointment", "follow_ups_opened_at", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Participant)
class ParticipantAdmin(RecordAdmin):
    list_display = ("interaction", "contact", "user", "company_then", "team_then")
    folded_fields = ("contact__folded",)
    search_fields = ("user__name",)
    seen_with = "interaction"


@admin.register(DebriefMark)
class DebriefMarkAdmin(ReadOnlyAdmin):
    list_display = ("interaction", "by", "at")
    seen_with = "interaction"


@admin.register(InteractionFile)
class InteractionFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "interaction")
