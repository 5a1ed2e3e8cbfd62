from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.models import User


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        """One's own; administrators see the whole log, without the words of what was sent."""
        if user.is_administrator:
            return self
        return self.filter(person=user)

    def unsent(self) -> Self:
        return self.filter(state__in=Delivery.UNSENT)


class Delivery(models.Model):
    """One message on one channel to one person, with one or many reminders; the mail room's log has its attempts."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")

    class Kind(models.TextChoices):
        MORNING = "morning", _("Morning mail")
        HOUR = "hour", _("At an hour")

    class State(models.TextChoices):
        DUE = "due", _("Due")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed, to be tried again")
        REFUSED = "refused", _("Refused")
        SKIPPED = "skipped", _("Skipped")

    UNSENT: ClassVar = (State.DUE, State.CLAIMED, State.FAILED)

    person = models.ForeignKey("staff.User", models.PROTECT, related_name="deliveries", verbose_name=_("person"))
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, default=Channel.MAIL)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    # The morning it stands for, or the reminder of an hour: a second run makes no second message.
    occasion = models.CharField(_("occasion"), max_length=60)
    reminders = models.ManyToManyField("leads.Reminder", through="leads.DeliveryItem", related_name="deliveries")
    message_id = models.CharField(_("message id"), max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.DUE)
    due_at = models.DateTimeField(_("due"))
    # A claim is committed before anything is sent; one whose lease ran out belongs to a worker that died.
    claimed_until = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    answer = models.TextField(_("the server's answer"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "person", "channel", "kind", "occasion", name="one_delivery_a_person_channel_and_occasion"
            ),
            models.CheckConstraint(
                name="sent_delivery_has_its_moment", condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent")
            ),
            models.CheckConstraint(
                name="claimed_delivery_has_a_lease",
                condition=~Q(state="claimed") | Q(claim__isnull=False, claimed_until__isnull=False),
            ),
        ]
        indexes = [
            # The job that sends, and the age of the oldest unsent mail.
            models.Index(
                fields=["next_try_at", "id"],
                name="deliveries_to_send",
                condition=Q(state__in=["due", "claimed", "failed"]),
            ),
        ]


class DeliveryItem(models.Model):
    """One reminder within one delivery. A reminder goes over each channel once."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="items")
    reminder = models.ForeignKey("leads.Reminder", models.CASCADE, related_name="items")
    channel = models.CharField(max_length=5, choices=Delivery.Channel, default=Delivery.Channel.MAIL)

    class Meta:
        constraints = [models.UniqueConstraint("reminder", "channel", name="one_delivery_a_reminder_and_channel")]
