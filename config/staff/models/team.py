from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


@tracked()
class Team(models.Model):
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("name", name="team_has_a_name_of_its_own")]

    def __str__(self) -> str:
        return self.name
