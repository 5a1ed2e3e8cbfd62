from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User

MOST_POINTS = 3


@tracked()
class Criterion(models.Model):
    """By what a mission scores the companies that it may ask, and how much that weighs."""

    mission = models.ForeignKey("missions.Mission", models.CASCADE, related_name="criteria", verbose_name=_("mission"))
    name = models.CharField(_("name"), max_length=80)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("mission", "name", name="one_criterion_a_mission_and_name"),
            models.CheckConstraint(name="criterion_weighs_one_to_nine", condition=models.Q(weight__range=(1, 9))),
        ]

    def __str__(self) -> str:
        return self.name


class MissionTargetQuerySet(models.QuerySet["MissionTarget"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_staff_member else self.none()

    def answered(self) -> Self:
        return self.filter(status__in=MissionTarget.ANSWERED)


@tracked(exclude=("score", "version"))
class MissionTarget(Labelled):
    """A company that a mission wants to meet: wanted, asked, confirmed, met, followed up."""

    class Status(models.TextChoices):
        NOT_SENT = "not_sent", _("Not asked yet")
        SENT = "sent", _("Asked")
        REPLIED = "replied", _("Replied")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        NO_ANSWER = "no_answer", _("No answer")

    class Priority(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"

    class Source(models.TextChoices):
        HAND = "hand", _("Added by hand")
        VIEW = "view", _("From a list of companies")
        FILE = "file", _("From a list of attendees")
        COPY = "copy", _("From an earlier mission")

    ANSWERED: ClassVar = (Status.REPLIED, Status.ACCEPTED, Status.DECLINED)

    mission = models.ForeignKey("missions.Mission", models.CASCADE, related_name="targets", verbose_name=_("mission"))
    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="mission_targets", verbose_name=_("company")
    )
    contact = models.ForeignKey(
        "companies.Contact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mission_targets",
        verbose_name=_("contact"),
    )
    priority = models.CharField(_("priority"), max_length=1, choices=Priority, default=Priority.B)
    wave = models.PositiveSmallIntegerField(
        _("wave"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    caller = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, blank=True, related_name="mission_targets", verbose_name=_("caller")
    )
    status = models.CharField(_("outreach"), max_length=10, choices=Status, default=Status.NOT_SENT)
    declined_because = models.CharField(_("why they declined"), max_length=200, blank=True)
    reason = models.CharField(_("why this company"), max_length=200, blank=True)
    source = models.CharField(_("where it came from"), max_length=4, choices=Source, blank=True, editable=False)
    # Criterion to points, 0 to 3; what nobody judged is not in it. The score follows from it and the weights.
    points = models.JSONField(_("points"), default=dict, blank=True, editable=False)
    score = models.PositiveSmallIntegerField(_("score"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.FOLD, "contact": MergePolicy.MOVE}

    objects = MissionTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission target")
        verbose_name_plural = _("mission targets")
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint("mission", "company", name="one_target_a_mission_and_company"),
            models.CheckConstraint(
                name="declined_target_has_its_reason",
                condition=~models.Q(status="declined") | ~models.Q(declined_because=""),
                violation_error_message=_("Say why they declined."),
            ),
            models.CheckConstraint(
                name="target_score_is_a_percentage", condition=models.Q(score=None) | models.Q(score__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return str(self.company)

    def get_absolute_url(self) -> str:
        return reverse("missions:target", args=[self.mission_id, self.pk])


@tracked()
class Touch(models.Model):
    """One time that we asked: a mail, a call, a message. Three to five of them are usual."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("Mail")
        CALL = "call", _("Call")
        MESSAGE = "message", _("Message")
        LETTER = "letter", _("Letter")

    target = models.ForeignKey(MissionTarget, models.CASCADE, related_name="touches", verbose_name=_("target"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())
