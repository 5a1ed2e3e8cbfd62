from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models import AttachedFile
from config.staff.history import tracked


@tracked()
class LeadFile(AttachedFile):
    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="files", verbose_name=_("lead"))

    record_field = "lead"

    class Meta:
        verbose_name = _("file of a lead")
        verbose_name_plural = _("files of leads")


@tracked()
class InteractionFile(AttachedFile):
    interaction = models.ForeignKey(
        "leads.Interaction", models.CASCADE, related_name="files", verbose_name=_("interaction")
    )

    # Made by the device that took the picture or the voice note, so that sending it again is harmless.
    capture_id = models.UUIDField(null=True, editable=False, unique=True)

    record_field = "interaction"

    class Meta:
        verbose_name = _("file of an interaction")
        verbose_name_plural = _("files of interactions")
