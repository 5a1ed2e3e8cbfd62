from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.models import User
from leads.models.choices import Status
from leads.models.lead import may_see_lead


class StayQuerySet(models.QuerySet["Stay"]):
    def visible_to(self, user: User) -> Self:
        """Those of the leads that this person may see."""
        return self.filter(may_see_lead(user, "lead__")) if user.is_staff_member else self.none()

    def countable(self) -> Self:
        """For agency-wide figures only."""
        return self.exclude(lead__status=Status.MERGED)

    def finished(self) -> Self:
        return self.filter(left_at__isnull=False)


class Stay(models.Model):
    """How long a lead stood in a stage, read out of the log of its changes by a view of the database."""

    lead = models.ForeignKey("leads.Lead", models.DO_NOTHING, related_name="stays", verbose_name=_("lead"))
    stage = models.ForeignKey("leads.Stage", models.DO_NOTHING, related_name="stays", verbose_name=_("stage"))
    entered_at = models.DateTimeField(_("entered"))
    left_at = models.DateTimeField(_("left"), null=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "leads_stay"
        verbose_name = _("stay in a stage")
        verbose_name_plural = _("stays in stages")
