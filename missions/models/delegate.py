from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy


@tracked(exclude=("person",))
class Delegate(models.Model):
    """Somebody who travels with a mission: of the agency, a partner, the city or a firm. Guests may have an account."""

    mission = models.ForeignKey("missions.Mission", models.CASCADE, related_name="delegates", verbose_name=_("mission"))
    name = models.CharField(_("name"), max_length=200)
    organisation = models.ForeignKey(
        "companies.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegates",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=120, blank=True)
    languages = models.CharField(_("languages"), max_length=60, blank=True, help_text=_("For example: es, en"))
    user = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, blank=True, related_name="delegations", verbose_name=_("account")
    )
    arrives_on = models.DateField(_("arrives"), null=True, blank=True)
    leaves_on = models.DateField(_("leaves"), null=True, blank=True)
    # Who it is, across missions: the account, or else the name with the organisation it belongs to.
    person = models.GeneratedField(
        expression=models.Func(models.F("user"), models.F("name"), models.F("organisation"), function="puente_person"),
        output_field=models.TextField(),
        db_persist=True,
    )

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"organisation": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("mission", "user", name="one_delegate_a_mission_and_account"),
        ]

    def __str__(self) -> str:
        return self.name
