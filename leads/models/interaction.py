from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from config.staff.zones import validate_zone
from leads.errors import StaleEdit
from leads.models.choices import Interest, Outcome
from leads.models.lead import may_see_lead


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def visible_to(self, user: User) -> Self:
        """Staff see all but what was said about a lead that they may not see. Nothing to guests."""
        if not user.is_staff_member:
            return self.none()
        return self.filter(models.Q(lead=None) | may_see_lead(user, "lead__"))

    def countable(self) -> Self:
        """For agency-wide figures only."""
        return self.all()

    def newest_first(self) -> Self:
        return self.order_by("-happened_at", "-pk")


@tracked(exclude=("version", "updated_at"))
class Interaction(Labelled):
    """What was said: a meeting, call, mail, message or site visit. People say "meeting"."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        MAIL = "mail", _("Mail")
        MESSAGE = "message", _("Message")
        SITE_VISIT = "site_visit", _("Site visit")

    class Direction(models.TextChoices):
        BOTH = "both", _("Two-way")
        OUT = "out", _("From us")
        IN = "in", _("To us")

    # Made by the browser, so that a form sent twice is one interaction.
    capture_id = models.UUIDField(_("capture id"), unique=True, default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MEETING)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.BOTH)
    outcome = models.CharField(_("outcome"), max_length=11, choices=Outcome, default=Outcome.HELD)
    interest = models.CharField(_("interest"), max_length=4, choices=Interest, blank=True)
    note = models.TextField(_("what was said"), blank=True, max_length=20000)
    happened_at = models.DateTimeField(_("when"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    place = models.CharField(_("place"), max_length=200, blank=True)
    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="interactions", verbose_name=_("company")
    )
    lead = models.ForeignKey(
        "leads.Lead", models.SET_NULL, null=True, blank=True, related_name="interactions", verbose_name=_("lead")
    )
    mission = models.ForeignKey(
        "missions.Mission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("mission"),
    )
    event = models.ForeignKey(
        "missions.Event", models.PROTECT, null=True, blank=True, related_name="interactions", verbose_name=_("event")
    )
    appointment = models.OneToOneField(
        "missions.Appointment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="interaction",
        verbose_name=_("appointment"),
    )
    contacts = models.ManyToManyField(
        "companies.Contact",
        through="leads.Participant",
        through_fields=("interaction", "contact"),
        related_name="interactions",
        verbose_name=_("their people"),
    )
    logged_by = models.ForeignKey(
        "staff.User", models.PROTECT, related_name="interactions_logged", verbose_name=_("logged by")
    )
    # When its cadence was opened; the job that opens follow-ups looks for what is empty or older than its event.
    follow_ups_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("logged"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE}

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [
            # The interactions list, newest first, page by key.
            models.Index(fields=["-happened_at", "-id"], name="interaction_list_by_day"),
            # Words in the filter of the list.
            GinIndex(OpClass(Upper("note"), name="gin_trgm_ops"), name="interaction_note_search"),
            # The timeline of a company, and its last touch.
            models.Index(fields=["company", "-happened_at"], name="timeline_of_a_company"),
            # The job that opens follow-ups.
            models.Index(
                fields=["created_at"], name="interactions_to_open", condition=models.Q(follow_ups_opened_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return address("leads:interaction", self.pk)

    @transaction.atomic
    def revise(self, changes: dict[str, object], *, seen_version: int) -> "Interaction":
        """Write fields anew, unless a colleague was quicker. Its cadence is to be looked at again."""
        interaction = Interaction.objects.select_for_update().get(pk=self.pk)
        if interaction.version != seen_version:
            raise StaleEdit(interaction, seen_version)
        for name, value in changes.items():
            setattr(interaction, name, value)
        interaction.version += 1
        interaction.follow_ups_opened_at = None
        interaction.save(update_fields=[*changes, "version", "follow_ups_opened_at", "updated_at"])
        return interaction

    revise.alters_data = True  # type: ignore[attr-defined]


@tracked()
class Participant(models.Model):
    """Somebody who took part: one of theirs or one of ours, with the house or team they stood for at that time."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="participants")
    contact = models.ForeignKey(
        "companies.Contact", models.PROTECT, null=True, blank=True, related_name="participations"
    )
    user = models.ForeignKey("staff.User", models.PROTECT, null=True, blank=True, related_name="participations")
    company_then = models.ForeignKey("companies.Company", models.PROTECT, null=True, blank=True, related_name="+")
    team_then = models.ForeignKey("staff.Team", models.PROTECT, null=True, blank=True, related_name="+")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {
        "contact": MergePolicy.FOLD,
        "company_then": MergePolicy.MOVE,
    }

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                name="participant_is_one_of_theirs_or_one_of_ours",
                condition=models.Q(contact__isnull=False, user=None) | models.Q(contact=None, user__isnull=False),
            ),
            models.UniqueConstraint("interaction", "contact", name="one_row_an_interaction_and_contact"),
            models.UniqueConstraint("interaction", "user", name="one_row_an_interaction_and_colleague"),
        ]
