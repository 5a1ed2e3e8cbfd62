from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy


@tracked()
class MissionTarget(models.Model):
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
    wave = models.PositiveSmallIntegerField(_("wave"), default=1)
    caller = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, blank=True, related_name="mission_targets", verbose_name=_("caller")
    )
    status = models.CharField(_("outreach"), max_length=10, choices=Status, default=Status.NOT_SENT)
    declined_because = models.CharField(_("why they declined"), max_length=200, blank=True)
    reason = models.CharField(_("why this company"), max_length=200, blank=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.FOLD, "contact": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("mission target")
        verbose_name_plural = _("mission targets")
        ordering = ["priority", "pk"]
        constraints = [models.UniqueConstraint("mission", "company", name="one_target_a_mission_and_company")]

    def __str__(self) -> str:
        return str(self.company)
