from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadView(models.Model):
    """Somebody other than its owner looked at a restricted lead by name: once a person and day."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="views", verbose_name=_("lead"))
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+", verbose_name=_("person"))
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("look at a restricted lead")
        verbose_name_plural = _("looks at restricted leads")
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint("lead", "user", "day", name="one_view_a_lead_person_and_day")]

    def __str__(self) -> str:
        return f"{self.day}"
