from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.admin.company import SearchedAdmin
from companies.cleanup import bounced
from companies.models import (
    Contact,
    ContactPoint,
    Position,
    Suppression,
)
from config.staff.admin.pick import DATES
from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin


class Positions(admin.StackedInline):  # type: ignore[type-arg]
    model = Position
    extra = 0
    formfield_overrides = DATES
    raw_id_fields = ("company",)


class ContactPoints(admin.StackedInline):  # type: ignore[type-arg]
    model = ContactPoint
    extra = 0
    formfield_overrides = DATES


@admin.register(Contact)
class ContactAdmin(SearchedAdmin):
    kind = "contact"
    keys = ("folded", "pk")
    list_display = ("name", "country", "legal_basis", "objected_at")
    list_filter = ("legal_basis", ("objected_at", admin.EmptyFieldListFilter))
    search_fields = ("given_name",)
    readonly_fields = ("objected_at", "objection_source", "anonymised_at", "merged_into", "created_by", "created_at")
    inlines = (Positions, ContactPoints)


@admin.register(Position)
class PositionAdmin(RecordAdmin):
    list_display = ("contact", "company", "title", "started_on", "ended_on")
    list_filter = (("ended_on", admin.EmptyFieldListFilter),)
    folded_fields = ("contact__folded", "company__folded")
    search_fields = ("title",)


class BouncedFilter(admin.SimpleListFilter):
    title = _("bounces")
    parameter_name = "bounced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Bounced"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ContactPoint]) -> QuerySet[ContactPoint]:
        return queryset.filter(pk__in=bounced()) if self.value() == "yes" else queryset


@admin.register(ContactPoint)
class ContactPointAdmin(RecordAdmin):
    list_display = ("value", "kind", "contact", "is_primary", "bounced_at", "objected_at")
    list_filter = (BouncedFilter, "kind")
    search_fields = ("value__startswith",)
    readonly_fields = ("objected_at",)


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ("reason", "since")
    search_fields = ("reason__startswith",)
    exclude = ("address_hash",)
