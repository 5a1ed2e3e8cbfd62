from django.contrib import admin

from companies.models import (
    FirstView,
    SavedView,
)
from config.staff.admin.record import RecordAdmin


@admin.register(SavedView)
class SavedViewAdmin(RecordAdmin):
    keys = ("list", "name", "pk")
    list_display = ("name", "list", "owner", "sharing")
    list_filter = ("list", "sharing")
    search_fields = ("name__istartswith", "owner__name__istartswith")


@admin.register(FirstView)
class FirstViewAdmin(RecordAdmin):
    keys = ("-pk",)
    list_display = ("user", "list", "view")
    search_fields = ("user__name__istartswith",)
