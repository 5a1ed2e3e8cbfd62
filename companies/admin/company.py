from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.cleanup import GAPS, with_gap
from companies.models import (
    Company,
    CompanyName,
)
from companies.search import find
from config.staff.admin.pick import DATES
from config.staff.admin.record import RecordAdmin

# As many as a search in the admin offers.
MOST_FOUND = 200


class GapFilter(admin.SimpleListFilter):
    title = _("what is missing")
    parameter_name = "gap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, gap.label) for name, gap in GAPS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Company]) -> QuerySet[Company]:
        gap = self.value()
        return queryset.filter(pk__in=with_gap(gap)) if gap in GAPS else queryset


class SearchedAdmin(RecordAdmin):
    """Searched as everywhere else: former names, domains, addresses and numbers, typos forgiven."""

    kind = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = find(search_term, user=request.user, kinds=[self.kind], limit=MOST_FOUND)  # type: ignore[arg-type]
        return queryset.filter(pk__in=[hit.pk for group in found for hit in group.hits]), False


class CompanyNames(admin.StackedInline):  # type: ignore[type-arg]
    model = CompanyName
    extra = 0
    formfield_overrides = DATES


@admin.register(Company)
class CompanyAdmin(SearchedAdmin):
    kind = "company"
    keys = ("folded", "pk")
    list_display = ("name", "kind", "origin_country", "sector", "owner", "domain")
    list_filter = (GapFilter, "kind", "sector", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("name",)
    # The parent moves whole groups, the archive has its own button.
    readonly_fields = ("parent", "ultimate_parent", "archived_at", "merged_into", "created_by", "created_at")
    inlines = (CompanyNames,)


@admin.register(CompanyName)
class CompanyNameAdmin(RecordAdmin):
    list_display = ("name", "kind", "company")
    list_filter = ("kind",)
    folded_fields = ("folded",)
    search_fields = ("name",)
