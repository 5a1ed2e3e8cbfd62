from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


def folded(name: str) -> models.Func:
    return models.Func(models.F(name), function="puente_fold", output_field=models.TextField())


@tracked()
class TravelTime(models.Model):
    """How long it takes from one town or district to another, either way; of one to itself, how long within it."""

    one = models.CharField(_("from"), max_length=120)
    other = models.CharField(_("to"), max_length=120)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MaxValueValidator(2880)])

    class Meta:
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        ordering = ["one", "other"]
        constraints = [
            models.UniqueConstraint(
                Least(folded("one"), folded("other")),
                Greatest(folded("one"), folded("other")),
                name="one_travel_time_a_pair",
                violation_error_message=_("The time between these two is written down already."),
            ),
            models.CheckConstraint(name="travel_takes_two_days_at_most", condition=models.Q(minutes__lte=2880)),
        ]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"
