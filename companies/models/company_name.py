from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models.folding import folded_company_name
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy


@tracked(exclude=("folded",))
class CompanyName(Labelled):
    """Another name that finds the company: a former one, an alias, one in another script, the legal one."""

    class Kind(models.TextChoices):
        FORMER = "former", _("Former name")
        ALIAS = "alias", _("Also known as")
        SCRIPT = "script", _("In another script")
        LEGAL = "legal", _("Legal name")

    company = models.ForeignKey("companies.Company", models.CASCADE, related_name="names", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALIAS)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    folded = folded_company_name("name")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.FOLD}

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint("company", "name", "kind", name="one_row_a_company_name_and_kind")]
        indexes = [
            # Search by former and other names.
            GinIndex(fields=["folded"], name="company_name_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name
