from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models.named import NamedInTwoLanguages
from config.staff.history import tracked


@tracked(exclude=("version",))
class Stage(NamedInTwoLanguages):
    """A step of the pipeline. The number fixes its meaning (domain: 0 target … 7 operational); the label may change."""

    TARGET, LEAD, QUALIFIED, ACTIVE, VISIT, SHORTLIST, DECISION, OPERATIONAL = range(8)

    number = models.PositiveSmallIntegerField(_("number"), primary_key=True)
    probability = models.DecimalField(
        _("probability of a win"), max_digits=4, decimal_places=3, help_text=_("Between 0 and 1.")
    )
    norm_days = models.PositiveSmallIntegerField(_("usual stay in days"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="stage_is_one_of_eight", condition=models.Q(number__lte=7)),
            models.CheckConstraint(
                name="probability_is_between_0_and_1",
                condition=models.Q(probability__gte=0) & models.Q(probability__lte=1),
                violation_error_message=_("Odds are between 0 and 1."),
            ),
        ]

    @property
    def percent(self) -> Decimal:
        return self.probability * 100


@tracked()
class Reason(NamedInTwoLanguages):
    """Why a lead is on hold, late, lost, dead or disqualified."""

    class Kind(models.TextChoices):
        ON_HOLD = "on_hold", _("On hold")
        DELAYED = "delayed", _("Delayed")
        LOST = "lost", _("Lost to another place")
        DEAD = "dead", _("Dead")
        DISQUALIFIED = "disqualified", _("Disqualified")

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["kind", "position", "code"]


@tracked()
class InvestmentType(NamedInTwoLanguages):
    """New, expansion, relocation, contract … Whether it counts as FDI is said by each reporting scheme."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    is_reinvestment = models.BooleanField(_("is a reinvestment"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("investment type")
        verbose_name_plural = _("investment types")
        ordering = ["position", "code"]
