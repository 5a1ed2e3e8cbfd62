from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.staff.admin.record import LeftOwnerFilter, ReadOnlyAdmin, RecordAdmin
from leads.admin.common import SeenWithLead
from leads.cleanup import without_next_step
from leads.models import (
    Lead,
    LeadFile,
    LeadPerson,
    LeadView,
    Nda,
    Reserve,
    StageChange,
    Stay,
)
from leads.models.choices import OPEN


class OpenLeadsLeft(LeftOwnerFilter):
    open_rows = Q(status__in=OPEN)


class NextStepFilter(admin.SimpleListFilter):
    title = _("next step")
    parameter_name = "next"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Open, without a next step"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        return without_next_step(queryset) if self.value() == "none" else queryset


@admin.register(Lead)
class LeadAdmin(RecordAdmin):
    keys = ("-created_at", "-pk")
    list_display = ("__str__", "company", "stage", "status", "owner", "level")
    list_filter = (OpenLeadsLeft, NextStepFilter, "status", "stage", "level")
    search_fields = ("title",)
    folded_fields = ("folded", "company__folded")
    # Another lead may be one that the reader may not see.
    exclude = ("parent", "predecessor")
    readonly_fields = (
        *("level", "team", "code_name", "stage", "status", "stage_since", "owner", "project_manager", "second_person"),
        *("qualified_on", "decided_on", "announced_on", "committed_on", "operational_on", "closed_on", "review_on"),
        *("reason", "reason_note", "lost_to_country", "lost_to_city", "evidence", "verified_by", "likelihood"),
        *("company", "created_by", "created_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(LeadPerson)
class LeadPersonAdmin(SeenWithLead, ReadOnlyAdmin):
    list_display = ("lead", "user")


@admin.register(Nda)
class NdaAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-signed_on", "-pk")
    list_display = ("signed_on", "lead", "parties", "expires_on")


@admin.register(LeadView)
class LeadViewAdmin(SeenWithLead, ReadOnlyAdmin):
    list_display = ("day", "at", "lead", "user", "where")


@admin.register(StageChange)
class StageChangeAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("lead", "stage_before", "stage_after", "status_before", "status_after", "by", "at")


@admin.register(LeadFile)
class LeadFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "lead")


@admin.register(Stay)
class StayAdmin(ReadOnlyAdmin):
    list_display = ("lead", "stage", "entered_at", "left_at")
    seen_with = "lead"


@admin.register(Reserve)
class ReserveAdmin(ReadOnlyAdmin):
    list_display = ("lead", "settled_at")
    fields = ("lead", "settled_at")
    seen_with = "lead"
