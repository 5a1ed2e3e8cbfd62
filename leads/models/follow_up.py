from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.errors import ProofMissing, ReasonMissing, StaleEdit
from leads.models.cadence import CadenceStep
from leads.models.follow_up_queries import FollowUpQuerySet
from leads.models.follow_up_rules import CONSTRAINTS, INDEXES

if TYPE_CHECKING:
    from companies.models import Company, File
    from leads.models.interaction import Interaction
    from missions.models import Mission


WHAT_JOBS_NOTE = (
    *("version", "updated_at", "known_to", "offer_known_to"),
    *("reminded_of_day", "reminded_of_hour", "escalated_for", "warned_for", "warned_days"),
    "in_time",
)


@tracked(exclude=WHAT_JOBS_NOTE)
class FollowUp(Labelled):
    """Something to be done by a day. A promise is a follow-up born in an interaction."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        PROMISE = "promise", _("Promised in a meeting")
        CADENCE = "cadence", _("Cadence")
        UNLOGGED = "unlogged", _("Held, but nobody logged it")
        REVIEW = "review", _("Review of a mission")
        REPLY = "reply", _("They replied")
        VERIFY = "verify", _("Yearly verification of a won project")
        HANDOVER = "handover", _("Hand-over to aftercare")
        MANUAL = "manual", _("Added by hand")

    # Not done by saying so, but where its answer is given.
    ANSWERED_APART: ClassVar = (Origin.VERIFY, Origin.HANDOVER)
    # What reaches the investor, whoever wrote it down.
    REACHES_THEM: ClassVar = (
        *(CadenceStep.Kind.THANK_YOU, CadenceStep.Kind.MATERIAL),
        *(CadenceStep.Kind.CALL, CadenceStep.Kind.REINVITE),
    )
    CLOSING: ClassVar = (
        *("state", "closed_at", "closed_by", "in_time"),
        *("closed_with", "closed_by_interaction", "closed_by_file"),
    )

    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.MANUAL)
    kind = models.CharField(_("kind"), max_length=9, choices=CadenceStep.Kind, default=CadenceStep.Kind.OTHER)
    text = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey("staff.User", models.PROTECT, related_name="follow_ups", verbose_name=_("owner"))
    # Whom it is about: a company, or a whole mission whose outcome is to be looked at.
    company = models.ForeignKey(
        "companies.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("company"),
    )
    mission = models.ForeignKey(
        "missions.Mission",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="reviews",
        verbose_name=_("mission"),
    )
    review_after = models.PositiveSmallIntegerField(_("review after so many months"), null=True, editable=False)
    verifies_year = models.PositiveSmallIntegerField(_("year after the win"), null=True, editable=False)
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
    # Done by its day, by the clocks of the agency; noted when it is closed, so that a year of them is quickly counted.
    in_time = models.BooleanField(_("done in time"), default=False, editable=False)
    # What proves it, or why it was cancelled.
    closed_with = models.CharField(_("how it was closed"), max_length=500, blank=True)
    closed_by_interaction = models.ForeignKey(
        "leads.Interaction", models.SET_NULL, null=True, blank=True, editable=False, related_name="closed_follow_ups"
    )
    closed_by_file = models.ForeignKey(
        "companies.File",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("file that proves it"),
    )
    # What reminders were raised for already, so that the jobs find the rest by index; where these differ, one is due.
    # Whoever changes a follow-up over its owner's head empties `known_to`: then it is news to them.
    known_to = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )
    reminded_of_day = models.DateField(null=True, editable=False)
    reminded_of_hour = models.DateTimeField(null=True, editable=False)
    # The due day whose last step of escalation was raised; before that, the day and the latest of the earlier steps.
    escalated_for = models.DateField(null=True, editable=False)
    warned_for = models.DateField(null=True, editable=False)
    warned_days = models.PositiveSmallIntegerField(default=0, editable=False)
    # Whoever is asked to take it over; it stays with its owner until they do.
    offered_to = models.ForeignKey(
        "staff.User",
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="offered_follow_ups",
        verbose_name=_("offered to"),
    )
    offer_known_to = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, db_index=False, related_name="+"
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
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return address("leads:follow_up", self.pk)

    @property
    def subject(self) -> "Company | Mission":
        """Whom or what it is about."""
        subject = self.company or self.mission
        assert subject  # noqa: S101 - the database holds it
        return subject

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_proved(self) -> bool:
        """By a meeting, a mail, a file or a note."""
        return bool(self.closed_with or self.closed_by_interaction_id or self.closed_by_file_id)

    @property
    def asks_for_proof(self) -> bool:
        """Promised to them, or to reach them: somebody may ask whether it did. Our own steps are done by saying so."""
        if self.origin == self.Origin.PROMISE or self.kind in self.REACHES_THEM:
            return True
        return bool(self.step and self.step.is_message)

    @property
    def is_answered_apart(self) -> bool:
        return self.origin in self.ANSWERED_APART

    @property
    def answer_url(self) -> str:
        """Where it is answered."""
        if self.origin == self.Origin.HANDOVER:
            return reverse("leads:aftercare", args=[self.lead_id])
        return f"{reverse('leads:new_reading', args=[self.lead_id])}?layer=verified"

    @property
    def writes_to_an_objector(self) -> bool:
        """A message of a cadence to somebody who wants none; the job that stops it may not have run yet."""
        return bool(self.step and self.step.is_message and self.contact and self.contact.objected_at)

    @transaction.atomic
    def complete(
        self,
        *,
        by: User,
        note: str = "",
        interaction: "Interaction | None" = None,
        file: "File | None" = None,
        at: datetime | None = None,
        answered: bool = False,
    ) -> "FollowUp":
        """It is done, and what proves it. A second time, or where its answer is still missing, changes nothing."""
        follow_up = self._locked()
        if follow_up.is_open and (answered or not follow_up.is_answered_apart):
            if follow_up.asks_for_proof and not (note.strip() or interaction or file):
                raise ProofMissing
            follow_up.closed_by_interaction, follow_up.closed_by_file = interaction, file
            follow_up._close(self.State.DONE, note, by=by, at=at)
        return follow_up

    @transaction.atomic
    def cancel(self, *, by: User, reason: str, at: datetime | None = None) -> "FollowUp":
        """It need not be done any more, and why."""
        follow_up = self._locked()
        if not follow_up.is_open:
            return follow_up
        if not reason.strip():
            raise ReasonMissing
        follow_up._close(self.State.CANCELLED, reason, by=by, at=at)
        return follow_up

    @transaction.atomic
    def snooze(self, to: date, *, by: User, seen_version: int, reason: str = "") -> "FollowUp":
        """Put it off to a day; from the second time on with a reason. The same form sent twice counts once."""
        follow_up = self._locked()
        if not follow_up.is_open or (follow_up.due_on == to and follow_up.version == seen_version + 1):
            return follow_up
        follow_up._refuse_stale(seen_version)
        if follow_up.snoozes and not reason.strip():
            raise ReasonMissing
        follow_up.due_on, follow_up.due_at = to, None
        follow_up.snoozes, follow_up.snooze_reason = follow_up.snoozes + 1, reason.strip()[:200]
        follow_up._keep("due_on", "due_at", "snoozes", "snooze_reason", by=by)
        return follow_up

    @transaction.atomic
    def hand_over(self, to: User, *, by: User, seen_version: int) -> "FollowUp":
        """Ask a colleague to do it: it stays with its owner until they accept. Whoever takes it themselves has it."""
        follow_up = self._locked()
        if not follow_up.is_open or to.pk in {follow_up.owner_id, follow_up.offered_to_id}:
            return follow_up
        follow_up._refuse_stale(seen_version)
        if to.pk == by.pk:
            return follow_up._goes_to(to)
        follow_up.offered_to, follow_up.offer_known_to = to, None
        follow_up._keep("offered_to", "offer_known_to")
        return follow_up

    @transaction.atomic
    def accept(self, *, by: User) -> "FollowUp":
        """Whoever was asked does it from now on. Anybody else, or a second time, changes nothing."""
        follow_up = self._locked()
        return follow_up._goes_to(by) if follow_up.is_open and follow_up.offered_to_id == by.pk else follow_up

    @transaction.atomic
    def decline(self, *, by: User) -> "FollowUp":
        """Whoever was asked cannot, which is news to the owner; or the owner thinks better of it."""
        follow_up = self._locked()
        if follow_up.offered_to_id is None or by.pk not in {follow_up.offered_to_id, follow_up.owner_id}:
            return follow_up
        follow_up.offered_to = None
        follow_up._keep("offered_to", by=by)
        return follow_up

    @transaction.atomic
    def wait_for(self, whom: str, *, by: User, seen_version: int) -> "FollowUp":
        """Somebody else must move first; with no words it is our turn again."""
        follow_up = self._locked()
        if not follow_up.is_open or follow_up.waiting_for == whom:
            return follow_up
        follow_up._refuse_stale(seen_version)
        follow_up.waiting_for = whom
        follow_up._keep("waiting_for", by=by)
        return follow_up

    @transaction.atomic
    def prove(
        self, note: str = "", *, interaction: "Interaction | None" = None, file: "File | None" = None
    ) -> "FollowUp":
        """Say afterwards what proves that it was done; what was said before and is not said anew stays."""
        follow_up = self._locked()
        said = {"closed_with": note.strip()[:500], "closed_by_interaction": interaction, "closed_by_file": file}
        proofs = {name: value for name, value in said.items() if value}
        if follow_up.state == self.State.DONE and proofs:
            for name, value in proofs.items():
                setattr(follow_up, name, value)
            follow_up._keep(*proofs)
        return follow_up

    @transaction.atomic
    def reopen(self) -> "FollowUp":
        """Take back that it was done or cancelled."""
        follow_up = self._locked()
        if follow_up.is_open:
            return follow_up
        follow_up.state, follow_up.closed_at, follow_up.closed_by = self.State.OPEN, None, None
        follow_up.closed_with, follow_up.closed_by_interaction, follow_up.in_time = "", None, False
        follow_up.closed_by_file = None
        follow_up._keep(*self.CLOSING)
        return follow_up

    complete.alters_data = cancel.alters_data = snooze.alters_data = True  # type: ignore[attr-defined]
    hand_over.alters_data = wait_for.alters_data = True  # type: ignore[attr-defined]
    accept.alters_data = decline.alters_data = True  # type: ignore[attr-defined]
    prove.alters_data = reopen.alters_data = True  # type: ignore[attr-defined]

    def _locked(self) -> "FollowUp":
        return FollowUp.objects.select_for_update().get(pk=self.pk)

    def _refuse_stale(self, seen_version: int) -> None:
        if self.version != seen_version:
            raise StaleEdit(self, seen_version)

    def _goes_to(self, person: User) -> "FollowUp":
        """To somebody who asked for it or said yes, and so knows."""
        self.owner, self.known_to, self.offered_to = person, person, None
        self._keep("owner", "known_to", "offered_to")
        return self

    def _close(self, state: State, words: str, *, by: User, at: datetime | None) -> None:
        at = at or clock.now()
        self.state, self.closed_at, self.closed_by = state, at, by
        self.in_time = state == self.State.DONE and clock.agency_day(at) <= self.due_on
        self.closed_with, self.offered_to = words.strip()[:500], None
        self._keep(*self.CLOSING, "offered_to")

    def _keep(self, *fields: str, by: User | None = None) -> None:
        # Whoever changes their own follow-up need not be told of it; over their head it is news to the owner.
        if by:
            self.known_to = by if by.pk == self.owner_id else None
            fields = (*fields, "known_to")
        self.version += 1
        self.save(update_fields=[*fields, "version", "updated_at"])
