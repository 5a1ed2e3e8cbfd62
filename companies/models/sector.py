from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models.named import NamedInTwoLanguages
from config.staff.history import tracked


@tracked()
class Sector(NamedInTwoLanguages):
    """What a firm is. What is done at the site is an Activity."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    isic = models.CharField(_("ISIC or CIIU codes"), max_length=120, blank=True)
    naics = models.CharField(_("NAICS codes"), max_length=120, blank=True)
    classification = models.CharField(_("classification"), max_length=60, default="CIIU Rev. 4 A.C.; NAICS 2022")
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "code"]


@tracked()
class Activity(NamedInTwoLanguages):
    """What is done at the site: contact centre, software development, manufacturing and so on."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["position", "code"]
