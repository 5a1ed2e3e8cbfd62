"""States are changed on the lead's and the follow-up's own screens, where their gates and logs are."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.staff.admin.record import LeftOwnerFilter, ReadOnlyAdmin, RecordAdmin
from leads.cleanup import without_next_step
from leads.models import (
    AccountPlan,
    AftercareOffer,
    Booklet,
    BookletPart,
    Budget,
    Cadence,
    CadenceStep,
    CadenceVersion,
    CaseStep,
    ChannelChoice,
    Claim,
    CountedType,
    DebriefMark,
    Delivery,
    DeliveryItem,
    Enquiry,
    EscalationStep,
    EventAnchor,
    EventCadence,
    FollowUp,
    GateFact,
    Goal,
    Headcount,
    InboundMail,
    Interaction,
    InteractionFile,
    InvestmentType,
    InvestorCase,
    Invitation,
    Lead,
    LeadFile,
    LeadPerson,
    LeadView,
    Letter,
    Nda,
    OpeningFault,
    Outreach,
    Participant,
    Purge,
    QualityCount,
    Reading,
    ReadingShare,
    Reason,
    Reminder,
    Report,
    ReportingScheme,
    Reserve,
    RetentionRule,
    Service,
    ServiceKind,
    SiteStop,
    SiteVisit,
    SiteVisitor,
    Stage,
    StageChange,
    Stay,
    VisitRhythm,
)
from leads.models.choices import OPEN


class OpenLeadsLeft(LeftOwnerFilter):
    open_rows = Q(status__in=OPEN)


class OpenFollowUpsLeft(LeftOwnerFilter):
    open_rows = Q(state=FollowUp.State.OPEN)


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


@admin.register(Purge)
class PurgeAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("of", "by", "at", "total", "done", "finished_at")
    search_fields = ("by__name__istartswith",)


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnlyAdmin):
    """Changed where its run is simulated, /privacy/retention/."""

    keys = ("of",)
    list_display = ("of", "days")
    search_fields = ("of__startswith",)


@admin.register(QualityCount)
class QualityCountAdmin(ReadOnlyAdmin):
    keys = ("-week", "measure", "pk")
    list_display = ("measure", "week", "count", "at")
    search_fields = ("measure__startswith",)


class WordsAdmin(RecordAdmin):
    """Records whose code and kind fix the meaning; once there, only their words and their place change."""

    meaning: tuple[str, ...] = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.meaning if obj else ()


class SeenWithLead(RecordAdmin):
    seen_with = "lead"
    search_fields = ("lead__title",)


@admin.register(LeadPerson)
class LeadPersonAdmin(SeenWithLead, ReadOnlyAdmin):
    list_display = ("lead", "user")


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


@admin.register(AftercareOffer)
class AftercareOfferAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-offered_at", "-pk")
    list_display = ("offered_at", "lead", "sender", "receiver", "state")


@admin.register(Nda)
class NdaAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-signed_on", "-pk")
    list_display = ("signed_on", "lead", "parties", "expires_on")


@admin.register(SiteVisit)
class SiteVisitAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-starts_on", "-pk")
    list_display = ("starts_on", "lead", "created_by")


class SeenWithVisit(ReadOnlyAdmin):
    keys = ("-pk",)
    seen_with = "visit"


@admin.register(SiteVisitor)
class SiteVisitorAdmin(SeenWithVisit):
    list_display = ("visit", "contact", "user")


@admin.register(SiteStop)
class SiteStopAdmin(SeenWithVisit):
    list_display = ("visit", "day", "starts", "title")


@admin.register(LeadView)
class LeadViewAdmin(SeenWithLead, ReadOnlyAdmin):
    list_display = ("day", "lead", "user")


@admin.register(StageChange)
class StageChangeAdmin(SeenWithLead, ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("lead", "stage_before", "stage_after", "status_before", "status_after", "by", "at")


@admin.register(Interaction)
class InteractionAdmin(RecordAdmin):
    keys = ("-happened_at", "-pk")
    list_display = ("happened_at", "kind", "company", "outcome", "interest", "logged_by")
    list_filter = ("kind", "outcome", "interest")
    folded_fields = ("company__folded",)
    search_fields = ("place",)
    readonly_fields = ("lead", "appointment", "follow_ups_opened_at", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Participant)
class ParticipantAdmin(RecordAdmin):
    list_display = ("interaction", "contact", "user", "company_then", "team_then")
    folded_fields = ("contact__folded",)
    search_fields = ("user__name",)
    seen_with = "interaction"


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    keys = ("-pk",)
    list_display = ("text", "company", "owner", "due_on", "state", "origin")
    list_filter = (OpenFollowUpsLeft, "state", "origin", "kind")
    folded_fields = ("company__folded",)
    search_fields = ("text",)
    readonly_fields = (
        *("origin", "state", "closed_at", "closed_by", "closed_with", "snoozes", "snooze_reason", "owner"),
        *("lead", "interaction", "appointment", "step", "created_by", "created_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(DebriefMark)
class DebriefMarkAdmin(ReadOnlyAdmin):
    list_display = ("interaction", "by", "at")
    seen_with = "interaction"


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("rule", "person", "occurrence", "due_at", "state", "skipped_because")
    list_filter = ("rule", "state")
    exclude = ("follow_up",)
    search_fields = ("person__name__istartswith",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    keys = ("-due_at", "-pk")
    list_display = ("person", "webhook", "channel", "kind", "due_at", "state", "attempts", "sent_at")
    list_filter = ("state", "kind", "channel")
    search_fields = ("person__name__istartswith", "message_id")


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Its words are on the page of its follow-up, for whoever may see that."""

    list_display = ("to_address", "writer", "state", "sent_at")
    list_filter = ("state",)
    exclude = ("follow_up", "interaction", "subject", "body")
    search_fields = ("to_address__istartswith",)


@admin.register(DeliveryItem)
class DeliveryItemAdmin(ReadOnlyAdmin):
    list_display = ("delivery", "channel", "skipped_because")
    exclude = ("reminder",)


@admin.register(Stage)
class StageAdmin(RecordAdmin):
    """The eight stages are fixed; their labels, odds and norms are not."""

    is_short = True
    keys = ("number",)
    list_display = ("number", "name_en", "name_es", "probability", "norm_days")
    search_fields = ("name_en", "name_es")
    readonly_fields = ("number",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(GateFact)
class GateFactAdmin(RecordAdmin):
    """What a fact means is fixed; when it is asked for is not."""

    is_short = True
    keys = ("first", "code")
    list_display = ("code", "is_asked", "first", "last", "limit")
    search_fields = ("code",)
    readonly_fields = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Reason)
class ReasonAdmin(WordsAdmin):
    is_short = True
    meaning = ("code", "kind")
    keys = ("kind", "position", "pk")
    list_display = ("name_en", "name_es", "kind", "code", "position")
    list_filter = ("kind",)
    search_fields = ("name_en", "name_es")


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


@admin.register(Cadence)
class CadenceAdmin(RecordAdmin):
    is_short = True
    keys = ("name", "pk")
    list_display = ("name", "is_default")
    search_fields = ("name",)


class UnpublishedOnly(RecordAdmin):
    """What runs keeps the version it started with, so a published one is never changed."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_published(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_published(obj)

    def _is_published(self, obj: Any) -> bool:
        version = obj.version if isinstance(obj, CadenceStep) else obj
        return bool(version and version.published_at)


@admin.register(CadenceVersion)
class CadenceVersionAdmin(UnpublishedOnly):
    list_display = ("cadence", "number", "published_at")
    search_fields = ("cadence__name",)


@admin.register(CadenceStep)
class CadenceStepAdmin(UnpublishedOnly):
    list_display = ("version", "trigger", "kind", "offset", "unit", "text_en", "text_es")
    list_filter = ("trigger",)
    search_fields = ("text_en", "text_es")


@admin.register(EventCadence)
class EventCadenceAdmin(RecordAdmin):
    list_display = ("event", "version")
    search_fields = ("event__name",)


@admin.register(EventAnchor)
class EventAnchorAdmin(ReadOnlyAdmin):
    list_display = ("event", "ends_at")


@admin.register(OpeningFault)
class OpeningFaultAdmin(ReadOnlyAdmin):
    list_display = ("interaction", "error", "tries", "since", "next_try_at")
    seen_with = "interaction"


@admin.register(LeadFile)
class LeadFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "lead")


@admin.register(InteractionFile)
class InteractionFileAdmin(ReadOnlyAdmin):
    list_display = ("file", "interaction")


@admin.register(VisitRhythm)
class VisitRhythmAdmin(RecordAdmin):
    is_short = True
    keys = ("tier",)
    list_display = ("tier", "days")


@admin.register(EscalationStep)
class EscalationStepAdmin(RecordAdmin):
    """Who hears of what is overdue. Whoever does it is told first in any case."""

    is_short = True
    keys = ("working_days", "whom")
    list_display = ("whom", "working_days", "is_on")


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


@admin.register(ChannelChoice)
class ChannelChoiceAdmin(ReadOnlyAdmin):
    """Each person's own, on the page where they try them."""

    keys = ("user__name", "pk")
    list_display = ("user", "topic", "channel", "is_on")
    list_filter = ("channel", "topic")
    search_fields = ("user__name__istartswith",)


@admin.register(Stay)
class StayAdmin(ReadOnlyAdmin):
    list_display = ("lead", "stage", "entered_at", "left_at")
    seen_with = "lead"


@admin.register(Reserve)
class ReserveAdmin(ReadOnlyAdmin):
    list_display = ("lead", "settled_at")
    fields = ("lead", "settled_at")
    seen_with = "lead"


@admin.register(Goal)
class GoalAdmin(ReadOnlyAdmin):
    keys = ("-year", "-pk")
    list_display = ("figure", "year", "month", "sector", "market", "value", "version", "approved_by")
    list_filter = ("year",)


@admin.register(Budget)
class BudgetAdmin(RecordAdmin):
    is_short = True
    keys = ("-year",)
    list_display = ("year", "usd", "note")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    keys = ("next_on", "pk")
    list_display = ("person", "view", "rhythm", "next_on")


@admin.register(Booklet)
class BookletAdmin(ReadOnlyAdmin):
    keys = ("-at", "-pk")
    list_display = ("mission", "delegate", "by", "language", "state", "at")
    exclude = ("meetings",)


@admin.register(BookletPart)
class BookletPartAdmin(ReadOnlyAdmin):
    """What is in it is its maker's alone."""

    list_display = ("booklet", "number")
    exclude = ("pdf", "page")


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    list_display = ("mission", "subject_en", "subject_es")
    search_fields = ("mission__name",)
    seen_with = "mission"


@admin.register(Outreach)
class OutreachAdmin(ReadOnlyAdmin):
    list_display = ("target", "follow_up")
    seen_with = "follow_up"
