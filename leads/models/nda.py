from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.models import User
from leads.models.lead import may_see_lead


class NdaQuerySet(models.QuerySet["Nda"]):
    def visible_to(self, user: User) -> Self:
        """Those of leads that this person may see."""
        return self.filter(may_see_lead(user, "lead__")) if user.is_staff_member else self.none()

    def in_force(self, *, on: date) -> Self:
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), signed_on__lte=on)


@tracked()
class Nda(models.Model):
    """An agreement not to tell: who signed it, when, until when, and what it covers."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="ndas", verbose_name=_("lead"))
    parties = models.CharField(_("parties"), max_length=300)
    signed_on = models.DateField(_("signed"))
    expires_on = models.DateField(_("expires"), null=True, blank=True, help_text=_("Empty where it has no end."))
    scope = models.TextField(_("what it covers"), max_length=2000)
    file = models.ForeignKey(
        "leads.LeadFile",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file"),
        help_text=_("One of the files of this lead."),
    )

    objects = NdaQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidentiality agreement")
        verbose_name_plural = _("confidentiality agreements")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="nda_expires_after_it_was_signed",
                condition=Q(expires_on=None) | Q(expires_on__gte=F("signed_on")),
                violation_error_message=_("It expires before it was signed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.signed_on}"
