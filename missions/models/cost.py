from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy


@tracked()
class CostLine(models.Model):
    """One line of a mission's budget: planned and actual, in its own currency with the rate of a day."""

    class Kind(models.TextChoices):
        TRAVEL = "travel", _("Travel")
        TICKETS = "tickets", _("Tickets or stand")
        VENUE = "venue", _("Venue")
        ADVISER = "adviser", _("Adviser")
        MATERIAL = "material", _("Material")
        REPRESENTATION = "representation", _("Representation")
        OTHER = "other", _("Other")

    mission = models.ForeignKey(
        "missions.Mission", models.CASCADE, related_name="cost_lines", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    label = models.CharField(_("what for"), max_length=200, blank=True)
    funder = models.ForeignKey(
        "companies.Company", models.PROTECT, null=True, blank=True, related_name="cost_lines", verbose_name=_("funder")
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    planned = models.DecimalField(_("planned"), max_digits=16, decimal_places=2)
    actual = models.DecimalField(_("actual"), max_digits=16, decimal_places=2, null=True, blank=True)
    usd_rate = models.DecimalField(
        _("USD for one unit"), max_digits=18, decimal_places=10, default=1, help_text=_("The rate of the day below.")
    )
    rate_on = models.DateField(_("rate of"))

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"funder": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cost_is_not_negative",
                condition=models.Q(planned__gte=0) & (models.Q(actual=None) | models.Q(actual__gte=0)),
            ),
            models.CheckConstraint(name="cost_rate_is_positive", condition=models.Q(usd_rate__gt=0)),
        ]

    def __str__(self) -> str:
        return self.label or str(self.Kind(self.kind).label)
