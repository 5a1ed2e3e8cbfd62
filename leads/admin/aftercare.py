from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.admin.common import SeenWithLead
from leads.models import (
    AccountPlan,
    AftercareOffer,
    CaseStep,
    Headcount,
    InvestorCase,
    VisitRhythm,
)


@admin.register(InvestorCase)
class InvestorCaseAdmin(ReadOnlyAdmin):
    """Moved on its own screen, where its gates and its log are."""

    keys = ("due_on", "pk")
    list_display = ("what", "company", "flag", "about", "state", "owner", "due_on")
    list_filter = ("state", "flag", "about")
    search_fields = ("what__istartswith",)


@admin.register(CaseStep)
class CaseStepAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("case", "before", "after", "by", "at")
    search_fields = ("case__what__istartswith",)


@admin.register(AftercareOffer)
class AftercareOfferAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-offered_at", "-pk")
    list_display = ("offered_at", "lead", "sender", "receiver", "state")


@admin.register(VisitRhythm)
class VisitRhythmAdmin(RecordAdmin):
    is_short = True
    keys = ("tier",)
    list_display = ("tier", "days")


@admin.register(AccountPlan)
class AccountPlanAdmin(RecordAdmin):
    keys = ("next_visit_on", "pk")
    list_display = ("company", "tier", "owner", "deputy", "next_visit_on")
    list_filter = ("tier",)
    folded_fields = ("company__folded",)
    search_fields = ("company__name",)
    readonly_fields = ("last_visit_at", "next_visit_on", "created_by", "created_at")


@admin.register(Headcount)
class HeadcountAdmin(RecordAdmin):
    keys = ("-counted_on", "-pk")
    list_display = ("company", "counted_on", "jobs", "source")
    folded_fields = ("company__folded",)
    search_fields = ("company__name",)
