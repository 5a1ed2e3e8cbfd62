from django.db import models
from django.utils.translation import gettext_lazy as _


class AttendeeImport(models.Model):
    """The mission that a list of attendees is for."""

    of = models.OneToOneField("companies.Import", models.CASCADE, related_name="attendees_of", verbose_name=_("import"))
    mission = models.ForeignKey("missions.Mission", models.CASCADE, related_name="+", verbose_name=_("mission"))

    class Meta:
        verbose_name = _("import of attendees")
        verbose_name_plural = _("imports of attendees")

    def __str__(self) -> str:
        return str(self.mission)
