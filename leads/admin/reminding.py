from django.contrib import admin

from config.staff.admin.record import ReadOnlyAdmin, RecordAdmin
from leads.models import (
    ChannelChoice,
    Delivery,
    DeliveryItem,
    EscalationStep,
    Letter,
    Reminder,
)


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


@admin.register(EscalationStep)
class EscalationStepAdmin(RecordAdmin):
    """Who hears of what is overdue. Whoever does it is told first in any case."""

    is_short = True
    keys = ("working_days", "whom")
    list_display = ("whom", "working_days", "is_on")


@admin.register(ChannelChoice)
class ChannelChoiceAdmin(ReadOnlyAdmin):
    """Each person's own, on the page where they try them."""

    keys = ("user__name", "pk")
    list_display = ("user", "topic", "channel", "is_on")
    list_filter = ("channel", "topic")
    search_fields = ("user__name__istartswith",)
