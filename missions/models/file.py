from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models import AttachedFile
from config.staff.history import tracked


@tracked()
class MissionFile(AttachedFile):
    mission = models.ForeignKey("missions.Mission", models.CASCADE, related_name="files", verbose_name=_("mission"))

    record_field = "mission"

    class Meta:
        verbose_name = _("file of a mission")
        verbose_name_plural = _("files of missions")
