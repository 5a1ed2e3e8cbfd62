from typing import Any

from django.http import HttpRequest

from config.staff.admin.record import RecordAdmin


class WordsAdmin(RecordAdmin):
    """Records whose code and kind fix the meaning; once there, only their words and their place change."""

    meaning: tuple[str, ...] = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.meaning if obj else ()


class SeenWithLead(RecordAdmin):
    seen_with = "lead"
    search_fields = ("lead__title",)
