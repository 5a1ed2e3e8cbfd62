from django.contrib import admin

from companies.models import (
    Activity,
    City,
    Country,
    Municipality,
    Rate,
    Sector,
)
from config.staff.admin.record import RecordAdmin


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
