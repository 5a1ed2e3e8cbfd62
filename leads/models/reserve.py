from django.db import models
from django.utils.translation import gettext_lazy as _


class Reserve(models.Model):
    """What agency-wide figures tell of a restricted lead; `leads.figures.secrecy` says why no more, and keeps it."""

    lead = models.OneToOneField("leads.Lead", models.CASCADE, primary_key=True, related_name="reserve")
    # By dimension, as text: {"decided_year": "2026", "scope": "assisted", "origin": "US"}.
    told = models.JSONField(_("told"), default=dict)
    # What was told at some time. A reader may have kept it, so it stays part of what the record is hidden among.
    known = models.JSONField(_("told at some time"), default=dict)
    settled_at = models.DateTimeField(_("settled"))

    class Meta:
        verbose_name = _("what is told of a restricted lead")
        verbose_name_plural = _("what is told of restricted leads")

    def __str__(self) -> str:
        return str(self.lead_id)
