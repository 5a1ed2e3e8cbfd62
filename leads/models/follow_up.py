from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.models.cadence import CadenceStep
from leads.models.lead import may_see_lead


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> Self:
        """Staff see all but what hangs on a lead that they may not see. Nothing to guests."""
        if not user.is_staff_member:
            return self.none()
        return self.filter(
            Q(lead=None) | may_see_lead(user, "lead__"),
            Q(interaction=None) | Q(interaction__lead=None) | may_see_lead(user, "interaction__lead__"),
        )

    def countable(self) -> Self:
        """For agency-wide figures only."""
        return self.all()

    def open(self) -> Self:
        return self.filter(state=FollowUp.State.OPEN)

    def promises(self) -> Self:
        return self.filter(origin=FollowUp.Origin.PROMISE)

    def overdue_on(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)


@tracked(exclude=("version", "updated_at"))
class FollowUp(models.Model):
    """Something to be done by a day. A promise is a follow-up born in an interaction."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        PROMISE = "promise", _("Promised in a meeting")
        CADENCE = "cadence", _("Cadence")
        UNLOGGED = "unlogged", _("Held, but nobody logged it")
        MANUAL = "manual", _("Added by hand")

    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.MANUAL)
    kind = models.CharField(_("kind"), max_length=9, choices=CadenceStep.Kind, default=CadenceStep.Kind.OTHER)
    text = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey("staff.User", models.PROTECT, related_name="follow_ups", verbose_name=_("owner"))
    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="follow_ups", verbose_name=_("company")
    )
    contact = models.ForeignKey(
        "companies.Contact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("contact"),
    )
    lead = models.ForeignKey(
        "leads.Lead", models.CASCADE, null=True, blank=True, related_name="follow_ups", verbose_name=_("lead")
    )
    interaction = models.ForeignKey(
        "leads.Interaction",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("interaction"),
    )
    appointment = models.ForeignKey(
        "missions.Appointment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("appointment"),
    )
    step = models.ForeignKey(
        "leads.CadenceStep", models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("step")
    )
    # The moment the due day was computed from: the meeting, or the end of its event. Where it moves, the day moves.
    anchor_at = models.DateTimeField(_("counted from"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("due"))
    # Only where an hour was asked for; the mail of that hour stays out of the morning mail.
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    # We wait for somebody else: it is shown apart, and is not "overdue by us".
    waiting_for = models.CharField(_("waiting for"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "staff.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )
    # What proves it, or why it was cancelled.
    closed_with = models.CharField(_("how it was closed"), max_length=500, blank=True)
    closed_by_interaction = models.ForeignKey(
        "leads.Interaction", models.SET_NULL, null=True, blank=True, editable=False, related_name="closed_follow_ups"
    )
    snoozes = models.PositiveSmallIntegerField(default=0, editable=False)
    snooze_reason = models.CharField(_("why later"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE, "contact": MergePolicy.MOVE}

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.UniqueConstraint("interaction", "step", name="one_follow_up_an_interaction_and_step"),
            models.UniqueConstraint(
                "appointment", condition=Q(origin="unlogged"), name="one_reminder_to_log_an_appointment"
            ),
            models.CheckConstraint(
                name="closed_follow_up_has_its_moment",
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="cadence_follow_up_has_its_step",
                condition=~Q(origin="cadence") | Q(step__isnull=False, interaction__isnull=False),
            ),
            models.CheckConstraint(name="follow_up_says_what", condition=~Q(text="")),
        ]
        indexes = [
            # Today: one person's open follow-ups by day.
            models.Index(fields=["owner", "due_on", "id"], name="today_of_a_person", condition=Q(state="open")),
            # The jobs that raise reminders.
            models.Index(fields=["due_on", "id"], name="open_follow_ups_by_day", condition=Q(state="open")),
            # Next promise of a company.
            models.Index(fields=["company", "due_on"], name="next_promise_of_a_company", condition=Q(state="open")),
            # Next step of a lead: the colour of its card on the board.
            models.Index(fields=["lead", "due_on"], name="next_step_of_a_lead", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
