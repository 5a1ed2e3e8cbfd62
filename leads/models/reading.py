from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from leads.models.choices import Layer


class ReadingQuerySet(models.QuerySet["Reading"]):
    def at(self, layer: Layer) -> Self:
        return self.filter(layer=layer)


@tracked()
class Reading(models.Model):
    """Jobs and capex of a lead at one layer. Layers stand side by side and never overwrite each other.

    Unknown is not zero: an amount that nobody knows is null with its flag set.
    """

    class ValueSource(models.TextChoices):
        COMPANY = "company", _("The company")
        PRESS = "press", _("Press")
        MODEL = "model", _("Estimated by a model")
        OFFICER = "officer", _("Estimated by an officer")

    class Evidence(models.TextChoices):
        LETTER = "letter", _("Signed letter or form")
        PRESS = "press", _("Press release")
        REGISTRY = "registry", _("Chamber registration")
        LEASE = "lease", _("Lease")
        EXCHANGE = "exchange", _("Exchange declaration")
        PAYROLL = "payroll", _("PILA headcount or payroll letter")
        PHOTO = "photo", _("Photo of a visit")
        WEBSITE = "website", _("Website")

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="readings", verbose_name=_("lead"))
    layer = models.CharField(_("layer"), max_length=9, choices=Layer)
    jobs = models.PositiveIntegerField(_("new direct jobs"), null=True, blank=True)
    jobs_unknown = models.BooleanField(_("nobody knows the jobs"), default=False)
    jobs_safeguarded = models.PositiveIntegerField(_("safeguarded jobs"), null=True, blank=True)
    # What others earn by it; computed, labelled, and in no total.
    jobs_indirect = models.PositiveIntegerField(_("indirect jobs"), null=True, blank=True)
    indirect_method = models.CharField(_("how the indirect jobs were computed"), max_length=200, blank=True)
    capex = models.DecimalField(_("capex"), max_digits=18, decimal_places=2, null=True, blank=True)
    capex_unknown = models.BooleanField(_("nobody knows the capex"), default=False)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    usd_rate = models.DecimalField(_("USD for one unit"), max_digits=18, decimal_places=10, default=1)
    rate_on = models.DateField(_("rate of"), null=True, blank=True)
    capex_usd = models.GeneratedField(
        expression=models.F("capex") * models.F("usd_rate"),
        output_field=models.DecimalField(max_digits=20, decimal_places=2),
        db_persist=True,
    )
    dated_on = models.DateField(_("date of the figure"))
    source = models.CharField(_("who says so"), max_length=8, choices=ValueSource, default=ValueSource.COMPANY)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, blank=True)
    evidence_note = models.CharField(_("where the evidence is"), max_length=300, blank=True)
    # Older readings of a layer stay as its history.
    is_current = models.BooleanField(_("current"), default=True)
    by = models.ForeignKey("staff.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["lead", "layer", "-dated_on"]
        constraints = [
            models.CheckConstraint(
                name="reading_has_a_capex_or_says_it_is_unknown",
                condition=models.Q(capex=None, capex_unknown=True) | models.Q(capex__isnull=False, capex_unknown=False),
                violation_error_message=_("Give the amount, or say that nobody knows it."),
            ),
            models.CheckConstraint(
                name="reading_has_jobs_or_says_they_are_unknown",
                condition=models.Q(jobs=None, jobs_unknown=True) | models.Q(jobs__isnull=False, jobs_unknown=False),
                violation_error_message=_("Give the jobs, or say that nobody knows them."),
            ),
            models.CheckConstraint(
                name="indirect_jobs_say_how_they_were_computed",
                condition=models.Q(jobs_indirect=None) | ~models.Q(indirect_method=""),
                violation_error_message=_("Say how the indirect jobs were computed."),
            ),
            models.CheckConstraint(
                name="capex_is_not_negative", condition=models.Q(capex=None) | models.Q(capex__gte=0)
            ),
            models.UniqueConstraint(
                "lead", "layer", condition=models.Q(is_current=True), name="one_current_reading_a_lead_and_layer"
            ),
        ]


@tracked()
class ReadingShare(models.Model):
    """The part of a reading's jobs that is in one municipality. Where there are shares, they add up to the jobs.

    That is held by triggers of the database at the end of each transaction: `shares_add_up_to_the_jobs`.
    """

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="shares", verbose_name=_("reading"))
    municipality = models.ForeignKey(
        "companies.Municipality", models.PROTECT, related_name="reading_shares", verbose_name=_("municipality")
    )
    jobs = models.PositiveIntegerField(_("jobs"))

    class Meta:
        verbose_name = _("share of a municipality")
        verbose_name_plural = _("shares of municipalities")
        constraints = [models.UniqueConstraint("reading", "municipality", name="one_share_a_reading_and_municipality")]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.jobs}"
