from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from config.staff.models import (
    Heartbeat,
    Invitation,
    Leave,
    MailAttempt,
    PostAttempt,
    PushDevice,
    Stay,
    Team,
    User,
    Webhook,
)


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Facts about a person. Role, invitation and the end of an account have their own screen, which asks again."""

    keys = ("name", "pk")
    list_display = ("name", "email", "role", "team", "is_active", "exports")
    list_filter = ("role", "is_active", "exports", "team")
    search_fields = ("name__istartswith", "email__istartswith")
    exclude = ("password",)
    readonly_fields = ("email", "role", "may_override_gates", "is_active", "joined_at", "closed_at", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(RecordAdmin):
    is_short = True
    keys = ("name", "pk")
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Leave)
class LeaveAdmin(RecordAdmin):
    keys = ("-first_day", "-pk")
    list_display = ("user", "first_day", "last_day", "deputy")
    search_fields = ("user__name__istartswith",)


@admin.register(Stay)
class StayAdmin(RecordAdmin):
    keys = ("-starts_at", "-pk")
    list_display = ("user", "zone", "starts_at", "ends_at", "source")
    search_fields = ("user__name__istartswith",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    keys = ("-invited_at", "-pk")
    list_display = ("email", "role", "invited_by", "invited_at", "expires_at", "accepted_at", "withdrawn_at")
    search_fields = ("email__istartswith",)
    exclude = ("token_hash",)


@admin.register(MailAttempt)
class MailAttemptAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("address", "kind", "at", "outcome")
    list_filter = ("outcome",)
    search_fields = ("address__startswith",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    keys = ("name",)
    list_display = ("name", "at")
    search_fields = ("name",)


@admin.register(PostAttempt)
class PostAttemptAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("target", "at", "outcome", "answer")
    list_filter = ("outcome",)
    search_fields = ("target__startswith",)


@admin.register(PushDevice)
class PushDeviceAdmin(ReadOnlyAdmin):
    keys = ("user__name", "pk")
    list_display = ("user", "name", "created_at")
    search_fields = ("user__name__istartswith",)
    exclude = ("endpoint", "p256dh", "auth", "session")


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    """Changed where they are tried: on the page of ways."""

    keys = ("name", "pk")
    list_display = ("name", "user", "style", "refused_at")
    search_fields = ("name__istartswith",)
    exclude = ("url",)
