from django.contrib import admin

from companies.models import (
    CompanyFile,
    ContactFile,
    File,
)
from config.staff.admin.record import ReadOnlyAdmin


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
