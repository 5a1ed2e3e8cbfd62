from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.cleanup import GAPS, bounced, with_gap
from companies.models import (
    Activity,
    BulkEdit,
    BulkEditRow,
    City,
    ColumnShape,
    Company,
    CompanyFile,
    CompanyName,
    Contact,
    ContactFile,
    ContactLookAlike,
    ContactPoint,
    Country,
    DataRequest,
    Export,
    File,
    FirstView,
    Import,
    ImportRow,
    ImportWrite,
    Incident,
    LookAlike,
    LookAlikeWalk,
    MergeLog,
    Municipality,
    NotTheSame,
    NotTheSameContact,
    PersonalAct,
    Position,
    PrivacyNotice,
    Rate,
    SavedView,
    Sector,
    Suppression,
)
from companies.search import find
from config.staff.admin.pick import DATES
from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin

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


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ReadOnlyAdmin):
    """A next version is published on its own screen."""

    keys = ("-number",)
    list_display = ("number", "published_at", "published_by")


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ("reason", "since")
    search_fields = ("reason__startswith",)
    exclude = ("address_hash",)


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


@admin.register(File)
class FileAdmin(ReadOnlyAdmin):
    """Files are added and removed on the page of their record."""

    list_display = ("name", "media_type", "size", "uploaded_by", "uploaded_at", "removed_at")
    search_fields = ("name__istartswith",)
    exclude = ("blob", "sha256")


@admin.register(CompanyFile)
class CompanyFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "company")


@admin.register(ContactFile)
class ContactFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "contact")


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    """The register is a screen of its own, /privacy/."""

    keys = ("due_on", "pk")
    list_display = ("kind", "contact", "received_on", "due_on", "owner", "answered_at")
    list_filter = ("kind",)


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    keys = ("-found_on", "-pk")
    list_display = ("what", "found_on", "reported_on")


@admin.register(PersonalAct)
class PersonalActAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("kind", "contact", "by", "at", "finished_at")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("at", "what", "by", "rows", "format", "is_whole")
    list_filter = ("format",)
    search_fields = ("what__istartswith", "by__name__istartswith")


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


class NamedAdmin(RecordAdmin):
    """A short list of the trade, with a name in each language."""

    is_short = True
    keys = ("position", "pk")
    list_display = ("name_en", "name_es", "code", "position")
    search_fields = ("name_en", "name_es")


admin.site.register(Sector, NamedAdmin)
admin.site.register(Activity, NamedAdmin)


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    keys = ("name_es", "pk")
    list_display = ("code", "name_en", "name_es")
    search_fields = ("name_en__istartswith", "name_es__istartswith", "code__iexact")


@admin.register(City)
class CityAdmin(RecordAdmin):
    keys = ("name", "pk")
    list_display = ("name", "country", "zone")
    search_fields = ("name__istartswith",)


@admin.register(Rate)
class RateAdmin(RecordAdmin):
    """What was counted by a rate keeps it, whatever becomes of the rate."""

    keys = ("-day", "-pk")
    list_display = ("day", "currency", "usd", "source")
    list_filter = ("currency",)
    search_fields = ("currency",)


@admin.register(Municipality)
class MunicipalityAdmin(RecordAdmin):
    is_short = True
    keys = ("name", "pk")
    list_display = ("name", "code", "department", "in_region")
    search_fields = ("name__istartswith",)


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
