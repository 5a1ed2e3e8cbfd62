from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


class DateRange(models.Func):
    function = "daterange"
    output_field = DateRangeField()


@tracked()
class Leave(models.Model):
    """Days on which a person does not work; the deputy hears what cannot wait."""

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="leaves", verbose_name=_("person"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("deputy")
    )

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_it_starts", condition=models.Q(last_day__gte=models.F("first_day"))
            ),
            ExclusionConstraint(
                name="leaves_of_a_person_do_not_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateRange("first_day", "last_day", models.Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These days overlap another leave of the same person."),
            ),
        ]

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
