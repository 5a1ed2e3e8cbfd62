from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.models import User
from leads.models.channel import Channel


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        """One's own; administrators see the whole log, without the words of what was sent."""
        if user.is_administrator:
            return self
        return self.filter(person=user)

    def unsent(self) -> Self:
        return self.filter(state__in=Delivery.UNSENT)

    def to_send(self, at: datetime) -> Self:
        """Due now or earlier; one that is claimed comes back when its lease has run out."""
        return self.unsent().filter(next_try_at__lte=at)

    def stuck(self, at: datetime) -> Self:
        """Unsent for more than a day: an administrator must look at the mail server."""
        return self.unsent().filter(due_at__lte=at - timedelta(days=1))

    @transaction.atomic
    def claim(self, pk: int, *, at: datetime, lease: timedelta) -> "Delivery | None":
        """Take it in hand for a while, committed before anything is sent; None where another worker has it."""
        waiting = self.to_send(at).select_for_update(of=("self",), no_key=True, skip_locked=True)
        delivery = waiting.select_related("person", "webhook").filter(pk=pk).first()
        if delivery is None:
            return None
        delivery.state, delivery.claim = Delivery.State.CLAIMED, uuid4()
        delivery.claimed_until = delivery.next_try_at = at + lease
        delivery.attempts += 1
        delivery.save(update_fields=["state", "claim", "claimed_until", "next_try_at", "attempts"])
        return delivery


class Delivery(models.Model):
    """One message on one channel to one person, with one or many reminders; the rooms' logs have its attempts."""

    class Kind(models.TextChoices):
        MORNING = "morning", _("My day")
        HOUR = "hour", _("At an hour")
        ENQUIRY = "enquiry", _("Enquiry")
        TROUBLE = "trouble", _("A way fails")
        TEST = "test", _("Test")
        DEBRIEF = "debrief", _("Evening note of a mission")
        REPORT = "report", _("Figures by mail")
        LETTER = "letter", _("Mail to a contact")

    class State(models.TextChoices):
        DUE = "due", _("Due")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed, to be tried again")
        REFUSED = "refused", _("Refused")
        SKIPPED = "skipped", _("Skipped")

    UNSENT: ClassVar = (State.DUE, State.CLAIMED, State.FAILED)

    # Who reads it; of a mail to a contact, who sends it. Empty for a message to a chat of the whole agency.
    person = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="deliveries", verbose_name=_("person")
    )
    webhook = models.ForeignKey(
        "staff.Webhook", models.CASCADE, null=True, related_name="deliveries", verbose_name=_("chat of the agency")
    )
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, default=Channel.MAIL)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    # The morning or evening it stands for, the reminder of an hour, or the enquiry: a second run makes no second one.
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
            models.UniqueConstraint("webhook", "kind", "occasion", name="one_delivery_a_chat_and_occasion"),
            models.CheckConstraint(
                name="delivery_goes_to_a_person_or_a_chat_of_the_agency",
                condition=Q(person__isnull=False, webhook=None) | Q(person=None, webhook__isnull=False, channel="hook"),
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
            # The log of one person, and of everybody, newest first, page by key.
            models.Index(fields=["person", "-due_at", "-id"], name="deliveries_of_a_person"),
            models.Index(fields=["-due_at", "-id"], name="delivery_log_by_day"),
            # The job that sends, and the age of the oldest unsent mail.
            models.Index(
                fields=["next_try_at", "id"],
                name="deliveries_to_send",
                condition=Q(state__in=["due", "claimed", "failed"]),
            ),
        ]

    @property
    def reader(self) -> str:
        """Who reads it, by name; a contact by their address."""
        letter = getattr(self, "letter", None) if self.kind == self.Kind.LETTER else None
        return letter.to_address if letter else str(self.person or self.webhook)

    @property
    def language(self) -> str:
        return self.person.language if self.person else settings.LANGUAGE_CODE

    @property
    def is_settled(self) -> bool:
        return self.state not in self.UNSENT

    @transaction.atomic
    def settle(self, state: State, *, answer: str, at: datetime, next_try_at: datetime | None = None) -> bool:
        """Write down how it went, if the claim is still ours; what was sent, its reminders were delivered by."""
        from leads.models.reminder import Reminder  # noqa: PLC0415 - reminders know their deliveries, not the reverse

        ours = Delivery.objects.filter(pk=self.pk, state=self.State.CLAIMED, claim=self.claim)
        settled = ours.update(
            state=state,
            answer=answer[:2000],
            sent_at=at if state == self.State.SENT else None,
            next_try_at=next_try_at or at,
            claim=None,
            claimed_until=None,
        )
        if settled and state == self.State.SENT:
            carried = Reminder.objects.waiting().filter(items__delivery=self.pk, items__skipped_because="")
            carried.update(state=Reminder.State.DELIVERED, delivered_at=at)
        return bool(settled)

    settle.alters_data = True  # type: ignore[attr-defined]


class DeliveryItemQuerySet(models.QuerySet["DeliveryItem"]):
    def to_plan(self) -> Self:
        """Those that wait for their next delivery."""
        return self.filter(delivery=None, skipped_because="")


class DeliveryItem(models.Model):
    """One reminder on one channel, which it goes over once. Without a delivery it waits for its next one."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="items")
    reminder = models.ForeignKey("leads.Reminder", models.CASCADE, related_name="items")
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.MAIL)
    # Why this way was left out after all, where the reminder itself may have been told by another.
    skipped_because = models.CharField(_("why skipped"), max_length=200, blank=True)

    objects = DeliveryItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("reminder", "channel", name="one_delivery_a_reminder_and_channel")]
        indexes = [
            # The job that plans deliveries.
            models.Index(
                fields=["channel", "reminder"],
                name="items_that_wait",
                condition=Q(delivery=None, skipped_because=""),
            ),
        ]
