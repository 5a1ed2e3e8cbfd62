from django.db import models
from django.utils.translation import gettext_lazy as _


class DebriefMark(models.Model):
    """Somebody looked at a meeting in the evening: nothing was promised in it, and no lead comes of it for now."""

    interaction = models.OneToOneField(
        "leads.Interaction", models.CASCADE, related_name="debrief_mark", verbose_name=_("interaction")
    )
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("said by"))
    at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("mark of a debrief")
        verbose_name_plural = _("marks of debriefs")

    def __str__(self) -> str:
        return str(self.interaction_id)
