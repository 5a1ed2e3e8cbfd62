from django.contrib import admin
from django.http import HttpRequest

from config.staff.admin.base import LogAdmin, RecordAdmin, ShortAdmin
from config.staff.admin.change_list import OfUserFilter
from config.staff.models import Heartbeat, Invitation, Leave, MailAttempt, Stay, Team, User


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Roles, invitations and closing an account have their own screen, which asks for the password again."""

    can_add = False
    keys = ("name", "pk")
    exclude = ("password", "last_login")
    states = ("role", "is_active", "closed_at", "joined_at")
    list_display = ("name", "email", "role", "team", "is_active", "closed_at")
    list_filter = ("role", "is_active", "team", "language")
    list_select_related = ("team",)
    search_fields = ("name__icontains", "email__istartswith")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(ShortAdmin):
    list_display = ("name",)
    search_fields = ("name__icontains",)


@admin.register(Leave)
class LeaveAdmin(RecordAdmin):
    list_display = ("user", "first_day", "last_day", "deputy")
    list_filter = (OfUserFilter, "first_day")
    list_select_related = ("user", "deputy")
    search_fields = ("user__name__icontains",)


@admin.register(Stay)
class StayAdmin(LogAdmin):
    list_display = ("user", "zone", "starts_at", "ends_at", "source")
    list_filter = (OfUserFilter, "starts_at")
    list_select_related = ("user",)
    search_fields = ("user__name__icontains",)


@admin.register(Invitation)
class InvitationAdmin(LogAdmin):
    exclude = ("token_hash",)
    list_display = ("email", "role", "team", "invited_by", "invited_at", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role", "invited_at")
    list_select_related = ("team", "invited_by")
    search_fields = ("email__istartswith",)


@admin.register(MailAttempt)
class MailAttemptAdmin(LogAdmin):
    list_display = ("at", "address", "kind", "outcome", "answer")
    list_filter = ("outcome", "at")
    search_fields = ("address__startswith", "message_id__exact")


@admin.register(Heartbeat)
class HeartbeatAdmin(LogAdmin):
    keys = ("pk",)
    list_display = ("name", "at")
    search_fields = ("name__icontains",)
