from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.labels import Labelled
from leads.models.choices import Level, Status


class StageChange(Labelled):
    """The log of a lead's way: every change of stage or status, who made it, and who held the lead then."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="stage_changes", verbose_name=_("lead"))
    stage_before = models.ForeignKey("leads.Stage", models.PROTECT, null=True, related_name="+")
    stage_after = models.ForeignKey("leads.Stage", models.PROTECT, related_name="+")
    status_before = models.CharField(max_length=12, choices=Status, blank=True)
    status_after = models.CharField(max_length=12, choices=Status)
    reason = models.ForeignKey("leads.Reason", models.PROTECT, null=True, related_name="+")
    # Copies, so that the log still tells them when the lead is open again.
    other_reasons = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    lost_to_country = models.ForeignKey("companies.Country", models.PROTECT, null=True, related_name="+")
    lost_to_city = models.CharField(max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    override = models.BooleanField(_("gate skipped by right"), default=False)
    # The facts that were not there when it was skipped.
    skipped = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    level = models.CharField(max_length=5, choices=Level)
    # Who held it at that time: credit stays where it was earned.
    owner = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))

    OF_STAGE: ClassVar = ~models.Q(stage_before=models.F("stage_after"))

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        ordering = ["-at", "-pk"]
        indexes = [
            # The way of one lead, and time in stage.
            models.Index(fields=["lead", "at"], name="stage_log_of_a_lead"),
            # "New opportunities": leads that first reached a stage in a period.
            models.Index(fields=["stage_after", "at"], name="stage_log_by_stage"),
        ]

    @property
    def is_correction(self) -> bool:
        """Nothing moved: its reason was told anew."""
        return (self.stage_before_id, self.status_before) == (self.stage_after_id, self.status_after)
