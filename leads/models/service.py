from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models.named import NamedInTwoLanguages
from config.staff.history import tracked
from config.staff.models import User
from leads.models.lead import may_see_lead


@tracked()
class ServiceKind(NamedInTwoLanguages):
    """What the agency does for an investor: an information pack, an agenda, help with a permit."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("kind of service")
        verbose_name_plural = _("kinds of service")
        ordering = ["position", "code"]


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, user: User) -> Self:
        """Those of leads that this person may see."""
        return self.filter(may_see_lead(user, "lead__")) if user.is_staff_member else self.none()

    def countable(self) -> Self:
        """For agency-wide figures only."""
        return self.all()


@tracked()
class Service(models.Model):
    """Something done for the investor of a lead on a day: the proof that the agency assisted it."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="services", verbose_name=_("lead"))
    kind = models.ForeignKey(ServiceKind, models.PROTECT, related_name="services", verbose_name=_("service"))
    given_on = models.DateField(_("given on"))
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="services_given", verbose_name=_("by"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service given")
        verbose_name_plural = _("services given")
        ordering = ["-given_on", "-pk"]
        indexes = [
            # The list of services, newest first, page by key; and the volume of a year.
            models.Index(fields=["-given_on", "-id"], name="services_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.given_on}"
