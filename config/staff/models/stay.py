from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.zones import validate_zone


@tracked()
class Stay(models.Model):
    """Where a person is while travelling; written by missions, so that mornings and days are those of the place."""

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="stays", verbose_name=_("person"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    # What wrote it, e.g. "stop 12", so that writing it again changes it instead of adding another.
    source = models.CharField(_("written by"), max_length=60)

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint("user", "source", name="one_stay_a_person_and_source"),
            models.CheckConstraint(
                name="stay_ends_after_it_starts", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
        ]

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at
