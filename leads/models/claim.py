from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy


@tracked()
class Claim(models.Model):
    """Another organisation that counts the same project as its own. Totals count the project once all the same."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="claims", verbose_name=_("lead"))
    organisation = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="claims", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=200, blank=True)
    is_public = models.BooleanField(_("may be shown publicly"), default=False)
    external_id = models.CharField(_("their case number"), max_length=60, blank=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"organisation": MergePolicy.FOLD}

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [models.UniqueConstraint("lead", "organisation", name="one_claim_a_lead_and_organisation")]
