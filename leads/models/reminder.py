from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.labels import Labelled
from config.staff.models import User
from leads.models.follow_up import FollowUp


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> Self:
        """One's own, as long as one may see what they are about."""
        return self.filter(person=user, follow_up__in=FollowUp.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(state=Reminder.State.DUE)

    def unrouted(self) -> Self:
        """Nobody has looked yet by which ways the person wants to hear of it."""
        return self.waiting().filter(routed_at=None)


class Reminder(Labelled):
    """What one person is to hear about one follow-up on one occasion. What was sent is a Delivery."""

    class Rule(models.TextChoices):
        DUE = "due", _("Due today")
        AT_HOUR = "at_hour", _("Due at an hour")
        NEW = "new", _("New or changed")
        ESCALATED = "escalated", _("Overdue in your team")
        OFFERED = "offered", _("Offered to you")

    class State(models.TextChoices):
        DUE = "due", _("Due")
        DELIVERED = "delivered", _("Delivered")
        SKIPPED = "skipped", _("Skipped")

    rule = models.CharField(_("rule"), max_length=9, choices=Rule)
    follow_up = models.ForeignKey("leads.FollowUp", models.CASCADE, related_name="reminders")
    person = models.ForeignKey("staff.User", models.PROTECT, related_name="reminders", verbose_name=_("person"))
    # Which time it is that this rule speaks of this follow-up: the day it was due on, so that a move is a new occasion.
    occurrence = models.CharField(_("occasion"), max_length=40)
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DUE)
    skipped_because = models.CharField(_("why skipped"), max_length=200, blank=True)
    # When it was given its ways out of the house, each an item of a delivery.
    routed_at = models.DateTimeField(null=True, editable=False)
    # By the first way that took it; one that was chosen for the app alone, when it appeared there.
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    # When the person saw it in the app, or chose not to hear of it there; the bell counts the others.
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    created_at = models.DateTimeField(_("raised"))

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                "rule", "follow_up", "person", "occurrence", name="one_reminder_a_rule_subject_person_and_occurrence"
            ),
            models.CheckConstraint(
                name="skipped_reminder_says_why", condition=~Q(state="skipped") | ~Q(skipped_because="")
            ),
        ]
        indexes = [
            # The job that gives them their ways.
            models.Index(fields=["due_at", "id"], name="reminders_to_route", condition=Q(state="due", routed_at=None)),
            # What a person was not told yet.
            models.Index(fields=["person", "due_at"], name="reminders_to_deliver", condition=Q(state="due")),
            # The inbox of one person.
            models.Index(fields=["person", "-due_at", "-id"], name="inbox_of_a_person"),
            # The bell on every page.
            models.Index(fields=["person", "-due_at"], name="unseen_reminders", condition=Q(seen_at=None)),
        ]
