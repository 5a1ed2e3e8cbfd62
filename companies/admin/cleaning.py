from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from companies.models import (
    BulkEdit,
    BulkEditRow,
    ColumnShape,
    Import,
    ImportRow,
    ImportWrite,
    MergeLog,
)
from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin


@admin.register(MergeLog)
class MergeLogAdmin(ReadOnlyAdmin):
    """Undoing is a screen of its own, /merges/."""

    keys = ("-at", "-pk")
    list_display = (
        *("at", "of", "by", "survivor_company", "loser_company", "survivor_contact", "loser_contact"),
        "undone_at",
    )
    list_filter = ("of",)
    # The snapshot names rows of records that the reader may not see.
    exclude = ("snapshot", "conflicts")


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """Working through one is a screen of its own, /imports/."""

    keys = ("-at", "-pk")
    list_display = ("file_name", "kind", "status", "by", "at", "undone_at")
    list_filter = ("status",)
    search_fields = ("file_name__istartswith",)
    # Whoever may open the file, opens it where it came from.
    exclude = ("file", "file_hash")


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    seen_with = "of"
    list_display = ("of", "number", "outcome", "company", "contact", "written_at")
    list_filter = ("outcome",)


@admin.register(ImportWrite)
class ImportWriteAdmin(ReadOnlyAdmin):
    seen_with = "of"
    list_display = ("of", "row", "model", "record", "state", "why")
    list_filter = ("state",)


@admin.register(ColumnShape)
class ColumnShapeAdmin(ReadOnlyAdmin):
    """Deleting one forgets how such files were matched."""

    keys = ("-used_at", "-pk")
    list_display = ("kind", "used_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return RecordAdmin.has_delete_permission(self, request, obj)


@admin.register(BulkEdit)
class BulkEditAdmin(ReadOnlyAdmin):
    """Undoing is a screen of its own, /bulk-edits/."""

    keys = ("-at", "-pk")
    list_display = ("at", "list", "field", "value_words", "by", "status", "changed", "left")
    list_filter = ("status", "list")
    search_fields = ("by__name__istartswith",)
    # It may name a record that the reader may not see.
    exclude = ("value",)


@admin.register(BulkEditRow)
class BulkEditRowAdmin(ReadOnlyAdmin):
    keys = ("-pk",)
    list_display = ("of", "record", "state", "why")
    list_filter = ("state",)
    search_fields = ("of__field__istartswith",)
    exclude = ("before",)
