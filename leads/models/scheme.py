from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from companies.models.named import NamedInTwoLanguages
from config.staff.history import tracked


@tracked()
class ReportingScheme(NamedInTwoLanguages):
    """By whose rules a project counts as foreign direct investment: our own, the central bank's, a data provider's."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    rule_en = models.CharField(_("what it counts, in English"), max_length=300, blank=True)
    rule_es = models.CharField(_("what it counts, in Spanish"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    types = models.ManyToManyField(
        "leads.InvestmentType", through="leads.CountedType", related_name="schemes", verbose_name=_("types counted")
    )

    class Meta:
        verbose_name = _("reporting scheme")
        verbose_name_plural = _("reporting schemes")
        ordering = ["position", "code"]

    @property
    def rule(self) -> str:
        return self.rule_en if (get_language() or "").startswith("en") else self.rule_es


@tracked()
class CountedType(models.Model):
    """An investment type that counts as FDI in a scheme; one without a row does not."""

    scheme = models.ForeignKey(
        ReportingScheme, models.CASCADE, related_name="counted", verbose_name=_("reporting scheme")
    )
    investment_type = models.ForeignKey(
        "leads.InvestmentType", models.CASCADE, related_name="counted_in", verbose_name=_("investment type")
    )

    class Meta:
        verbose_name = _("type counted as FDI")
        verbose_name_plural = _("types counted as FDI")
        constraints = [models.UniqueConstraint("scheme", "investment_type", name="one_row_a_scheme_and_type")]

    def __str__(self) -> str:
        return f"{self.scheme_id}: {self.investment_type_id}"
