from typing import ClassVar, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


class Step(NamedTuple):
    whom: str
    working_days: int


@tracked()
class EscalationStep(models.Model):
    """Who hears of what is overdue, and after how many working days. Whoever does it is always told first."""

    class Whom(models.TextChoices):
        DEPUTY = "deputy", _("The deputy")
        MANAGER = "manager", _("The manager")
        HEAD = "head", _("The manager's manager")

    # Where nobody says otherwise: after how many days, and whether at all.
    DEFAULTS: ClassVar = {Whom.DEPUTY: (2, False), Whom.MANAGER: (3, True), Whom.HEAD: (10, False)}

    whom = models.CharField(_("who hears of it"), max_length=7, choices=Whom, primary_key=True)
    working_days = models.PositiveSmallIntegerField(_("working days overdue"))
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("escalation step")
        verbose_name_plural = _("escalation steps")
        ordering = ["working_days", "whom"]
        constraints = [
            models.CheckConstraint(
                name="escalation_waits_a_day_or_more", condition=models.Q(working_days__range=(1, 250))
            ),
        ]

    def __str__(self) -> str:
        return self.get_whom_display()

    @classmethod
    def in_order(cls) -> list[Step]:
        """The steps that are on, the earliest first."""
        facts = {str(whom): facts for whom, facts in cls.DEFAULTS.items()}
        facts |= {row.whom: (row.working_days, row.is_on) for row in cls.objects.all()}
        on = [Step(whom, days) for whom, (days, is_on) in facts.items() if is_on]
        places = list(cls.Whom.values)
        return sorted(on, key=lambda step: (step.working_days, places.index(step.whom)))
