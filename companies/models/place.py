from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models.named import NamedInTwoLanguages
from config.staff.history import tracked
from config.staff.zones import validate_zone


@tracked()
class Country(NamedInTwoLanguages):
    code = models.CharField(_("ISO 3166 code"), max_length=2, primary_key=True)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_es"]


@tracked()
class City(models.Model):
    name = models.CharField(_("name"), max_length=120)
    country = models.ForeignKey(Country, models.PROTECT, related_name="cities", verbose_name=_("country"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("country", "name", name="one_city_a_country_and_name")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Municipality(models.Model):
    """A place of the region in which an investor settles, by its DANE code."""

    code = models.CharField(_("DANE code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    department = models.CharField(_("department"), max_length=80)
    in_region = models.BooleanField(_("in the agency's region"), default=True)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
