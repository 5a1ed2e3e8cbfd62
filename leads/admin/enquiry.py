from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.models import (
    Enquiry,
    InboundMail,
)


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    keys = ("-received_at", "-pk")
    list_display = ("name", "company_name", "channel", "state", "received_at", "owner")
    list_filter = ("state", "channel")
    list_select_related = ("owner",)
    search_fields = ("name", "company_name", "email")


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnlyAdmin):
    keys = ("-received_at", "-pk")
    list_display = ("message_id", "kind", "enquiry", "received_at")
    list_filter = ("kind",)
    search_fields = ("message_id__startswith",)
