from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from companies.models import (
    ContactLookAlike,
    LookAlike,
    LookAlikeWalk,
    NotTheSame,
    NotTheSameContact,
)
from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin


@admin.register(LookAlike)
class LookAlikeAdmin(ReadOnlyAdmin):
    """Deciding is a screen of its own, /look-alikes/."""

    keys = ("-score", "-pk")
    list_display = ("low", "high", "score", "found_at")


@admin.register(ContactLookAlike)
class ContactLookAlikeAdmin(LookAlikeAdmin):
    pass


@admin.register(LookAlikeWalk)
class LookAlikeWalkAdmin(ReadOnlyAdmin):
    keys = ("pk",)
    list_display = ("of", "began_at", "changed_at")


@admin.register(NotTheSame)
class NotTheSameAdmin(ReadOnlyAdmin):
    """Deleting a row takes the word back; the search then offers the two again."""

    keys = ("-said_at", "-pk")
    list_display = ("company_low", "company_high", "said_by", "said_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return RecordAdmin.has_delete_permission(self, request, obj)


@admin.register(NotTheSameContact)
class NotTheSameContactAdmin(NotTheSameAdmin):
    list_display = ("contact_low", "contact_high", "said_by", "said_at")
