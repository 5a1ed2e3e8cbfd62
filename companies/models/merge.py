from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.merge_policy import MergePolicy


class MergeLog(models.Model):
    """One merge, with all that undoing it needs: both records as they were, and every row that moved or was folded."""

    class Of(models.TextChoices):
        COMPANY = "company", _("Companies")
        CONTACT = "contact", _("Contacts")

    of = models.CharField(_("merge of"), max_length=10, choices=Of)
    survivor_company = models.ForeignKey(
        "companies.Company", models.CASCADE, null=True, related_name="+", verbose_name=_("kept")
    )
    loser_company = models.ForeignKey(
        "companies.Company", models.CASCADE, null=True, related_name="+", verbose_name=_("merged away")
    )
    survivor_contact = models.ForeignKey(
        "companies.Contact", models.CASCADE, null=True, related_name="+", verbose_name=_("kept")
    )
    loser_contact = models.ForeignKey(
        "companies.Contact", models.CASCADE, null=True, related_name="+", verbose_name=_("merged away")
    )
    # Several that become one at once: the first row stands for all in lists, the others are parts of it.
    part_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))
    snapshot = models.JSONField(_("snapshot"))
    undone_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    # What had changed since and was left as it is, in words for the person who undid it.
    conflicts = models.JSONField(_("left as they are"), default=list)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {
        "survivor_company": MergePolicy.KEEP,
        "loser_company": MergePolicy.KEEP,
        "survivor_contact": MergePolicy.KEEP,
        "loser_contact": MergePolicy.KEEP,
    }

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="merge_is_of_two_companies_or_two_contacts",
                condition=models.Q(
                    of="company",
                    survivor_company__isnull=False,
                    loser_company__isnull=False,
                    survivor_contact=None,
                    loser_contact=None,
                )
                | models.Q(
                    of="contact",
                    survivor_contact__isnull=False,
                    loser_contact__isnull=False,
                    survivor_company=None,
                    loser_company=None,
                ),
            ),
            models.CheckConstraint(
                name="undone_merge_has_who_and_when",
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
