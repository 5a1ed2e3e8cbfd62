from django.db import models
from django.utils.translation import gettext_lazy as _


class QualityCount(models.Model):
    """How much of one thing wanted cleaning up in a week: what the trend of the quality board is drawn from."""

    measure = models.SlugField(_("what was counted"), max_length=40)
    week = models.DateField(_("week that begins on"))
    count = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("count of the quality board")
        verbose_name_plural = _("counts of the quality board")
        constraints = [
            # The board reads the last weeks of all.
            models.UniqueConstraint("week", "measure", name="one_quality_count_a_week_and_measure"),
            models.CheckConstraint(
                name="week_of_a_quality_count_is_a_monday", condition=models.Q(week__iso_week_day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.week}"
