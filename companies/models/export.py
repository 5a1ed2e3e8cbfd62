from django.db import models
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """Records that left as a file: who took them, when, and how many."""

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel (.xlsx)")
        CSV = "csv", _("CSV, for other programs")

    by = models.ForeignKey("staff.User", models.PROTECT, related_name="exports_made", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=200)
    filters = models.TextField(_("filters"), blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    # A stream that the browser gave up has rows up to there.
    is_whole = models.BooleanField(_("sent to the end"), default=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        indexes = [
            # The list of exports in the admin, page by key.
            models.Index(fields=["-at", "-id"], name="export_list_by_day"),
        ]

    def __str__(self) -> str:
        return self.what
