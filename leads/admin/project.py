from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.admin.common import SeenWithLead, WordsAdmin
from leads.models import (
    Claim,
    CountedType,
    InvestmentType,
    Lead,
    Reading,
    ReadingShare,
    ReportingScheme,
    Service,
    ServiceKind,
)


@admin.register(Reading)
class ReadingAdmin(SeenWithLead, ReadOnlyAdmin):
    """A wrong reading is corrected by a newer one, on the lead's page."""

    list_display = ("lead", "layer", "jobs", "capex", "currency", "dated_on", "is_current")
    list_filter = ("layer", "is_current")


@admin.register(ReadingShare)
class ReadingShareAdmin(ReadOnlyAdmin):
    list_display = ("reading", "municipality", "jobs")
    exclude = ("reading",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        leads = Lead.objects.visible_to(request.user)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(reading__lead__in=leads)


@admin.register(Claim)
class ClaimAdmin(SeenWithLead):
    list_display = ("lead", "organisation", "role", "is_public")


@admin.register(ServiceKind)
class ServiceKindAdmin(WordsAdmin):
    is_short = True
    keys = ("position", "pk")
    list_display = ("name_en", "name_es", "code", "position")
    search_fields = ("name_en", "name_es")


@admin.register(Service)
class ServiceAdmin(SeenWithLead):
    keys = ("-given_on", "-pk")
    list_display = ("given_on", "kind", "lead", "by")
    list_filter = ("kind",)
    readonly_fields = ("lead",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(InvestmentType)
class InvestmentTypeAdmin(WordsAdmin):
    is_short = True
    keys = ("position", "pk")
    list_display = ("name_en", "name_es", "is_reinvestment", "position")
    search_fields = ("name_en", "name_es")


@admin.register(ReportingScheme)
class ReportingSchemeAdmin(WordsAdmin):
    is_short = True
    keys = ("position", "pk")
    list_display = ("name_en", "name_es", "code", "position")
    search_fields = ("name_en", "name_es")


@admin.register(CountedType)
class CountedTypeAdmin(RecordAdmin):
    list_display = ("scheme", "investment_type")
    list_filter = ("scheme",)
