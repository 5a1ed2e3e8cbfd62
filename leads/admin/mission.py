from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.models import (
    Booklet,
    BookletPart,
    Invitation,
    Outreach,
)


@admin.register(Booklet)
class BookletAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("mission", "delegate", "by", "language", "state", "at")
    exclude = ("meetings",)


@admin.register(BookletPart)
class BookletPartAdmin(ReadOnlyAdmin):
    """What is in it is its maker's alone."""

    list_display = ("booklet", "number")
    exclude = ("pdf", "page")


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    list_display = ("mission", "subject_en", "subject_es")
    search_fields = ("mission__name",)
    seen_with = "mission"


@admin.register(Outreach)
class OutreachAdmin(ReadOnlyAdmin):
    list_display = ("target", "follow_up")
    seen_with = "follow_up"
